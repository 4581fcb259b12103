"""Studies by road: what the pages say, what changes a run, what is needed to try again."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import official, people, scenarios, streets, studies
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios import share, tried
from maillage.apps.scenarios.versions import latest
from maillage.apps.studies import compute
from maillage.apps.studies.models import RunState, Study
from maillage.apps.territories import fingerprint, sources
from maillage.apps.territories.sources import Roads, UnusableTables, source_of
from maillage.core import sample, territory
from maillage.core.bad_input import BadInput
from maillage.core.sources import kept, osm
from maillage.kit import files
from maillage.report.bundle import INPUTS

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CREDIT = "© les contributeurs d’OpenStreetMap"
HOW_TO_ADD = "déposez l’extrait d’OpenStreetMap de la région (.osm.pbf)"
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))


@pytest.fixture
def by_road(road_outcome):
    return studies.computed(studies.study(), road_outcome)


def of_run(run):
    return reverse("run", args=(run.study_id, run.study.slug, run.number))


def text_of(response):
    said = response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    return said.replace("&#x27;", "’").replace("'", "’")


def test_the_page_of_a_study_by_road_says_so(officer, by_road):
    page = text_of(officer.get(of_run(by_road)))

    assert CREDIT in page
    assert "extrait rues-fictives.osm.pbf du 1er novembre 2026" in page
    assert "Cenves, à 3,7 km de toute route" in page
    assert "Sans voiture, avec le plan, à 10 minutes d’un lieu" in page
    assert "d’après la distance" not in page


def test_the_page_of_a_study_by_distance_says_so_and_how_to_add_roads(officer, outcome):
    page = text_of(officer.get(of_run(studies.computed(studies.study(), outcome))))

    assert "modélisés d’après la distance" in page
    assert CREDIT not in page
    assert HOW_TO_ADD in page


def test_nobody_is_told_to_add_roads_who_may_not(client, outcome):
    run = studies.computed(studies.study(), outcome)
    Study.objects.update(published_at=AT, published_run=run.number)

    page = text_of(client.get(run.study.get_absolute_url()))
    people.signed_in(client, people.holder(RoleKind.MAYOR))

    assert HOW_TO_ADD not in page
    assert "modélisés d’après la distance" in page
    assert HOW_TO_ADD not in text_of(client.get(of_run(run)))


def test_the_zones_are_a_view_of_the_map_with_its_list(officer, by_road):
    response = officer.get(of_run(by_road), {"vue": "zones"})
    page = text_of(response)

    assert 'href="?vue=zones" aria-current="true">À 10 min' in page
    assert "À 10 minutes en voiture de chaque lieu" in page
    assert "Aplat : à 10 minutes, même au cas lent" in page
    panel = response.context["map"]
    assert (panel.legend, panel.list_id, panel.view) == ("zones", "zones", "zones")
    assert officer.get(panel.layers["zones"]).status_code == 200


def test_by_distance_there_is_no_such_view(officer, outcome):
    response = officer.get(of_run(studies.computed(studies.study(), outcome)), {"vue": "zones"})

    assert response.context["map"].legend == "minutes"
    assert [link.href for link in response.context["map"].views] == [
        "?vue=avant",
        "?vue=apres",
        "?vue=trajets",
    ]


def test_the_page_costs_the_same_queries_by_road(officer, by_road, outcome):
    by_distance = studies.computed(studies.study("Autre", slug="autre"), outcome)
    officer.get(of_run(by_distance))

    def count(run):
        with CaptureQueriesContext(connection) as captured:
            officer.get(of_run(run), {"vue": "zones"})
        return len(captured)

    assert count(by_road) == count(by_distance)


def test_a_scenario_by_road_says_so_and_shows_its_zones(officer, road_outcome):
    one = scenarios.scenario(studies.study(), road_outcome)
    site = next(s for s in road_outcome.sites if s.tier == "mini")

    page = text_of(officer.get(one.get_absolute_url()))
    zones = text_of(
        officer.get(
            one.get_absolute_url(), {"vue": "zones", "coup": f"retirer:{site.candidate.id}"}
        )
    )

    assert CREDIT in page
    assert "les zones de l’essai se calculent quand on l’enregistre" in zones
    assert "À 10 minutes en voiture de chaque lieu" in zones


@pytest.mark.parametrize("view", ["zones", "apres"])
def test_a_shared_link_shows_the_zones_where_there_are_any(client, road_outcome, outcome, view):
    for title, found, legend in (("Route", road_outcome, view), ("Distance", outcome, "apres")):
        of = studies.study(title, slug=title.lower())
        one = scenarios.scenario(of, found)
        _, secret = share.share(one, "Conseil fictif", lasts_days=90, author=scenarios.author())

        response = client.get(reverse("shared", args=(secret,)), {"vue": view})

        assert response.status_code == 200
        assert response.context["map"].legend == ("zones" if legend == "zones" else "minutes")


def test_what_is_tried_needs_no_extract(road_outcome, monkeypatch, tmp_path):
    """The streets stay with the run: neither the file nor the folder is there any more."""
    one = scenarios.scenario(studies.study(), road_outcome)
    monkeypatch.setattr(osm, "read", None)
    monkeypatch.setattr(sources, "gather", None)
    tried._laid.cache_clear()

    ground = tried.ground_of(latest(one).run)

    assert ground.territory.roads.streets.tags.equals(road_outcome.territory.tables.streets.tags)
    assert (
        ground.times["central"].cells[:, : len(road_outcome.candidates.every)]
        == road_outcome.problem.minutes
    ).all()


def test_a_machine_that_cannot_follow_streets_says_it(officer, road_outcome, monkeypatch):
    one = scenarios.scenario(studies.study(), road_outcome)
    tried._laid.cache_clear()
    monkeypatch.setattr(
        territory.Territory, "roads", property(lambda _s: (_ for _ in ()).throw(_not_installed()))
    )

    response = officer.get(one.get_absolute_url())

    assert response.status_code == UnusableTables.status
    assert "La lecture des routes n’est pas installée." in text_of(response)


def _not_installed() -> BadInput:
    return BadInput("roads_not_installed")


def test_another_extract_gives_another_fingerprint(tmp_path, assumed):
    tables = sample.load()
    some, other = tmp_path / "a", tmp_path / "b"
    some.mkdir()
    other.mkdir()
    first = streets.added(tables, streets.extract(some, tables), assumed)
    again = streets.added(tables, streets.extract(some, tables), assumed)
    slower = streets.added(tables, streets.extract(other, tables, kmh=30), assumed)

    keys = [fingerprint.of_tables(t, assumed) for t in (tables, first, again, slower)]

    assert keys[1] == keys[2]
    assert len(set(keys)) == 3


def test_the_streets_and_their_day_survive_the_file_of_inputs(road_place):
    tables = kept.from_bytes(kept.to_bytes(road_place.tables))

    assert tables.streets.tags.equals(road_place.tables.streets.tags)
    assert tables.sources == road_place.tables.sources
    assert tables.sources[-1].vintage == streets.AS_OF[:10]


def test_the_run_of_a_study_keeps_its_streets(by_road):
    tables = kept.from_bytes(files.read(by_road.folder, INPUTS))

    assert tables.streets is not None


def test_extracts_named_in_the_settings_are_looked_for_in_folders_and_files(tmp_path):
    (tmp_path / "dossier").mkdir()
    for name in ("dossier/b.osm.pbf", "dossier/a.osm.pbf", "dossier/notes.txt", "seul.osm.pbf"):
        (tmp_path / name).write_bytes(b"")

    found = Roads((str(tmp_path / "dossier"), str(tmp_path / "seul.osm.pbf"))).files()

    assert [p.name for p in found] == ["a.osm.pbf", "b.osm.pbf", "seul.osm.pbf"]
    assert Roads().files() == ()
    with pytest.raises(BadInput) as refused:
        Roads((str(tmp_path / "absent"),)).files()
    assert refused.value.code == "missing_file"


def test_a_setting_that_leads_nowhere_is_a_refusal_of_the_run(tmp_path):
    run = studies.run(studies.study(siren=official.EPCI))
    folder = official.official_folder(tmp_path / "tables")

    compute.carry_out(run, str(folder), lambda: AT, Roads((str(tmp_path / "absent.osm.pbf"),)))

    run.refresh_from_db()
    assert run.state == RunState.REFUSED
    assert "absent.osm.pbf" in run.refusal


def test_an_extract_of_elsewhere_is_left_aside_with_a_note(tmp_path, streets_file, assumed):
    """A server of several regions serves territories that one extract alone covers."""
    folder = official.official_folder(tmp_path / "tables")
    roads = Roads((str(streets_file),), str(tmp_path / "cache"))

    tables = source_of(official.EPCI, str(folder), roads)(assumed)

    assert tables.streets is None
    assert {"roads_left_aside", "roads_partial"} & {note.code for note in tables.notes}


def test_a_worker_that_cannot_read_extracts_says_it(tmp_path, streets_file, assumed, monkeypatch):
    def not_installed():
        raise _not_installed()

    folder = official.official_folder(tmp_path / "tables")
    monkeypatch.setattr(osm, "_library", not_installed)

    tables = source_of(official.EPCI, str(folder), Roads((str(streets_file),)))(assumed)

    assert [n.code for n in tables.notes if n.code.startswith("roads")] == ["roads_not_installed"]

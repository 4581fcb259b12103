"""What the elected have before them: which scenario, its amendments, the others to compare with."""

import html
import re
from datetime import timedelta

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people, scenarios, studies
from factories.scenarios import AT, author
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios import decide
from maillage.apps.scenarios.before_council import read
from maillage.apps.scenarios.open_scenario import copy
from maillage.apps.scenarios.save import save
from maillage.apps.scenarios.tried import network_of, of_version
from maillage.apps.scenarios.versions import Author, latest
from maillage.apps.studies.models import Run, RunState

pytestmark = pytest.mark.django_db
LANCIE = "/elus/69108/"


@pytest.fixture
def mayor(client):
    return people.signed_in(client, people.holder(RoleKind.MAYOR))


@pytest.fixture
def elected():
    return people.holder(RoleKind.ELECTED_OFFICIAL)


def text_of(response):
    words = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    for space in "\u00a0\u202f":
        words = words.replace(space, " ")
    return " ".join(words.split())


def another(one, title="La même"):
    version = latest(one)
    return copy(version, title, network_of(version.run), [], "", author())


def proposed(one, days=0):
    decide.propose(one, Author(None, AT + timedelta(days=days)))
    one.refresh_from_db()
    return one


def amended(one, mini, why="Avis du 3 mars"):
    """A version that still computes."""
    text = f"places:{mini.candidate.id}:3"
    network = of_version(latest(one), (text,)).now.network
    nadia = people.person("Nadia Fictive")
    return save(one, one.version, network, [text], "", Author(nadia.pk, AT, why))


def finished(version):
    """The files of the first version stand for those of this one."""
    first = version.scenario.versions.get(number=1).run
    Run.objects.filter(pk=version.run_id).update(
        state=RunState.DONE, folder=first.folder, files=first.files, summary=first.summary,
        finished_at=AT,
    )  # fmt: skip


# --- which one ------------------------------------------------------------------------------


def test_without_any_proposal_the_latest_result_of_the_search_is_read(mayor, elected, one):
    drawn = studies.run(one.study, RunState.DONE, number=9, folder="f", finished_at=AT)
    Run.objects.filter(pk=drawn.pk).update(summary={"is_drawn": True})

    before = read(elected)

    assert (before.put, before.of.run.number) == (None, 1)
    page = text_of(mayor.get("/elus/"))
    assert "Calcul 1 du 20 novembre 2026, pas encore proposé au conseil." in page
    assert "Les amendements" not in page


def test_a_draft_is_not_before_the_council(elected, one):
    assert read(elected).put is None
    assert read(elected, one.number) is None


def test_the_scenario_proposed_last_is_read(elected, one):
    proposed(one)
    second = proposed(another(one), days=1)

    before = read(elected)

    assert before.put.scenario == second
    assert [put.scenario for put in before.every] == [one, second]


def test_the_retained_scenario_is_read_before_those_proposed_later(elected, one):
    decide.retain(proposed(one), author())
    second = proposed(another(one), days=9)

    before = read(elected)

    assert before.put.scenario == one
    assert read(elected, second.number).put.scenario == second


def test_a_retained_scenario_of_an_older_study_is_read_before_a_proposal_of_a_newer_one(
    elected, one, outcome
):
    decide.retain(proposed(one), author())
    newer = scenarios.scenario(studies.study("Encore", slug="encore"), outcome)
    proposed(newer, days=30)

    before = read(elected)

    assert (before.put.scenario, len(before.every)) == (one, 1)


def test_a_removed_or_withdrawn_scenario_is_not_read(elected, one):
    decide.take_back(proposed(one), author())

    assert read(elected).put is None


def test_what_another_territory_proposes_is_not_read(elected, one, outcome):
    twin = studies.study("Autre", people.TWIN_SIREN, slug="autre")
    proposed(scenarios.scenario(twin, outcome))

    assert read(elected).put is None
    assert read(people.holder(RoleKind.MAYOR, people.TWIN)).put.scenario.study == twin
    assert read(people.holder(RoleKind.MEMBER)) is None


def test_while_an_amendment_computes_the_last_computed_version_is_read(elected, one, mini):
    version = amended(proposed(one), mini)

    assert read(elected).put.version.number == 1
    finished(version)
    assert read(elected).put.version.number == 2


# --- what the page says of it ---------------------------------------------------------------


def test_the_page_says_first_what_to_decide_and_when(mayor, one):
    proposed(one)

    page = mayor.get("/elus/")

    said = text_of(page)
    assert (
        "À décider : retenir ou non le scénario A, « Trois bourgs et sept relais », "
        "proposé le 20 novembre 2026. Ouvrir 3 sites structurants en 2027" in said
    )
    assert "Aucun amendement depuis qu’il est proposé." in said
    assert "devant le conseil" not in said
    assert page.content.decode().count("btn-primary") == 1


def test_a_retained_scenario_is_not_to_decide_any_more(mayor, one):
    decide.retain(proposed(one), author())

    page = text_of(mayor.get("/elus/"))

    assert "Le conseil a retenu le scénario A" in page
    assert "À décider" not in page


def test_a_proposal_beside_a_retained_one_says_that_it_is_not_retained(mayor, one):
    decide.retain(proposed(one), author())
    proposed(another(one))

    page = mayor.get("/elus/", {"s": "2"})

    assert "scénario B, « La même », proposé le 20 novembre 2026 mais pas retenu" in text_of(page)
    assert page.content.decode().count("btn-primary") == 1


def test_amendments_are_read_one_by_one_with_who_when_and_why(mayor, one, mini):
    version = amended(proposed(one), mini)
    finished(version)

    page = text_of(mayor.get("/elus/"))

    assert "Avis du 3 mars Nadia Fictive, 20 novembre 2026 à 10 h 00 · version 2" in page
    assert f"{mini.candidate.name} : 3 places" in page
    of_commune = text_of(mayor.get(LANCIE))
    assert "proposé le 20 novembre 2026, amendé le 20 novembre 2026." in of_commune
    assert "se calcule encore" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RunState.QUEUED, "se calcule encore. Vous lisez la version 1, la dernière calculée."),
        (RunState.RUNNING, "se calcule encore. Vous lisez la version 1, la dernière calculée."),
        (RunState.STOPPED, "n’a pas de chiffres (arrêté). Vous lisez la version 1"),
    ],
)
def test_an_amendment_without_figures_is_said(mayor, one, mini, state, words):
    version = amended(proposed(one), mini)
    Run.objects.filter(pk=version.run_id).update(state=state)

    page = mayor.get("/elus/")

    assert words in text_of(page)
    # the scenario's own page shows the version that has no figures
    assert page.context["map_href"].endswith("/calculs/1/")


def test_the_map_is_the_one_of_the_scenario_and_opens_for_a_mayor(mayor, one):
    proposed(one)

    page = mayor.get("/elus/")
    of_commune = mayor.get(LANCIE)

    assert page.context["map_href"] == one.get_absolute_url()
    assert of_commune.context["site_href"].startswith(f"{one.get_absolute_url()}?lieu=")
    assert mayor.get(of_commune.context["site_href"]).status_code == 200
    assert mayor.get(page.context["report"].href).status_code == 200


# --- several of them ------------------------------------------------------------------------


def test_several_proposals_are_all_shown_with_their_comparison_and_its_note(mayor, one):
    proposed(one)
    proposed(another(one), days=1)

    page = mayor.get("/elus/")

    said = text_of(page)
    assert "À décider : lequel des 2 scénarios retenir. Vous lisez le scénario B" in said
    assert [(e["letter"], e["is_read"]) for e in page.context["every"]] == [
        ("A", False),
        ("B", True),
    ]
    assert page.context["every"][0]["share"].startswith("99")
    home = f"/etudes/{one.study_id}-{one.study.slug}/scenarios/comparer/"
    assert page.context["compare_href"] == f"{home}?s=1,2"
    assert page.context["note_href"] == f"{home}note.pdf?s=1,2"
    assert page.content.decode().count("btn-primary") == 1
    assert mayor.get(page.context["compare_href"]).status_code == 200
    assert mayor.get(page.context["note_href"]).status_code == 200


def test_the_note_is_not_offered_while_one_of_two_has_no_figures(mayor, one, mini):
    amended(proposed(one), mini)
    proposed(another_of_first(one))

    page = mayor.get("/elus/")

    assert page.context["note_href"] == ""
    assert "Note de 2 pages" not in text_of(page)
    assert mayor.get(page.context["compare_href"]).status_code == 200


def another_of_first(one):
    first = one.versions.select_related("run", "scenario__study").get(number=1)
    return copy(first, "La première", network_of(first.run), [], "", author())


def test_another_proposal_is_kept_from_page_to_page_and_to_the_sheet(mayor, one):
    proposed(one)
    proposed(another(one), days=1)

    page = mayor.get("/elus/", {"s": "1"})

    link = next(c.href for c in page.context["communes"] if c.text == "Lancié")
    assert link == f"{LANCIE}?s=1"
    of_commune = mayor.get(link)
    assert "Scénario A, « Trois bourgs et sept relais », proposé le" in text_of(of_commune)
    assert of_commune.context["others"][0].href == f"{LANCIE}?s=2"
    assert of_commune.context["crumbs"][0].href == "/elus/?s=1"
    sheet = of_commune.context["sheet"].href
    assert sheet == f"{LANCIE}fiche.pdf?s=1"
    [paper] = pypdfium2.PdfDocument(mayor.get(sheet).content)
    written = paper.get_textpage().get_text_bounded().replace("\u00a0", " ")
    assert "Scénario A, « Trois bourgs et sept relais »" in " ".join(written.split())


@pytest.mark.parametrize("address", ["/elus/", LANCIE, f"{LANCIE}fiche.pdf"])
@pytest.mark.parametrize("number", ["2", "9", "a", "-1"])
def test_a_scenario_that_is_not_proposed_does_not_exist(mayor, one, address, number):
    proposed(one)
    another(one)

    assert mayor.get(address, {"s": number}).status_code == 404


def test_the_page_costs_the_same_for_one_proposal_and_for_three(mayor, one):
    proposed(one)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert mayor.get("/elus/").status_code == 200
        return len(seen)

    queries()
    alone = queries()
    proposed(another(one), days=1)
    proposed(another(one, "Encore"), days=2)

    assert queries() == alone


def test_the_page_costs_the_same_whatever_the_amendments(mayor, one, mini):
    finished(amended(proposed(one), mini))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert mayor.get("/elus/").status_code == 200
        return len(seen)

    queries()
    few = queries()
    for _ in range(3):
        one.refresh_from_db()
        finished(amended(one, mini))

    assert queries() == few


def test_a_result_is_read_at_its_own_address(elected, one):
    assert read(elected).of.home == f"/etudes/{one.study_id}-{one.study.slug}/calculs/1/"

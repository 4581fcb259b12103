"""Every document says which kind of times it shows, and whose streets."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pypdfium2
import pytest

from factories import streets
from maillage.core import portrait as portraits
from maillage.report import (
    bundle,
    commune_sheet,
    comparison,
    french,
    note,
    plan,
    portrait,
    story,
    study_page,
    summary,
    travel_facts,
    travel_words,
    typeset,
)
from maillage.report import map as drawn
from maillage.report.comparison import Compared

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CREDIT = "© les contributeurs d'OpenStreetMap"
BY_DISTANCE = "d'après la distance"
SCHEMAS = Path(plan.__file__).parent


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / name).read_text("utf-8")))


@pytest.fixture(scope="module")
def road_plan(road_outcome):
    return json.loads(json.dumps(plan.document(road_outcome), allow_nan=False))


@pytest.fixture(scope="module")
def road_page(road_outcome):
    return json.loads(study_page.files(road_outcome)["page.json"])


def text_of(pdf: bytes) -> str:
    pages = [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(io.BytesIO(pdf))]
    said = " ".join(pages).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    return " ".join(said.split())


def test_the_kind_of_times_names_the_extract_and_its_day(road_place):
    times = travel_words.of_territory(road_place)

    assert times.how == (
        "par la route (OpenStreetMap, extrait rues-fictives.osm.pbf du 1er novembre 2026), "
        "vitesses modélisées"
    )
    assert times.sentence.endswith(f"{CREDIT}.")


def test_an_extract_without_a_date_is_named_all_the_same():
    times = travel_words.Times("roads", (("a.osm.pbf", "état du jour"), ("b.osm.pbf", "x")))

    assert times.extract == "extraits a.osm.pbf et b.osm.pbf"


def test_by_distance_nobody_is_credited(place):
    times = travel_words.of_territory(place)

    assert (times.credit, times.extract, times.streets) == ("", "", "")
    assert BY_DISTANCE in times.how
    assert "OpenStreetMap" not in times.sentence + times.limits + times.origin


def test_the_words_of_a_stored_plan_are_those_of_its_territory(road_outcome, road_plan, outcome):
    assert travel_words.of_plan(road_plan) == travel_words.of_territory(road_outcome.territory)
    assert travel_words.of_plan(plan.document(outcome)) == travel_words.of_territory(
        outcome.territory
    )


def test_the_terminal_says_the_kind_of_times(outcome, road_outcome):
    by_distance, by_road = (" ".join(summary.origin_lines(o)) for o in (outcome, road_outcome))

    assert BY_DISTANCE in by_distance
    assert CREDIT not in by_distance
    assert BY_DISTANCE not in by_road
    assert f"rues-fictives.osm.pbf du 1er novembre 2026, ODbL 1.0, {CREDIT}." in by_road


def test_the_plan_by_road_obeys_its_schema(road_plan):
    assert [e.message for e in validator("plan.schema.json").iter_errors(road_plan)] == []
    travel = road_plan["travel"]
    assert travel["kind"] == "roads"
    assert travel["extracts"] == [{"file": streets.FILE, "vintage": "2026-11-01"}]
    assert [p["id"] for p in travel["streets"]["places_without_road"]] == [streets.FAR]
    assert set(road_plan["coverage"]["without_car"]) == {"bike", "walk"}


def test_a_plan_by_road_without_its_streets_or_its_credit_breaks_the_schema(road_plan):
    for name in ("streets", "credit", "extracts"):
        travel = {key: value for key, value in road_plan["travel"].items() if key != name}
        broken = {**road_plan, "travel": travel}
        assert not validator("plan.schema.json").is_valid(broken)


def test_by_distance_what_streets_would_tell_is_absent_not_none(outcome):
    document = plan.document(outcome)

    assert document["travel"].keys() == {"kind", "error"}
    assert "without_car" not in document["coverage"]
    assert travel_facts.without_car(outcome) == ""
    assert travel_facts.rows(outcome) == []


def test_the_report_by_road_says_so_on_its_pages(road_outcome):
    said = text_of(typeset.report(road_outcome, at=AT))

    assert BY_DISTANCE not in said
    assert said.count(CREDIT) >= 3
    assert (
        "par la route (OpenStreetMap, extrait rues-fictives.osm.pbf du 1er novembre 2026)" in said
    )
    assert "D'où viennent ces temps" in said
    assert "Cenves, à 3,7 km de toute route" in said
    assert "Sans voiture, avec le plan, à 10 minutes d'un lieu" in said


def test_the_report_by_distance_says_so(outcome):
    words = story.of_outcome(outcome, "", "")

    assert BY_DISTANCE in words["travel"]["limits"]
    assert words["travel"]["facts"] == []
    assert "Temps de trajet par la route" not in [s["title"] for s in words["assumptions"]]


def test_the_report_by_road_lists_what_is_assumed_of_roads(road_outcome):
    titles = [s["title"] for s in story.of_outcome(road_outcome, "", "")["assumptions"]]

    assert "Temps de trajet par la route" in titles


def test_both_maps_say_their_kind_of_times(outcome, road_outcome):
    by_distance, by_road = drawn.svg(outcome), drawn.svg(road_outcome)

    assert "en voiture (modélisé d'après la distance)" in by_distance
    assert CREDIT not in by_distance
    assert "en voiture (par la route, vitesses modélisées)" in by_road
    assert CREDIT in by_road


def test_the_page_says_where_its_times_come_from(road_page):
    travel = road_page["travel"]
    facts = {row[0]["text"]: row[1]["text"] for row in travel["facts"]["rows"]}

    assert facts["Lieux possibles sans route"] == "Cenves, à 3,7\u00a0km de toute route"
    assert CREDIT in road_page["attribution"]
    assert CREDIT in travel["credit"]
    assert "50\u00a0% des habitants à vélo" in travel["without_car"]
    assert road_page["map"]["how"] == "par la route, vitesses modélisées"


def test_a_commune_that_no_road_joins_says_it(road_page):
    lost = next(c for c in road_page["communes"] if c["code"] == streets.FAR)

    assert "Aucune route connue ne joint le bourg à un lieu du réseau." in lost["gets"]
    assert lost["site_name"] == ""


def test_the_sheet_of_a_commune_says_the_kind_of_times(road_page):
    commune = next(c for c in road_page["communes"] if c["code"] != streets.FAR)
    said = commune_sheet.words(
        road_page, commune, which="Calcul 1", computed_on=AT.date(), nearby=()
    )

    text = text_of(commune_sheet.pdf(said, "", at=AT))

    assert CREDIT in text
    assert BY_DISTANCE not in text


def test_a_result_of_before_has_nothing_to_say_of_its_times(road_page):
    older = {k: v for k, v in road_page.items() if k != "travel"}

    said = commune_sheet.words(
        older, road_page["communes"][0], which="", computed_on=AT.date(), nearby=()
    )

    assert said["times"] == ""


def test_scenarios_of_the_same_kind_say_it_once(outcome):
    document = plan.document(outcome)
    pair = [Compared("A", "Un", document), Compared("B", "Deux", document)]

    error = document["travel"]["error"]
    detour = french.number(error["detour"]["central"], 2)
    speed = french.number(error["local_speed_kmh"]["central"])
    assert comparison.times(pair) == [
        f"Temps de trajet modélisés d'après la distance : détour de {detour}, {speed} km/h sur "
        "route locale."
    ]


def test_scenarios_of_two_kinds_are_told_apart(outcome, road_plan):
    pair = [Compared("A", "Un", plan.document(outcome)), Compared("B", "Deux", road_plan)]

    said = comparison.times(pair)

    assert said[0].endswith("comparez avec prudence.")
    assert said[1].startswith("A : Temps de trajet modélisés d'après la distance")
    assert said[2].startswith("B : Temps de trajet par la route")


def test_the_note_credits_the_streets(road_plan, road_outcome):
    pair = [Compared("A", "Un", road_plan), Compared("B", "Deux", road_plan)]
    svg = drawn.svg(road_outcome, "after", drawn.PANEL)

    text = text_of(note.of("CC", "Étude", pair, {"map-A.svg": svg, "map-B.svg": svg}, at=AT))

    assert CREDIT in text
    assert BY_DISTANCE not in text


def test_the_files_of_a_study_credit_the_streets(road_outcome):
    manifest = json.loads(bundle.of_outcome(road_outcome, at=AT)["manifest.json"])

    assert manifest["travel"] == travel_words.of_territory(road_outcome.territory).sentence
    assert "roads" in [source["id"] for source in manifest["inputs"]]


def test_the_zones_are_a_layer_and_a_drawing_small_enough(road_outcome, outcome):
    written = study_page.files(road_outcome)
    zones = json.loads(written["zones.geojson"])

    assert [f["properties"]["case"] for f in zones["features"]] == ["low", "central"]
    assert len(written["zones.geojson"]) < 60_000
    west, south, east, north = json.loads(written["page.json"])["map"]["bounds"]
    lon, lat = zones["features"][0]["geometry"]["coordinates"][0][0][0]
    assert west - 0.2 < lon < east + 0.2
    assert south - 0.2 < lat < north + 0.2
    assert b"carte-zones" in written["map-zones-panel.svg"]
    # by distance there are none
    assert {"zones.geojson", "map-zones-panel.svg"}.isdisjoint(study_page.files(outcome))


def test_the_list_beside_the_zones_has_one_line_a_site(road_outcome):
    grid = travel_facts.zones(road_outcome)

    names = [s.candidate.name for s in road_outcome.sites if s.tier != "corpo"]
    assert [row[0].text for row in grid.rows] == names


def test_the_portrait_says_the_kind_of_times(place, road_place, assumed):
    by_distance, by_road = (portraits.describe(p, assumed) for p in (place, road_place))

    assert "roads" in [gap.code for gap in by_distance.gaps]
    assert "roads" not in [gap.code for gap in by_road.gaps]
    assert BY_DISTANCE in portrait.page(by_distance).travel
    assert CREDIT in portrait.page(by_road).travel
    for found in (by_distance, by_road):
        document = json.loads(json.dumps(portrait.document(found), allow_nan=False))
        assert [e.message for e in validator("portrait.schema.json").iter_errors(document)] == []


@pytest.mark.parametrize(
    ("text", "said"), [("2026-11-01", "1er novembre 2026"), ("état du jour", "état du jour")]
)
def test_a_vintage_is_read_as_people_say_it(text, said):
    assert french.vintage(text) == said

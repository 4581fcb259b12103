"""The files of a study's pages: complete, consistent with the plan, small."""

import json
import re

import numpy as np
import pytest

from maillage.report import bundle
from maillage.report.plan import document

CHARTS = (
    "curve",
    "front",
    "payers",
    "demand",
    "tornado",
    "carbon",
    "destinations",
    "distances",
)


@pytest.fixture(scope="module")
def files(outcome):
    return bundle.for_pages(outcome)


@pytest.fixture(scope="module")
def words(files):
    return json.loads(files["page.json"], parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def plan(outcome):
    return document(outcome)


def test_no_file_has_the_name_of_a_file_of_the_study(files):
    names = {"plan.json", "sites.csv", "communes.csv", "sites.geojson", "coverage.geojson"}

    assert not names & files.keys()
    assert not {"report.pdf", "manifest.json"} & files.keys()


def test_everything_the_page_names_is_written(files, words):
    named = {words[key][drawing] for key in ("map", "map_before") for drawing in ("file", "panel")}
    named |= {name for key in ("map", "map_before") for name in words[key]["layers"].values()}
    named |= {chart["file"] for chart in words["charts"].values()}
    named |= {table["excel"] for table in words["tables"]}

    assert set(words["charts"]) == set(CHARTS)
    assert named <= files.keys()


def test_the_sites_say_the_plan_s_own_numbers(words, plan):
    for site, planned in zip(words["sites"], plan["sites"], strict=True):
        assert site["id"] == planned["id"]
        assert site["seats"] == planned["seats"]
        assert site["lost"] == planned["why"].get("lost_if_removed")
        losses = [a["loss"] for a in planned["why"].get("alternatives", [])]
        assert [r["loss"] for r in site["replacements"]] == losses[:5]


def test_every_commune_depends_on_one_site(words, outcome):
    dependents = [d["commune_code"] for site in words["sites"] for d in site["dependents"]]

    assert sorted(dependents) == outcome.territory.communes["commune_code"].sort().to_list()
    by_commune = {commune["code"]: commune["site_id"] for commune in words["communes"]}
    for site in words["sites"]:
        assert all(by_commune[d["commune_code"]] == site["id"] for d in site["dependents"])


def test_a_commune_that_hosts_nothing_invests_nothing(words, outcome):
    hosting = {site.candidate.commune_code for site in outcome.sites}

    for commune in words["communes"]:
        pays_nothing = commune["pays"][0].startswith("Rien à investir")
        assert pays_nothing == (commune["code"] not in hosting)


def test_every_modelled_figure_has_an_interval_and_every_figure_a_source(words):
    assert len(words["figures"]) == 5
    for figure in words["figures"]:
        assert figure["source"]
        assert figure["interval"] or figure["origin"] != "modelled"


def test_the_proof_says_whether_it_is_one(words, outcome):
    assert words["proof"]["is_proved"]
    assert len(words["proof"]["stages"]["rows"]) == len(outcome.siting.stages)
    assert "minimum de 20\u00a0% est tenu" in words["money"]["own_share"]


def test_nothing_on_a_page_speaks_of_the_command_line(words):
    assert not re.search(r"--[a-z]", json.dumps(words, ensure_ascii=False))


def test_the_cells_hold_the_coverage_of_the_plan(files, plan):
    cells = [cell["properties"] for cell in json.loads(files["cells.geojson"])["features"]]

    assert len(files["cells.geojson"]) < 150_000
    people = sum(cell["population"] for cell in cells)
    for when in ("before", "after"):
        near = sum(c["population"] for c in cells if c[f"class_{when}"] <= 1)
        share = plan["coverage"][f"population_share_{when}"]
        assert near / people == pytest.approx(share, abs=1e-8)


def test_links_lead_from_each_commune_to_its_site(files, outcome):
    links = json.loads(files["links.geojson"])["features"]
    sites = {s.candidate.id: (s.candidate.lon, s.candidate.lat) for s in outcome.sites}

    assert len(links) == len(outcome.territory.communes)
    for link in links:
        end = link["geometry"]["coordinates"][-1]
        assert end == pytest.approx(sites[link["properties"]["site_id"]], abs=1e-5)


def test_markers_go_from_north_to_south(files, outcome):
    markers = json.loads(files["markers.geojson"])["features"]

    assert len(markers) == len(outcome.sites)
    north = [marker["geometry"]["coordinates"][1] for marker in markers]
    assert north == sorted(north, reverse=True)
    assert sum(marker["properties"]["beside"] for marker in markers) == 1


def test_labels_are_ranked_once(files):
    labels = json.loads(files["labels.geojson"])["features"]

    ranks = [label["properties"]["rank"] for label in labels]
    assert ranks == list(range(1, len(labels) + 1))
    assert {label["properties"]["kind"] for label in labels} >= {"site", "place", "town"}


def test_outlines_draw_each_commune_then_the_whole(files, outcome):
    features = json.loads(files["outlines.geojson"])["features"]

    kinds = [feature["properties"]["kind"] for feature in features]
    assert kinds == ["commune"] * len(outcome.territory.communes) + ["territory"]
    every = np.array(features[-1]["geometry"]["coordinates"][0])
    assert np.array_equal(every, every.round(5))


def test_the_page_is_the_same_each_time(outcome, files):
    assert bundle.for_pages(outcome) == files

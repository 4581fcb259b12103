"""The portrait in French: findings that follow the numbers, files that say the same."""

import csv
import io
import json
import re
from dataclasses import replace
from importlib import resources

import jsonschema
import numpy as np
import polars as pl
import pytest

from maillage.core import portrait as portraits
from maillage.report import french
from maillage.report import portrait as drawn
from maillage.report.portrait import drawings, findings, workplaces

SCHEMA = json.loads(
    resources.files("maillage.report").joinpath("portrait.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def found(place, assumed):
    return portraits.describe(place, assumed)


@pytest.fixture(scope="module")
def shown(found):
    return drawn.page(found)


@pytest.fixture(scope="module")
def files(found):
    return drawn.files(found)


def with_place_inside(place):
    """The same territory with a shared workplace in its largest town."""
    town = place.communes.sort("population").row(-1, named=True)
    ours = pl.DataFrame(
        {
            "kind": ["coworking"],
            "name": ["Lieu fictif"],
            "commune_code": [town["commune_code"]],
            "lon": [town["lon"]],
            "lat": [town["lat"]],
        }
    )
    return replace(place, workplaces=pl.concat([place.workplaces, ours]))


def without_place(place):
    """The same territory where nobody listed the existing places."""
    kept = tuple(s for s in place.tables.sources if s.dataset.id != "third_places")
    tables = replace(place.tables, sources=kept)
    return replace(place, workplaces=place.workplaces.clear(), tables=tables)


def test_the_title_and_the_lead_say_the_published_figures(shown):
    assert shown.title == "CC Saône-Beaujolais : 77 emplois pour 100 actifs occupés"
    assert "15\u202f147 emplois pour 19\u202f723 actifs occupés" in shown.lead
    assert "au moins 4\u202f576 habitants travaillent ailleurs" in shown.lead
    assert "Aucun lieu de travail partagé n'y était recensé (2019)" in shown.lead


def test_the_nearest_place_is_outside_only_where_none_is_inside(place, assumed, shown):
    richer = portraits.describe(with_place_inside(place), assumed)

    assert shown.access.title == "Le lieu le plus proche est hors du territoire"
    assert "hors du territoire" not in findings.access_title(richer)
    assert findings.places_title(richer) == "1 lieu partagé dans le territoire"
    assert "1 lieu de travail partagé y était recensé" in findings.lead(richer)


def test_a_territory_with_more_jobs_than_workers_attracts(found):
    jobs = replace(found.work.jobs, value=found.work.employed.value + 1)
    attractive = replace(found, work=replace(found.work, jobs=jobs))

    assert "on vient y travailler d'ailleurs" in findings.lead(attractive)


def test_jobs_spread_over_communes_are_not_said_to_be_gathered(found):
    even = found.by_commune.with_columns(jobs=pl.lit(100.0))

    title = findings.employment_title(replace(found, by_commune=even))

    assert title == "La moitié des emplois tient dans 18 communes"
    assert "Belleville-en-Beaujolais concentre" in findings.employment_title(found)


def test_without_a_known_place_the_page_says_so_and_draws_no_minutes(place, assumed):
    bare = portraits.describe(without_place(place), assumed)
    shown, files = drawn.page(bare), drawn.files(bare)

    assert shown.access is None
    assert shown.map.title == "Aucun lieu partagé connu, ni dans le territoire ni autour"
    assert not {"access.svg", "access.csv", "places.csv"} & files.keys()
    cells = json.loads(files["cells.geojson"])["features"]
    assert {cell["properties"]["class"] for cell in cells} == {None}
    jsonschema.validate(json.loads(files["portrait.json"]), SCHEMA)


def test_without_outlines_the_map_keeps_its_cells(place, assumed):
    bare = replace(place, tables=replace(place.tables, outlines={}))
    files = drawn.files(portraits.describe(bare, assumed))

    assert "outlines.geojson" not in files
    assert b'id="carte-carreaux"' in files["map.svg"]


def test_without_work_figures_no_chart_pretends(place, assumed):
    columns = ("employed", "unemployed", "jobs", "salaried_jobs")
    empty = place.communes.with_columns(pl.lit(None, pl.Float64).alias(c) for c in columns)
    bare = portraits.describe(replace(place, communes=empty), assumed)
    shown, files = drawn.page(bare), drawn.files(bare)

    assert shown.title == "CC Saône-Beaujolais : 46\u202f214 habitants"
    assert shown.distances.title == "Les distances au travail ne sont pas connues"
    assert "distances.svg" not in files
    assert "35 communes sans chiffre" in findings.left_out(bare)


def test_every_figure_has_a_source_and_every_modelled_one_an_interval(shown):
    figures = [*shown.figures, *shown.hosts.figures]

    assert {figure.origin for figure in shown.figures} == {"observed", "modelled"}
    assert all(figure.source for figure in figures)
    assert all(figure.interval for figure in figures if figure.origin == "modelled")


def test_every_gap_has_its_question_and_someone_to_ask(shown, found):
    assert [unknown.code for unknown in shown.unknowns] == [gap.code for gap in found.gaps]
    assert all(unknown.question.endswith("?") and unknown.who for unknown in shown.unknowns)


def test_the_document_obeys_its_schema(files):
    document = json.loads(files["portrait.json"])

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    document["access"]["mean"]["low"] = None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_the_page_is_plain_json_without_infinity(files, shown):
    loaded = json.loads(files["page.json"], parse_constant=pytest.fail)

    assert loaded["title"] == french.unbroken(shown.title)
    assert [entry["up_to"] for entry in loaded["map"]["legend"]] == [5, 10, 20, 30, None]


def test_each_table_has_its_two_files_with_the_same_rows(files, shown):
    for table in shown.tables:
        plain = list(csv.reader(io.StringIO(files[table.csv].decode("utf-8"))))
        excel = files[table.excel].decode("utf-8-sig").split("\r\n")
        assert plain[0] == [column.key for column in table.grid.columns]
        assert len(plain) == 1 + len(table.grid.rows)
        assert len(excel) == 2 + len(table.grid.rows) + bool(table.grid.total)
        assert files[table.excel].startswith(b"\xef\xbb\xbf")


def test_the_communes_of_the_file_add_up_to_the_page(files, found):
    rows = list(csv.DictReader(io.StringIO(files["communes.csv"].decode("utf-8"))))

    assert sum(int(row["population"]) for row in rows) == found.population.value
    assert sum(int(row["population_in_cells"]) for row in rows) == found.access.people.sum()


def test_the_communes_of_the_page_have_their_minutes_with_a_range(shown):
    assert [c.key for c in shown.communes.columns][-1] == "minutes"
    assert all(re.search(r"\(de \d+ à \d+\)", row[-1].text) for row in shown.communes.rows)


def test_a_small_modelled_flow_is_never_given_as_a_number(found):
    below = found.assumptions.value("flows.order_of_magnitude_below")
    rows = workplaces.destinations(found).only("workers", "workers_low", "workers_high").rows

    small = [row for row in rows if row[0].value is None]
    assert small
    for workers, low, high in small:
        assert workers.text == french.magnitude(high.value - 1, below)
        assert low.value < high.value <= below


def test_the_charts_are_ranked_and_hold_the_page_s_numbers(found):
    destinations = drawings.destinations(found)["data"]["values"]
    access = drawings.access(found)["data"]["values"]

    values = [row["value"] for row in destinations]
    assert values == sorted(values, reverse=True)
    assert sum(row["value"] for row in access) == found.access.people.sum()
    employment = drawings.employment(found)
    names = [row["name"] for row in employment["data"]["values"]]
    assert employment["encoding"]["y"]["scale"]["domain"] == names
    assert names[0] == "Belleville-en-Beaujolais"


def test_nothing_is_styled_in_a_way_a_content_policy_refuses(files):
    for name, data in files.items():
        if name.endswith(".svg"):
            assert not re.search(rb"<style|style=|<script|href=", data), name
            assert b"<title>" in data, name


def test_the_layers_stay_small_and_say_the_map_s_classes(files, found):
    cells = json.loads(files["cells.geojson"])["features"]

    assert len(files["cells.geojson"]) < 150_000
    assert sum(cell["properties"]["population"] for cell in cells) == found.access.people.sum()
    beyond = sum(c["properties"]["population"] for c in cells if c["properties"]["class"] >= 3)
    assert beyond / found.access.people.sum() == pytest.approx(found.access.beyond(20).value)


def test_a_full_cell_fills_its_square_kilometre_and_a_small_one_does_not(files, found):
    cells = json.loads(files["cells.geojson"])["features"]

    def side_m(cell):
        ring = np.array(cell["geometry"]["coordinates"][0])
        return np.ptp(ring[:, 1]) * 111_320

    full = [c for c in cells if c["properties"]["population"] >= 350]
    assert all(980 < side_m(cell) < 1100 for cell in full)
    assert all(side_m(c) < 500 for c in cells if c["properties"]["population"] < 50)


def test_a_name_with_markup_stays_text(place, assumed):
    hostile = '<script>alert("=1+1")</script>'
    named = place.communes.with_columns(
        name=pl.when(pl.col("name") == "Beaujeu").then(pl.lit(hostile)).otherwise("name")
    )
    files = drawn.files(portraits.describe(replace(place, communes=named), assumed))

    assert b"<script" not in files["map.svg"] + files["employment.svg"]
    assert hostile in json.loads(files["page.json"])["hosts"]["text"]

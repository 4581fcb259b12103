"""How people go to work in French: shown with the detail file, asked without it."""

import csv
import io
import json
from importlib import resources

import jsonschema
import pytest

from factories import detail
from maillage.core import portrait as portraits
from maillage.core import sample, territory
from maillage.core.sources.mobpro import CATEGORIES, MODES
from maillage.report import french
from maillage.report import portrait as drawn
from maillage.report.portrait import trips

SCHEMA = json.loads(
    resources.files("maillage.report").joinpath("portrait.schema.json").read_text(encoding="utf-8")
)
TOLD = {"modes.svg", "modes.csv", "modes-excel.csv", "categories.csv", "categories-excel.csv"}


def described(folder, assumed, columns=detail.HEADER):
    tables = detail.added(sample.load(), detail.write_file(folder, columns))
    return portraits.describe(territory.assemble(tables, assumed), assumed)


@pytest.fixture(scope="module")
def found(tmp_path_factory, assumed):
    return described(tmp_path_factory.mktemp("detail"), assumed)


@pytest.fixture(scope="module")
def shown(found):
    return drawn.page(found)


@pytest.fixture(scope="module")
def files(found):
    return drawn.files(found)


def texts(grid, name):
    """The line of a table that begins with a name, by column."""
    keys = [column.key for column in grid.columns]
    [row] = [row for row in (*grid.rows, grid.total) if row[0].text == name]
    return dict(zip(keys, (cell.text for cell in row), strict=True))


def lines(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_every_mode_and_category_has_its_french_words():
    assert tuple(french.MODES) == MODES
    assert tuple(french.CATEGORIES) == CATEGORIES


def test_the_title_says_the_mode_that_most_use_and_who_goes_farthest(shown):
    assert shown.modes.title == f"Comment on va au travail : 81{french.NBSP}% des actifs en voiture"
    assert shown.categories.title == (
        f"Cadres et professions intellectuelles supérieures : 40{french.NBSP}% travaillent à plus "
        "de 30 km"
    )
    assert f"20{french.NBSP}% travaillent à temps partiel." in shown.categories.text
    assert "Sous 200 actifs, un nombre n'est qu'un ordre de grandeur" in shown.modes.text
    assert (shown.modes.origin, shown.modes.vintage) == ("observed", "RP 2022")


def test_the_modes_are_ranked_and_a_small_one_is_an_order_of_magnitude(shown, files):
    names = [row[0].text for row in shown.modes.grid.rows]

    assert names[:3] == ["En voiture", "En transports en commun", "À pied"]
    assert texts(shown.modes.grid, "À vélo") == {
        "mode": "À vélo",
        "persons": "moins de 100",
        "share": trips.TOO_FEW,
        "far_share": trips.TOO_FEW,
    }
    [bicycle] = [line for line in lines(files["modes.csv"]) if line["mode"] == "À vélo"]
    assert (bicycle["persons"], bicycle["share"], bicycle["persons_high"]) == ("", "", "100.0")
    assert b"Ensemble;11073;" in files["modes-excel.csv"]


def test_categories_cross_modes_on_the_page_and_the_ends_are_in_the_file(shown, files):
    executives = texts(shown.categories.grid, "Cadres et professions intellectuelles supérieures")
    whole = texts(shown.categories.grid, "Ensemble")

    assert executives["transit"] == "520"
    assert executives["bicycle"] == "moins de 100"
    assert executives["far_share"] == f"40{french.NBSP}%"
    assert whole["car"] == french.number(8933)
    assert not any(key.endswith(("_low", "_high")) for key in executives)
    assert float(lines(files["categories.csv"])[0]["workers_low"]) == 100


def test_the_counts_of_a_line_add_up_to_its_total(found):
    grid = trips.categories(found)
    keys = [column.key for column in grid.columns]

    for row in grid.rows:
        line = dict(zip(keys, row, strict=True))
        low = high = 0.0
        for mode in (group.key for group in found.work.trips.modes):
            exact = line[mode].value
            low += exact if exact is not None else line[f"{mode}_low"].value
            high += exact if exact is not None else line[f"{mode}_high"].value
        whole = line["workers"].value or 180
        assert low <= whole <= high


def test_the_picture_and_both_files_of_each_table_are_there(files, shown):
    assert files.keys() >= TOLD
    assert {"modes", "categories"} <= {table.key for table in shown.tables}
    assert b"En transports en commun" in files["modes.svg"]


def test_the_document_tells_them_and_obeys_its_schema(files):
    document = json.loads(files["portrait.json"])
    told = document["work"]["trips"]

    jsonschema.validate(document, SCHEMA)
    assert told["workers"]["value"] == 11073
    assert told["far_above_straight_km"] == 30
    assert {mode["mode"]: mode["share"] is None for mode in told["modes"]} == {
        "none": True,
        "walk": False,
        "bicycle": True,
        "motorbike": True,
        "car": False,
        "transit": False,
    }
    assert sum(cell["workers"] for cell in told["crossed"]) == pytest.approx(11073)


def test_without_the_detail_file_the_page_asks_and_shows_nothing(place, assumed):
    plain = portraits.describe(place, assumed)
    shown, files = drawn.page(plain), drawn.files(plain)

    assert (shown.modes, shown.categories) == (None, None)
    assert not TOLD & files.keys()
    [asked] = [unknown for unknown in shown.unknowns if unknown.code == "modes"]
    assert asked.question == "Comment va-t-on au travail ?"
    assert "(MOBPRO), qui n'est pas chargé" in asked.text
    document = json.loads(files["portrait.json"])
    assert document["work"]["trips"] is None
    jsonschema.validate(document, SCHEMA)


def test_without_modes_the_categories_stand_alone_and_the_page_says_why(tmp_path, assumed):
    columns = tuple(name for name in detail.HEADER if name != "TRANS")
    found = described(tmp_path, assumed, columns)
    shown = drawn.page(found)

    assert shown.modes is None
    keys = [column.key for column in shown.categories.grid.columns]
    assert keys == ["category", "workers", "far_share"]
    assert shown.categories.grid.caption == "Actifs selon la catégorie"
    assert "ordre de grandeur" in shown.categories.text
    [asked] = [unknown for unknown in shown.unknowns if unknown.code == "modes"]
    assert "ne dit pas le moyen de transport" in asked.text
    jsonschema.validate(json.loads(drawn.files(found)["portrait.json"]), SCHEMA)


def test_without_categories_the_modes_stand_alone(tmp_path, assumed):
    columns = tuple(name for name in detail.HEADER if name not in {"CS1", "TP"})
    shown = drawn.page(described(tmp_path, assumed, columns))

    assert shown.categories is None
    assert shown.modes.title.endswith("en voiture")

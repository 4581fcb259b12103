"""What the pages of a portrait show, before any template."""

import json

import pytest

from factories.territories import AT, SIREN, sample_files
from maillage.apps.territories import bars, dictionary
from maillage.apps.territories.parts import Shown
from maillage.apps.territories.reading import Stored


@pytest.fixture
def of() -> Shown:
    files = sample_files()
    return Shown(
        siren=SIREN,
        folder="",
        words=json.loads(files["page.json"]),
        numbers=json.loads(files["portrait.json"]),
        files={name: Stored(name, len(data), "") for name, data in files.items()},
        loaded_at=AT,
    )


def test_every_column_of_every_open_table_is_in_the_dictionary(of):
    for table in of.words["tables"]:
        for column in table["grid"]["columns"]:
            found = dictionary.meaning(table["key"], column["key"])
            assert found.unit, column
            assert found.meaning.endswith("."), column
            assert of.provenance(table["key"], column["key"]).source, (table["key"], column["key"])


def test_a_modelled_column_says_so_and_an_observed_one_too(of):
    assert of.provenance("communes", "minutes").origin == "modelled"
    assert of.provenance("communes", "population").origin == "observed"
    assert of.provenance("destinations", "workers").origin == of.trips == "modelled"


def test_the_longest_bar_or_range_fills_the_cell_and_ranges_hold_their_bar(of):
    rows = bars.bands(of, "access").rows

    assert max(row.high for row in rows) == bars.FULL
    assert all(row.low <= row.width <= row.high for row in rows)


def test_two_measures_of_a_commune_share_one_axis(of):
    pairs = {pair.label: pair for pair in bars.employment(of)}

    belleville, beaujeu = pairs["Belleville-en-Beaujolais"], pairs["Beaujeu"]
    assert belleville.jobs_at == bars.FULL
    assert belleville.jobs_at > belleville.employed_at
    assert beaujeu.jobs_at < belleville.employed_at


def test_destinations_outside_the_territory_are_drawn_apart(of):
    rows = {row.label: row for row in bars.destinations(of, 10).rows}

    assert len(rows) == 10
    assert not rows["Belleville-en-Beaujolais"].quiet
    assert rows["Villefranche-sur-Saône"].quiet

"""The extracts that suit a territory: found in the folder, named by a person, or refused."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from factories import extract, streets
from factories.extract import at
from maillage.core import sample
from maillage.core.bad_input import BadInput
from maillage.core.sources import kept, osm, roads


@pytest.fixture(scope="module")
def tables():
    return sample.load()


@pytest.fixture(scope="module")
def drawn(tables, tmp_path_factory):
    return streets.extract(tmp_path_factory.mktemp("rues"), tables)


def around(tables, paths, assumed, *, is_chosen=True, cache=None):
    return roads.around(
        tables.communes, tables.cells, paths, is_chosen=is_chosen, assumptions=assumed, cache=cache
    )


def elsewhere(folder):
    nodes = {1: (7.0, 48.0), 2: (7.01, 48.0)}
    return extract.write(folder / "ailleurs.osm.pbf", nodes, [([1, 2], {"highway": "primary"})])


def test_no_extract_gives_no_street(tables, assumed):
    assert around(tables, [], assumed) == roads.Found()


def test_an_extract_that_covers_the_place_is_used(tables, drawn, assumed):
    found = around(tables, [drawn], assumed)

    assert found.used == (drawn,)
    assert found.notes == ()
    assert len(found.streets) > 300


def test_an_extract_of_elsewhere_is_refused_when_named_and_left_aside_when_found(
    tables, assumed, tmp_path
):
    path = elsewhere(tmp_path)

    with pytest.raises(BadInput) as refusal:
        around(tables, [path], assumed)
    found = around(tables, [path], assumed, is_chosen=False)

    assert refusal.value.code == "roads_elsewhere"
    assert found.streets is None
    assert [note.code for note in found.notes] == ["roads_left_aside"]


def test_half_a_territory_is_refused_when_named_and_left_aside_when_found(
    tables, drawn, assumed, tmp_path
):
    """Times of half the inhabitants would pass for those of all."""
    whole = osm.read(drawn)
    middle = float(np.median(tables.cells["lon"].to_numpy()))
    nodes = {n + 1: (lon, lat) for n, (lon, lat) in enumerate(whole.lonlat.tolist())}
    ways = []
    for w, tags in enumerate(whole.tags.iter_rows(named=True)):
        ends = whole.nodes[whole.starts[w] : whole.starts[w + 1]]
        if (whole.lonlat[ends, 0] < middle).all():
            ways.append(((ends + 1).tolist(), {k: v for k, v in tags.items() if v}))
    path = extract.write(tmp_path / "ouest.osm.pbf", nodes, ways)

    with pytest.raises(BadInput) as refusal:
        around(tables, [path], assumed)
    found = around(tables, [path], assumed, is_chosen=False)

    assert refusal.value.code == "roads_partial"
    assert 0.2 < refusal.value.facts["share"] < 0.8
    assert [note.code for note in found.notes] == ["roads_partial"]
    assert found.streets is None


def test_of_two_extracts_the_one_that_holds_nothing_is_not_used(tables, drawn, assumed, tmp_path):
    found = around(tables, [elsewhere(tmp_path), drawn], assumed)

    assert found.used == (drawn,)


def test_cut_streets_are_kept_by_the_content_of_the_file(tables, drawn, assumed, tmp_path):
    cache = tmp_path / "cache"
    first = around(tables, [drawn], assumed, cache=cache)
    [kept_file] = cache.iterdir()
    kept_file.write_bytes(osm.to_bytes(replace(first.streets, missing=12)))

    again = around(tables, [drawn], assumed, cache=cache)

    assert again.streets.missing == 12
    other = tmp_path / "autre.osm.pbf"
    nodes = {1: at(0, 0), 2: at(1, 0)}
    extract.write(other, nodes, [([1, 2], {"highway": "primary"})])
    with pytest.raises(BadInput):
        around(tables, [other], assumed, cache=cache)
    assert len(list(cache.iterdir())) == 2


def test_a_damaged_cache_is_read_from_the_file_again(tables, drawn, assumed, tmp_path):
    first = around(tables, [drawn], assumed, cache=tmp_path)
    [kept_file] = tmp_path.iterdir()
    kept_file.write_bytes(kept_file.read_bytes()[:200])

    again = around(tables, [drawn], assumed, cache=tmp_path)

    assert osm.to_bytes(again.streets) == osm.to_bytes(first.streets)


def test_a_cache_that_cannot_be_written_is_no_cache(tables, drawn, assumed, tmp_path):
    blocked = tmp_path / "fichier"
    blocked.write_text("pas un dossier")

    assert around(tables, [drawn], assumed, cache=blocked / "cache").streets is not None


def test_the_streets_of_a_territory_are_kept_with_its_tables(tables, drawn, assumed):
    with_streets = streets.added(tables, drawn, assumed)

    again = kept.from_bytes(kept.to_bytes(with_streets))

    assert osm.to_bytes(again.streets) == osm.to_bytes(with_streets.streets)
    assert [s.file for s in again.sources][-1] == drawn.name
    assert kept.from_bytes(kept.to_bytes(tables)).streets is None


def test_cells_without_a_street_near_do_not_count_as_covered(tables):
    lonlat = tables.cells.select("lon", "lat").to_numpy()
    alone = tables.cells.with_columns(lon=pl.col("lon") + 1.0)
    found = osm.Streets(
        lonlat=lonlat,
        marks=np.zeros(len(lonlat), np.uint8),
        starts=np.array([0, len(lonlat)]),
        nodes=np.arange(len(lonlat)),
        tags=pl.DataFrame({"highway": ["residential"]}),
        summits=np.zeros((0, 2)),
    )

    assert roads._covered(tables.cells, found) == 1.0
    assert roads._covered(alone, found) == 0.0

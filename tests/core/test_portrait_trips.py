"""How people go to work: totals that are those of the flows, no share of too few people."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from factories import detail
from factories.official import real_history
from maillage.core import geo, portrait, sample, territory
from maillage.core.portrait import work
from maillage.core.portrait.trips import LONG_KM
from maillage.core.sources import flows
from maillage.core.sources.mobpro import MODES
from shared import DATA, needs_tables

AIN = "mobpro_rp2021_echantillon_ain.csv"


def described(folder, assumed, columns=detail.HEADER):
    tables = detail.added(sample.load(), detail.write_file(folder, columns))
    return portrait.describe(territory.assemble(tables, assumed), assumed)


@pytest.fixture(scope="module")
def found(tmp_path_factory, assumed):
    return described(tmp_path_factory.mktemp("detail"), assumed)


@pytest.fixture(scope="module")
def trips(found):
    return found.work.trips


def by_key(groups):
    return {group.key: group for group in groups}


def test_the_file_s_own_weights_are_what_each_mode_and_category_counts(trips):
    modes, categories = by_key(trips.modes), by_key(trips.categories)

    assert modes["transit"].workers.value == pytest.approx(2 * (260 + 200 + 120))
    assert modes["bicycle"].workers.value == pytest.approx(2 * 30)
    assert categories["2"].workers.value == pytest.approx(2 * (300 + 60))
    assert list(modes) == [mode for mode in MODES if mode != "two_wheels"]
    assert list(categories) == list("123456")


def test_modes_categories_and_their_crossing_add_up_to_the_flows(found, trips):
    whole = found.territory.tables.flows["workers"].sum()

    assert trips.workers.value == pytest.approx(whole)
    for groups in (trips.modes, trips.categories):
        assert sum(group.workers.value for group in groups) == pytest.approx(whole)
    assert trips.crossed["workers"].sum() == pytest.approx(whole)
    by_mode = trips.crossed.group_by("mode").agg(pl.col("workers").sum())
    assert dict(by_mode.iter_rows()) == pytest.approx(
        {group.key: group.workers.value for group in trips.modes}
    )


def test_long_trips_are_those_of_the_last_band_and_nobody_abroad_is_one(found, trips):
    last = found.work.bands[-1]

    assert last.above == LONG_KM
    assert trips.far.value == pytest.approx(last.share.value)
    # 20 executives work abroad: counted, never far
    executives = by_key(trips.categories)["3"]
    assert executives.workers.value == pytest.approx(2 * 1090 + 20)
    assert executives.far.value == pytest.approx(0.4 * 2180 / 2200)
    assert by_key(trips.categories)["4"].far.value == pytest.approx(0.25)


def test_no_share_is_over_fewer_persons_than_the_limit(found, trips):
    assert trips.fewest == found.assumptions.value("flows.order_of_magnitude_below") == 200
    for group in (*trips.modes, *trips.categories):
        is_small = group.workers.value < 200
        assert (group.share is None, group.far is None) == (is_small, is_small), group.key
    assert by_key(trips.categories)["1"].workers.value == pytest.approx(180)


def test_a_territory_of_too_few_workers_has_no_share_at_all(found):
    place, assumed = found.territory, found.assumptions
    only = replace(
        place.tables,
        flows=place.tables.flows.with_columns(pl.col("workers") / 100),
        trips=place.tables.trips.with_columns(pl.col("workers") / 100),
    )

    trips = portrait.describe(replace(place, tables=only), assumed).work.trips

    assert trips.workers.value < 200
    assert (trips.part_time, trips.far) == (None, None)
    assert all(g.share is None and g.far is None for g in (*trips.modes, *trips.categories))


def test_part_time_is_a_share_of_those_who_tell_it(trips):
    told = trips.workers.value
    # one in five, but for the villagers and those who work abroad
    others = 20 + 33

    assert trips.part_time.value == pytest.approx(0.2 * (told - others) / told)


def test_every_number_is_observed_with_the_vintage_of_the_file(trips):
    numbers = [trips.workers, trips.far, trips.part_time]
    numbers += [g.workers for g in (*trips.modes, *trips.categories)]

    assert {number.origin for number in numbers} == {"observed"}
    assert {s.vintage for number in numbers for s in number.sources} == {"RP 2022"}
    assert {s.file for number in numbers for s in number.sources} == {detail.FILE}


def test_without_the_detail_file_nothing_is_told_and_the_question_is_asked(place, assumed, found):
    plain = portrait.describe(place, assumed)

    assert plain.work.trips is None
    [gap] = [gap for gap in plain.gaps if gap.code == "modes"]
    assert (gap.who, gap.facts) == (("insee",), {"has_detail": False})
    assert "modes" not in {gap.code for gap in found.gaps}


def test_a_detail_file_without_modes_tells_the_rest_and_the_question_stays(tmp_path, assumed):
    columns = tuple(name for name in detail.HEADER if name != "TRANS")

    found = described(tmp_path, assumed, columns)

    assert found.work.trips.modes == ()
    assert found.work.trips.crossed.is_empty()
    assert by_key(found.work.trips.categories)["4"].far.value == pytest.approx(0.25)
    [gap] = [gap for gap in found.gaps if gap.code == "modes"]
    assert gap.facts == {"has_detail": True}


def test_a_detail_file_that_tells_nothing_more_is_as_none(tmp_path, assumed):
    found = described(tmp_path, assumed, ("COMMUNE", "DCLT", "IPONDI"))

    assert found.work.trips is None
    assert found.work.commuting.origin == "observed"


def test_those_of_whom_a_mode_is_not_told_are_counted_apart(found):
    place, assumed = found.territory, found.assumptions
    hidden = place.tables.trips.with_columns(
        mode=pl.when(pl.col("mode") == "walk").then(None).otherwise("mode"),
        category=pl.when(pl.col("category") == "6").then(pl.lit("9")).otherwise("category"),
    )
    tables = replace(place.tables, trips=hidden)

    trips = portrait.describe(replace(place, tables=tables), assumed).work.trips

    assert trips.modes[-1].key is None
    assert trips.modes[-1].workers.value == pytest.approx(680)
    assert [group.key for group in trips.categories] == [*"12345", None]
    assert sum(g.workers.value for g in trips.modes) == pytest.approx(trips.workers.value)


@needs_tables
def test_the_sample_of_the_ain_tells_the_modes_of_its_three_communes(place, assumed):
    homes = ["01001", "01002", "01004"]
    observed, year, trips = flows.read_with_trips(DATA / AIN, real_history(), homes)
    # every commune within 30 km and more is around the embedded territory
    towns = place.tables.communes
    ends = towns.select(work_code="commune_code", work_name="name", work_lon="lon", work_lat="lat")
    three = place.surroundings.filter(pl.col("commune_code").is_in(homes))
    tables = replace(
        place.tables, flows=observed.table.join(ends, on="work_code", how="left"), trips=trips
    )

    told = work.of_territory(
        replace(place, communes=three, tables=tables), assumed, census=(), flows=()
    ).trips

    raw = pl.read_csv(DATA / AIN, schema_overrides={"COMMUNE": pl.String, "DCLT": pl.String})
    raw = raw.with_columns(pl.col("COMMUNE", "DCLT").str.zfill(5))
    car = raw.filter(pl.col("TRANS") == 5)
    modes = by_key(told.modes)
    assert year == 2021
    assert told.workers.value == pytest.approx(6975.899932)
    assert told.categories == ()
    assert told.part_time is None
    assert modes["car"].workers.value == pytest.approx(car["IPONDI"].sum())
    assert modes["car"].share.value == pytest.approx(car["IPONDI"].sum() / 6975.899932)
    assert modes["motorbike"].share is None
    assert modes["car"].far.value == pytest.approx(long_share(car, towns))


def long_share(lines, towns):
    """The weight of the lines that go farther than 30 km, one by one."""
    xy = dict(zip(towns["commune_code"], geo.project(towns["lon", "lat"].to_numpy()), strict=True))
    # Lyon's districts are one commune
    ends = [
        (home, "69123" if work[:4] == "6938" else work, weight)
        for home, work, weight in lines.select("COMMUNE", "DCLT", "IPONDI").iter_rows()
    ]
    far = sum(w for a, b, w in ends if b in xy and np.hypot(*(xy[a] - xy[b])) > 30_000)
    return far / lines["IPONDI"].sum()

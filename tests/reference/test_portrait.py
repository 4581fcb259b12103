"""The portrait against published totals, read again straight from the official tables."""

import polars as pl
import pytest

from maillage.core import portrait, territory
from maillage.core.sources.gather import gather
from shared import DATA, needs_tables

# siren: communes, reference population 2023, jobs and employed residents 15-64 in 2018 (Insee)
PUBLISHED = {
    "200067817": (35, 46_214, 15_147, 19_723),
    "200035814": (42, 52_388, 20_990, 19_832),
    "200066637": (39, 11_076, 3_812, 3_819),
    "243301405": (5, 22_757, 5_510, 9_148),
}


@pytest.fixture(scope="module")
def described(assumed):
    def of(siren):
        return portrait.describe(territory.assemble(gather(DATA, siren, assumed), assumed), assumed)

    return of


@needs_tables
@pytest.mark.parametrize("siren", PUBLISHED)
def test_the_portrait_has_the_published_totals(described, siren):
    found = described(siren)

    communes, population, jobs, employed = PUBLISHED[siren]
    assert len(found.by_commune) == communes
    assert found.population.value == population
    assert round(found.work.jobs.value) == jobs
    assert round(found.work.employed.value) == employed
    assert found.work.jobs_per_100.value == pytest.approx(100 * jobs / employed, abs=0.05)


@needs_tables
def test_observed_flows_are_the_table_s_own(described):
    """CA Flers Agglo, census 2012: read again without our readers."""
    members = described("200035814").by_commune["commune_code"].to_list()
    raw = pl.read_parquet(DATA / "flux_domicile_travail_orne_rp2012_cs1_cog2026.parquet")
    inside = raw.filter(pl.col("origine").is_in(members))
    gone = inside.filter(~pl.col("destination").is_in(members))

    work = described("200035814").work

    assert work.outside.origin == "observed"
    assert work.commuting.workers == pytest.approx(inside["actifs"].sum(), rel=1e-3)
    share = gone["actifs"].sum() / inside["actifs"].sum()
    assert work.outside.value == pytest.approx(share, abs=1e-3)


@needs_tables
def test_shops_of_merged_communes_are_all_counted(described):
    """Equipment of 2018 comes with the codes of 2018: those of merged communes are kept."""
    found = described("200067817")
    raw = pl.read_parquet(DATA / "bpe_2018_communes.parquet").filter(pl.col("TYPEQU") == "B203")
    today = found.by_commune["commune_code"].to_list()
    by_todays_codes = raw.filter(pl.col("DEPCOM").is_in(today))["NB_EQUIP"].sum()

    assert found.families["bakery"].value == 36
    assert by_todays_codes == 34


@needs_tables
def test_no_place_farther_than_the_search_would_be_nearer(assumed):
    """Existing places are looked for at 20 km: looking at 40 km brings nobody nearer."""
    wider = assumed.with_values({"places.neighbour_places_km": 40})
    minutes = [
        portrait.describe(territory.assemble(gather(DATA, "200067817", a), a), a).access.minutes
        for a in (assumed, wider)
    ]

    assert (minutes[0] == minutes[1]).all()

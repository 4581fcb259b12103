"""The chain as a whole: kept places, opening order, conservation of use."""

from dataclasses import replace

import polars as pl
import pytest

from maillage.core import scenario
from maillage.core.scenario import Request
from maillage.core.siting_problem import Choices
from maillage.core.sources.premises import ExistingPlace


def test_while_no_place_closes_nobody_gets_farther_even_from_a_namesake(place, assumed):
    """A neighbour's place with the name of one inside stays open for those near it."""
    far = place.cells.sort("lon").row(0, named=True)
    beaujeu = place.communes.filter(pl.col("name") == "Beaujeu").row(0, named=True)
    namesake = pl.DataFrame(
        [("coworking", "Le Lieu (fictif)", "71001", far["lon"], far["lat"])],
        schema=place.workplaces.schema,
        orient="row",
    )
    inside = ExistingPlace(
        "l1", "Le Lieu (fictif)", beaujeu["commune_code"], beaujeu["lon"], beaujeu["lat"], "open"
    )
    request = Request(first_year=2027, existing=(inside,), choices=Choices(minis_max=0))

    outcome = scenario.evaluate(
        replace(place, workplaces=pl.concat([place.workplaces, namesake])), request, assumed
    )

    coverage = outcome.coverage
    assert coverage.minutes_before.min() < 2
    assert (coverage.minutes_after <= coverage.minutes_before).all()


def test_expected_use_is_shared_out_among_the_sites_up_to_their_seats(outcome, assumed):
    open_days = assumed.value("costs.open_days")
    wanted = outcome.demand.seats_per_day.p50 * open_days

    held = sum(site.occupied_days.central for site in outcome.sites)

    assert 0.7 * wanted < held <= wanted * 1.05
    most = open_days / assumed.value("demand.peak_factor")
    assert all(site.occupied_days.high <= site.seats * most + 1e-6 for site in outcome.sites)


def test_minis_open_by_the_inhabitants_they_add_four_a_year(outcome):
    years = [s.opening_year for s in outcome.sites if s.tier == "mini"]

    assert sorted(years) == [2028] * 4 + [2029] * 3


@pytest.mark.parametrize("case", ["low", "central", "high"])
def test_coverage_after_is_never_below_coverage_before(outcome, case):
    assert getattr(outcome.coverage.after, case) >= getattr(outcome.coverage.before, case)

"""Finance: the method's worked example, budgets that add up, the two legal tests."""

import pytest

from maillage.core import finance
from maillage.core.finance import SiteToCost
from maillage.core.money import Range


def hub(**changes) -> SiteToCost:
    values = {
        "id": "h",
        "tier": "hub",
        "commune_code": "69019",
        "seats": 12,
        "area_m2": None,
        "is_rented": False,
        "is_built": False,
        "opening_year": 2027,
        "occupied_days": Range(300, 600, 900),
    }
    return SiteToCost(**(values | changes))


def test_the_running_cost_of_the_worked_example_is_found_again(assumed):
    """150 m2 of free municipal premises: 22.9 k€ a year at central costs."""
    assumed = assumed.with_values({"costs.area_per_seat": 12.5})

    cost = finance.site_cost(hub(), assumed)

    assert cost.operation.central == pytest.approx(22_850)


def test_ranges_are_ordered(outcome):
    for amount in (outcome.money.investment, outcome.money.operation):
        assert 0 < amount.low < amount.central < amount.high


def test_the_years_invest_exactly_the_sites(outcome):
    invested = sum(sum(y.investment_cents.values()) for y in outcome.money.years)

    assert invested == sum(round(s.investment.central * 100) for s in outcome.money.sites)


def test_communes_invest_and_the_epci_operates(outcome):
    for year in outcome.money.years:
        assert set(year.investment_cents) == {"communes", "grants"}
        assert set(year.operation_cents) == {"epci", "employers"}


def test_low_demand_leaves_most_to_pay(outcome):
    net = outcome.money.mature_year

    assert net.low > net.central > net.high
    assert outcome.money.stress > net.low


def test_an_open_place_costs_no_investment_and_a_rented_one_pays_rent(assumed):
    built, rented, free = (
        finance.site_cost(hub(**c), assumed) for c in ({"is_built": True}, {"is_rented": True}, {})
    )

    assert built.investment == Range(0, 0, 0)
    area = 12 * assumed.value("costs.area_per_seat")
    assert rented.operation.central - free.operation.central == pytest.approx(
        area * assumed.value("costs.rent")
    )


def test_a_site_before_its_opening_year_neither_costs_nor_earns(assumed):
    money = finance.budget((hub(opening_year=2029),), 1000, 2027, assumed)

    assert [y.income_cents > 0 for y in money.years] == [False, False, True, True, True]
    assert [y.operation_cents["epci"] > 0 for y in money.years] == [False, False, True, True, True]
    assert [sum(y.investment_cents.values()) > 0 for y in money.years] == [
        False, False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "is_enough", "matching_most"), [(0.8, True, 0), (0.6, True, 32_000), (0.9, False, 0)]
)
def test_own_and_matching_contributions_of_160_000_euros(assumed, rate, is_enough, matching_most):
    """With 80 % of grants nothing can be added; with 60 %, at most 32 k€ each."""
    test = finance.contribution(16_000_000, rate, assumed)

    assert test.is_own_enough is is_enough
    assert test.matching_most_cents == matching_most * 100


def test_grants_lower_what_communes_pay_and_only_that(assumed):
    sites = (hub(),)

    plain = finance.budget(sites, 1000, 2027, assumed)
    granted = finance.budget(sites, 1000, 2027, assumed.with_values({"costs.grant_rate": 0.6}))

    assert granted.years[0].investment_cents["grants"] == round(
        plain.years[0].investment_cents["communes"] * 0.6
    )
    assert granted.mature_year == plain.mature_year


def test_income_pays_the_public_operation_at_the_break_even(outcome, assumed):
    money = outcome.money

    income = money.break_even_days * assumed.value("costs.yield_per_day")

    expected = money.mature_year.central + sum(s.income.central for s in money.sites)
    assert income == pytest.approx(expected)

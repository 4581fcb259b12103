"""What the network costs, who pays, and what a visit costs the public purse.

Amounts are euros before tax, known as low / central / high.
method  docs/method/finance.md
"""

from collections.abc import Callable
from dataclasses import dataclass

from maillage.core import money
from maillage.core.assumptions import Assumptions
from maillage.core.money import Range

PAYERS = ("communes", "epci", "employers", "grants")
CASES = ("low", "central", "high")

# Points of the table of the two legal tests, up to the most that the law allows
SHOWN_GRANT_RATES = (0.0, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class SiteToCost:
    """What the cost of a site depends on."""

    id: str
    tier: str
    commune_code: str
    seats: int
    area_m2: float | None
    is_rented: bool
    is_built: bool
    opening_year: int
    occupied_days: Range


@dataclass(frozen=True)
class SiteCost:
    """Money of one site: investment once, operation and income of a full, mature year."""

    id: str
    tier: str
    commune_code: str
    investment: Range
    operation: Range
    income: Range
    yearly_depreciation: Range


@dataclass(frozen=True)
class YearLine:
    """One year of the budget, whole cents: who pays what, and what users bring."""

    year: int
    investment_cents: dict[str, int]
    operation_cents: dict[str, int]
    income_cents: int
    occupied_days: float


@dataclass(frozen=True)
class Contribution:
    """The two legal tests of an investment's funding at a grant rate.

    own_share            share of the public funding that the communes keep to pay
    is_own_enough        L.1111-10 CGCT: at least the minimum own contribution
    matching_most_cents  most the EPCI may add (L.5214-16 V: no more than the commune's own part,
                         which itself stays above the minimum)
    """

    grant_rate: float
    own_cents: int
    own_share: float
    is_own_enough: bool
    matching_most_cents: int


@dataclass(frozen=True)
class Budget:
    """The money of a plan.

    years            central case by year, whole cents
    mature_year      operation minus income paid by the EPCI in a full year, by demand case
    cost_per_day     net public operation cost of an occupied day, by demand case
    depreciated_cost_per_day the same with yearly depreciation
    per_inhabitant   net public operation cost per inhabitant and year, by demand case
    break_even_days  occupied days a year at which income pays the public operation, central case
    stress           highest costs with lowest demand, said as such
    """

    sites: tuple[SiteCost, ...]
    investment: Range
    operation: Range
    years: tuple[YearLine, ...]
    mature_year: Range
    cost_per_day: Range
    depreciated_cost_per_day: Range
    per_inhabitant: Range
    break_even_days: float
    stress: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True)
class Line:
    """Euros of a site as a line: opening it, then each seat."""

    fixed: float
    per_seat: float


@dataclass(frozen=True)
class LinearCost:
    """Central costs of a site before its size is chosen, for the siting."""

    investment: Line
    operation: Line
    yearly: Line


def linear_cost(
    tier: str, *, is_built: bool, is_rented: bool, assumptions: Assumptions
) -> LinearCost:
    """Investment, yearly operation and annualised total of a site of some seats, euros.

    Seats are taken as all used on a peak day; grants and the employers' share are deducted from
    what the commune invests and the intercommunality pays.
    """
    full_days = assumptions.value("costs.open_days") / assumptions.value("demand.peak_factor")

    def of(seats: int) -> SiteToCost:
        used = Range(*[seats * full_days] * 3)
        return SiteToCost("", tier, "", seats, None, is_rented, is_built, 0, used)

    def line(amount: Callable[[SiteToCost], float]) -> Line:
        fixed = amount(of(0))
        return Line(fixed, amount(of(1)) - fixed)

    own_share = 1.0 - assumptions.value("costs.grant_rate")
    employers = assumptions.value("costs.corpo_employers_share") if tier == "corpo" else 0.0
    investment = line(lambda site: own_share * sum(_investment(site, assumptions, "central")))
    operation = line(lambda site: (1.0 - employers) * _operation(site, assumptions, "central"))
    depreciation = line(lambda site: _depreciation(site, assumptions, "central"))
    return LinearCost(
        investment=investment,
        operation=operation,
        yearly=Line(
            operation.fixed + depreciation.fixed, operation.per_seat + depreciation.per_seat
        ),
    )


def site_cost(site: SiteToCost, assumptions: Assumptions) -> SiteCost:
    """Investment, yearly operation, income and depreciation of one site."""
    return SiteCost(
        id=site.id,
        tier=site.tier,
        commune_code=site.commune_code,
        investment=_by_case(lambda case: sum(_investment(site, assumptions, case))),
        operation=_by_case(lambda case: _operation(site, assumptions, case)),
        income=_income(site, assumptions),
        yearly_depreciation=_by_case(lambda case: _depreciation(site, assumptions, case)),
    )


def budget(
    sites: tuple[SiteToCost, ...], inhabitants: int, first_year: int, assumptions: Assumptions
) -> Budget:
    """The money of a plan over the years of the budget."""
    costs = tuple(site_cost(site, assumptions) for site in sites)
    investment = _total([cost.investment for cost in costs])
    operation = _total([cost.operation for cost in costs])
    income = _total([cost.income for cost in costs])
    depreciation = _total([cost.yearly_depreciation for cost in costs])
    days = _total([site.occupied_days for site in sites])
    corpo = _total([cost.operation for cost in costs if cost.tier == "corpo"])
    employers = corpo.scaled(assumptions.value("costs.corpo_employers_share"))
    public = operation.central - employers.central
    # low demand leaves most to pay: the case names the demand, costs stay central
    net = Range(public - income.low, public - income.central, public - income.high)
    return Budget(
        sites=costs,
        investment=investment,
        operation=operation,
        years=_years(sites, costs, first_year, assumptions),
        mature_year=net,
        cost_per_day=_per(net, days),
        depreciated_cost_per_day=_per(
            Range(*(getattr(net, c) + depreciation.central for c in CASES)), days
        ),
        per_inhabitant=net.scaled(1 / max(1, inhabitants)),
        break_even_days=public / assumptions.value("costs.yield_per_day"),
        stress=operation.high - employers.high - income.low,
        contributions=tuple(
            contribution(money.cents(investment.central), rate, assumptions)
            for rate in sorted({assumptions.value("costs.grant_rate"), *SHOWN_GRANT_RATES})
        ),
    )


def contribution(cost_cents: int, grant_rate: float, assumptions: Assumptions) -> Contribution:
    """Own and matching contribution tests of an investment whose funders are all public."""
    minimum = assumptions.value("costs.min_own_contribution")
    grants = money.cents(cost_cents / 100 * grant_rate)
    left = cost_cents - grants
    least_own = money.cents(cost_cents / 100 * minimum)
    return Contribution(
        grant_rate=grant_rate,
        own_cents=left,
        own_share=left / cost_cents if cost_cents else 1.0,
        is_own_enough=left >= least_own,
        matching_most_cents=max(0, min(left // 2, left - least_own)),
    )


def _by_case(amount: Callable[[str], float]) -> Range:
    return Range(*(amount(case) for case in CASES))


def _investment(site: SiteToCost, a: Assumptions, case: str) -> tuple[float, float]:
    """Works and furniture of a site; an open place is already paid for."""
    if site.is_built:
        return 0.0, 0.0
    if site.tier == "mini":
        return 0.0, a["costs.mini_kit"].at(case)
    works = _area(site, a, case) * a["costs.refurbishment"].at(case)
    return works, site.seats * a["costs.furniture_per_seat"].at(case)


def _area(site: SiteToCost, a: Assumptions, case: str) -> float:
    """The building's own area is not refitted beyond what the seats need."""
    needed = site.seats * a["costs.area_per_seat"].at(case)
    return needed if site.area_m2 is None else min(needed, site.area_m2)


def _operation(site: SiteToCost, a: Assumptions, case: str) -> float:
    if site.tier == "mini":
        host = a["costs.host_share"].at(case) * a.value("costs.yield_per_day")
        return (
            site.occupied_days.central * host
            + 12 * a["costs.host_fee"].at(case)
            + a["costs.mini_shifts"].at(case) * a["costs.shift"].at(case)
        )
    per_m2 = ["energy_water", "cleaning", "insurance", *(["rent"] if site.is_rented else [])]
    fixed = ["fibre", "software", "communication"]
    total = _area(site, a, case) * sum(a[f"costs.{name}"].at(case) for name in per_m2)
    total += sum(a[f"costs.{name}"].at(case) for name in fixed)
    if site.tier == "hub":
        total += a["costs.hub_fte"].at(case) * a["costs.animator_fte"].at(case)
    return total


def _income(site: SiteToCost, a: Assumptions) -> Range:
    return Range(
        *(getattr(site.occupied_days, case) * a["costs.yield_per_day"].at(case) for case in CASES)
    )


def _depreciation(site: SiteToCost, a: Assumptions, case: str) -> float:
    works, furniture = _investment(site, a, case)
    return works / a.value("costs.works_life") + furniture / a.value("costs.furniture_life")


def _years(
    sites: tuple[SiteToCost, ...],
    costs: tuple[SiteCost, ...],
    first_year: int,
    a: Assumptions,
) -> tuple[YearLine, ...]:
    """The years of the budget, and on to the last opening: the totals then add up."""
    last = max((site.opening_year for site in sites), default=first_year)
    count = max(int(a.value("costs.years")), last - first_year + 1)
    return tuple(_year(sites, costs, first_year + n, a) for n in range(count))


def _year(
    sites: tuple[SiteToCost, ...], costs: tuple[SiteCost, ...], year: int, a: Assumptions
) -> YearLine:
    invested = sum(
        money.cents(c.investment.central)
        for s, c in zip(sites, costs, strict=True)
        if s.opening_year == year
    )
    rate = a.value("costs.grant_rate")
    grants, communes = money.split(invested, [rate, 1.0 - rate])
    operation = {"epci": 0, "employers": 0}
    income, days = 0, 0.0
    for site, cost in zip(sites, costs, strict=True):
        if site.opening_year > year:
            continue
        ramp = a.value(f"costs.ramp_{min(4, year - site.opening_year + 1)}")
        share = a.value("costs.corpo_employers_share") if site.tier == "corpo" else 0.0
        paid = money.split(money.cents(cost.operation.central), [share, 1.0 - share])
        operation["employers"] += paid[0]
        operation["epci"] += paid[1]
        income += money.cents(cost.income.central * ramp)
        days += site.occupied_days.central * ramp
    return YearLine(
        year=year,
        investment_cents={"communes": communes, "grants": grants},
        operation_cents=operation,
        income_cents=income,
        occupied_days=days,
    )


def _total(ranges: list[Range]) -> Range:
    total = Range(0.0, 0.0, 0.0)
    for r in ranges:
        total += r
    return total


def _per(net: Range, days: Range) -> Range:
    """Euros per occupied day, each demand case over its own days; infinite without any day."""
    return Range(
        *(
            getattr(net, case) / getattr(days, case) if getattr(days, case) > 0 else float("inf")
            for case in CASES
        )
    )

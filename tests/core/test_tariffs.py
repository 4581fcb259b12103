"""Quotes: against every combination, over time, seats and lists; the texts of real places."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import assumptions, opening_hours, periods, programme, tariffs
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period
from maillage.core.tariffs import (
    Price,
    PriceList,
    Use,
    Validity,
    Why,
)
from maillage.report import french

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 3, 22)
YEARS = Validity(date(2020, 1, 1))


def price(unit: str, cents: int, **more: object) -> Price:
    given_ = {"id": unit, "space_kind": "open_space", "vat_rate_bp": 2000} | more
    return Price(unit=unit, cents=cents, **given_)


def listed(*prices: Price, **more: object) -> PriceList:
    given_ = {"id": "L", "voted_reference": "2026-41", "valid": YEARS} | more
    return PriceList(prices=prices, **given_)


USUAL = listed(price("hour", 300), price("half_day", 800), price("day", 1200), price("week", 4000))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def asked(begins: str, ends: str, **more: object) -> Use:
    given_ = {"space_kind": "open_space", "zone": PARIS} | more
    return Use(Period(at(begins), at(ends)), **given_)


def told(quote: tariffs.Quote) -> list[tuple[str, int, int]]:
    return [(line.unit, line.quantity, line.amount_cents) for line in quote.lines]


@pytest.mark.parametrize(
    ("begins", "ends", "found"),
    [
        ("2027-03-22T09:00", "2027-03-22T10:00", [("hour", 1, 300)]),
        ("2027-03-22T09:00", "2027-03-22T10:01", [("hour", 2, 600)]),
        ("2027-03-22T09:00", "2027-03-22T12:00", [("half_day", 1, 800)]),
        ("2027-03-22T11:00", "2027-03-22T15:00", [("half_day", 1, 800)]),
        ("2027-03-22T08:30", "2027-03-22T14:30", [("half_day", 1, 800), ("hour", 1, 300)]),
        ("2027-03-22T08:30", "2027-03-22T18:30", [("day", 1, 1200)]),
        ("2027-03-22T08:30", "2027-03-24T18:30", [("day", 3, 3600)]),
        ("2027-03-22T08:30", "2027-03-26T18:30", [("week", 1, 4000)]),
        ("2027-03-22T08:30", "2027-03-29T12:00", [("week", 1, 4000), ("day", 1, 1200)]),
        ("2027-03-22T08:30", "2027-03-29T05:00", [("week", 1, 4000), ("half_day", 1, 800)]),
    ],
)  # fmt: skip
def test_the_cheapest_units_are_charged(begins, ends, found):
    assert told(tariffs.quote([USUAL], asked(begins, ends))) == found


def test_at_the_same_cost_the_fewest_units_then_the_shortest_are_charged():
    prices = listed(price("hour", 400), price("half_day", 800), price("day", 1600))
    same = listed(price("half_day", 800), price("day", 800))

    long, short = ("2027-03-22T08:30", "2027-03-22T18:30"), ("2027-03-22T09:00", "2027-03-22T11:00")

    assert told(tariffs.quote([prices], asked(*long))) == [("day", 1, 1600)]
    assert told(tariffs.quote([prices], asked(*short))) == [("half_day", 1, 800)]
    assert told(tariffs.quote([same], asked(*short))) == [("half_day", 1, 800)]


def test_a_closed_week_end_costs_nothing_when_the_opening_hours_are_known():
    hours = opening_hours.parse("Mo-Fr 08:30-18:30; PH off", PARIS)
    use = asked("2027-03-25T08:30", "2027-03-30T18:30")
    opened = hours.open_periods(use.period.begins, use.period.ends)
    by_day = listed(price("day", 1200))

    # Thursday, Friday, Tuesday: Easter Monday is closed
    assert told(tariffs.quote([by_day], replace(use, open=opened))) == [("day", 3, 3600)]
    assert told(tariffs.quote([by_day], use)) == [("day", 6, 7200)]
    assert tariffs.quote([by_day], replace(use, open=())).lines == ()


def test_why_says_what_the_same_time_would_have_cost_in_shorter_units():
    day = tariffs.quote([USUAL], asked("2027-03-22T08:30", "2027-03-22T18:30"))
    hour = tariffs.quote([USUAL], asked("2027-03-22T09:00", "2027-03-22T10:00"))

    facts = {"unit": "half_day", "quantity": 2, "cents": 1600, "chosen_cents": 1200}
    assert day.lines[0].why == (Why("rather_than", facts | {"is_alone": True}),)
    assert hour.lines[0].why == ()


# — against every combination —

FEW = st.lists(
    st.tuples(st.sampled_from(tariffs.UNITS), st.integers(0, 5000)),
    min_size=1,
    max_size=5,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: listed(*(price(unit, cents) for unit, cents in pairs)))


@st.composite
def uses(draw, most_hours: int = 60) -> Use:
    begins = at("2027-03-24T00:00").astimezone(UTC) + timedelta(
        minutes=30 * draw(st.integers(0, 200))
    )
    length = timedelta(minutes=30 * draw(st.integers(1, most_hours * 2)))
    period = Period(begins, begins + length)
    return Use(period, "open_space", PARIS, seats=draw(st.integers(1, 3)))


def end_of(unit: str, moment: datetime) -> datetime:
    """How far a unit goes, written again from the rule."""
    if unit in ("hour", "half_day"):
        return moment + timedelta(minutes=60 if unit == "hour" else 300)
    on = moment.astimezone(PARIS).date()
    after = programme.after(on, 1) if unit == "month" else on + timedelta(1 if unit == "day" else 7)
    return periods.instant(after, time(0), PARIS)


def least_of_all(prices: PriceList, use: Use) -> int:
    """The least cost of every sequence of units, tried one by one."""
    cents = {found.unit: found.cents for found in prices.prices}
    known: dict[datetime, int] = {}

    def from_(moment: datetime) -> int:
        if moment >= use.period.ends:
            return 0
        if moment not in known:
            known[moment] = min(cents[unit] + from_(end_of(unit, moment)) for unit in cents)
        return known[moment]

    return from_(use.period.begins) * use.seats


@given(FEW, uses())
def test_no_combination_of_units_is_cheaper(prices, use):
    assert tariffs.quote([prices], use).total_cents == least_of_all(prices, use)


@given(FEW, uses(), st.integers(0, 20), st.integers(0, 20))
def test_a_longer_use_never_costs_less(prices, use, before, after):
    longer = use.period.widened(timedelta(minutes=15 * before), timedelta(minutes=15 * after))

    shorter_cents = tariffs.quote([prices], use).total_cents

    assert tariffs.quote([prices], replace(use, period=longer)).total_cents >= shorter_cents


@given(FEW, uses())
def test_seats_multiply(prices, use):
    one = tariffs.quote([prices], replace(use, seats=1))
    many = tariffs.quote([prices], use)

    assert many.total_cents == one.total_cents * use.seats
    assert [line.quantity for line in many.lines] == [
        line.quantity * use.seats for line in one.lines
    ]


@given(FEW, FEW, uses(), st.integers(0, 6))
def test_a_change_of_prices_splits_a_use_at_midnight(before, after, use, days):
    on = date(2027, 3, 24) + timedelta(days)
    before = replace(before, id="A", valid=Validity(date(2020, 1, 1), on - timedelta(1)))
    after = replace(after, id="B", valid=Validity(on))
    midnight = periods.instant(on, time(0), PARIS)

    total = tariffs.quote([after, before], use).total_cents

    parts = [
        (prices, replace(use, period=shared))
        for prices, span in (
            (before, Period(at("2020-01-01"), midnight)),
            (after, Period(midnight, at("2030-01-01"))),
        )
        if (shared := span.shared(use.period))
    ]
    assert total == sum(tariffs.quote([prices], part).total_cents for prices, part in parts)


def test_a_change_of_prices_is_said_with_its_day_and_its_vote():
    july = date(2027, 7, 1)
    before = listed(price("day", 1200), valid=Validity(date(2027, 1, 1), date(2027, 6, 30)))
    after = listed(price("day", 1500), id="M", voted_reference="2027-12", valid=Validity(july))

    found = tariffs.quote([before, after], asked("2027-06-30T08:00", "2027-07-01T18:00"))

    assert [(line.first, line.list_id, line.amount_cents) for line in found.lines] == [
        (date(2027, 6, 30), "L", 1200),
        (july, "M", 1500),
    ]
    assert found.why == (Why("price_changes", {"on": july, "reference": "2027-12"}),)


def test_the_list_of_the_day_of_use_applies_and_the_last_vote_replaces_the_one_before():
    old = listed(price("day", 1200), id="old", valid=Validity(date(2026, 1, 1)))
    new = listed(price("day", 1300), id="new", valid=Validity(date(2027, 1, 1)))

    assert tariffs.in_force([new, old], date(2026, 12, 31)) == old
    assert tariffs.in_force([old, new], date(2027, 1, 1)) == new
    assert tariffs.in_force([new, old], date(2025, 12, 31)) is None


# — when the clock changes —


def test_hours_are_elapsed_ones_and_a_day_of_23_or_25_hours_is_one_day():
    by_hour, by_day = listed(price("hour", 100)), listed(price("day", 1200))
    night = ("T01:00", "T04:00")

    assert [
        tariffs.quote([by_hour], asked(*(day + part for part in night))).total_cents
        for day in ("2027-03-28", "2027-10-31", "2027-03-27")
    ] == [200, 400, 300]
    for on in (date(2027, 3, 28), date(2027, 10, 31)):
        whole = Use(periods.day(on, PARIS), "open_space", PARIS)
        assert told(tariffs.quote([by_day], whole)) == [("day", 1, 1200)]


# — audiences, free periods, tax —


def test_an_audience_without_a_price_pays_that_of_the_public_and_is_told():
    prices = listed(
        price("half_day", 800), price("day", 1200), price("day", 900, audience="member")
    )

    day = tariffs.quote([prices], asked("2027-03-22T08:30", "2027-03-22T18:30", audience="member"))
    half = tariffs.quote([prices], asked("2027-03-22T08:30", "2027-03-22T12:00", audience="member"))

    assert (day.total_cents, half.total_cents) == (900, 800)
    assert [why.code for why in day.lines[0].why] == ["rather_than"]
    assert half.lines[0].why == (Why("public_price", {"audience": "member", "ended_on": None}),)


def test_once_a_membership_ended_the_public_price_applies_from_the_day_after():
    prices = listed(price("day", 1200), price("day", 900, audience="member"))
    use = asked("2027-03-22T08:30", "2027-03-23T18:30", audience="member", audience_until=MONDAY)

    found = tariffs.quote([prices], use)

    assert [line.amount_cents for line in found.lines] == [900, 1200]
    assert (found.lines[0].why, found.why) == ((), ())
    assert found.lines[1].why == (Why("public_price", {"audience": "member", "ended_on": MONDAY}),)


def test_a_price_is_free_until_its_last_free_day_included():
    prices = listed(price("day", 1200, free_until=MONDAY))

    found = tariffs.quote([prices], asked("2027-03-22T08:30", "2027-03-23T18:30"))

    assert [(line.unit_cents, line.amount_cents, line.tax_cents) for line in found.lines] == [
        (0, 0, 0),
        (1200, 1200, 200),
    ]
    assert found.lines[0].why == (Why("free", {"until": MONDAY}),)
    assert (found.lines[1].why, found.why) == ((), ())


def test_what_is_free_is_not_compared_with_what_is_not():
    prices = listed(price("half_day", 800), price("day", 1200, free_until=MONDAY))

    (line,) = tariffs.quote([prices], asked("2027-03-22T08:30", "2027-03-22T18:30")).lines

    assert [why.code for why in line.why] == ["free"]


def test_a_price_has_its_own_days_inside_its_list():
    prices = listed(
        price("day", 1200), price("day", 600, id="offer", valid=Validity(MONDAY, MONDAY))
    )

    found = tariffs.quote([prices], asked("2027-03-22T08:30", "2027-03-23T18:30"))

    assert [line.price.id for line in found.lines] == ["offer", "day"]


@given(st.integers(0, 100_000), st.sampled_from([0, 550, 1000, 2000]), st.integers(1, 31))
def test_tax_is_rounded_once_a_line_and_adds_up(cents, rate, days):
    voted = price("day", cents, vat_rate_bp=rate, includes_tax=False)
    end = at("2027-03-01T08:00") + timedelta(days=days, hours=-1)
    use = Use(Period(at("2027-03-01T08:00"), end), "open_space", PARIS)

    found = tariffs.quote([listed(voted)], use)

    (line,) = found.lines
    assert line.amount_cents - line.tax_cents == cents * line.quantity
    assert abs(line.tax_cents - cents * line.quantity * rate / 10_000) <= 0.5
    assert found.by_rate == {rate: line.amount_cents}
    assert found.tax_cents == line.tax_cents


def test_prices_with_and_before_tax_are_compared_with_tax():
    prices = listed(price("half_day", 800, includes_tax=False), price("day", 1700))

    found = tariffs.quote([prices], asked("2027-03-22T08:30", "2027-03-22T18:30"))

    assert told(found) == [("day", 1, 1700)]
    assert found.lines[0].why[0].facts["cents"] == 1920


# — refusals and mistakes —


def test_without_a_list_in_force_or_a_price_for_the_space_a_quote_is_refused():
    use = asked("2027-03-22T08:30", "2027-03-22T18:30")
    for lists, code in (
        ([], "no_price_in_force"),
        ([replace(USUAL, valid=Validity(date(2027, 4, 1)))], "no_price_in_force"),
        ([listed(price("day", 1, space_kind="meeting_room"))], "no_price_for_space"),
    ):
        with pytest.raises(BadInput) as refused:
            tariffs.quote(lists, use)
        assert refused.value.code == code
        assert refused.value.facts["on"] == MONDAY


def test_a_use_of_more_than_a_year_is_refused():
    with pytest.raises(BadInput) as refused:
        tariffs.quote([USUAL], asked("2027-01-01T00:00", "2028-03-01T00:00"))
    assert (refused.value.code, refused.value.facts) == ("use_too_long", {"most": 400})


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: price("minute", 1),
        lambda: price("hour", -1),
        lambda: price("hour", 1, vat_rate_bp=-1),
        lambda: listed(half_day_minutes=0),
        lambda: Validity(date(2027, 1, 2), date(2027, 1, 1)),
        lambda: asked("2027-03-22T08:30", "2027-03-22T18:30", seats=0),
        lambda: tariffs.TicketRate("open_space", "hour", 0),
        lambda: tariffs.CancellationPolicy(-1, 0),
        lambda: tariffs.CancellationPolicy(60, 10_001),
    ],
)
def test_what_no_vote_holds_is_a_mistake_of_the_code(mistake):
    with pytest.raises(ValueError):  # noqa: PT011  (each has its own words)
        mistake()


def test_what_is_proposed_to_those_who_vote_has_a_unit_a_source_and_a_reason():
    for name, proposed in assumptions.load_running().by_key.items():
        assert proposed.unit in french.UNITS, name
        assert proposed.source, name
        assert proposed.why.endswith("."), name
        assert proposed.low <= proposed.value <= proposed.high, name
    assert listed().half_day_minutes == 300
    assert set(assumptions.load_running().by_key).isdisjoint(assumptions.load().by_key)


# — a half-day becomes a day —


def test_staying_for_the_day_costs_what_is_missing_to_the_day():
    morning = tariffs.quote([USUAL], asked("2027-03-22T08:30", "2027-03-22T12:30"))
    day = tariffs.quote([USUAL], asked("2027-03-22T08:30", "2027-03-22T18:30"))

    assert tariffs.difference(morning, day) == tariffs.Difference(400, (), ())


@given(FEW, uses(), st.integers(0, 40))
def test_a_use_lengthened_in_steps_costs_what_it_would_have_cost_at_once(prices, use, more):
    longer = replace(use, period=use.period.widened(timedelta(0), timedelta(minutes=30 * more)))
    old, new = (tariffs.quote([prices], u) for u in (use, longer))

    due = tariffs.difference(old, new).due_cents

    assert due >= 0
    assert old.total_cents + due == new.total_cents


# — cancelling —

ROOM = tariffs.CancellationPolicy(free_until_minutes=24 * 60, kept_bp=5000)


def test_cancelling_is_free_until_the_deadline_included():
    period = Period(at("2027-03-24T09:00"), at("2027-03-24T12:00"))

    assert tariffs.deadline(ROOM, period) == at("2027-03-23T09:00")
    assert tariffs.kept_share(ROOM, period, at("2027-03-23T09:00")) == 0
    assert tariffs.kept_share(ROOM, period, at("2027-03-23T09:00:01")) == 5000
    assert tariffs.kept_share(ROOM, period, at("2027-03-25T09:00")) == 5000


def test_a_deadline_of_24_hours_is_of_elapsed_hours_when_the_clock_changes():
    period = Period(at("2027-03-28T09:00"), at("2027-03-28T12:00"))

    assert tariffs.deadline(ROOM, period) == at("2027-03-27T08:00")


@given(
    st.dictionaries(st.sampled_from([0, 550, 1000, 2000]), st.integers(0, 10**8), max_size=4),
    st.integers(0, 10_000),
)
def test_what_is_kept_and_given_back_is_what_was_charged_at_each_rate(by_rate, kept_bp):
    found = tariffs.refunds(by_rate, kept_bp)

    assert {r.vat_rate_bp: r.kept_cents + r.refunded_cents for r in found} == by_rate
    for refund in found:
        exact = by_rate[refund.vat_rate_bp] * kept_bp
        assert exact - 5000 <= refund.kept_cents * 10_000 <= exact + 5000
        assert refund.kept_cents >= 0


def test_half_a_cent_goes_to_the_person_and_tickets_come_back_only_when_nothing_is_kept():
    assert tariffs.refunds({2000: 101}, 5000) == (tariffs.Refund(2000, 50, 51),)
    assert tariffs.gives_back(0)
    assert not tariffs.gives_back(1)


def test_every_pair_of_lengths_is_monotone_within_a_usual_list():
    begins = at("2027-03-22T08:00").astimezone(UTC)
    ends = [begins + timedelta(minutes=30 * n) for n in range(1, 200)]
    totals = [tariffs.quote([USUAL], Use(Period(begins, end), "open_space", PARIS)) for end in ends]

    assert all(a.total_cents <= b.total_cents for a, b in itertools.pairwise(totals))

"""What plans and passes pay before money does, on the day of use; what comes back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from maillage.core import tariffs
from maillage.core.periods import Period
from maillage.core.tariffs import (
    Entitlements,
    PassBook,
    Price,
    PriceList,
    Quota,
    Spend,
    TicketRate,
    Use,
    Validity,
    Why,
)

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2027, 3, 22)
KINDS = ("open_space", "closed_office", "meeting_room")
# a real rule: jetravailleauvert.org
RATES = (
    TicketRate("open_space", "half_day", 1),
    TicketRate("closed_office", "half_day", 2),
    TicketRate("meeting_room", "hour", 1),
)
CENTS = {"hour": 300, "half_day": 800, "day": 1200, "week": 4000}
USUAL = PriceList(
    "L",
    "2026-41",
    Validity(date(2020, 1, 1)),
    tuple(Price(f"{k}-{u}", k, u, cents, 2000) for k in KINDS for u, cents in CENTS.items()),
)
MARCH = Validity(date(2027, 3, 1), date(2027, 3, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def asked(begins: str, ends: str, kind: str = "open_space", **more: object) -> Use:
    return Use(Period(at(begins), at(ends)), kind, PARIS, **more)


MORNING = asked("2027-03-22T08:30", "2027-03-22T12:30")
DAY = asked("2027-03-22T08:30", "2027-03-22T18:30")


def book(left: int = 10, ident: str = "p", **more: object) -> PassBook:
    given_ = {"begins_on": date(2027, 1, 1), "expires_on": date(2027, 6, 30)} | more
    return PassBook(ident, left, RATES, **given_)


def quota(left: int | None, unit: str = "half_day", ident: str = "q", **more: object) -> Quota:
    given_ = {"plan": "P", "space_kinds": frozenset({"open_space"}), "window": MARCH} | more
    return Quota(id=ident, unit=unit, left=left, **given_)


def paid(use: Use, *held: Quota | PassBook) -> tariffs.Quote:
    quotas = tuple(h for h in held if isinstance(h, Quota))
    passes = tuple(h for h in held if isinstance(h, PassBook))
    return tariffs.quote([USUAL], use, Entitlements(quotas, passes))


def taken(quote: tariffs.Quote) -> list[tuple[str, int]]:
    return [(spend.id, spend.taken) for spend in quote.spends]


def codes(quote: tariffs.Quote) -> list[str]:
    return [why.code for why in quote.why]


# — carnets —


def test_a_pass_takes_the_tickets_of_the_kind_of_space():
    two_hours = ("2027-03-22T09:00", "2027-03-22T11:00")

    assert taken(paid(asked(*two_hours), book())) == [("p", 1)]
    assert taken(paid(asked(*two_hours, "closed_office"), book())) == [("p", 2)]
    assert taken(paid(asked(*two_hours, "meeting_room"), book())) == [("p", 2)]


def test_a_day_takes_two_half_days_and_costs_nothing_more():
    found = paid(DAY, book())

    assert found.spends == (Spend("pass", "p", MONDAY, "half_day", 2, 2),)
    assert (found.total_cents, found.lines, found.why) == (0, (), ())


def test_the_pass_that_expires_first_goes_first_then_the_next():
    late, soon = book(5, "late"), book(1, "soon", expires_on=date(2027, 4, 1))

    assert taken(paid(DAY, late, soon)) == [("late", 1), ("soon", 1)]
    assert taken(paid(MORNING, late, soon)) == [("soon", 1)]


def test_expired_tickets_are_not_used_and_the_reason_is_told():
    last_day = book(expires_on=MONDAY)
    day_before = book(expires_on=MONDAY - timedelta(1))

    assert taken(paid(MORNING, last_day)) == [("p", 1)]
    found = paid(MORNING, day_before)
    assert (found.total_cents, found.spends) == (800, ())
    assert found.why == (Why("pass_expired", {"id": "p", "expired_on": MONDAY - timedelta(1)}),)


def test_nothing_is_said_of_what_expired_when_another_pays_for_all():
    found = paid(MORNING, book(ident="old", expires_on=date(2027, 2, 1)), book())

    assert (taken(found), found.why) == ([("p", 1)], ())


def test_a_pass_that_begins_later_is_not_used():
    assert taken(paid(MORNING, book(begins_on=MONDAY + timedelta(1)))) == []


def test_a_pass_short_of_one_unit_is_not_used_and_says_how_many_it_lacks():
    found = paid(replace(MORNING, space_kind="closed_office"), book(1))

    assert (found.total_cents, found.spends) == (800, ())
    assert found.why == (Why("pass_short", {"id": "p", "left": 1, "needed": 2}),)


def test_a_pass_pays_whole_units_and_money_the_rest():
    found = paid(asked("2027-03-22T09:00", "2027-03-22T12:00", "meeting_room"), book(2))

    assert taken(found) == [("p", 2)]
    assert [(line.unit, line.quantity) for line in found.lines] == [("hour", 1)]


def test_a_ticket_that_would_spare_nothing_stays_in_the_pass():
    week = asked("2027-03-22T08:30", "2027-03-26T18:30")

    found = paid(week, book(2))

    assert (found.total_cents, found.spends) == (4000, ())
    assert Why("spares_nothing", {"kind": "pass", "id": "p", "taken": 2}) in found.why


def test_each_seat_takes_its_own_tickets_and_money_pays_the_last():
    found = paid(replace(MORNING, seats=3), book(2))

    assert found.spends == (Spend("pass", "p", MONDAY, "half_day", 2, 2),)
    assert [(line.quantity, line.seats, line.amount_cents) for line in found.lines] == [(1, 1, 800)]


# — plans —


def test_a_plan_pays_before_a_pass():
    assert taken(paid(DAY, book(), quota(1))) == [("p", 1), ("q", 1)]
    assert taken(paid(DAY, book(), quota(5))) == [("q", 2)]


def test_what_is_left_is_that_of_the_day_of_use():
    april = quota(4, ident="april", window=Validity(date(2027, 4, 1), date(2027, 4, 30)))
    over_the_month = asked("2027-03-31T08:30", "2027-04-01T13:30")

    assert taken(paid(MORNING, quota(0), april)) == []
    assert "plan_spent" in codes(paid(MORNING, quota(0), april))
    assert dict(taken(paid(over_the_month, quota(2, "day"), april)))["q"] == 1
    assert dict(taken(paid(over_the_month, quota(2, "day"), april)))["april"] > 0


def test_a_plan_that_ended_before_the_use_is_not_used_and_says_when_it_ended():
    ended = quota(9, ends_on=MONDAY - timedelta(1))

    found = paid(MORNING, ended)

    assert (found.total_cents, found.spends) == (800, ())
    assert found.why == (Why("plan_ended", {"plan": "P", "ended_on": MONDAY - timedelta(1)}),)


def test_a_plan_pays_on_its_last_day():
    assert taken(paid(MORNING, quota(9, ends_on=MONDAY))) == [("q", 1)]


def test_a_plan_renewed_is_not_said_to_have_ended():
    first = quota(0, ident="a", ends_on=MONDAY - timedelta(1))
    renewed = quota(9, ident="b")

    found = paid(MORNING, first, renewed)

    assert (taken(found), codes(found)) == ([("b", 1)], [])


def test_a_plan_without_limit_pays_for_everything():
    found = paid(asked("2027-03-01T08:30", "2027-03-31T18:30"), quota(None, "day"))

    assert found.total_cents == 0
    assert sum(spend.taken for spend in found.spends) == 31


def test_a_plan_without_limit_spares_the_one_that_has_one():
    assert taken(paid(MORNING, quota(5, ident="a"), quota(None, ident="b"))) == [("b", 1)]


def test_of_two_plans_the_soonest_lost_pays_first():
    soon = quota(5, ident="z", ends_on=date(2027, 3, 25))

    assert taken(paid(MORNING, quota(5, ident="a"), soon)) == [("z", 1)]


def test_a_plan_of_another_kind_of_space_pays_nothing_and_nothing_is_said_of_it():
    found = paid(replace(MORNING, space_kind="meeting_room"), quota(9, ends_on=date(2027, 1, 1)))

    assert (found.spends, codes(found)) == ((), [])


def test_without_any_price_what_is_entitled_needs_none():
    none = tariffs.quote([], DAY, Entitlements(passes=(book(),)))

    assert (none.total_cents, taken(none)) == (0, [("p", 2)])


def test_nothing_is_taken_on_a_day_that_is_free():
    free = PriceList(
        "F",
        "2027-1",
        Validity(date(2027, 1, 1)),
        (Price("d", "open_space", "day", 1200, 2000, free_until=MONDAY),),
    )

    found = tariffs.quote([free], DAY, Entitlements(passes=(book(),)))

    assert (found.total_cents, found.spends) == (0, ())


# — laws —


@st.composite
def purses(draw) -> Entitlements:
    quotas = [
        quota(
            draw(st.none() | st.integers(0, 6)),
            draw(st.sampled_from(["hour", "half_day", "day"])),
            f"q{n}",
            plan=f"P{n}",
            ends_on=draw(st.none() | st.dates(date(2027, 3, 20), date(2027, 3, 28))),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    passes = [
        book(
            draw(st.integers(0, 6)),
            f"p{n}",
            expires_on=draw(st.dates(date(2027, 3, 20), date(2027, 3, 28))),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    return Entitlements(tuple(quotas), tuple(passes))


FIRST = at("2027-03-22T00:00").astimezone(UTC)
USES = st.builds(
    lambda start, length, kind, seats: Use(
        Period(
            FIRST + timedelta(minutes=30 * start),
            FIRST + timedelta(minutes=30 * (start + length)),
        ),
        kind,
        PARIS,
        seats=seats,
    ),
    st.integers(0, 96),
    st.integers(1, 144),
    st.sampled_from(KINDS),
    st.integers(1, 3),
)


@given(USES, purses())
def test_nothing_is_taken_beyond_what_is_left_nor_out_of_its_days(use, held):
    found = tariffs.quote([USUAL], use, held)

    left = {("quota", q.id): q for q in held.quotas} | {("pass", p.id): p for p in held.passes}
    for key, of in left.items():
        mine = [spend for spend in found.spends if (spend.kind, spend.id) == key]
        assert of.left is None or sum(spend.taken for spend in mine) <= of.left
        assert all(of.is_of(spend.on) for spend in mine)


@given(USES, purses())
def test_entitlements_never_make_a_use_dearer_and_what_is_taken_spares_money(use, held):
    alone = tariffs.quote([USUAL], use)
    found = tariffs.quote([USUAL], use, held)

    assert found.total_cents <= alone.total_cents
    limits = {quota.id: quota.left for quota in held.quotas}
    if any(limits.get(spend.id, 0) is not None for spend in found.spends):
        assert found.total_cents < alone.total_cents


@given(USES, purses())
def test_what_was_taken_given_back_makes_the_balances_of_before(use, held):
    found = tariffs.quote([USUAL], use, held)
    counted: dict[str, int] = {}
    for spend in found.spends:
        counted[spend.id] = counted.get(spend.id, 0) + spend.taken
    after = Entitlements(
        tuple(
            q if q.left is None else replace(q, left=q.left - counted.get(q.id, 0))
            for q in held.quotas
        ),
        tuple(replace(p, left=p.left - counted.get(p.id, 0)) for p in held.passes),
    )

    assert tariffs.restored(after, found.spends) == held


def test_staying_for_the_day_takes_one_more_ticket():
    morning = paid(MORNING, book(5))
    left = Entitlements(passes=(book(4),))

    day = tariffs.quote([USUAL], DAY, tariffs.restored(left, morning.spends))

    assert tariffs.difference(morning, day) == tariffs.Difference(
        0, (Spend("pass", "p", MONDAY, "half_day", 1, 1),), ()
    )
    assert tariffs.difference(day, morning).given_back == (
        Spend("pass", "p", MONDAY, "half_day", 1, 1),
    )

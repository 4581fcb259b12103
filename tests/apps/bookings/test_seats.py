"""The only way to a seat: what is picked, what is locked, what is swept away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import network_sites as sites
from factories.bookings import AT, ask, booked, desk, taken
from maillage.apps.bookings import seats
from maillage.apps.bookings.asked import range_of
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.bookings.reserve import NoSeatLeft, Terms
from maillage.apps.bookings.seats import Fit, SeatsTakenError
from maillage.apps.sites.models import Seat, SoldBy

pytestmark = pytest.mark.django_db


def below(space):
    return list(Seat.objects.filter(space__path__contains=[space.pk]).values_list("pk", flat=True))


def test_seats_are_locked_in_one_order_whatever_is_asked():
    whole, a, b = sites.halves()

    found = seats.lock([b.pk, whole.pk, a.pk])

    assert found[whole.pk] == sorted(found[a.pk] + found[b.pk])
    assert [len(found[s.pk]) for s in (whole, a, b)] == [2, 1, 1]


def test_the_database_refuses_what_forgot_the_lock():
    space = sites.space()
    first, second = booked(ask(space)), booked(ask(space, sites.slot(begins=14, ends=16)))
    overlapping = sites.slot(begins=11, ends=13)

    with pytest.raises(SeatsTakenError), transaction.atomic():
        seats.take(second, Fit(below(space)), overlapping)

    assert len(taken(space)) == 2
    assert first.state == State.CONFIRMED


@pytest.mark.parametrize(
    "period",
    [
        "empty",
        "tstzrange('2027-03-18 09:00+01', NULL)",
        "tstzrange('2027-03-18 09:00+01', '2027-03-18 12:00+01', '[]')",
        "NULL",
    ],
)
def test_what_an_exclusion_constraint_does_not_see_is_refused(period):
    made = booked(ask(sites.space()))
    Occupancy.objects.all().delete()
    value = "'empty'::tstzrange" if period == "empty" else period

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings_occupancy (seat_id, booking_id, period) "  # noqa: S608
            f"VALUES (%s, %s, {value})",
            [below(made.space)[0], made.pk],
        )


def test_a_seat_without_a_cause_is_refused():
    space = sites.space()

    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(seat_id=below(space)[0], period=range_of(sites.slot()))


def test_another_error_of_the_database_is_not_a_full_room():
    made = booked(ask(sites.space()))

    with pytest.raises(IntegrityError, match="not-null"), transaction.atomic():
        seats.take(made, Fit([None]), sites.slot(begins=14, ends=16))


def test_sweeping_takes_expired_holds_alone():
    space = sites.open_space(seats=3)
    over = booked(desk(space), terms=Terms(hold_for=timedelta(minutes=10)))
    live = booked(desk(space), terms=Terms(hold_for=timedelta(minutes=30)))
    firm = booked(desk(space))

    seats.sweep(below(space), at=AT + timedelta(minutes=10))

    over.refresh_from_db()
    assert (over.state, over.hold_until) == (State.EXPIRED, None)
    assert {booking for *_, booking, _ in taken(space)} == {live.pk, firm.pk}


# --- random trees: the whole, its parts, seats and rooms -------------------------------------


@st.composite
def networks(draw):
    """Parents of spaces (None for the root) and the seats of each leaf."""
    size = draw(st.integers(1, 5))
    parents = [None] + [draw(st.integers(0, n - 1)) for n in range(1, size)]
    return parents, [draw(st.integers(1, 3)) for _ in range(size)]


attempts = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from([(8, 10), (9, 11), (10, 12), (8, 12)]),
        st.booleans(),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(network=networks(), asked=attempts)
def test_in_any_tree_a_seat_is_taken_once_and_all_that_is_due(network, asked):
    with transaction.atomic():
        spaces = grown(*network)
        made = []
        for index, (begins, ends), is_whole, party in asked:
            space = spaces[index % len(spaces)]
            demand = ask(space, sites.slot(begins=begins, ends=ends), party, is_whole=is_whole)
            try:
                made.append((booked(demand), demand))
            except NoSeatLeft:
                assert room_was_missing(space, demand)
        for booking, demand in made:
            rows = Occupancy.objects.filter(booking=booking)
            due = len(below(booking.space)) if demand.is_whole else demand.party
            assert (rows.count(), len({r.seat_id for r in rows})) == (due, due)
            assert {r.seat_id for r in rows} <= set(below(booking.space))
        transaction.set_rollback(True)


def grown(parents, seat_counts):
    place = sites.site(name=f"Lieu {Booking.objects.count()} (fictif)")
    spaces = []
    for number, parent in enumerate(parents):
        is_leaf = number not in parents
        spaces.append(
            sites.space(
                place,
                f"Espace {number}",
                parent=None if parent is None else spaces[parent],
                seats=seat_counts[number] if is_leaf else 0,
                sold_by=SoldBy.BOTH,
            )
        )
    return spaces


def room_was_missing(space, demand):
    """Counted again without the product: as many seats as asked are not free."""
    busy = {
        o.seat_id
        for o in Occupancy.objects.all()
        if o.period.lower < demand.period.ends and demand.period.begins < o.period.upper
    }
    every = below(space)
    free = [seat for seat in every if seat not in busy]
    return len(free) < len(every) if demand.is_whole else len(free) < demand.party

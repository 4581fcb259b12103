"""Each defect planted once among bookings is counted once; a sound base gives zero."""

from datetime import timedelta

import pytest
from django.db import connection

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, HALF_AN_HOUR, ask, booked, booker, desk, someone
from maillage.apps.bookings import audit
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.models import Booking, Occupancy, State, Wait
from maillage.apps.bookings.reserve import Terms
from maillage.apps.bookings.series import book
from maillage.apps.bookings.series_dates import SeriesAsk
from maillage.apps.bookings.waiting import offer, wait
from maillage.apps.ledger.models import Charge
from maillage.apps.sites.models import Seat
from maillage.core.periods import Recurrence

pytestmark = pytest.mark.django_db


def found(at=AT):
    return {one.name: one.found for one in audit.forbidden(at=at) if one.found}


def sql(query, *values):
    with connection.cursor() as cursor:
        # a table whose deferred checks are pending is not altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(query, values)


@pytest.fixture
def busy():
    """A base with one of each: booked, held, waited for, cancelled, in a series."""
    tariffs.voted()
    space = sites.open_space(seats=3, free_cancel_min=60)
    firm = booked(desk(space, party=2))
    booked(desk(space), booker("yanis"), terms=Terms(hold_for=HALF_AN_HOUR))
    whole = booked(ask(space, sites.slot(begins=14, ends=16)), booker("camille"))
    wait(desk(space), someone("nour"), at=AT)
    cancel(booked(desk(space, sites.slot(begins=17, ends=19))), by=None, at=AT)
    dates = SeriesAsk(space.pk, sites.time(8), sites.time(9), sites.TOMORROW, sites.TOMORROW,
                      Recurrence("weekly"))  # fmt: skip
    book(dates, booker("yanis"), at=AT)
    return space, firm, whole


def test_a_sound_base_gives_zero(busy):
    assert found() == {}
    assert {name for name, _ in [(one.name, 0) for one in audit.forbidden(at=AT)]} == {
        *audit.QUERIES,
        "bookings.unguarded",
    }


def test_a_seat_taken_twice_needs_the_constraint_gone(busy):
    _, firm, whole = busy
    sql("ALTER TABLE bookings_occupancy DROP CONSTRAINT a_seat_is_taken_once_at_a_time")
    row = Occupancy.objects.filter(booking=firm).first()
    twin = Occupancy.objects.create(seat_id=row.seat_id, booking=whole, period=row.period)

    assert found() == {
        "bookings.overlap": (f"{row.pk}-{twin.pk}",),
        "bookings.unguarded": ("a_seat_is_taken_once_at_a_time",),
    }


def test_a_seat_that_is_not_held(busy):
    _, firm, _ = busy
    Occupancy.objects.filter(booking=firm).first().delete()

    assert found() == {"bookings.uncovered": (firm.reference,)}


def test_a_seat_that_is_held_for_a_part_of_the_time(busy):
    _, firm, _ = busy
    row = Occupancy.objects.filter(booking=firm).first()
    sql(
        "UPDATE bookings_occupancy SET period = tstzrange(lower(period), "
        "upper(period) - interval '1 minute') WHERE id = %s",
        row.pk,
    )

    assert found() == {"bookings.uncovered": (firm.reference,)}


def test_a_whole_space_with_a_seat_beside_it(busy):
    space, _, whole = busy
    Seat.objects.create(space=space, number=9)

    assert found() == {"bookings.not_whole": (whole.reference,)}


def test_a_seat_held_by_a_booking_that_is_over(busy):
    _, firm, _ = busy
    rows = list(Occupancy.objects.filter(booking=firm).order_by("pk"))
    Booking.objects.filter(pk=firm.pk).update(state=State.CANCELLED, ended_at=AT)

    assert found() == {"bookings.of_the_dead": tuple(str(row.pk) for row in rows)}


def test_a_hold_whose_seats_do_not_expire_with_it(busy):
    row = Occupancy.objects.get(booking__state=State.HOLD)
    Occupancy.objects.filter(pk=row.pk).update(hold_until=None)

    assert found() == {"bookings.of_the_dead": (str(row.pk),)}


def test_a_hold_that_nothing_sweeps(busy):
    hold = Booking.objects.get(state=State.HOLD)

    assert found(at=hold.hold_until + timedelta(minutes=5)) == {}
    late = hold.hold_until + timedelta(minutes=5, seconds=1)
    assert found(at=late) == {"bookings.stuck_hold": (hold.reference,)}


def test_a_sale_of_nothing(busy):
    charge = Charge.objects.first()
    values = {f.attname: getattr(charge, f.attname) for f in Charge._meta.fields if f.name != "id"}
    made = Charge.objects.create(**(values | {"origin_key": "999999"}))

    assert found() == {"bookings.orphan_charge": (str(made.pk),)}


def test_a_booking_that_was_not_sold(busy):
    _, firm, _ = busy
    sql("ALTER TABLE ledger_charge DISABLE TRIGGER USER")
    Charge.objects.of("booking", firm.pk).delete()

    assert found() == {"bookings.uncharged": (firm.reference,)}


def test_a_sale_of_what_did_not_take_place(busy):
    hold = Booking.objects.get(state=State.HOLD)
    charge = Charge.objects.first()
    values = {f.attname: getattr(charge, f.attname) for f in Charge._meta.fields if f.name != "id"}
    Charge.objects.create(**(values | {"origin_key": str(hold.pk)}))

    assert found() == {"bookings.charged_for_nothing": (hold.reference,)}


def test_an_act_without_its_line(busy):
    _, firm, _ = busy
    sql("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    sql("DELETE FROM journal_entry WHERE object_kind = 'booking' AND object_key = %s", str(firm.pk))

    assert found() == {"bookings.untold": (firm.reference,)}


def test_an_offer_of_nothing(busy):
    space, firm, _ = busy
    cancel(firm, by=None, at=AT)
    (row,) = offer([space.pk], at=AT)
    assert found() == {}
    Wait.objects.filter(pk=row.pk).update(offer=None)

    assert found() == {"bookings.dead_offer": (str(row.pk),)}


def test_a_date_that_says_something_else_than_its_booking(busy):
    booking = Booking.objects.get(series__isnull=False)
    booking.occurrence.state = "cancelled"
    booking.occurrence.save()

    assert found() == {"bookings.broken_series": (str(booking.occurrence.pk),)}

"""Seats kept: whole local days of a resident or of an employer, given to others and taken back."""

from datetime import date, timedelta

import pytest

from factories import bookings, members
from factories import network_sites as sites
from factories.bookings import AT, booked, booker, desk, someone, taken
from maillage.apps.bookings.blocks import (
    BlockEnded,
    DayOver,
    Keeping,
    NoDay,
    NotKeptThen,
    SeatBooked,
    SeatGone,
    TakenMeanwhile,
    TooManyDays,
    end,
    keep,
    keep_until,
    release_day,
    release_unused,
    take_back,
)
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.expire import expire
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Block, Occupancy, Release
from maillage.apps.bookings.reserve import NoSeatLeft, Terms
from maillage.apps.journal.models import Entry
from maillage.core import periods

pytestmark = pytest.mark.django_db
THURSDAY = sites.TOMORROW
FRIDAY = THURSDAY + timedelta(days=1)
SATURDAY = FRIDAY + timedelta(days=1)
WEEK = frozenset(range(5))
# until the clock has changed
LAST = date(2027, 4, 2)
DAY = periods.day(THURSDAY, sites.PARIS)
EVENING_BEFORE = DAY.begins - timedelta(hours=6)


@pytest.fixture
def space():
    return sites.open_space(seats=2)


@pytest.fixture
def seat(space):
    return space.seats.get(number=2)


def keeping(holder=None, weekdays=WEEK, first=THURSDAY, last=LAST, release_min=None):
    return Keeping(
        holder or Holder(person_id=someone("elise").pk), weekdays, first, last, release_min
    )


@pytest.fixture
def block(seat):
    return keep(seat, keeping(), by=None, at=AT)


@pytest.fixture
def firm():
    return members.firm()


@pytest.fixture
def of_firm(seat, firm):
    return keep(seat, keeping(Holder(organisation_id=firm.pk), release_min=360), by=None, at=AT)


def worker(firm, name="yanis"):
    who = someone(name)
    members.authorised(firm, who)
    return booker(who, payer_organisation_id=firm.pk)


def kept(block):
    return sorted((o.period.lower, o.period.upper) for o in Occupancy.objects.filter(block=block))


def test_each_local_day_is_kept_whole(block):
    days = kept(block)

    assert len(days) == 12
    assert days[0] == (DAY.begins, DAY.ends)
    assert {(e - b) for b, e in days} == {timedelta(hours=24)}
    assert Entry.objects.get(act="booking.keep_seat").facts["days"] == 12


def test_the_night_of_the_change_of_clock_is_kept_whole(seat):
    block = keep(seat, keeping(weekdays=frozenset({6}), last=date(2027, 3, 28)), by=None, at=AT)

    assert [(e - b) for b, e in kept(block)] == [timedelta(hours=24), timedelta(hours=23)]


def test_others_take_the_seats_that_are_left(block, space):
    made = booked(desk(space), booker("yanis"))

    assert [number for number, _, booking, _ in taken(space) if booking == made.pk] == [1]
    with pytest.raises(NoSeatLeft):
        booked(desk(space), booker("camille"))


def test_a_seat_that_is_booked_is_not_kept_and_the_dates_are_told(space, seat):
    booked(desk(space, party=2), booker("yanis"))

    with pytest.raises(SeatBooked, match="jeudi 18 mars 2027") as refused:
        keep(seat, keeping(), by=None, at=AT)

    assert "La place 2 de Espace ouvert" in str(refused.value)
    assert not Block.objects.exists()


def test_an_expired_hold_does_not_keep_a_resident_away(space, seat):
    booked(desk(space, party=2), booker("yanis"), terms=Terms(hold_for=bookings.HALF_AN_HOUR))

    keep(seat, keeping(), by=None, at=AT + bookings.HALF_AN_HOUR)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"first": THURSDAY - timedelta(days=9), "last": THURSDAY - timedelta(days=1)}, NoDay),
        ({"weekdays": frozenset()}, NoDay),
        ({"weekdays": frozenset({0}), "last": FRIDAY}, NoDay),
        ({"last": date(2029, 3, 17), "weekdays": frozenset(range(7))}, TooManyDays),
    ],
)
def test_days_that_cannot_be_kept(seat, terms, refusal):
    with pytest.raises(refusal):
        keep(seat, keeping(**terms), by=None, at=AT)


def test_a_seat_out_of_order_is_not_kept(seat):
    type(seat).objects.update(out_of_order_since=AT)

    with pytest.raises(SeatGone):
        keep(seat, keeping(), by=None, at=AT)


# --- its holder books --------------------------------------------------------------------------


def test_the_resident_books_her_own_seat_and_keeps_the_rest_of_the_day(block, space):
    made = booked(desk(space), booker("elise"))

    mine = [(number, booking) for number, _, booking, _ in taken(space) if booking]
    assert mine == [(2, made.pk)]
    slot = sites.slot()
    assert kept(block)[:2] == [(DAY.begins, slot.begins), (slot.ends, DAY.ends)]


def test_cancelled_her_day_is_kept_again(block, space):
    made = booked(desk(space), booker("elise"))

    cancel(made, by=None, at=AT)

    assert kept(block)[0] == (DAY.begins, DAY.ends)
    assert len(kept(block)) == 12


@pytest.mark.parametrize("how", ["expire", "sweep"])
def test_a_hold_of_hers_that_expires_gives_her_day_back(block, space, how):
    booked(desk(space), booker("elise"), terms=Terms(hold_for=bookings.HALF_AN_HOUR))
    over = AT + bookings.HALF_AN_HOUR

    if how == "expire":
        expire(at=over)
    else:
        booked(desk(space), booker("yanis"), at=over)
        with pytest.raises(NoSeatLeft):
            booked(desk(space), booker("camille"), at=over)

    assert kept(block)[0] == (DAY.begins, DAY.ends)


def test_a_party_of_the_resident_takes_her_seat_and_others(block, space):
    made = booked(desk(space, party=2), booker("elise"))

    assert {n for n, _, booking, _ in taken(space) if booking == made.pk} == {1, 2}


def test_the_people_of_an_employer_take_the_seat_kept_for_them(of_firm, firm, space):
    made = booked(desk(space), worker(firm))

    assert [n for n, _, booking, _ in taken(space) if booking == made.pk] == [2]


def test_who_is_not_of_the_employer_does_not(of_firm, space):
    booked(desk(space), booker("camille"))

    with pytest.raises(NoSeatLeft):
        booked(desk(space), booker("yanis"))


# --- given to others, taken back ---------------------------------------------------------------


def test_a_day_is_given_and_others_take_it(block, space):
    release_day(block, THURSDAY, by=None, at=AT)

    booked(desk(space, party=2), booker("yanis"))

    assert len(kept(block)) == 11
    with pytest.raises(NotKeptThen):
        release_day(block, THURSDAY, by=None, at=AT)
    with pytest.raises(TakenMeanwhile):
        take_back(block, THURSDAY, by=None, at=AT)


def test_a_day_given_is_taken_back_while_it_is_free(block):
    release_day(block, THURSDAY, by=None, at=AT)

    take_back(block, THURSDAY, by=None, at=AT)

    assert (len(kept(block)), Release.objects.count()) == (12, 0)
    with pytest.raises(NotKeptThen):
        take_back(block, THURSDAY, by=None, at=AT)


def test_a_day_that_was_given_is_not_kept_again_by_a_cancellation(block, space):
    release_day(block, THURSDAY, by=None, at=AT)
    made = booked(desk(space, party=2), booker("elise"))

    cancel(made, by=None, at=AT)

    assert kept(block)[0][0] == periods.day(FRIDAY, sites.PARIS).begins


def test_days_that_are_not_its_own_or_are_past(block):
    with pytest.raises(NotKeptThen):
        release_day(block, SATURDAY, by=None, at=AT)
    with pytest.raises(DayOver):
        release_day(block, THURSDAY, by=None, at=DAY.ends)
    with pytest.raises(DayOver):
        take_back(block, THURSDAY, by=None, at=DAY.ends)


def test_what_an_employer_does_not_use_is_given_the_evening_before(of_firm, space):
    assert release_unused(at=EVENING_BEFORE - timedelta(minutes=1)) == 0

    assert release_unused(at=EVENING_BEFORE) == 1
    assert release_unused(at=EVENING_BEFORE) == 0

    assert Release.objects.get().is_automatic
    booked(desk(space, party=2), booker("camille"), at=EVENING_BEFORE)


def test_what_an_employer_uses_stays_theirs(of_firm, firm, space):
    booked(desk(space), worker(firm))

    assert release_unused(at=EVENING_BEFORE) == 0
    assert len(kept(of_firm)) == 13


def test_a_resident_who_releases_never_is_left_alone(block):
    assert release_unused(at=EVENING_BEFORE) == 0


def test_ended_its_days_to_come_are_everybodys(block, space):
    friday = periods.day(FRIDAY, sites.PARIS).begins

    end(block, by=None, at=friday)

    assert kept(block) == [(DAY.begins, DAY.ends)]
    for act in (lambda: end(block, by=None, at=friday),
                lambda: release_day(block, FRIDAY, by=None, at=friday)):  # fmt: skip
        with pytest.raises(BlockEnded):
            act()


def test_a_block_is_shortened_and_its_days_are_everybody_s(block):
    last = THURSDAY + timedelta(days=4)

    shorter = keep_until(block, last, by=None, at=AT)

    kept = Occupancy.objects.filter(block=block)
    assert shorter.last_on == last
    assert max(row.period.lower for row in kept).astimezone(sites.PARIS).date() == last


def test_a_block_goes_on_unless_its_seat_is_booked_then(block, seat):
    later = LAST + timedelta(days=3)
    before = Occupancy.objects.filter(block=block).count()

    keep_until(block, later, by=None, at=AT)

    # a Friday, a week-end, a Monday
    assert Occupancy.objects.filter(block=block).count() == before + 1
    other = keeping(Holder(person_id=someone("other").pk), first=later, last=later)
    keep(seat, keeping(other.holder, first=later + timedelta(1), last=later + timedelta(9)),
         by=None, at=AT)  # fmt: skip
    with pytest.raises(SeatBooked):
        keep_until(block, later + timedelta(days=2), by=None, at=AT)
    end(block, by=None, at=AT)
    with pytest.raises(BlockEnded):
        keep_until(block, LAST, by=None, at=AT)

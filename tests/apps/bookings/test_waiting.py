"""Waiting: what becomes free goes to the first whose party fits, for a time, then to the next."""

from datetime import timedelta

import pytest

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, ask, booked, booker, desk, someone, taken
from maillage.apps.bookings.blocks import Keeping, keep, release_day
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.change import change
from maillage.apps.bookings.confirm import confirm
from maillage.apps.bookings.expire import expire
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Booking, State, Wait, WaitState
from maillage.apps.bookings.reserve import NoSeatLeft, NoSuchSpace, Terms
from maillage.apps.bookings.space_rules import SpaceClosed
from maillage.apps.bookings.waiting import (
    AlreadyWaiting,
    DecidedByManager,
    NothingOffered,
    StillFree,
    TooLargeToWait,
    TooLateToWait,
    WaitOver,
    accept,
    offer,
    pass_over,
    wait,
    withdraw,
)
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge

pytestmark = pytest.mark.django_db
BEGINS = sites.slot().begins
A_DAY = timedelta(days=1)


@pytest.fixture
def workshop():
    """Twelve seats, all of them taken by one booking of ten and two of one."""
    tariffs.voted()
    space = sites.open_space(seats=12)
    space.full = [booked(desk(space, party=n), booker(f"plein{n}{i}")) for i, n in
                  enumerate((10, 1, 1))]  # fmt: skip
    return space


def waiting(space, name="elise", party=1, at=AT, **more):
    return wait(desk(space, party=party, **more), someone(name), at=at)


def states():
    return dict(Wait.objects.order_by("pk").values_list("person__email", "state"))


def queued():
    from procrastinate.contrib.django.models import ProcrastinateJob

    rows = ProcrastinateJob.objects.filter(task_name="bookings.offer")
    return [job.args["space_ids"] for job in rows]


def test_a_seat_that_becomes_free_is_held_for_the_first(workshop, tells):
    first = waiting(workshop)
    waiting(workshop, "yanis", at=AT + timedelta(minutes=1))

    cancel(workshop.full[1], by=None, at=AT)
    assert queued() == [[workshop.pk]]
    made = offer([workshop.pk], at=AT)

    first.refresh_from_db()
    assert made == [first]
    assert first.state == WaitState.OFFERED
    assert (first.offer.state, first.offer.person_id) == (State.HOLD, first.person_id)
    assert tells()[-1] == ("offered", first.offer_id)
    assert states()["yanis@exemple.invalid"] == WaitState.WAITING
    # not another one for the same seat
    assert offer([workshop.pk], at=AT) == []


def test_a_party_that_does_not_fit_lets_the_next_one_pass(workshop):
    waiting(workshop, "deux", party=2)
    alone = waiting(workshop, "elise", at=AT + timedelta(minutes=1))

    cancel(workshop.full[1], by=None, at=AT)

    assert offer([workshop.pk], at=AT) == [alone]
    cancel(workshop.full[0], by=None, at=AT)
    assert [w.party for w in offer([workshop.pk], at=AT)] == [2]


def test_accepted_it_is_hers_and_charged(workshop):
    row = offered(workshop)

    made = accept(row, by=row.person_id, at=AT)

    row.refresh_from_db()
    assert (made.state, row.state) == (State.CONFIRMED, WaitState.TAKEN)
    assert Charge.objects.of("booking", made.pk).total_cents() == 800
    with pytest.raises(NothingOffered):
        accept(row, by=row.person_id, at=AT)


def offered(space, name="elise"):
    row = waiting(space, name)
    cancel(space.full[1], by=None, at=AT)
    offer([space.pk], at=AT)
    row.refresh_from_db()
    return row


def test_confirmed_by_its_own_page_it_is_taken_too(workshop):
    row = offered(workshop)

    confirm(row.offer, by=row.person_id, at=AT)

    row.refresh_from_db()
    assert row.state == WaitState.TAKEN


def test_declined_it_goes_to_the_next(workshop):
    row = offered(workshop)
    waiting(workshop, "yanis")

    withdraw(row, by=row.person_id, at=AT)

    row.refresh_from_db()
    assert (row.state, row.offer.state) == (WaitState.WITHDRAWN, State.CANCELLED)
    assert queued()[-1] == [workshop.pk]
    assert [w.person.email for w in offer([workshop.pk], at=AT)] == ["yanis@exemple.invalid"]


def test_unanswered_it_goes_to_the_next_after_its_time(workshop):
    slot = sites.slot(sites.TOMORROW + timedelta(days=20))
    full = booked(desk(workshop, slot, party=12), booker("plein"))
    row = wait(desk(workshop, slot), someone("elise"), at=AT)
    wait(desk(workshop, slot), someone("yanis"), at=AT)
    cancel(full, by=None, at=AT)
    assert len(offer([workshop.pk], at=AT)) == 2
    row.refresh_from_db()
    assert row.offer.hold_until == AT + A_DAY

    assert expire(at=AT + A_DAY) == 2

    row.refresh_from_db()
    assert row.state == WaitState.PASSED
    with pytest.raises(NothingOffered):
        accept(row, by=row.person_id, at=AT + A_DAY)


def test_an_offer_swept_by_another_booking_is_over_for_her_too(workshop):
    row = offered(workshop)
    over = row.offer.hold_until

    assert over == BEGINS - timedelta(hours=2)
    booked(desk(workshop), booker("yanis"), at=over)

    row.refresh_from_db()
    assert row.state == WaitState.PASSED


def test_an_offer_that_is_late_is_nothing(workshop):
    row = offered(workshop)

    with pytest.raises(NothingOffered):
        accept(row, by=row.person_id, at=row.offer.hold_until)


def test_the_last_hours_are_for_whoever_comes_first(workshop):
    row = waiting(workshop)
    cancel(workshop.full[1], by=None, at=AT)
    late = BEGINS - timedelta(hours=2, minutes=14)

    assert offer([workshop.pk], at=late) == []
    assert pass_over(at=late) == 1

    row.refresh_from_db()
    assert row.state == WaitState.PASSED
    with pytest.raises(TooLateToWait):
        waiting(workshop, "yanis", at=late)


def test_whoever_changed_her_mind_waits_no_longer(workshop):
    row = waiting(workshop)

    withdraw(row, by=row.person_id, at=AT)

    cancel(workshop.full[1], by=None, at=AT)
    assert offer([workshop.pk], at=AT) == []
    with pytest.raises(WaitOver):
        withdraw(row, by=row.person_id, at=AT)
    assert Entry.objects.filter(object_kind="wait").count() == 2


def test_one_waits_once_for_what_is_full_and_may_be_booked(workshop):
    waiting(workshop)

    with pytest.raises(AlreadyWaiting):
        waiting(workshop)
    with pytest.raises(TooLargeToWait, match="12 places"):
        waiting(workshop, party=13)
    with pytest.raises(SpaceClosed):
        waiting(workshop, period=sites.slot(begins=20, ends=23))
    with pytest.raises(StillFree):
        waiting(workshop, period=sites.slot(begins=14, ends=16))
    type(workshop).objects.update(needs_approval=True)
    with pytest.raises(DecidedByManager):
        waiting(workshop, "yanis")
    type(workshop).objects.update(removed_at=AT)
    with pytest.raises(NoSuchSpace):
        waiting(workshop, "yanis")


def test_a_room_that_closed_meanwhile_is_not_offered(workshop):
    row = waiting(workshop)
    cancel(workshop.full[1], by=None, at=AT)
    workshop.site.stages.update(stage="closed")

    assert offer([workshop.pk], at=AT) == []
    assert not Booking.objects.filter(person=row.person).exists()


def test_the_whole_is_offered_once_all_its_parts_are_free():
    whole, a, b = sites.halves()
    first, second = booked(ask(a)), booked(ask(b))
    row = wait(ask(whole), someone("yanis"), at=AT)

    cancel(first, by=None, at=AT)
    assert offer(queued()[-1], at=AT) == []
    cancel(second, by=None, at=AT)

    assert offer(queued()[-1], at=AT) == [row]
    assert len(taken(whole)) == 2


@pytest.mark.parametrize("how", ["change", "release", "expire"])
def test_every_path_that_frees_a_seat_thinks_of_those_who_wait(how):
    space = sites.open_space(seats=1)
    if how == "release":
        keeping = Keeping(Holder(person_id=someone("yanis").pk), frozenset({3}), sites.TOMORROW,
                          sites.TOMORROW)  # fmt: skip
        block = keep(space.seats.get(), keeping, by=None, at=AT)
    else:
        terms = Terms(hold_for=timedelta(minutes=5) if how == "expire" else None)
        booking = booked(desk(space), booker("yanis"), terms=terms)
    waiting(space)

    if how == "change":
        change(booking, desk(space, sites.slot(begins=14, ends=16)), booker("yanis"), at=AT)
    elif how == "expire":
        expire(at=AT + timedelta(minutes=5))
    else:
        release_day(block, sites.TOMORROW, by=None, at=AT)

    assert queued() == [[space.pk]]


def test_nothing_is_queued_when_nobody_waits():
    cancel(booked(ask(sites.space())), by=None, at=AT)

    assert queued() == []


def test_whoever_is_faster_than_the_offer_has_the_seat(workshop):
    waiting(workshop)
    cancel(workshop.full[1], by=None, at=AT)
    booked(desk(workshop), booker("yanis"))

    assert offer([workshop.pk], at=AT) == []
    with pytest.raises(NoSeatLeft):
        booked(desk(workshop), booker("camille"))

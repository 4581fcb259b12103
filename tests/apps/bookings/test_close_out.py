"""A place closes: nobody's booking is cancelled silently, each is offered somewhere else."""

from datetime import date, timedelta

import pytest

from factories import network_sites as sites
from factories import tariffs
from factories.bookings import AT, ask, booked, booker, desk, taken
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.close_out import (
    AlreadyAnswered,
    AlternativeTaken,
    Answer,
    NoAlternative,
    accept,
    close_out,
    decline,
    follow,
    later,
    reopen,
    settle,
)
from maillage.apps.bookings.held import AlreadyOver
from maillage.apps.bookings.models import Closed, State
from maillage.apps.bookings.reserve import NoSeatLeft
from maillage.apps.bookings.space_rules import SpaceClosed
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge
from maillage.apps.sites import close_for
from maillage.apps.sites.versions import Author
from maillage.core import periods

pytestmark = pytest.mark.django_db
ALL_DAY = periods.day(sites.TOMORROW, sites.PARIS)
BERNARD = Author(None, AT)
ANSWER = Answer(None, AT)


@pytest.fixture
def shop():
    tariffs.voted()
    return sites.open_space(sites.site("Épicerie du Tilleul (fictif)", lon=4.70), seats=2)


@pytest.fixture
def near():
    return sites.open_space(sites.site("Le Relais (fictif)", lon=4.75), seats=1)


@pytest.fixture
def far():
    return sites.open_space(sites.site("La Halle (fictif)", lon=5.20), seats=4)


@pytest.fixture
def booking(shop):
    return booked(desk(shop))


def closed(shop, **more):
    return close_out(shop.site, ALL_DAY, "Congés d’août", BERNARD, **more)


def owed(booking):
    return Charge.objects.of("booking", booking.pk).total_cents()


def test_the_nearest_free_place_of_the_same_kind_is_offered(shop, booking, near, far, tells):
    sites.space(sites.site("Le Bureau (fictif)", lon=4.71), kind="office")

    closure, (touched,) = closed(shop)

    assert (touched.booking, touched.alternative, touched.told_at) == (booking, near, AT)
    assert tells()[-1] == ("closed", booking.pk)
    booking.refresh_from_db()
    assert (booking.state, len(taken(shop))) == (State.CONFIRMED, 1)
    assert Entry.objects.get(act="booking.close_out").facts == {"bookings": [booking.pk]}
    assert settle(closure, at=AT) == []
    with pytest.raises(SpaceClosed):
        booked(desk(shop), booker("yanis"))


def test_a_place_that_is_full_or_not_for_her_is_not_offered(shop, booking, near, far):
    booked(desk(near), booker("yanis"))
    type(far).objects.filter(pk=far.pk).update(audiences=["resident"])

    _, (touched,) = closed(shop)

    assert touched.alternative is None
    with pytest.raises(NoAlternative):
        accept(touched, ANSWER)


def test_a_site_that_is_nowhere_comes_last(shop, booking, far):
    lost = sites.open_space(sites.site("Sans adresse (fictif)", lon=None, lat=None), seats=3)

    _, (touched,) = closed(shop)

    assert (touched.alternative, lost.site.lon) == (far, None)


def test_another_room_of_the_same_site_comes_first_when_one_space_closes(shop, booking, near):
    other = sites.open_space(shop.site, name="À l’étage", seats=1)

    _, (touched,) = closed(shop, space=shop)

    assert touched.alternative == other


def test_accepted_she_goes_there_at_no_more_than_before(shop, booking, near):
    tariffs.voted(
        sites.operator("Commune de Cercis (fictif)"), (("open_space", "half_day", "public", 1500),)
    )
    type(near.site).objects.filter(pk=near.site_id).update(
        collector=sites.operator("Commune de Cercis (fictif)")
    )
    _, (touched,) = closed(shop)

    moved = accept(touched, ANSWER)

    assert (moved.space_id, taken(shop), len(taken(near))) == (near.pk, [], 1)
    assert owed(booking) == 800
    with pytest.raises(AlreadyAnswered):
        accept(touched, ANSWER)


def test_cheaper_she_pays_less(shop, booking, near):
    body = sites.operator("Commune de Cercis (fictif)")
    tariffs.voted(body, (("open_space", "half_day", "public", 300),))
    type(near.site).objects.filter(pk=near.site_id).update(collector=body)
    _, (touched,) = closed(shop)

    accept(touched, ANSWER)

    assert owed(booking) == 300


def test_even_after_her_deadline(shop, booking, near):
    _, (touched,) = closed(shop)
    late = Answer(None, sites.slot().begins - timedelta(minutes=5))

    assert accept(touched, late).space_id == near.pk


def test_taken_meanwhile_the_next_one_is_proposed(shop, booking, near, far):
    _, (touched,) = closed(shop)
    booked(desk(near), booker("yanis"))

    with pytest.raises(AlternativeTaken, match="La Halle"):
        accept(touched, ANSWER)

    touched.refresh_from_db()
    assert accept(touched, ANSWER).space_id == far.pk


def test_taken_meanwhile_and_nothing_else(shop, booking, near):
    _, (touched,) = closed(shop)
    booked(desk(near), booker("yanis"))

    with pytest.raises(AlternativeTaken, match="annulez sans frais"):
        accept(touched, ANSWER)


def test_another_day_in_the_same_place(shop, booking):
    _, (touched,) = closed(shop)
    slots = later(touched, at=AT)
    assert slots[0] == sites.slot(sites.TOMORROW + timedelta(days=1))

    moved = accept(touched, ANSWER, ask=desk(shop, slots[0]))

    assert moved.period.lower == slots[0].begins
    assert owed(booking) == 800


def test_another_day_that_is_taken_is_refused_as_usual(shop, booking):
    _, (touched,) = closed(shop)
    slot = later(touched, at=AT)[0]
    booked(desk(shop, slot, party=2), booker("yanis"))

    with pytest.raises(NoSeatLeft):
        accept(touched, ANSWER, ask=desk(shop, slot))


def test_declined_everything_is_given_back_whatever_the_hour(shop, booking):
    _, (touched,) = closed(shop)
    late = Answer(booking.person_id, sites.slot().begins - timedelta(minutes=5))

    ended = decline(touched, late)

    assert (ended.state, owed(booking)) == (State.CANCELLED, 0)
    with pytest.raises(AlreadyAnswered):
        decline(touched, late)


def test_reopened_the_bookings_stand_and_are_told(shop, booking, near, tells):
    closure, (touched,) = closed(shop)
    other = booked(desk(shop, sites.slot(sites.TOMORROW + timedelta(days=1))), booker("yanis"))

    assert reopen(closure, BERNARD) == [booking]

    assert tells()[-1] == ("reopened", booking.pk)
    assert not Closed.objects.exists()
    assert other.state == State.CONFIRMED
    with pytest.raises(AlreadyAnswered):
        accept(touched, ANSWER)


def test_what_was_answered_before_it_reopened_stays(shop, booking, near):
    closure, (touched,) = closed(shop)
    accept(touched, ANSWER)

    assert reopen(closure, BERNARD) == []
    booking.refresh_from_db()
    assert booking.space_id == near.pk


def test_closures_made_elsewhere_are_followed(shop, booking, near, tells):
    closure = close_for.close_for(shop.site, ALL_DAY, "Travaux", BERNARD)

    assert follow(at=AT) == 1
    assert follow(at=AT) == 0
    close_for.withdraw(closure, BERNARD)
    assert follow(at=AT) == 1

    assert [event for event, _ in tells()][-2:] == ["closed", "reopened"]


def test_whoever_cancels_by_herself_is_asked_nothing_more(shop, booking):
    closure, (touched,) = closed(shop)
    cancel(booking, by=booking.person_id, at=AT)

    assert reopen(closure, BERNARD) == []
    with pytest.raises(AlreadyAnswered):
        accept(touched, ANSWER, ask=desk(shop))


def test_what_she_cancelled_is_not_moved(shop, booking, near):
    _, (touched,) = closed(shop)
    cancel(booking, by=booking.person_id, at=AT)

    with pytest.raises(AlreadyOver, match="annulée"):
        accept(touched, ANSWER)


def test_the_whole_room_is_touched_when_a_part_closes_and_not_the_other_part():
    whole, a, b = sites.halves()
    of_a = booked(ask(a))
    of_whole = booked(ask(whole, sites.slot(begins=14, ends=16)), booker("yanis"))

    _, touched = close_out(whole.site, ALL_DAY, "Travaux", BERNARD, space=b)

    assert [row.booking for row in touched] == [of_whole]
    assert of_a.state == State.CONFIRMED


def test_a_month_of_august_proposes_the_day_it_opens_again(shop):
    monday = date(2027, 8, 2)
    booking = booked(desk(shop, sites.slot(monday)), at=AT)
    august = periods.days(date(2027, 8, 1), date(2027, 8, 31), sites.PARIS)
    _, (touched,) = close_out(shop.site, august, "Congés", BERNARD)

    assert later(touched, at=AT)[0] == sites.slot(date(2027, 9, 1))
    assert booking.state == State.CONFIRMED

"""Money for a hold: in time it is confirmed; late, double or wrong it becomes a credit."""

from datetime import timedelta

import pytest

from factories import members, tariffs
from factories import network_sites as sites
from factories.bookings import AT, HALF_AN_HOUR, ask, booked, booker, someone, taken
from maillage.apps.bookings.asked import Booker, Guest
from maillage.apps.bookings.expire import expire
from maillage.apps.bookings.models import State
from maillage.apps.bookings.pay import NobodySells, Paid, amount_due, payment_arrived
from maillage.apps.bookings.reserve import Terms
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge, Credit, Payment
from maillage.apps.memberships.models import EmployerSeat

pytestmark = pytest.mark.django_db
HELD = Terms(hold_for=HALF_AN_HOUR)
LATE = AT + HALF_AN_HOUR


def paid(cents=4000, event="evt_1"):
    return Paid("essai", event, cents)


@pytest.fixture
def hold():
    tariffs.voted()
    return booked(ask(sites.space()), terms=HELD)


def state(booking):
    booking.refresh_from_db()
    return booking.state


def test_in_time_it_is_confirmed(hold, tells):
    assert amount_due(hold, at=AT) == 4000

    done = payment_arrived(paid(), hold, at=LATE - timedelta(seconds=1))

    assert (state(hold), done.why, done.payment.outcome) == (State.CONFIRMED, "", "settled")
    assert Charge.objects.total_cents() == 4000
    assert not Credit.objects.exists()
    assert Entry.objects.get(act="payment.arrive").facts["outcome"] == "settled"
    assert tells()[-1] == ("confirmed", hold.pk)


def test_the_same_event_again_changes_nothing(hold):
    first = payment_arrived(paid(), hold, at=AT)

    again = payment_arrived(paid(), hold, at=AT)

    assert (again.payment, again.why) == (first.payment, "")
    assert (Payment.objects.count(), Credit.objects.count(), Charge.objects.count()) == (1, 0, 1)


def test_late_it_is_a_credit_and_never_a_seat(hold, tells):
    done = payment_arrived(paid(), hold, at=LATE)

    credit = Credit.objects.get()
    assert (done.why, credit.amount_cents, credit.payer_person_id) == (
        "late",
        4000,
        hold.person_id,
    )
    assert tells()[-1] == ("payment_credited", hold.pk)
    assert not Charge.objects.exists()
    again = payment_arrived(paid(), hold, at=LATE)
    assert (again.payment, again.why, Credit.objects.count()) == (done.payment, "credited", 1)


def test_late_once_somebody_else_has_the_seat(hold):
    expire(at=LATE)
    other = booked(ask(hold.space), booker("yanis"), at=LATE)

    payment_arrived(paid(), hold, at=LATE)

    assert (state(hold), state(other)) == (State.EXPIRED, State.CONFIRMED)
    assert [booking for *_, booking, _ in taken(hold.space)] == [other.pk]


def test_double_it_is_a_credit(hold):
    payment_arrived(paid(), hold, at=AT)

    done = payment_arrived(paid(event="evt_2"), hold, at=AT)

    assert (done.why, Credit.objects.get().amount_cents) == ("double", 4000)


@pytest.mark.parametrize("cents", [3999, 4001])
def test_another_amount_is_a_credit_and_the_hold_goes_on(hold, cents):
    done = payment_arrived(paid(cents), hold, at=AT)

    assert (done.why, state(hold), Credit.objects.get().amount_cents) == (
        "other_amount",
        State.HOLD,
        cents,
    )


def test_one_event_for_two_bookings_counts_once(hold):
    other = booked(ask(hold.space, sites.slot(begins=14, ends=17)), booker("yanis"), terms=HELD)
    payment_arrived(paid(), hold, at=AT)

    done = payment_arrived(paid(), other, at=AT)

    assert (state(other), done.payment.origin_key) == (State.HOLD, str(hold.pk))


def test_a_body_that_no_longer_pays_for_her_gets_its_money_back(hold):
    firm = members.firm()
    members.authorised(firm, someone("yanis"))
    who = booker("yanis", payer_organisation_id=firm.pk)
    other = booked(ask(hold.space, sites.slot(begins=14, ends=17)), who, terms=HELD)
    EmployerSeat.objects.all().delete()

    done = payment_arrived(paid(4000), other, at=AT)

    assert (done.why, Credit.objects.get().payer_organisation_id) == ("refused", firm.pk)


def test_money_of_a_guest_is_named_in_the_journal():
    tariffs.voted()
    guest = Booker(None, None, Guest("Camille Dorvin (fictif)", "camille@exemple.invalid"))
    hold = booked(ask(sites.space()), guest, terms=HELD)

    done = payment_arrived(paid(), hold, at=LATE)

    assert (done.payment.outcome, Credit.objects.count()) == ("credited", 0)
    assert Entry.objects.get(act="payment.arrive").facts["outcome"] == "late"


def test_a_site_where_nobody_collects_takes_no_money():
    hold = booked(ask(sites.space()), terms=HELD)
    type(hold.site).objects.update(operator=None, collector=None)

    with pytest.raises(NobodySells):
        payment_arrived(paid(), hold, at=AT)

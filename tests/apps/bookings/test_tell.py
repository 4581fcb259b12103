"""What becomes of bookings is told: one mail for one act, with its calendar, names nowhere else."""

import pytest
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import booking_pages as pages
from factories import network_sites as sites
from factories import people
from maillage.apps.bookings import tell
from maillage.apps.bookings.asked import Ask, Booker, Guest
from maillage.apps.bookings.cancel import Cancelling, cancel
from maillage.apps.bookings.decide import refuse
from maillage.apps.bookings.guest import HOLD
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.reserve import Terms, reserve
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """The mails that telling of a booking sends."""

    def mails(booking, event):
        before = set(ProcrastinateJob.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            tell.tell(booking.pk, event, at=now())
        rows = ProcrastinateJob.objects.filter(task_name="mail.deliver").exclude(pk__in=before)
        return [job.args for job in rows.order_by("id")]

    return mails


@pytest.fixture
def elise():
    return people.person("Élise (fictif)", "elise@exemple.fr")


def test_a_booking_is_told_with_its_deadline_and_its_calendar(told, elise):
    booking = pages.booked(sites.space(), elise)

    (sent,) = told(booking, "reserved")

    assert sent["to"] == "elise@exemple.fr"
    assert sent["subject"].startswith("C’est réservé : Le Pressoir (fictif), ")
    assert "Annulation gratuite jusqu’au" in sent["text"]
    assert f"/mes-reservations/{booking.reference}/" in sent["text"]
    made = Calendar.from_ical(sent["attachment"]["text"])
    assert str(made["method"]) == "PUBLISH"
    assert len(list(made.walk("VEVENT"))) == 1


def test_what_was_booked_at_once_is_told_once(told, elise):
    room = sites.space()
    asks = [Ask(room.pk, pages.slot(h, h + 1), 1, True) for h in (9, 11, 14)]
    rows = reserve(asks, Booker(elise, elise.pk), at=now())

    sent = [mail for row in rows for mail in told(row, "reserved")]

    assert len(sent) == 1
    assert sent[0]["text"].count("Grande salle") == 3
    assert len(list(Calendar.from_ical(sent[0]["attachment"]["text"]).walk("VEVENT"))) == 3


def test_a_hold_is_not_told(told):
    room = sites.space()
    guest = Booker(None, None, guest=Guest("Yanis", "yanis@exemple.fr"))
    (row,) = reserve(
        [Ask(room.pk, pages.slot(), 1, True)], guest, at=now(), terms=Terms(hold_for=HOLD)
    )

    assert told(row, "reserved") == []


def test_a_guest_whose_address_nobody_proved_is_not_written_to(told):
    room = sites.space(needs_approval=True)
    guest = Booker(None, None, guest=Guest("Yanis", "yanis@exemple.fr"))
    (row,) = reserve([Ask(room.pk, pages.slot(), 1, True)], guest, at=now())

    assert [mail["to"] for mail in told(row, "reserved")] == []


def test_a_request_is_told_to_both_sides(told, elise):
    place = sites.site(email="pressoir@exemple.fr")
    booking = pages.booked(sites.space(place, needs_approval=True), elise)

    sent = told(booking, "reserved")

    assert [mail["to"] for mail in sent] == ["elise@exemple.fr", "pressoir@exemple.fr"]
    assert sent[0]["subject"].startswith("Demande reçue")
    assert f"/gerer/lieux/{place.pk}/demandes/" in sent[1]["text"]
    assert "Élise" not in sent[1]["text"]


def test_a_cancellation_says_why_and_takes_the_event_away(told, elise):
    booking = pages.booked(sites.space(), elise)
    cancel(booking, by=None, at=now(), how=Cancelling(is_manager=True, reason="Dégât des eaux"))

    (sent,) = told(booking, "cancelled")

    assert "Motif : Dégât des eaux" in sent["text"]
    assert str(Calendar.from_ical(sent["attachment"]["text"])["method"]) == "CANCEL"


def test_a_refusal_says_why(told, elise):
    booking = pages.booked(sites.space(needs_approval=True), elise)
    refuse(booking, "Salle en travaux", by=None, at=now())

    (sent,) = told(booking, "refused")

    assert sent["subject"].startswith("Demande refusée")
    assert "Motif : Salle en travaux" in sent["text"]


def test_what_is_no_longer_true_is_not_told(told, elise):
    booking = pages.booked(sites.space(), elise)
    cancel(booking, by=None, at=now())

    assert told(booking, "reserved") == []


def test_a_line_break_in_a_name_opens_no_header(told, elise):
    place = sites.site("Lieu\nBcc: autre@exemple.fr")
    booking = pages.booked(sites.space(place), elise)

    (sent,) = told(booking, "reserved")

    assert "\n" not in sent["subject"]


@pytest.mark.parametrize("event", sorted(tell.WORTH))
def test_every_event_has_its_words(event):
    subject, says, _then = tell.SAID[event]

    assert "{place}" in str(subject)
    assert str(says)


def test_a_closed_account_is_not_written_to(told, elise):
    booking = pages.booked(sites.space(), elise)
    type(elise).objects.filter(pk=elise.pk).update(is_active=False)

    assert told(Booking.objects.get(pk=booking.pk), "reserved") == []

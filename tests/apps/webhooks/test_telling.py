"""What programs are told: once, signed, without holding anything, and not for ever."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import people, territories
from factories.listener import Listener
from maillage.apps.journal.models import Entry
from maillage.apps.webhooks import keep
from maillage.apps.webhooks.address import AddressRefused, resolve
from maillage.apps.webhooks.deliver import deliver
from maillage.apps.webhooks.models import WAITS, Delivery, DeliveryState, Endpoint, Event
from maillage.apps.webhooks.signature import secret_of
from maillage.apps.webhooks.tell import tell

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 17, 9, tzinfo=UTC)
SAID = {"reference": "ABCDEFGHJK"}


@pytest.fixture(autouse=True)
def inside(settings):
    """The program under test is on this machine."""
    settings.WEBHOOKS_INSIDE = True


@pytest.fixture
def place():
    return territories.territory()


@pytest.fixture
def nadia():
    return people.person(email="nadia@exemple.invalid")


def endpoint(place, nadia, url: str) -> Endpoint:
    return keep.add(place, url, "Agenda (fictif)", [Event.RESERVED], by=nadia, at=AT)


def waiting() -> list[datetime | None]:
    jobs = ProcrastinateJob.objects.filter(task_name="webhooks.deliver").order_by("id")
    return [job.scheduled_at for job in jobs]


def test_tells_those_who_asked_for_the_event_and_no_other(place, nadia):
    endpoint(place, nadia, "http://127.0.0.1:1/")
    elsewhere = territories.territory("200000010", "CC des Bois fictifs")
    endpoint(elsewhere, nadia, "http://127.0.0.1:1/")

    assert tell(Event.RESERVED, place.pk, SAID, at=AT) == 1
    assert tell(Event.CHANGED, place.pk, SAID, at=AT) == 0
    assert Delivery.objects.get().endpoint.territory_id == place.pk
    assert waiting() == [None]


def test_what_is_delivered_is_signed_and_named(place, nadia):
    with Listener() as program:
        one = endpoint(place, nadia, program.url)
        tell(Event.RESERVED, place.pk, SAID, at=AT)
        told = Delivery.objects.get()
        deliver(told.pk, at=AT)

    body, headers = program.received[0]
    stamp = int(AT.timestamp())
    mac = hmac.new(secret_of(one).encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    assert headers["Maillage-Signature"] == f"t={stamp},v1={mac.hexdigest()}"
    assert headers["Maillage-Delivery"] == str(told.pk)
    assert json.loads(body) == {
        "id": told.pk,
        "event": "booking.reserved",
        "at": AT.isoformat(),
        "data": SAID,
    }
    told.refresh_from_db()
    assert (told.state, told.status, told.attempts) == (DeliveryState.DONE, 200, 1)


def test_what_was_delivered_is_not_told_again(place, nadia):
    with Listener() as program:
        endpoint(place, nadia, program.url)
        tell(Event.RESERVED, place.pk, SAID, at=AT)
        told = Delivery.objects.get()
        deliver(told.pk, at=AT)
        deliver(told.pk, at=AT)

    assert len(program.received) == 1


@pytest.mark.parametrize(
    ("status", "location", "fault"),
    [(500, "", "refused"), (302, "http://127.0.0.1:9/", "refused"), (404, "", "refused")],
)
def test_an_answer_that_is_no_yes_is_tried_again_later(place, nadia, status, location, fault):
    with Listener(status=status, location=location, body=b"x" * 200_000) as program:
        endpoint(place, nadia, program.url)
        tell(Event.RESERVED, place.pk, SAID, at=AT)
        told = Delivery.objects.get()
        deliver(told.pk, at=AT)

    told.refresh_from_db()
    assert (told.state, told.status, told.fault) == (DeliveryState.WAITING, status, fault)
    assert len(program.received) == 1
    assert waiting()[-1] == AT + WAITS[0]


def test_after_three_days_the_address_is_given_up_and_its_author_is_told(
    place, nadia, django_capture_on_commit_callbacks
):
    one = endpoint(place, nadia, "http://127.0.0.1:1/")
    tell(Event.RESERVED, place.pk, SAID, at=AT)
    told = Delivery.objects.get()
    at = AT
    with django_capture_on_commit_callbacks(execute=True):
        for wait in (*WAITS, timedelta(0)):
            deliver(told.pk, at=at)
            at += wait

    told.refresh_from_db()
    one.refresh_from_db()
    assert (told.state, told.fault, told.attempts) == ("failed", "no_answer", len(WAITS) + 1)
    assert one.disabled_at is not None
    assert timedelta(days=3) > sum(WAITS, timedelta()) > timedelta(days=2)
    assert Entry.objects.filter(act="webhook.give_up").count() == 1
    job = ProcrastinateJob.objects.get(task_name="mail.deliver")
    assert job.args["to"] == "nadia@exemple.invalid"
    assert outbox.outbox == []


def test_nothing_is_sent_to_an_address_that_was_stopped(place, nadia):
    with Listener() as program:
        one = endpoint(place, nadia, program.url)
        tell(Event.RESERVED, place.pk, SAID, at=AT)
        keep.stop(one, by=nadia, at=AT)
        deliver(Delivery.objects.get().pk, at=AT)
        assert tell(Event.RESERVED, place.pk, SAID, at=AT) == 0
        with pytest.raises(keep.IsStopped):
            keep.send_trial(one, by=nadia, at=AT)
        keep.start(one, by=nadia, at=AT)
        trial = keep.send_trial(one, by=nadia, at=AT)
        deliver(trial.pk, at=AT)

    assert [json.loads(body)["event"] for body, _ in program.received] == ["trial"]


def test_a_new_secret_signs_otherwise(place, nadia):
    one = endpoint(place, nadia, "http://127.0.0.1:1/")
    before = secret_of(one)
    assert secret_of(keep.renew_secret(one, by=nadia, at=AT)) != before


def test_removed_it_is_forgotten(place, nadia):
    one = endpoint(place, nadia, "http://127.0.0.1:1/")
    tell(Event.RESERVED, place.pk, SAID, at=AT)
    told = Delivery.objects.get().pk
    keep.remove(one, by=nadia, at=AT)
    deliver(told, at=AT)
    assert Delivery.objects.count() == 0


def test_refuses_an_unknown_event_and_an_eleventh_program(place, nadia):
    with pytest.raises(keep.UnknownEvent):
        keep.add(place, "http://127.0.0.1:1/", "x", ["invoice.paid"], by=nadia, at=AT)
    for _ in range(keep.MOST):
        endpoint(place, nadia, "http://127.0.0.1:1/")
    with pytest.raises(keep.TooManyPrograms):
        endpoint(place, nadia, "http://127.0.0.1:1/")


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.8/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://moi:secret@93.184.215.14/",
        "https://93.184.215.14:99999/",
        "https:///chemin",
        "ftp://93.184.215.14/",
        "file:///etc/passwd",
    ],
)
def test_refuses_what_is_not_a_public_https_address(settings, url):
    settings.WEBHOOKS_INSIDE = False
    with pytest.raises(AddressRefused):
        resolve(url)


def test_a_public_address_is_resolved_once(settings):
    settings.WEBHOOKS_INSIDE = False
    found = resolve("https://93.184.215.14:8443/ici?de=maillage")
    assert (found.ip, found.port, found.path) == ("93.184.215.14", 8443, "/ici?de=maillage")


def test_an_address_that_became_private_is_not_called(settings, place, nadia):
    with Listener() as program:
        endpoint(place, nadia, program.url)
        tell(Event.RESERVED, place.pk, SAID, at=AT)
        settings.WEBHOOKS_INSIDE = False
        deliver(Delivery.objects.get().pk, at=AT)

    assert program.received == []
    assert Delivery.objects.get().fault == "address"

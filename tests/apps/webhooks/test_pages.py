"""The pages of programs: by right, by number of queries, with their refusals."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import people, territories
from maillage.apps.people.models import RoleKind
from maillage.apps.webhooks import keep
from maillage.apps.webhooks.models import Endpoint, Event

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 17, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def inside(settings):
    settings.WEBHOOKS_INSIDE = True


@pytest.fixture
def place():
    return territories.territory()


@pytest.fixture
def officer(place):
    return people.holder(RoleKind.PROJECT_OFFICER, ("territory", place.pk))


@pytest.fixture
def client(client, officer):
    return people.signed_in(client, people.with_second_factor(officer))


def added(place, officer, n: int = 1) -> list[Endpoint]:
    return [
        keep.add(
            place,
            "http://127.0.0.1:1/",
            f"Agenda {i}",
            [Event.RESERVED],
            by=officer,
            at=AT,
        )
        for i in range(n)
    ]


def test_the_list_takes_as_many_queries_for_three(
    client, place, officer, django_assert_num_queries
):
    added(place, officer)
    address = reverse("webhooks", args=[place.pk])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        assert client.get(address).status_code == 200
    added(place, officer, 2)
    with django_assert_num_queries(len(for_one)):
        assert "Agenda 1" in client.get(address).content.decode()


def test_an_officer_of_another_territory_finds_nothing(client, officer):
    elsewhere = territories.territory("200000010", "CC des Bois fictifs")
    one = added(elsewhere, officer)[0]
    for name, parts in (
        ("webhooks", [elsewhere.pk]),
        ("webhook_add", [elsewhere.pk]),
        ("webhook", [elsewhere.pk, one.pk]),
        ("webhook_secret", [elsewhere.pk, one.pk]),
        ("webhook_remove", [elsewhere.pk, one.pk]),
    ):
        assert client.get(reverse(name, args=parts)).status_code == 404
    for name in ("webhook_trial", "webhook_start", "webhook_stop"):
        assert client.post(reverse(name, args=[elsewhere.pk, one.pk])).status_code == 404


def test_a_bad_address_is_told_in_the_form_which_keeps_its_text(client, place, settings):
    settings.WEBHOOKS_INSIDE = False
    sent = {"label": "Agenda", "url": "https://127.0.0.1/x", "events": [Event.RESERVED]}
    answer = client.post(reverse("webhook_add", args=[place.pk]), sent)
    assert answer.status_code == 422
    assert "donnez une adresse publique" in answer.content.decode()
    assert "https://127.0.0.1/x" in answer.content.decode()
    assert Endpoint.objects.count() == 0


def test_added_tried_stopped_started_renewed_removed(client, place):
    sent = {"label": "Agenda", "url": "http://127.0.0.1:1/", "events": [Event.RESERVED]}
    assert client.post(reverse("webhook_add", args=[place.pk]), sent).status_code == 302
    one = Endpoint.objects.get()
    parts = [place.pk, one.pk]
    assert client.post(reverse("webhook_trial", args=parts)).status_code == 302
    assert one.deliveries.get().event == "trial"
    client.post(reverse("webhook_stop", args=parts))
    assert "Reprendre les envois" in client.get(reverse("webhook", args=parts)).content.decode()
    client.post(reverse("webhook_start", args=parts))
    assert "Changer le secret" in client.get(reverse("webhook_secret", args=parts)).content.decode()
    client.post(reverse("webhook_secret", args=parts))
    one.refresh_from_db()
    assert (one.epoch, one.disabled_at) == (2, None)
    client.post(reverse("webhook_remove", args=parts))
    assert Endpoint.objects.count() == 0

"""Add the address of a program, change its secret, stop it, start it again, try it, remove it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.apps.territories.models import Territory
from maillage.apps.webhooks.address import resolve
from maillage.apps.webhooks.models import Delivery, Endpoint, Event
from maillage.apps.webhooks.tell import TASK
from maillage.kit.refusal import Refusal

MOST = 10
TRIAL = "trial"


class TooManyPrograms(Refusal):
    """As many as one can follow."""

    sentence = _("Dix programmes au plus par territoire. Retirez-en un, puis recommencez.")


class UnknownEvent(Refusal):
    """Events are a closed list."""

    sentence = _("Choisissez au moins un événement de la liste.")
    status = 422


class IsStopped(Refusal):
    """Nothing is sent to it."""

    sentence = _("Les envois à ce programme sont arrêtés. Reprenez-les d’abord.")


def add(
    territory: Territory,
    url: str,
    label: str,
    events: Sequence[str],
    *,
    by: Person,
    at: datetime,
) -> Endpoint:
    """A new address; raises AddressRefused, UnknownEvent, TooManyPrograms."""
    if not events or set(events) - set(Event.values):
        raise UnknownEvent
    resolve(url)
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=territory.pk)
        if territory.endpoints.count() >= MOST:
            raise TooManyPrograms
        made = Endpoint.objects.create(
            territory=territory,
            url=url,
            label=label.strip(),
            events=sorted(events),
            created_by=by,
            created_at=at,
        )
        _record("webhook.add", made, by, at)
    return made


def renew_secret(endpoint: Endpoint, *, by: Person, at: datetime) -> Endpoint:
    """The earlier secret signs nothing from now on."""
    with transaction.atomic():
        row = _held(endpoint)
        row.epoch += 1
        row.save(update_fields=["epoch"])
        _record("webhook.renew_secret", row, by, at)
    return row


def stop(endpoint: Endpoint, *, by: Person, at: datetime) -> None:
    """Nothing is sent until it is started again."""
    with transaction.atomic():
        row = _held(endpoint)
        if row.disabled_at is None:
            row.disabled_at = at
            row.save(update_fields=["disabled_at"])
            _record("webhook.stop", row, by, at)


def start(endpoint: Endpoint, *, by: Person, at: datetime) -> None:
    """What happens from now on is sent."""
    with transaction.atomic():
        row = _held(endpoint)
        row.disabled_at, row.disabled_why = None, ""
        row.save(update_fields=["disabled_at", "disabled_why"])
        _record("webhook.start", row, by, at)


def remove(endpoint: Endpoint, *, by: Person, at: datetime) -> None:
    """The address and what was told to it are forgotten."""
    with transaction.atomic():
        row = _held(endpoint)
        _record("webhook.remove", row, by, at)
        row.delete()


def send_trial(endpoint: Endpoint, *, by: Person, at: datetime) -> Delivery:
    """One telling that says nothing, to see the program answer. Raises IsStopped."""
    with transaction.atomic():
        row = _held(endpoint)
        if row.disabled_at is not None:
            raise IsStopped
        made = Delivery.objects.create(endpoint=row, event=TRIAL, payload={}, created_at=at)
        app.configure_task(TASK).defer(delivery_id=made.pk)
        _record("webhook.trial", row, by, at)
    return made


def _held(endpoint: Endpoint) -> Endpoint:
    rows = Endpoint.objects.select_for_update(of=("self",)).select_related("territory")
    return rows.get(pk=endpoint.pk)


def _record(act: str, endpoint: Endpoint, by: Person, at: datetime) -> None:
    record(act, ("webhook", endpoint.pk), by=by.pk, at=at, scope=endpoint.scopes[0])

"""Deliver one telling; try again for three days; then give the address up and say so."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from maillage.apps.journal.record import record
from maillage.apps.webhooks.address import AddressRefused, resolve
from maillage.apps.webhooks.call import call, is_taken
from maillage.apps.webhooks.models import WAITS, Delivery, DeliveryState, Endpoint
from maillage.apps.webhooks.signature import secret_of
from maillage.apps.webhooks.tell import TASK
from maillage.kit import mail

NO_ADDRESS, NO_ANSWER, REFUSED = "address", "no_answer", "refused"


def deliver(delivery_id: int, *, at: datetime) -> None:
    """One try: outside any transaction, so that a slow program holds nothing."""
    one = Delivery.objects.select_related("endpoint__territory").filter(pk=delivery_id).first()
    if one is None or one.state != DeliveryState.WAITING or one.endpoint.disabled_at:
        return
    status, fault = _try(one, at)
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=one.pk)
        if row.state != DeliveryState.WAITING:
            return
        row.attempts += 1
        row.status, row.fault, row.tried_at = status, fault, at
        if not fault:
            row.state = DeliveryState.DONE
        elif row.attempts > len(WAITS):
            row.state = DeliveryState.FAILED
            _give_up(one.endpoint, at)
        else:
            wait = WAITS[row.attempts - 1]
            app.configure_task(TASK, schedule_at=at + wait).defer(delivery_id=row.pk)
        row.save()


def _try(one: Delivery, at: datetime) -> tuple[int, str]:
    try:
        target = resolve(one.endpoint.url)
    except AddressRefused:
        return 0, NO_ADDRESS
    said = {
        "id": one.pk,
        "event": one.event,
        "at": one.created_at.isoformat(),
        "data": one.payload,
    }
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    secret = secret_of(one.endpoint)
    status = call(target, body, name=str(one.pk), secret=secret, at=at)
    if is_taken(status):
        return status, ""
    return status, NO_ANSWER if status == 0 else REFUSED


def _give_up(endpoint: Endpoint, at: datetime) -> None:
    why = _("Aucune remise n’a abouti pendant trois jours.")
    changed = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(
        disabled_at=at, disabled_why=why
    )
    if not changed:
        return
    record("webhook.give_up", ("webhook", endpoint.pk), by=None, at=at, scope=endpoint.scopes[0])
    if endpoint.created_by is not None and endpoint.created_by.is_active:
        words = {"endpoint": endpoint.label, "territory_id": endpoint.territory_id}
        mail.send("webhooks/emails/given_up.txt", endpoint.created_by.email, words)

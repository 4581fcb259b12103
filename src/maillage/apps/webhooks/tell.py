"""Tell the programs that follow a territory what has happened: queued, delivered later."""

from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from maillage.apps.webhooks.models import Delivery, Endpoint

TASK = "webhooks.deliver"


def tell(event: str, territory_id: str, payload: dict[str, Any], *, at: datetime) -> int:
    """Queue one telling for each address that asked for this event; how many.

    payload  identifiers, places and dates: never a name nor an e-mail
    """
    asked = Endpoint.objects.filter(
        territory_id=territory_id, disabled_at=None, events__contains=[event]
    )
    with transaction.atomic():
        made = [
            Delivery.objects.create(endpoint=endpoint, event=event, payload=payload, created_at=at)
            for endpoint in asked
        ]
        for one in made:
            app.configure_task(TASK).defer(delivery_id=one.pk)
    return len(made)

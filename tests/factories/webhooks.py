"""Programs that are told what happens, invented."""

from datetime import UTC, datetime

from maillage.apps.people.models import Person
from maillage.apps.webhooks.models import Delivery, DeliveryState, Endpoint, Event

AT = datetime(2027, 3, 17, 9, tzinfo=UTC)


def endpoint(mark: str, siren: str, by: Person | None = None) -> Endpoint:
    """A program with one telling that failed."""
    made = Endpoint.objects.create(
        territory_id=siren,
        url="https://programme.exemple.invalid/ici",
        label=f"Agenda {mark} (fictif)",
        events=[Event.RESERVED],
        created_by=by,
        created_at=AT,
    )
    Delivery.objects.create(
        endpoint=made,
        event=Event.RESERVED,
        payload={},
        state=DeliveryState.FAILED,
        attempts=3,
        status=500,
        fault="refused",
        created_at=AT,
        tried_at=AT,
    )
    return made

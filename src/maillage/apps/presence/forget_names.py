"""What is kept of people no longer than it serves."""

from datetime import datetime, timedelta

from django.db import transaction

from maillage.apps.people import erase, export
from maillage.apps.people.export import Lines
from maillage.apps.people.models import Person
from maillage.apps.presence.models import AccessCode, Arrival, ConnectionLog

VISITORS = timedelta(days=30)


def forget_visitors(*, at: datetime) -> int:
    """The first names of those who came without booking; they still count. How many."""
    with transaction.atomic():
        old = Arrival.objects.filter(is_visitor=True, at__lt=at - VISITORS).exclude(first_name="")
        return old.update(first_name="")


def declare() -> None:
    """What of this app is a person's own; called once the models are ready."""
    export.also("presences", _arrivals)
    export.also("codes-wifi", _codes)
    export.also("connexions-wifi", _connections)
    erase.also(_forget)


def _forget(person: Person, _at: datetime) -> None:
    # arrivals stay as figures: their person is a number without a name
    ConnectionLog.objects.filter(person=person).delete()


def _arrivals(person: Person) -> Lines:
    rows = Arrival.objects.filter(person=person).select_related("site").order_by("at", "pk")
    return [
        {"lieu": one.site.name, "jour": one.on, "arrivée": one.at, "départ": one.left_at}
        for one in rows
    ]


def _codes(person: Person) -> Lines:
    rows = AccessCode.objects.filter(booking__person=person).select_related("site")
    return [
        {"lieu": one.site.name, "code": one.code, "donné le": one.drawn_at}
        for one in rows.order_by("drawn_at", "pk")
    ]


def _connections(person: Person) -> Lines:
    rows = ConnectionLog.objects.filter(person=person).select_related("site")
    return [
        {"lieu": one.site.name, "début": one.started_at, "fin": one.ended_at}
        for one in rows.order_by("started_at", "pk")
    ]

"""A private address of the calendar: made for one person, replaced, revoked."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.models import Person
from maillage.apps.programme.models import Programme, Subscription
from maillage.kit.refusal import Refusal


class NoAddress(Refusal):
    """There is nothing to revoke."""

    sentence = "Vous n'avez pas d'adresse pour ce calendrier, ou elle est déjà supprimée."


def subscribe(programme: Programme, person: Person, *, at: datetime) -> str:
    """The secret of a new address, told once; the person's earlier address stops answering."""
    drawn = secrets.draw()
    with transaction.atomic():
        # held, so that two clicks at once make one address
        Programme.objects.select_for_update().get(pk=programme.pk)
        Subscription.objects.filter(programme=programme, person=person).delete()
        Subscription.objects.create(
            programme=programme,
            person=person,
            secret_hash=secrets.digest(drawn),
            created_at=at,
        )
        _record("calendar.subscribe", programme, person, at)
    return drawn


def revoke(programme: Programme, person: Person, *, at: datetime) -> None:
    """The person's address answers nothing from now on."""
    with transaction.atomic():
        gone, _ = Subscription.objects.filter(programme=programme, person=person).delete()
        if not gone:
            raise NoAddress
        _record("calendar.revoke", programme, person, at)


def subscription_of(secret: str) -> Subscription | None:
    """The subscription of a secret, with its programme and its person."""
    rows = Subscription.objects.select_related("person", "programme__study__territory")
    return rows.filter(secret_hash=secrets.digest(secret)).first()


def _record(act: str, programme: Programme, person: Person, at: datetime) -> None:
    record(act, ("programme", programme.pk), by=person.pk, at=at, scope=programme.scopes[0])

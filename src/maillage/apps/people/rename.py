"""Change how the others read one's name."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person


def rename(person: Person, name: str, *, at: datetime) -> None:
    """The name is the person's own: nobody else writes it."""
    with transaction.atomic():
        person.name = name.strip()
        person.save(update_fields=["name"])
        record("person.rename", ("person", person.pk), by=person.pk, at=at)

"""Choose a password, or do without."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.kit import mail


def change(person: Person, password: str | None, *, at: datetime) -> None:
    """A new password, or none; every other session of the person is over.

    Raises ValidationError when the password is too easy.
    """
    if password is not None:
        validate_password(password, person)
    with transaction.atomic():
        person.set_password(password)
        person.session_epoch += 1
        person.save(update_fields=["password", "session_epoch"])
        record("password.change", ("person", person.pk), by=person.pk, at=at)
        mail.send("people/emails/security_changed.txt", person.email, {"name": person.name})

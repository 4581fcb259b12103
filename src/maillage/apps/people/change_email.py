"""Change the address of an account: the old one and the new one both agree."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.models import EmailChange, Invitation, Person
from maillage.kit import mail
from maillage.kit.refusal import Refusal

LASTS = timedelta(days=1)


class SameAddress(Refusal):
    """Nothing to change."""

    sentence = "C'est déjà l'adresse de votre compte. Indiquez la nouvelle."


class ChangeIsOver(Refusal):
    """Unknown, done, withdrawn or out of date."""

    sentence = "Ce lien ne sert plus. Demandez de nouveau le changement dans votre compte."


def ask(person: Person, email: str, *, at: datetime) -> EmailChange:
    """Write to both addresses; an earlier change under way is withdrawn.

    An address that has an account gets the same answers: only its owner can confirm.
    """
    address = email.strip().lower()
    if address == person.email:
        raise SameAddress
    old, new = secrets.draw(), secrets.draw()
    with transaction.atomic():
        under_way(at).filter(person=person).update(withdrawn_at=at)
        change = EmailChange.objects.create(
            person=person,
            email=address,
            old_secret_hash=secrets.digest(old),
            new_secret_hash=secrets.digest(new),
            asked_at=at,
            expires_at=at + LASTS,
        )
        record("email.ask_change", ("person", person.pk), by=person.pk, at=at)
        for to, drawn in ((person.email, old), (address, new)):
            context = {"name": person.name, "secret": drawn, "email": address}
            mail.send("people/emails/email_change.txt", to, context)
    return change


def find(secret: str, *, at: datetime) -> EmailChange:
    """The change that one of its two links names; raises ChangeIsOver."""
    hashed = secrets.digest(secret)
    found = (
        under_way(at)
        .select_related("person")
        .filter(Q(old_secret_hash=hashed) | Q(new_secret_hash=hashed))
        .first()
    )
    if found is None:
        raise ChangeIsOver
    return found


def confirm(secret: str, *, at: datetime) -> bool:
    """One of the two addresses agrees; whether both have, and the account has its new address."""
    with transaction.atomic():
        change = EmailChange.objects.select_for_update(of=("self",)).get(pk=find(secret, at=at).pk)
        if bytes(change.old_secret_hash) == secrets.digest(secret):
            change.old_confirmed_at = change.old_confirmed_at or at
        else:
            change.new_confirmed_at = change.new_confirmed_at or at
        change.save(update_fields=["old_confirmed_at", "new_confirmed_at"])
        if change.old_confirmed_at is None or change.new_confirmed_at is None:
            return False
        _apply(change, at)
    return True


def withdraw(person: Person, *, at: datetime) -> None:
    """The two links confirm nothing any more."""
    with transaction.atomic():
        if not under_way(at).filter(person=person).update(withdrawn_at=at):
            raise ChangeIsOver
        record("email.withdraw_change", ("person", person.pk), by=person.pk, at=at)


def under_way(at: datetime) -> QuerySet[EmailChange]:
    """Changes that a link may still confirm."""
    return EmailChange.objects.filter(withdrawn_at=None, expires_at__gt=at).filter(
        Q(old_confirmed_at=None) | Q(new_confirmed_at=None)
    )


def _apply(change: EmailChange, at: datetime) -> None:
    if Person.objects.filter(email__iexact=change.email).exists():
        # whoever opened the new address's link reads that mailbox: nothing is learnt from it
        raise ChangeIsOver
    person = change.person
    Invitation.objects.filter(email=person.email, accepted_at=None).update(email=change.email)
    person.email = change.email
    person.session_epoch += 1
    person.save(update_fields=["email", "session_epoch"])
    record("email.change", ("person", person.pk), by=person.pk, at=at)

"""What a person agrees to: given in stated words, withdrawn as easily, never edited."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people.models import Consent, Person
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Purpose:
    """Something that is done only with the person's agreement."""

    code: str
    title: str
    wording: str


PURPOSES = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            "contact",
            "Donner mon avis sur le projet",
            "J'accepte que l'équipe du projet m'écrive à l'adresse de mon compte pour un "
            "entretien ou une enquête, au plus quatre fois par an.",
        ),
    )
}


class AlreadyGiven(Refusal):
    """The agreement stands."""

    sentence = "Vous avez déjà donné cet accord. Vous pouvez le retirer ici à tout moment."


class NotGiven(Refusal):
    """There is nothing to withdraw."""

    sentence = "Cet accord n'est pas donné. Rien ne change."


def give(person: Person, purpose: Purpose, *, at: datetime) -> Consent:
    """The person agrees, in the words shown to her that day."""
    with transaction.atomic():
        _lock(person)
        if standing(person, purpose):
            raise AlreadyGiven
        given = Consent.objects.create(
            person=person, purpose=purpose.code, wording=purpose.wording, given_at=at
        )
        record("consent.give", ("consent", given.pk), by=person.pk, at=at, purpose=purpose.code)
    return given


def withdraw(person: Person, purpose: Purpose, *, at: datetime) -> None:
    """The agreement is over; that it was given is kept as proof."""
    with transaction.atomic():
        _lock(person)
        given = standing(person, purpose)
        if given is None:
            raise NotGiven
        given.withdrawn_at = at
        given.save(update_fields=["withdrawn_at"])
        record("consent.withdraw", ("consent", given.pk), by=person.pk, at=at, purpose=purpose.code)


def standing(person: Person, purpose: Purpose) -> Consent | None:
    """The agreement that holds now, if any."""
    return Consent.objects.filter(person=person, purpose=purpose.code, withdrawn_at=None).first()


def _lock(person: Person) -> None:
    Person.objects.select_for_update().get(pk=person.pk)

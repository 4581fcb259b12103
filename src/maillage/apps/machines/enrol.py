"""Enrol in a training, withdraw from it."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.machines.models import Attendee, TrainingSession
from maillage.apps.people.models import Person
from maillage.kit.refusal import Refusal


class SessionCancelled(Refusal):
    """It will not take place."""

    sentence = "Cette séance est annulée. Choisissez-en une autre sur la fiche de la machine."


class SessionBegun(Refusal):
    """Enrolments are made, and undone, before."""

    sentence = "Cette séance a commencé. Choisissez-en une autre sur la fiche de la machine."


class SessionFull(Refusal):
    """As many as there are places."""

    sentence = "Cette séance est complète. Choisissez-en une autre sur la fiche de la machine."


class AlreadyEnrolled(Refusal):
    """Once."""

    sentence = "Vous êtes déjà inscrit·e à cette séance. Retrouvez-la sur la fiche de la machine."


class NotEnrolled(Refusal):
    """Nothing to withdraw."""

    sentence = "Vous n’êtes pas inscrit·e à cette séance. Rien n’est à annuler."


def enrol(session: TrainingSession, person: Person, *, at: datetime) -> Attendee:
    """One place of a training to come."""
    with transaction.atomic():
        held = _open(session, at)
        enrolled = list(held.attendees.values_list("person_id", flat=True))
        if person.pk in enrolled:
            raise AlreadyEnrolled
        if len(enrolled) >= held.places:
            raise SessionFull
        made = Attendee.objects.create(session=held, person=person, enrolled_at=at)
        _record("training.enrol", held, person, at)
    return made


def withdraw(session: TrainingSession, person: Person, *, at: datetime) -> None:
    """Give the place back to others."""
    with transaction.atomic():
        held = _open(session, at)
        gone, _rows = held.attendees.filter(person=person).delete()
        if not gone:
            raise NotEnrolled
        _record("training.withdraw", held, person, at)


def _open(session: TrainingSession, at: datetime) -> TrainingSession:
    """The row, locked: two persons who want the last place wait for each other."""
    held = TrainingSession.objects.select_for_update().get(pk=session.pk)
    if held.cancelled_at:
        raise SessionCancelled
    if held.period.lower <= at:
        raise SessionBegun
    return held


def _record(act: str, session: TrainingSession, person: Person, at: datetime) -> None:
    scope = session.space.scopes[0]
    record(act, ("training", session.pk), by=person.pk, at=at, scope=scope, space=session.space_id)

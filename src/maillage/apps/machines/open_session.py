"""Open a training on a machine, call it off."""

from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.apps.journal.record import record
from maillage.apps.machines.certified import local_day
from maillage.apps.machines.models import Trainer, TrainingSession
from maillage.apps.sites.models import Space
from maillage.core.periods import Period
from maillage.kit import mail
from maillage.kit.refusal import Refusal

MOST_PLACES = 50


class NotYourMachine(Refusal):
    """One trains on the machines one was named for."""

    sentence = (
        "Vous ne formez pas sur « {machine} ». Demandez à la personne qui gère le lieu de "
        "vous nommer."
    )
    status = 403


class InThePast(Refusal):
    """A training is announced before it begins."""

    sentence = "Cette heure est passée. Choisissez une séance à venir."


class WrongPlaces(Refusal):
    """At least somebody."""

    sentence = "Indiquez de 1 à {most} places."


class AlreadyCancelled(Refusal):
    """Somebody was faster."""

    sentence = "Cette séance est déjà annulée. Ouvrez-en une autre."


class AlreadyBegun(Refusal):
    """What took place is not called off."""

    sentence = "Cette séance a commencé. Notez plutôt qui était présent."


def trainer_of(space: Space, person_id: int, *, at: datetime) -> Trainer:
    """The mission of somebody who trains on this machine that day; raises NotYourMachine."""
    on = local_day(space.site, at)
    found = Trainer.objects.current(on).filter(space=space, person_id=person_id).first()
    if found is None:
        raise NotYourMachine(machine=space.name)
    return found


def open_session(
    space: Space, period: Period, *, places: int, note: str, by: int, at: datetime
) -> TrainingSession:
    """A training to come, by one of the trainers of the machine."""
    if period.begins <= at:
        raise InThePast
    if not 1 <= places <= MOST_PLACES:
        raise WrongPlaces(most=MOST_PLACES)
    with transaction.atomic():
        trainer_of(space, by, at=at)
        made = TrainingSession.objects.create(
            space=space,
            trainer=trainer_of(space, by, at=period.begins),
            period=DateTimeTZRange(period.begins, period.ends),
            places=places,
            note=note,
            created_at=at,
        )
        _record("training.open", made, by, at)
    return made


def cancel_session(session: TrainingSession, *, by: int, at: datetime) -> TrainingSession:
    """Call a training off: those enrolled are told."""
    with transaction.atomic():
        held = TrainingSession.objects.select_for_update().get(pk=session.pk)
        if held.cancelled_at:
            raise AlreadyCancelled
        if held.period.lower <= at:
            raise AlreadyBegun
        held.cancelled_at = at
        held.save(update_fields=["cancelled_at"])
        _record("training.cancel", held, by, at)
        _tell(held)
    return held


def _tell(session: TrainingSession) -> None:
    for attendee in session.attendees.select_related("person").order_by("pk"):
        mail.send(
            "machines/emails/cancelled.txt",
            attendee.person.email,
            {
                "name": attendee.person.name,
                "machine": session.space.name,
                "at": session.period.lower,
                "space_id": session.space_id,
            },
        )


def _record(act: str, session: TrainingSession, by: int, at: datetime) -> None:
    scope = session.space.scopes[0]
    record(act, ("training", session.pk), by=by, at=at, scope=scope, space=session.space_id)

"""Name those who train on a machine, and end it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from maillage.apps.journal.record import record
from maillage.apps.machines.models import Trainer
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Space, SpaceKind
from maillage.kit.refusal import Refusal


class NotAMachine(Refusal):
    """One trains on machines."""

    sentence = "« {name} » n’est pas une machine. Choisissez une machine du lieu."


class AlreadyTrainer(Refusal):
    """Once at a time."""

    sentence = "{name} forme déjà sur cette machine. Terminez d’abord sa mission en cours."


class AlreadyOver(Refusal):
    """Somebody was faster."""

    sentence = "Cette mission est déjà terminée. Nommez de nouveau la personne si besoin."


def name_trainer(
    space: Space, person: Person, *, starts_on: date, by: int | None, at: datetime
) -> Trainer:
    """Somebody may train, and say who is able, on this machine and no other."""
    if space.kind != SpaceKind.MACHINE:
        raise NotAMachine(name=space.name)
    with transaction.atomic():
        Space.objects.select_for_update().get(pk=space.pk)
        still = Trainer.objects.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
        if still.filter(space=space, person=person).exists():
            raise AlreadyTrainer(name=person.name)
        made = Trainer.objects.create(space=space, person=person, starts_on=starts_on, named_by=by)
        _record("machine.name_trainer", made, by, at)
    return made


def end_trainer(trainer: Trainer, *, on: date, by: int | None, at: datetime) -> Trainer:
    """No longer from a day on; what she certified stays."""
    with transaction.atomic():
        held = Trainer.objects.select_for_update().get(pk=trainer.pk)
        if held.ends_on is not None and held.ends_on <= on:
            raise AlreadyOver
        held.ends_on = max(on, held.starts_on)
        held.save(update_fields=["ends_on"])
        _record("machine.end_trainer", held, by, at)
    return held


def _record(act: str, trainer: Trainer, by: int | None, at: datetime) -> None:
    scope = trainer.space.scopes[0]
    record(
        act,
        ("trainer", trainer.pk),
        by=by,
        at=at,
        scope=scope,
        space=trainer.space_id,
        person=trainer.person_id,
    )

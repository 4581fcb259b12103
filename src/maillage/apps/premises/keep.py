"""Describe premises, correct what is said of them."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.apps.premises.columns import Columns, around, columns_of
from maillage.apps.premises.models import Premises
from maillage.apps.territories.models import Territory
from maillage.core.sources.described import Described
from maillage.kit.refusal import Refusal


class AlreadyDescribed(Refusal):
    """One sheet per name in a commune."""

    sentence = (
        "« {name} » est déjà décrit à {commune}. Ouvrez sa fiche, ou donnez un autre nom à "
        "ce local."
    )


class RefTaken(Refusal):
    """One sheet per identifier."""

    sentence = "L'identifiant « {ref} » est celui de « {name} ». Donnez-en un autre."


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "{who} a modifié cette fiche pendant votre saisie. Relisez-la, puis enregistrez."


def describe(
    territory: Territory, said: Described, *, at_town: bool, by: int | None, at: datetime
) -> Premises:
    """New premises in a territory."""
    columns = columns_of(said, around(territory), at_town=at_town)
    with transaction.atomic():
        _hold(territory)
        refuse_double(territory.pk, columns)
        made = Premises.objects.create(territory=territory, **columns, created_at=at, changed_at=at)
        _record("premises.describe", made, by, at)
    return made


def correct(
    premises: Premises,
    said: Described,
    *,
    at_town: bool,
    version: int,
    by: int | None,
    at: datetime,
) -> Premises:
    """Change what is said of premises.

    version  the one that the person read: a later one means that somebody else wrote meanwhile
    """
    columns = columns_of(said, around(premises.territory), at_town=at_town)
    with transaction.atomic():
        _hold(premises.territory)
        held = held_at(premises.pk, version)
        refuse_double(held.territory_id, columns, besides=held.pk)
        for name, value in columns.items():
            setattr(held, name, value)
        held.version += 1
        held.changed_at = at
        held.save()
        _record("premises.correct", held, by, at)
    return held


def held_at(pk: int, version: int) -> Premises:
    """The row, locked until the transaction ends; refused when it is another version."""
    held = Premises.objects.select_for_update().get(pk=pk)
    if held.version != version:
        raise SomebodyElseEdited(who=last_editor(pk))
    return held


def refuse_double(territory_id: str, columns: Columns, *, besides: int = 0) -> None:
    """Raises AlreadyDescribed, RefTaken."""
    others = Premises.objects.present().filter(territory_id=territory_id).exclude(pk=besides)
    name, code = columns["name"], columns["commune_code"]
    if others.filter(name__iexact=name, commune_code=code).exists():
        raise AlreadyDescribed(name=name, commune=columns["commune_name"])
    ref = columns["ref"]
    taken = others.filter(ref=ref).first() if ref else None
    if taken:
        raise RefTaken(ref=ref, name=taken.name)


def last_editor(pk: int) -> str:
    """Who wrote last on a sheet."""
    entries = Entry.objects.filter(object_kind="premises", object_key=str(pk))
    last = entries.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    person = Person.objects.filter(pk=last or 0).first()
    return person.name if person else "Une autre personne"


def _hold(territory: Territory) -> None:
    """Two persons who describe the same place wait for each other."""
    Territory.objects.select_for_update().get(pk=territory.pk)


def _record(act: str, premises: Premises, by: int | None, at: datetime) -> None:
    record(
        act,
        ("premises", premises.pk),
        by=by,
        at=at,
        scope=premises.scopes[0],
        version=premises.version,
    )

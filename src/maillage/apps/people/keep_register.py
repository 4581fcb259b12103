"""The register of organisations: enter one, correct one."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people import public_numbers
from maillage.apps.people.models import Organisation, Person
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Described:
    """What the register says of a body; numbers empty when it has none."""

    kind: str
    name: str
    siren: str = ""
    siret: str = ""
    rna: str = ""


class WrongNumber(Refusal):
    """A digit is wrong or missing."""

    sentence = "Le numéro {name} n'est pas valide. Vérifiez ses chiffres sur l'avis de situation."


class AlreadyRegistered(Refusal):
    """One line per body and register."""

    sentence = "Le registre contient déjà ce numéro. Ouvrez la fiche existante."


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "{who} a modifié cette fiche pendant votre saisie. Relisez-la, puis enregistrez."


def register(
    described: Described, *, territory_siren: str, by: Person | None, at: datetime
) -> Organisation:
    """A new body in a territory's register; without `territory_siren`, in the platform's."""
    refuse_wrong_numbers(described)
    with transaction.atomic():
        _refuse_double(described, territory_siren)
        made = Organisation.objects.create(**asdict(described), territory_siren=territory_siren)
        _record("organisation.register", made, by, at)
    return made


def correct(
    organisation: Organisation, described: Described, *, version: int, by: Person, at: datetime
) -> Organisation:
    """Change what the register says.

    version  the one that the person read: a later one means that somebody else wrote meanwhile
    """
    refuse_wrong_numbers(described)
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if held.version != version:
            raise SomebodyElseEdited(who=_last_editor(held))
        _refuse_double(described, held.territory_siren, besides=held.pk)
        for field, value in asdict(described).items():
            setattr(held, field, value)
        held.version += 1
        held.save()
        _record("organisation.correct", held, by, at, version=held.version)
    return held


def refuse_wrong_numbers(described: Described) -> None:
    """Raises WrongNumber; a SIRET begins with its SIREN."""
    if described.siren and not public_numbers.is_siren(described.siren):
        raise WrongNumber(name="SIREN")
    if described.siret and not (
        public_numbers.is_siret(described.siret)
        and described.siret.startswith(described.siren or described.siret[:9])
    ):
        raise WrongNumber(name="SIRET")
    if described.rna and not public_numbers.is_rna(described.rna):
        raise WrongNumber(name="RNA")


def _refuse_double(described: Described, territory_siren: str, besides: int = 0) -> None:
    same = Organisation.objects.filter(territory_siren=territory_siren).exclude(pk=besides)
    if described.siren and same.filter(siren=described.siren, siret=described.siret).exists():
        raise AlreadyRegistered
    if described.rna and same.filter(rna=described.rna).exists():
        raise AlreadyRegistered


def _last_editor(organisation: Organisation) -> str:
    lines = Entry.objects.filter(object_kind="organisation", object_key=str(organisation.pk))
    last = lines.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    person = Person.objects.filter(pk=last or 0).first()
    return person.name if person else "Une autre personne"


def _record(
    act: str, organisation: Organisation, by: Person | None, at: datetime, **facts: Any
) -> None:
    record(
        act,
        ("organisation", organisation.pk),
        by=by.pk if by else None,
        at=at,
        scope=organisation.scopes[0],
        **facts,
    )

"""The initiatives of communes: declare one, correct what is said of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation, Person
from maillage.apps.territories.models import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_SEATS,
    Initiative,
    InitiativeStatus,
    StatusChange,
    Territory,
)
from maillage.core import geo
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Described:
    """What is said of an initiative; None where nobody said.

    carrier  number of a body of the territory's register
    lon, lat  both or none: none is the town of the commune
    """

    title: str
    commune_code: str
    kind: str
    carrier: int | None = None
    seats: int | None = None
    opening_year: int | None = None
    lon: float | None = None
    lat: float | None = None
    is_public: bool = False


class UntitledInitiative(Refusal):
    """Nobody could name it."""

    sentence = "Donnez un titre, par exemple « Espace partagé de la gare »."


class UnknownCommune(Refusal):
    """It is not a member of this territory."""

    sentence = "Cette commune n'est pas dans {name}. Choisissez-la dans la liste."


class UnknownCarrier(Refusal):
    """It is not in the register of this territory."""

    sentence = "Cette organisation n'est pas au registre. Ajoutez-la d'abord au registre."


class ImpossibleSeats(Refusal):
    """A digit is wrong."""

    sentence = "Indiquez un nombre de places entre 1 et {most}, ou laissez vide."


class ImpossibleYear(Refusal):
    """A digit is wrong."""

    sentence = "Indiquez une année entre {first} et {last}, ou laissez vide."


class HalfPosition(Refusal):
    """One of the two numbers is missing."""

    sentence = "Indiquez la longitude et la latitude, ou aucune des deux : ce sera le bourg."


class OutsideMainland(Refusal):
    """A digit is wrong, or the two numbers are exchanged."""

    sentence = (
        "Cette position n'est pas en France métropolitaine. "
        "Vérifiez la longitude (par exemple 4,73), puis la latitude (par exemple 46,16)."
    )


class FutureStatus(Refusal):
    """A status is what is true today."""

    sentence = "Ce jour n'est pas encore venu. Indiquez aujourd'hui ou un jour passé."


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "{who} a modifié cette initiative pendant votre saisie. Relisez, puis enregistrez."


def declare(
    described: Described,
    territory: Territory,
    *,
    status: str = InitiativeStatus.PLANNED,
    since: date,
    by: int | None,
    at: datetime,
) -> Initiative:
    """A new initiative, in its status since a day."""
    if since > at.date():
        raise FutureStatus
    with transaction.atomic():
        made = Initiative(territory=territory, status=status, edited_at=at)
        _write(made, described, territory, at=at)
        made.save()
        StatusChange.objects.create(initiative=made, status=status, on=since)
        note("initiative.declare", made, by=by, at=at, status=status)
    return made


def correct(
    initiative: Initiative,
    described: Described,
    *,
    version: int,
    by: int | None,
    at: datetime,
) -> Initiative:
    """Change what is said of an initiative.

    version  the one that the person read: a later one means that somebody else wrote meanwhile
    """
    with transaction.atomic():
        held = locked(initiative, version=version)
        _write(held, described, held.territory, at=at)
        held.version += 1
        held.edited_at = at
        held.save()
        note("initiative.correct", held, by=by, at=at, version=held.version)
    return held


def locked(initiative: Initiative, *, version: int) -> Initiative:
    """The row, held until the transaction ends, as the person read it."""
    held = (
        Initiative.objects.select_for_update(of=("self",))
        .select_related("territory")
        .get(pk=initiative.pk)
    )
    if held.version != version:
        raise SomebodyElseEdited(who=_last_editor(held))
    return held


def note(act: str, initiative: Initiative, *, by: int | None, at: datetime, **facts: Any) -> None:
    """The journal's line of an act on an initiative."""
    on, scope = ("initiative", initiative.pk), initiative.scopes[0]
    record(act, on, by=by, at=at, scope=scope, **facts)


def _write(row: Initiative, described: Described, territory: Territory, *, at: datetime) -> None:
    _refuse_impossible(described)
    row.title = " ".join(described.title.split())
    if not row.title:
        raise UntitledInitiative
    row.commune_code = described.commune_code
    row.commune_name = _commune(territory, described.commune_code)
    row.kind = described.kind
    row.carrier = _carrier(territory, described.carrier)
    row.seats, row.opening_year = described.seats, described.opening_year
    row.lon, row.lat = described.lon, described.lat
    row.published_at = (row.published_at or at) if described.is_public else None


def _refuse_impossible(described: Described) -> None:
    if described.seats is not None and not 1 <= described.seats <= MOST_SEATS:
        raise ImpossibleSeats(most=MOST_SEATS)
    year = described.opening_year
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImpossibleYear(first=FIRST_YEAR, last=LAST_YEAR)
    if (described.lon is None) != (described.lat is None):
        raise HalfPosition
    if described.lon is None or described.lat is None:
        return
    if not geo.is_mainland(described.lon, described.lat):
        raise OutsideMainland


def _commune(territory: Territory, code: str) -> str:
    names = {member["code"]: member["name"] for member in territory.members}
    if code not in names:
        raise UnknownCommune(name=territory.name)
    return str(names[code])


def _carrier(territory: Territory, pk: int | None) -> Organisation | None:
    if pk is None:
        return None
    found = Organisation.objects.filter(pk=pk, territory_siren=territory.pk).first()
    if found is None:
        raise UnknownCarrier
    return found


def _last_editor(initiative: Initiative) -> str:
    lines = Entry.objects.filter(object_kind="initiative", object_key=str(initiative.pk))
    last = lines.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    person = Person.objects.filter(pk=last or 0).first()
    return person.name if person else "Une autre personne"

"""Count what must never be, on live data; a sound base gives zero everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from maillage.apps.accounts import audit as accounts
from maillage.apps.billing import audit as billing
from maillage.apps.bookings import audit as bookings
from maillage.apps.collecting import audit as collecting
from maillage.apps.contracts import audit as contracts
from maillage.apps.people.models import Person, Role
from maillage.apps.settlement import audit as settlement
from maillage.apps.studies.models import Run, RunState
from maillage.kit.clock import now
from maillage.operate import documents


@dataclass(frozen=True)
class Finding:
    """One forbidden thing, counted.

    examples  identifiers, at most EXAMPLES_MAX, never a name
    """

    name: str
    says: str
    count: int
    examples: tuple[str, ...]


EXAMPLES_MAX = 5
JOURNAL_GUARDS = ("journal_entries_never_change", "journal_is_never_emptied")


def files() -> tuple[Finding, ...]:
    """Every document named by a row is in the store, with the same bytes."""
    damaged = [document.path for document in documents.stored() if not document.is_intact()]
    empty = Run.objects.filter(state=RunState.DONE, files=[]).values_list("pk", flat=True)
    return (
        _found("files.damaged", "document absent ou modifié", damaged),
        _found("files.run_without_file", "calcul terminé sans document", tuple(empty)),
    )


def people() -> tuple[Finding, ...]:
    """An erased person has no role, no way in, nothing personal."""
    closed = Person.objects.exclude(closed_at=None)
    holding = Role.objects.filter(person__in=closed, ends_on=None).values_list("pk", flat=True)
    ways_in = Q(is_active=True) | Q(sign_in_links__isnull=False) | Q(api_tokens__isnull=False)
    open_doors = closed.filter(ways_in).values_list("pk", flat=True).distinct()
    return (
        _found("people.erased_with_role", "rôle sans fin d'une personne effacée", tuple(holding)),
        _found("people.erased_with_access", "accès d'une personne effacée", tuple(open_doors)),
    )


def journal() -> tuple[Finding, ...]:
    """The database itself refuses to change or to remove a line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal_entry'::regclass "
            "AND tgenabled IN ('O', 'A')"
        )
        there = {name for (name,) in cursor.fetchall()}
    missing = [name for name in JOURNAL_GUARDS if name not in there]
    return (_found("journal.unguarded", "protection du journal absente", missing),)


def of_bookings() -> tuple[Finding, ...]:
    """A seat is taken once, a booking has its seats, its sale and its line of the journal."""
    return tuple(_found(one.name, one.says, one.found) for one in bookings.forbidden(at=now()))


def of_money() -> tuple[Finding, ...]:
    """Numbers follow each other, documents add up, what is sold, invoiced and paid agrees."""
    at = now()
    found = [one for app in MONEY for one in app.forbidden(at=at)]
    return tuple(_found(one.name, one.says, one.found) for one in found)


MONEY = (contracts, billing, collecting, settlement, accounts)
AUDITS: dict[str, Callable[[], tuple[Finding, ...]]] = {
    "files": files,
    "people": people,
    "journal": journal,
    "bookings": of_bookings,
    "money": of_money,
}


def run(names: tuple[str, ...] = tuple(AUDITS)) -> tuple[Finding, ...]:
    """The findings of the audits named, all of them by default."""
    return tuple(finding for name in names for finding in AUDITS[name]())


def _found(name: str, says: str, examples: Sequence[object]) -> Finding:
    return Finding(name, says, len(examples), tuple(str(e) for e in examples[:EXAMPLES_MAX]))

"""Bodies with closed months and archives: all invented."""

from datetime import UTC, date, datetime
from typing import Any

from factories import billing, network_sites, people
from maillage.apps.accounts.archive_year import archive_year
from maillage.apps.billing import close_month
from maillage.apps.people.models import Organisation, Person, RoleKind
from maillage.core import programme
from maillage.core.periods import next_month
from maillage.kit.clock import now

YEAR = 2027
NEW_YEAR = datetime(2028, 1, 5, 9, tzinfo=UTC)


def keeper(body: Organisation | None = None, **fields) -> Person:
    """Who keeps the accounts of a body."""
    post = people.position(organisation=body or network_sites.operator())
    return people.role(people.person(**fields), position=post).person


def treasurer(siren: str) -> Person:
    """The public accountant of a territory."""
    return people.holder(RoleKind.TREASURER, ("territory", siren))


def closed(body: Organisation, first: date, last: date, *, at: datetime = NEW_YEAR) -> None:
    """Close every month from one to another."""
    month = first
    while month <= last:
        close_month.close(body, month, by=None, at=at)
        month = next_month(month)


def archived(body: Organisation | None = None, year: int = YEAR):
    """A year with an invoice, closed and archived."""
    operator = body or network_sites.operator()
    billing.issued(operator, at=datetime(year, 11, 2, 9, tzinfo=UTC), on=date(year, 10, 20))
    after = datetime(year + 1, 1, 5, 9, tzinfo=UTC)
    closed(operator, date(year, 11, 1), date(year, 12, 1), at=after)
    return archive_year(operator, year, by=None, at=after)


def whole(mark: str, body: Organisation) -> dict[str, Any]:
    """A body whose last year is closed and archived; its name bears the mark."""
    at = now()
    year = at.year - 1
    billing.public(body, legal_name=f"{body.name} ({mark})")
    close_month.close(body, date(year, 12, 1), by=None, at=at)
    return {"body": body, "archive": archive_year(body, year, by=None, at=at)}


def parts_of(name: str, kept: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address of accounts."""
    month = programme.after(now().date().replace(day=1), -1)
    one = kept["archive"] if name == "accounts_archive_file" else kept["body"]
    return {"pk": one.pk, "year": month.year, "asked": f"{month:%Y-%m}"}

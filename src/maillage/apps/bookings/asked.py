"""What somebody asks for, and on whose behalf."""

from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.apps.people.models import Person
from maillage.core.periods import Period


@dataclass(frozen=True)
class Ask:
    """Seats of a space for a time.

    party     seats, or people when the whole space is asked for
    """

    space_id: int
    period: Period
    party: int = 1
    is_whole: bool = False


@dataclass(frozen=True)
class Guest:
    """Somebody without an account yet."""

    name: str
    email: str


@dataclass(frozen=True)
class Booker:
    """Who comes, who pays, who asks.

    person, guest    one of them comes
    by               whoever asks: the person herself, or a manager for her
    override_reason  a manager goes beyond the rules of the space, saying why; seats stay guarded
    """

    person: Person | None
    by: int | None
    guest: Guest | None = None
    payer_organisation_id: int | None = None
    purpose: str = ""
    override_reason: str = ""

    @property
    def person_id(self) -> int | None:
        """Of the account, when there is one."""
        return self.person.pk if self.person else None


def range_of(period: Period) -> DateTimeTZRange:
    """As the database keeps it: begins included, ends excluded."""
    return DateTimeTZRange(period.begins, period.ends, "[)")


def period_of(stored: DateTimeTZRange) -> Period:
    """As core computes with it."""
    return Period(stored.lower, stored.upper)

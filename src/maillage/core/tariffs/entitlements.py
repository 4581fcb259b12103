"""What pays before money does: what a plan leaves on the day of use, then prepaid tickets.

Plans first, those without limit, then the soonest lost; then passes, the earliest expiry first.
Each pays for whole units of one seat, from the first instant not covered yet. A unit that would
spare nothing is put back, tickets before what a plan leaves; a plan without limit has nothing to
put back.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from maillage.core import periods
from maillage.core.periods import Period
from maillage.core.tariffs.cover import Charged, Reach
from maillage.core.tariffs.prices import Use, Validity

QUOTA = "quota"
PASS = "pass"  # noqa: S105  (tickets, not a password)


@dataclass(frozen=True)
class Quota:
    """What a plan leaves in one window of days, as a month.

    id      the caller's own, of this plan in this window
    unit    of time; `left` counts them, for one seat; None: without limit
    window  the days of use that it pays for
    ends_on the last day of the plan itself, included
    """

    id: str
    plan: str
    space_kinds: frozenset[str]
    unit: str
    left: int | None
    window: Validity
    ends_on: date | None = None

    def is_of(self, on: date) -> bool:
        """Whether it may pay for a day."""
        return self.window.holds(on) and (self.ends_on is None or on <= self.ends_on)

    @property
    def lost_on(self) -> date:
        """The last day when it may be used; the far future without end."""
        return min(self.window.last or date.max, self.ends_on or date.max)


@dataclass(frozen=True)
class TicketRate:
    """How many tickets one unit of time of one seat takes."""

    space_kind: str
    unit: str
    tickets: int

    def __post_init__(self) -> None:
        """ValueError for a unit that takes none."""
        if self.tickets < 1:
            raise ValueError("a unit takes one ticket at least")


@dataclass(frozen=True)
class PassBook:
    """Prepaid tickets; `expires_on` is the last day of use, included; one rate a kind of space."""

    id: str
    left: int
    rates: tuple[TicketRate, ...]
    begins_on: date
    expires_on: date

    def is_of(self, on: date) -> bool:
        """Whether its tickets may pay for a day."""
        return self.begins_on <= on <= self.expires_on

    def rate(self, space_kind: str) -> TicketRate | None:
        """What it takes for a kind of space; None: it does not pay for it."""
        return next((rate for rate in self.rates if rate.space_kind == space_kind), None)


@dataclass(frozen=True)
class Entitlements:
    """All that may pay before money."""

    quotas: tuple[Quota, ...] = ()
    passes: tuple[PassBook, ...] = ()


NONE = Entitlements()


@dataclass(frozen=True)
class Spend:
    """What is taken from one entitlement for the uses of one day.

    kind   `quota` or `pass`
    units  of time, all seats together
    taken  units of the plan, or tickets of the pass
    """

    kind: str
    id: str
    on: date
    unit: str
    units: int
    taken: int


@dataclass(frozen=True)
class Piece:
    """One unit of one seat that an entitlement pays for."""

    kind: str
    id: str
    on: date
    unit: str
    taken: int
    period: Period


class Purse:
    """What is left of each entitlement while seats are served one after the other."""

    def __init__(self, entitlements: Entitlements, space_kind: str) -> None:
        self.quotas = sorted(
            (quota for quota in entitlements.quotas if space_kind in quota.space_kinds),
            key=lambda quota: (quota.left is not None, quota.lost_on, quota.id),
        )
        self.passes = sorted(
            (book for book in entitlements.passes if book.rate(space_kind)),
            key=lambda book: (book.expires_on, book.id),
        )
        self.space_kind = space_kind
        self._used: Counter[tuple[str, str]] = Counter()

    def left(self, of: Quota | PassBook) -> int | None:
        """What is left of one; None without limit."""
        kind = QUOTA if isinstance(of, Quota) else PASS
        return None if of.left is None else of.left - self._used[kind, of.id]

    def take(self, pieces: Iterable[Piece]) -> None:
        """Take what some pieces take."""
        for piece in pieces:
            self._used[piece.kind, piece.id] += piece.taken

    def put_back(self, piece: Piece) -> None:
        """Undo one."""
        self._used[piece.kind, piece.id] -= piece.taken

    def first(self, on: date) -> tuple[str, str, str, int] | None:
        """(kind, id, unit, what one unit takes) of what pays first on a day; None: nothing."""
        for quota in self.quotas:
            left = self.left(quota)
            if quota.is_of(on) and (left is None or left > 0):
                return QUOTA, quota.id, quota.unit, 1
        for book in self.passes:
            rate = book.rate(self.space_kind)
            if rate and book.is_of(on) and (self.left(book) or 0) >= rate.tickets:
                return PASS, book.id, rate.unit, rate.tickets
        return None

    def pay(self, charged: Charged, use: Use, reach: Callable[[date], Reach]) -> list[Piece]:
        """Take all that may pay for one seat, in order of time.

        reach  how far units go on a day
        """
        pieces: list[Piece] = []
        at: datetime | None = charged.periods[0].begins
        while at is not None:
            on = at.astimezone(use.zone).date()
            found = self.first(on)
            if found is None:
                at = charged.next(periods.day(on, use.zone).ends)
                continue
            kind, ident, unit, taken = found
            ends = reach(on).of(unit, at)
            piece = Piece(kind, ident, on, unit, taken, Period(at, ends))
            self.take([piece])
            pieces.append(piece)
            at = charged.next(ends)
        return pieces

    def order_to_put_back(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Tickets first, of the pass that expires last; then plans; the last in time first."""
        limited = [quota for quota in self.quotas if quota.left is not None]
        places = {(QUOTA, quota.id): n for n, quota in enumerate(limited)}
        places |= {(PASS, book.id): len(limited) + n for n, book in enumerate(self.passes)}
        counted = [piece for piece in pieces if (piece.kind, piece.id) in places]
        return sorted(
            counted, key=lambda piece: (places[piece.kind, piece.id], piece.period), reverse=True
        )


def spends(pieces: Iterable[Piece]) -> tuple[Spend, ...]:
    """Pieces added up by entitlement and day, in order of day."""
    found: dict[tuple[date, str, str], Spend] = {}
    for piece in pieces:
        key = (piece.on, piece.kind, piece.id)
        before = found.get(key) or Spend(piece.kind, piece.id, piece.on, piece.unit, 0, 0)
        found[key] = replace(before, units=before.units + 1, taken=before.taken + piece.taken)
    return tuple(found[key] for key in sorted(found))


def restored(entitlements: Entitlements, spent: Iterable[Spend]) -> Entitlements:
    """The same before something was taken from them."""
    taken: Counter[tuple[str, str]] = Counter()
    for spend in spent:
        taken[spend.kind, spend.id] += spend.taken
    return Entitlements(
        quotas=tuple(
            quota
            if quota.left is None
            else replace(quota, left=quota.left + taken[QUOTA, quota.id])
            for quota in entitlements.quotas
        ),
        passes=tuple(
            replace(book, left=book.left + taken[PASS, book.id]) for book in entitlements.passes
        ),
    )

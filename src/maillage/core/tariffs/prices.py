"""Price lists as they are voted: dated, by kind of space, unit of time and audience."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import cached_property

from maillage.core import assumptions, money
from maillage.core.periods import Period

UNITS = ("hour", "half_day", "day", "week", "month")
"""From the shortest to the longest."""

PUBLIC = "public"
"""The audience of everybody: its price is taken where there is no other."""

# a rate of 10 000 hundredths of a percent is the whole
_WHOLE_BP = 10_000


@dataclass(frozen=True)
class Validity:
    """Days from the first to the last, both included, as a vote says it; None: without end."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        """ValueError when the last day comes first."""
        if self.last is not None and self.last < self.first:
            raise ValueError("a validity ends after it begins")

    def holds(self, on: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Price:
    """What one unit of time costs for one seat.

    id            the caller's own
    cents         as voted, with tax or before tax; not negative
    vat_rate_bp   hundredths of a percent: 2000 for 20 %
    valid         None: as long as its list
    free_until    the last day when it costs nothing, included
    """

    id: str
    space_kind: str
    unit: str
    cents: int
    vat_rate_bp: int
    audience: str = PUBLIC
    includes_tax: bool = True
    valid: Validity | None = None
    free_until: date | None = None

    def __post_init__(self) -> None:
        """ValueError for what no list holds."""
        if self.unit not in UNITS:
            raise ValueError(self.unit)
        if self.cents < 0 or self.vat_rate_bp < 0:
            raise ValueError("neither a price nor its tax is negative")

    def is_free(self, on: date) -> bool:
        """Whether that day is in its free period."""
        return self.free_until is not None and on <= self.free_until

    def to_pay_cents(self, quantity: int) -> int:
        """Tax included; tax is rounded once, on the whole quantity."""
        cents = self.cents * quantity
        return cents if self.includes_tax else money.with_tax(cents, self.vat_rate_bp)

    def before_tax_cents(self, quantity: int) -> int:
        """The same without tax."""
        cents = self.cents * quantity
        return money.without_tax(cents, self.vat_rate_bp) if self.includes_tax else cents

    @property
    def exact(self) -> int:
        """Tax included, in hundredths of a percent of a cent: adds up without any rounding."""
        return self.cents * (_WHOLE_BP if self.includes_tax else _WHOLE_BP + self.vat_rate_bp)


def proposed_half_day_minutes() -> int:
    """How long a half-day is, at most, when nothing else was voted."""
    return int(assumptions.load_running().value("tariffs.half_day_minutes"))


@dataclass(frozen=True)
class PriceList:
    """The prices of one vote.

    voted_reference   as the deliberation is known
    half_day_minutes  a half-day covers so many minutes in a row
    """

    id: str
    voted_reference: str
    valid: Validity
    prices: tuple[Price, ...]
    half_day_minutes: int = field(default_factory=proposed_half_day_minutes)

    def __post_init__(self) -> None:
        """ValueError for a half-day that does not last."""
        if self.half_day_minutes < 1:
            raise ValueError("a half-day lasts")

    def named(self, space_kind: str, audience: str, on: date) -> dict[str, Price]:
        """unit -> price of an audience on a day; the last of two for one unit."""
        return {
            price.unit: price
            for price in self._of_space.get(space_kind, ())
            if price.audience == audience and (price.valid is None or price.valid.holds(on))
        }

    @cached_property
    def _of_space(self) -> dict[str, list[Price]]:
        found: dict[str, list[Price]] = {}
        for price in self.prices:
            found.setdefault(price.space_kind, []).append(price)
        return found


def in_force(lists: Sequence[PriceList], on: date) -> PriceList | None:
    """The list of a day of use: of those valid on it, the one that began last."""
    valid = [listed for listed in lists if listed.valid.holds(on)]
    return max(valid, key=lambda listed: (listed.valid.first, listed.id), default=None)


@dataclass(frozen=True)
class Use:
    """What somebody asks to use.

    zone            whose days count
    audience_until  the last day when the prices of the audience are theirs, included; afterwards
                    those of the public
    open            the open time of the place: only that is charged; None: all the period
    """

    period: Period
    space_kind: str
    zone: tzinfo
    audience: str = PUBLIC
    audience_until: date | None = None
    seats: int = 1
    open: tuple[Period, ...] | None = None

    def __post_init__(self) -> None:
        """ValueError without any seat."""
        if self.seats < 1:
            raise ValueError("a use has one seat at least")

    def audience_of(self, on: date) -> str:
        """Whose prices apply on a day."""
        ended = self.audience_until is not None and on > self.audience_until
        return PUBLIC if ended else self.audience

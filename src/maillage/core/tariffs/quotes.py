"""A quote: its lines, what entitlements pay, why; and the difference between two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from maillage.core.tariffs.entitlements import Spend
from maillage.core.tariffs.explaining import Why
from maillage.core.tariffs.prices import Price


@dataclass(frozen=True)
class Line:
    """Some units of one price.

    first         the first day of use that it pays for, at the earliest
    quantity      units, times seats
    amount_cents  tax included; `tax_cents` of it is tax
    """

    price: Price
    list_id: str
    voted_reference: str
    first: date
    quantity: int
    seats: int
    why: tuple[Why, ...] = ()

    @property
    def unit(self) -> str:
        """Of time."""
        return self.price.unit

    @property
    def vat_rate_bp(self) -> int:
        """Hundredths of a percent."""
        return self.price.vat_rate_bp

    @property
    def unit_cents(self) -> int:
        """As voted, with tax or before tax; nothing in a free period."""
        return 0 if self.is_free else self.price.cents

    @property
    def is_free(self) -> bool:
        """Whether that day is in the free period of the price."""
        return self.price.is_free(self.first)

    @property
    def amount_cents(self) -> int:
        """To pay, tax included."""
        return 0 if self.is_free else self.price.to_pay_cents(self.quantity)

    @property
    def tax_cents(self) -> int:
        """The tax in it."""
        if self.is_free:
            return 0
        return self.amount_cents - self.price.before_tax_cents(self.quantity)


@dataclass(frozen=True)
class Quote:
    """What a use costs, what entitlements pay for it, and why."""

    lines: tuple[Line, ...]
    spends: tuple[Spend, ...]
    why: tuple[Why, ...]

    @property
    def total_cents(self) -> int:
        """To pay, tax included."""
        return sum(line.amount_cents for line in self.lines)

    @property
    def tax_cents(self) -> int:
        """The tax in it."""
        return sum(line.tax_cents for line in self.lines)

    @property
    def by_rate(self) -> dict[int, int]:
        """vat_rate_bp -> cents to pay, tax included."""
        found: dict[int, int] = {}
        for line in self.lines:
            found[line.vat_rate_bp] = found.get(line.vat_rate_bp, 0) + line.amount_cents
        return found


@dataclass(frozen=True)
class Difference:
    """What a longer use costs more than the one before it.

    due_cents   tax included; negative when the new one is cheaper
    spends      what is taken on top; `given_back`: what comes back
    """

    due_cents: int
    spends: tuple[Spend, ...]
    given_back: tuple[Spend, ...]


def difference(old: Quote, new: Quote) -> Difference:
    """From one quote to another, as when a half-day becomes a day.

    The new one is quoted with the balances of before the old one (`restored`).
    """
    return Difference(
        due_cents=new.total_cents - old.total_cents,
        spends=_more(old.spends, new.spends),
        given_back=_more(new.spends, old.spends),
    )


def _more(before: tuple[Spend, ...], after: tuple[Spend, ...]) -> tuple[Spend, ...]:
    """What the second takes more than the first, by entitlement and day."""
    known: Mapping[tuple[str, str, date], Spend] = {(s.kind, s.id, s.on): s for s in before}
    found = []
    for spend in after:
        was = known.get((spend.kind, spend.id, spend.on))
        taken = spend.taken - (was.taken if was else 0)
        if taken > 0:
            units = spend.units - (was.units if was else 0)
            found.append(Spend(spend.kind, spend.id, spend.on, spend.unit, units, taken))
    return tuple(found)

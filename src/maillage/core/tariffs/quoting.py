"""What a use costs: entitlements first, then the cheapest units of the lists in force, explained.

A use that spans a change of prices is split at the local midnight when they change.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period
from maillage.core.tariffs import cover, explaining
from maillage.core.tariffs.cover import Charged, Cover, Reach
from maillage.core.tariffs.entitlements import NONE, Entitlements, Piece, Purse, spends
from maillage.core.tariffs.explaining import Why
from maillage.core.tariffs.prices import (
    PUBLIC,
    UNITS,
    Price,
    PriceList,
    Use,
    in_force,
    proposed_half_day_minutes,
)
from maillage.core.tariffs.quotes import Line, Quote

MOST_DAYS = 400
"""Of one use: a year and its margins."""


@dataclass(frozen=True)
class _Terms:
    """The prices that apply on a day; equal on days that are priced together."""

    listed: PriceList | None
    prices: tuple[Price, ...]
    is_free: tuple[bool, ...]
    audience: str

    @property
    def exact(self) -> dict[str, int]:
        """unit -> exact cost."""
        return {
            price.unit: 0 if is_free else price.exact
            for price, is_free in zip(self.prices, self.is_free, strict=True)
        }


@dataclass(frozen=True)
class _Part:
    """Days of a use that are priced together, from `first` on."""

    first: date
    span: Period
    terms: _Terms
    reach: Reach


@dataclass(frozen=True)
class _Bill:
    """A use cut into its parts."""

    use: Use
    parts: tuple[_Part, ...]
    charged: Charged
    covers: dict[tuple[int, Charged], Cover] = field(default_factory=dict, compare=False)

    @property
    def days(self) -> tuple[date, ...]:
        """The local days when something is charged, in order."""
        zone = self.use.zone
        found = {on for span in self.charged.periods for on in periods.local_days(span, zone)}
        return tuple(sorted(found))

    def left(self, pieces: Sequence[Piece]) -> list[tuple[int, Charged]]:
        """(part, what money pays for in it) once entitlements pay for some of it."""
        rest = periods.without(self.charged.periods, [piece.period for piece in pieces])
        found = []
        for n, part in enumerate(self.parts):
            shared = tuple(s for period in rest if (s := period.shared(part.span)))
            if shared:
                found.append((n, Charged(shared)))
        return found

    def cover(self, n: int, charged: Charged) -> Cover:
        """The cheapest units of a part; BadInput when it has no price."""
        if (n, charged) not in self.covers:
            part = self.parts[n]
            _refuse_without_price(part, self.use)
            self.covers[n, charged] = cover.cheapest(charged, part.terms.exact, part.reach)
        return self.covers[n, charged]

    def exact(self, pieces: Sequence[Piece]) -> int | None:
        """The exact cost of what is left; None when some of it has no price."""
        left = self.left(pieces)
        if not all(self.parts[n].terms.prices for n, _ in left):
            return None
        return sum(self.cover(n, charged).exact for n, charged in left)


def quote(lists: Sequence[PriceList], use: Use, entitlements: Entitlements = NONE) -> Quote:
    """The price of a use, with what plans and passes pay first.

    lists  of the body that runs the place, of any date
    BadInput  `no_price_in_force`, `no_price_for_space`, `use_too_long`
    """
    bill = _bill(lists, use)
    if bill is None:
        return Quote((), (), ())
    purse = Purse(entitlements, use.space_kind)
    seats_by_rest: Counter[tuple[tuple[int, Charged], ...]] = Counter()
    pieces: list[Piece] = []
    useless: list[Piece] = []
    for served in range(use.seats):
        paid, put_back = _of_one_seat(bill, purse)
        rest = tuple(bill.left(paid))
        useless += put_back
        if not paid:
            # nor for any of the others
            seats_by_rest[rest] += use.seats - served
            break
        pieces += paid
        seats_by_rest[rest] += 1
    lines = [
        line
        for rest, seats in seats_by_rest.items()
        for n, charged in rest
        for line in _lines(bill, n, charged, seats)
    ]
    lines.sort(key=lambda line: (line.first, -UNITS.index(line.unit), -line.quantity))
    is_paid = any(line.amount_cents for line in lines)
    why = (
        *_changes(bill),
        *(explaining.of_entitlements(purse, bill.days) if is_paid else ()),
        *explaining.spare_nothing(useless),
    )
    return Quote(tuple(lines), spends(pieces), why)


def _of_one_seat(bill: _Bill, purse: Purse) -> tuple[list[Piece], list[Piece]]:
    """What entitlements pay for one seat, and what they could have paid without sparing any."""
    pieces = purse.pay(bill.charged, bill.use, lambda on: _part_of(bill, on).reach)
    cost = bill.exact(pieces)
    useless = []
    for piece in purse.order_to_put_back(pieces):
        others = [other for other in pieces if other is not piece]
        if cost is not None and bill.exact(others) == cost:
            purse.put_back(piece)
            pieces = others
            useless.append(piece)
    return pieces, useless


def _bill(lists: Sequence[PriceList], use: Use) -> _Bill | None:
    days = periods.local_days(use.period, use.zone)
    if len(days) > MOST_DAYS:
        raise BadInput("use_too_long", most=MOST_DAYS)
    opened = (use.period,) if use.open is None else periods.merged(use.open)
    charged = tuple(shared for span in opened if (shared := span.shared(use.period)))
    if not charged:
        return None
    parts: list[tuple[date, date, _Terms]] = []
    for on in days:
        terms = _terms(lists, use, on)
        if parts and parts[-1][2] == terms:
            parts[-1] = (parts[-1][0], on, terms)
        else:
            parts.append((on, on, terms))
    return _Bill(use, tuple(_part(*part, use) for part in parts), Charged(charged))


def _part(first: date, last: date, terms: _Terms, use: Use) -> _Part:
    minutes = terms.listed.half_day_minutes if terms.listed else proposed_half_day_minutes()
    span = periods.days(first, last, use.zone)
    return _Part(first, span, terms, Reach(use.zone, minutes))


def _part_of(bill: _Bill, on: date) -> _Part:
    return next(part for part in reversed(bill.parts) if part.first <= on)


def _terms(lists: Sequence[PriceList], use: Use, on: date) -> _Terms:
    listed, audience = in_force(lists, on), use.audience_of(on)
    if listed is None:
        return _Terms(None, (), (), audience)
    named = listed.named(use.space_kind, PUBLIC, on)
    if audience != PUBLIC:
        named |= listed.named(use.space_kind, audience, on)
    prices = tuple(named[unit] for unit in UNITS if unit in named)
    return _Terms(listed, prices, tuple(price.is_free(on) for price in prices), audience)


def _refuse_without_price(part: _Part, use: Use) -> None:
    listed = part.terms.listed
    if listed is None:
        raise BadInput("no_price_in_force", on=part.first)
    if not part.terms.prices:
        raise BadInput(
            "no_price_for_space",
            on=part.first,
            space_kind=use.space_kind,
            reference=listed.voted_reference,
        )


def _lines(bill: _Bill, n: int, charged: Charged, seats: int) -> list[Line]:
    """One line a unit, longest first; the first one says what was dearer."""
    part, chosen = bill.parts[n], bill.cover(n, charged)
    listed, prices = part.terms.listed, {price.unit: price for price in part.terms.prices}
    assert listed is not None  # noqa: S101  (a cover has prices)
    first = charged.periods[0].begins.astimezone(bill.use.zone).date()
    lines = [
        Line(
            price=prices[unit],
            list_id=listed.id,
            voted_reference=listed.voted_reference,
            first=first,
            quantity=count * seats,
            seats=seats,
            why=explaining.of_price(prices[unit], bill.use, first),
        )
        for unit, count in chosen.units
    ]
    dearer = _dearer(part, charged, chosen)
    if dearer is not None:
        price, count = dearer
        total = sum(line.amount_cents for line in lines)
        said = explaining.rather_than(price, count * seats, total, is_alone=len(lines) == 1)
        lines[0] = replace(lines[0], why=(said, *lines[0].why))
    return lines


def _dearer(part: _Part, charged: Charged, chosen: Cover) -> tuple[Price, int] | None:
    """(price, how many) of the cheapest single unit, shorter than those chosen, that is dearer.

    None when there is none, or nothing to pay.
    """
    if not chosen.exact:
        return None
    longest = UNITS.index(chosen.units[0][0])
    found = []
    for price, is_free in zip(part.terms.prices, part.terms.is_free, strict=True):
        if UNITS.index(price.unit) >= longest or is_free:
            continue
        count = cover.alone(charged, price.unit, part.reach)
        if count * price.exact > chosen.exact:
            found.append((count * price.exact, price, count))
    if not found:
        return None
    _, price, count = min(found, key=lambda option: option[0])
    return price, count


def _changes(bill: _Bill) -> tuple[Why, ...]:
    """Where what was voted changes during a use; the audience alone is told by the lines."""
    return tuple(
        Why("price_changes", {"on": after.first, "reference": _reference(after)})
        for before, after in itertools.pairwise(bill.parts)
        if before.terms.audience == after.terms.audience
        and before.terms.prices != after.terms.prices
    )


def _reference(part: _Part) -> str | None:
    return part.terms.listed.voted_reference if part.terms.listed else None

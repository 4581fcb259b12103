"""Planned money: whole cents in `int64`; the only place that rounds or splits."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


def cents(euros: float) -> int:
    """Euros to whole cents, half away from zero."""
    magnitude = int(abs(euros) * 100 + 0.5)
    return magnitude if euros >= 0 else -magnitude


def cents_of(euros: Decimal) -> int:
    """Exact euros to whole cents, half away from zero."""
    return int((euros * 100).quantize(Decimal(1), ROUND_HALF_UP))


def with_tax(cents_before_tax: int, rate_bp: int) -> int:
    """Whole cents, tax included; half a cent goes up.

    cents_before_tax  not negative
    rate_bp           hundredths of a percent: 2000 for 20 %, 550 for 5.5 %
    """
    tax, rest = divmod(cents_before_tax * rate_bp, 10_000)
    return cents_before_tax + tax + (rest * 2 >= 10_000)


def without_tax(cents_with_tax: int, rate_bp: int) -> int:
    """Whole cents before tax; half a cent goes up; the rest is the tax.

    cents_with_tax  not negative
    rate_bp         as for `with_tax`
    """
    whole = 10_000 + rate_bp
    before, rest = divmod(cents_with_tax * 10_000, whole)
    return before + (rest * 2 >= whole)


def split(total_cents: int, weights: Sequence[float]) -> list[int]:
    """A total shared in proportion to weights, to the cent: the parts always add up.

    The cents left over go to the largest remainders, earliest first.
    """
    total_weight = sum(weights)
    if total_weight <= 0:
        raise ValueError("weights must have a positive sum")
    exact = [total_cents * weight / total_weight for weight in weights]
    floors = [int(part // 1) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: floors[n] - exact[n])
    for n in by_remainder[: total_cents - sum(floors)]:
        floors[n] += 1
    return floors


def apportioned(total_cents: int, shares: Sequence[int], of: int) -> list[int]:
    """A total whose exact parts are the shares divided by `of`, to the cent: they add up.

    total_cents  the sum of the exact parts, rounded to a whole cent
    shares       below 0 when given back; a share of 0 stays 0
    of           above 0
    The cents left over go to the largest remainders, earliest first; no float takes part.
    """
    floors = [share // of for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda n: -(shares[n] % of))
    for n in by_remainder[: total_cents - sum(floors)]:
        floors[n] += 1
    return floors


def between_marks(total_cents: int, first: int, end: int, of: int) -> int:
    """The part of a total from one mark to another of a whole cut in `of` equal steps.

    total_cents  not negative; half a cent goes up
    first, end   0 <= first <= end <= of; parts that follow each other add up, to the cent
    """
    if not 0 <= first <= end <= of or of < 1:
        raise ValueError("marks follow each other within the whole")

    def until(mark: int) -> int:
        whole, rest = divmod(total_cents * mark, of)
        return whole + (rest * 2 >= of)

    return until(end) - until(first)


@dataclass(frozen=True)
class Range:
    """An amount known as low, central and high; all three in the same unit."""

    low: float
    central: float
    high: float

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.central + other.central, self.high + other.high)

    def scaled(self, factor: float) -> "Range":
        """The same range times a known, non-negative factor."""
        return Range(self.low * factor, self.central * factor, self.high * factor)

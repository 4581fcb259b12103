"""A cost shared by a key: seats, days, fixed shares. The parts always add up, to the cent."""

from collections.abc import Mapping
from enum import StrEnum

from maillage.core import money
from maillage.core.bad_input import BadInput

WHOLE_BP = 10_000


class Basis(StrEnum):
    """What a key counts."""

    SEATS = "seats"
    DAYS = "days"
    FIXED = "fixed"


def shared(cents: int, weights: Mapping[int, int], basis: Basis) -> dict[int, int]:
    """The part of each, in cents; below 0 when a cost is given back.

    weights  by number of who shares: seats, half-days, or hundredths of a percent; a weight of
             0 pays nothing
    The cents left over go to the largest remainders; at equal remainders to the smallest number,
    whatever the order of `weights`.
    Raises BadInput `share_negative`, `share_nobody`, `share_not_whole`.
    """
    if any(weight < 0 for weight in weights.values()):
        raise BadInput("share_negative")
    whole = sum(weights.values())
    if not whole:
        raise BadInput("share_nobody", basis=basis.value)
    if basis is Basis.FIXED and whole != WHOLE_BP:
        raise BadInput("share_not_whole", percent=whole / 100)
    sign = -1 if cents < 0 else 1
    order = sorted(weights)
    parts = money.apportioned(abs(cents), [abs(cents) * weights[who] for who in order], whole)
    return {who: sign * part for who, part in zip(order, parts, strict=True)}

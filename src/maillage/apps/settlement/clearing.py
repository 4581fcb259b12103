"""Who gives how much to whom so that each has paid its part: few transfers, to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Transfer:
    """From a body that owes to one that is owed, above 0."""

    debtor_id: int
    creditor_id: int
    cents: int


def balances(parts: Mapping[int, int], paid: Mapping[int, int]) -> dict[int, int]:
    """What each body still owes, below 0 when it is owed; parts and payments are equal sums."""
    if sum(parts.values()) != sum(paid.values()):
        raise ValueError("what is shared is what was paid")
    return {pk: parts.get(pk, 0) - paid.get(pk, 0) for pk in sorted({*parts, *paid})}


def transfers(owed: Mapping[int, int]) -> list[Transfer]:
    """At most one transfer fewer than there are bodies, the largest amounts first."""
    if sum(owed.values()):
        raise ValueError("what some owe is what others are owed")
    debts = sorted(((c, pk) for pk, c in owed.items() if c > 0), key=lambda d: (-d[0], d[1]))
    claims = sorted(((-c, pk) for pk, c in owed.items() if c < 0), key=lambda d: (-d[0], d[1]))
    found: list[Transfer] = []
    while debts:
        (debt, debtor), (claim, creditor) = debts.pop(0), claims.pop(0)
        cents = min(debt, claim)
        found.append(Transfer(debtor, creditor, cents))
        if debt > cents:
            debts.insert(0, (debt - cents, debtor))
        if claim > cents:
            claims.insert(0, (claim - cents, creditor))
    return found

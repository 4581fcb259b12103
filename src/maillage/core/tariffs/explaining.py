"""Why a quote is what it is: codes and facts, worded by `report.prices`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from maillage.core.tariffs.entitlements import Piece, Purse, Quota
from maillage.core.tariffs.prices import PUBLIC, Price, Use


@dataclass(frozen=True)
class Why:
    """One reason.

    code, facts
      rather_than     unit, quantity, cents of a dearer choice; chosen_cents, is_alone
      free            until
      public_price    audience, ended_on (None: it has no price of its own)
      price_changes   on, reference
      plan_ended      plan, ended_on          plan_spent   plan
      pass_expired    id, expired_on          pass_short   id, left, needed
      spares_nothing  kind, id, taken
    """

    code: str
    facts: Mapping[str, object]


def rather_than(price: Price, quantity: int, chosen_cents: int, *, is_alone: bool) -> Why:
    """What the same time would have cost in another unit."""
    return Why(
        "rather_than",
        {
            "unit": price.unit,
            "quantity": quantity,
            "cents": price.to_pay_cents(quantity),
            "chosen_cents": chosen_cents,
            "is_alone": is_alone,
        },
    )


def of_price(price: Price, use: Use, on: date) -> tuple[Why, ...]:
    """Why this price on that day: free until, or the public one for want of another."""
    found = []
    if price.is_free(on):
        found.append(Why("free", {"until": price.free_until}))
    if price.audience == PUBLIC and use.audience != PUBLIC:
        ended = use.audience_until if use.audience_of(on) == PUBLIC else None
        found.append(Why("public_price", {"audience": use.audience, "ended_on": ended}))
    return tuple(found)


def of_entitlements(purse: Purse, days: Sequence[date]) -> tuple[Why, ...]:
    """What could not pay, and why: for a use that costs money.

    purse  once all seats are served
    """
    return (
        *_ended_plans(purse.quotas, days),
        *_spent_plans(purse, days),
        *(
            Why("pass_expired", {"id": book.id, "expired_on": book.expires_on})
            for book in purse.passes
            if book.expires_on < days[-1] and purse.left(book)
        ),
        *_short_passes(purse, days),
    )


def _ended_plans(quotas: Sequence[Quota], days: Sequence[date]) -> list[Why]:
    """Each plan over before the last day of use, once."""
    ends: dict[str, date] = {}
    for quota in quotas:
        ends[quota.plan] = max(ends.get(quota.plan, date.min), quota.ends_on or date.max)
    return [
        Why("plan_ended", {"plan": plan, "ended_on": ended_on})
        for plan, ended_on in ends.items()
        if ended_on < days[-1]
    ]


def _spent_plans(purse: Purse, days: Sequence[date]) -> list[Why]:
    spent = {
        quota.plan: None
        for quota in purse.quotas
        if purse.left(quota) == 0 and any(quota.is_of(on) for on in days)
    }
    return [Why("plan_spent", {"plan": plan}) for plan in spent]


def _short_passes(purse: Purse, days: Sequence[date]) -> list[Why]:
    """The passes with fewer tickets than one unit takes."""
    found = []
    for book in purse.passes:
        rate, left = book.rate(purse.space_kind), purse.left(book)
        if rate and left is not None and left < rate.tickets and any(map(book.is_of, days)):
            facts = {"id": book.id, "left": left, "needed": rate.tickets}
            found.append(Why("pass_short", facts))
    return found


def spare_nothing(pieces: Sequence[Piece]) -> tuple[Why, ...]:
    """What was put back, by entitlement."""
    taken: dict[tuple[str, str], int] = {}
    for piece in pieces:
        taken[piece.kind, piece.id] = taken.get((piece.kind, piece.id), 0) + piece.taken
    return tuple(
        Why("spares_nothing", {"kind": kind, "id": ident, "taken": count})
        for (kind, ident), count in taken.items()
    )

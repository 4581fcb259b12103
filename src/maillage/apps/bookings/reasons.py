"""Why a booking costs what it costs, in the words that its page says."""

from dataclasses import replace

from maillage.apps.bookings.same_day import DIFFERENCE
from maillage.apps.memberships.entitlements import Holdings
from maillage.apps.tariffs.models import PRICED
from maillage.core.tariffs import Line, Quote, Why
from maillage.report import french, prices


def because(found: Quote, held: Holdings | None) -> tuple[str, ...]:
    """What the price alone does not say: what was dearer, which plan is over, what is left."""
    names = {code: str(label) for code, label in PRICED} | _names(held)
    compared = [
        f"{prices.line(line)}." for line in found.lines if _is_compared(line) and line.amount_cents
    ]
    worded = replace(
        found,
        lines=tuple(replace(line, why=_worded(line.why)) for line in found.lines),
        why=_worded(found.why),
    )
    return (*_of_the_day(found), *compared, *prices.because(worded, names))


def _of_the_day(found: Quote) -> list[str]:
    return [
        f"La journée entière coûte {french.cents(int(str(why.facts['whole_cents'])))} : "
        f"{french.cents(int(str(why.facts['counted_cents'])))} sont déjà comptés."
        for line in found.lines
        for why in line.why
        if why.code == DIFFERENCE
    ]


def _worded(reasons: tuple[Why, ...]) -> tuple[Why, ...]:
    return tuple(why for why in reasons if why.code in prices.CODES)


def _is_compared(line: Line) -> bool:
    return any(why.code == "rather_than" and why.facts["is_alone"] for why in line.why)


def _names(held: Holdings | None) -> dict[str, str]:
    """Of plans, which reasons name, and of carnets, which they number."""
    if held is None:
        return {}
    plans = {one.plan.name: one.plan.name for one in held.subscriptions}
    return plans | {str(one.pk): one.plan.name for one in held.carnets}

"""What several demands would cost somebody, told before she books: read at once, nothing spent."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from maillage.apps.bookings import price
from maillage.apps.bookings.asked import Ask
from maillage.apps.bookings.price import Pricing, Who
from maillage.apps.bookings.reasons import because
from maillage.apps.bookings.space_rules import Setting
from maillage.apps.memberships.entitlements import Holdings
from maillage.core.periods import Period
from maillage.core.tariffs import Quote, Spend
from maillage.kit.refusal import Refusal
from maillage.report import french

PASS = "pass"  # noqa: S105  (tickets, not a password)


@dataclass(frozen=True)
class Demand:
    """Something somebody may book, with what decides of it."""

    setting: Setting
    ask: Ask


@dataclass(frozen=True)
class Offer:
    """What a demand costs her.

    quote    None where no price is voted, or where the payer refuses: `refusal` then says why
    spends   « 1 ticket du carnet « Dix demi-journées » »
    reasons  why it costs that: a plan that is over, what would have been dearer
    """

    quote: Quote | None = None
    refusal: str = ""
    spends: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def cents(self) -> int | None:
        """To pay, tax included; None when nobody knows."""
        return None if self.quote is None else self.quote.total_cents

    @property
    def is_paid_in_advance(self) -> bool:
        """Whether what she already holds pays all of it."""
        return bool(self.spends) and self.cents == 0

    @property
    def text(self) -> str:
        """« 12,00 € », « 0 € », or that nobody knows."""
        if self.cents is None:
            return "Tarif non renseigné"
        return french.cents(self.cents) if self.cents else f"0{french.NBSP}€"


@dataclass
class Teller:
    """Prices of some spaces for somebody, what is told being taken from what she has left."""

    pricing: Pricing
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, demands: Sequence[Demand], who: Who) -> "Teller | None":
        """Everything read at once; None when nothing is asked."""
        if not demands:
            return None
        within = Period(
            min(one.ask.period.begins for one in demands),
            max(one.ask.period.ends for one in demands),
        )
        known = price.pricing([one.setting.space for one in demands], who, within)
        return cls(known, _names(known.holdings))

    def tell(self, one: Demand) -> Offer:
        """What it costs alone."""
        ask = one.ask
        try:
            found = self.pricing.quote(one.setting.space, ask.period, ask.party, ask.is_whole)
        except Refusal as refusal:
            return Offer(refusal=str(refusal))
        if not price.is_priced(found):
            return Offer()
        return Offer(
            found,
            spends=tuple(self._words(spend) for spend in found.spends),
            reasons=because(found, self.pricing.holdings),
        )

    def tell_and_take(self, one: Demand) -> Offer:
        """The same, and the next demand no longer has what this one takes."""
        told = self.tell(one)
        held = self.pricing.holdings
        if told.quote is not None and held is not None and told.quote.spends:
            self.pricing = replace(self.pricing, holdings=_less(held, told.quote.spends))
        return told

    def _words(self, spend: Spend) -> str:
        name = self.names.get((spend.kind, spend.id.partition(":")[0]), "")
        if spend.kind == PASS:
            return f"{french.count(spend.taken, 'ticket')} du carnet « {name} »"
        return f"compris dans l’abonnement « {name} »"


def each(demands: Sequence[Demand], who: Who) -> list[Offer]:
    """The offer of each alone: as many queries for one as for a hundred."""
    teller = Teller.of(demands, who)
    return [teller.tell(one) for one in demands] if teller else []


def in_turn(demands: Sequence[Demand], who: Who) -> list[Offer]:
    """The offers of what is booked at once, in order."""
    teller = Teller.of(demands, who)
    return [teller.tell_and_take(one) for one in demands] if teller else []


def _names(held: Holdings | None) -> dict[tuple[str, str], str]:
    if held is None:
        return {}
    named = {("quota", str(one.pk)): one.plan.name for one in held.subscriptions}
    return named | {(PASS, str(one.pk)): one.plan.name for one in held.carnets}


def _less(held: Holdings, spends: Sequence[Spend]) -> Holdings:
    taken, tickets = dict(held.taken), dict(held.tickets)
    for spend in spends:
        if spend.kind == PASS:
            tickets[int(spend.id)] = tickets.get(int(spend.id), 0) + spend.taken
        else:
            subscription, quota, first = spend.id.split(":")
            key = (int(subscription), int(quota), date.fromisoformat(first))
            taken[key] = taken.get(key, 0) + spend.taken
    return replace(held, taken=taken, tickets=tickets)

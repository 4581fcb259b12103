"""What a file of counters would charge: each line, its payer, its price; all that is wrong."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from maillage.apps.settlement.models import CopyCode, CopyPrice
from maillage.apps.sites.models import Site
from maillage.core.bad_input import BadInput
from maillage.core.sources import counters
from maillage.core.sources.counters import Counted
from maillage.kit.refusal import Refusal
from maillage.report import refusals


class UnreadableCounters(Refusal):
    """The file as a whole."""

    sentence = "{why}"


class NoCopyPrice(Refusal):
    """Nothing says what a page costs."""

    sentence = _("Aucun prix de page au {day}. Fixez le prix des copies, puis importez.")


@dataclass(frozen=True)
class Planned:
    """A line of the file: whose it is, what it comes to, tax included.

    code_id  None: nobody is known under that code
    """

    counted: Counted
    code_id: int | None
    price_id: int
    mono_cents: int
    colour_cents: int

    @property
    def cents(self) -> int:
        """Both together."""
        return self.mono_cents + self.colour_cents


@dataclass(frozen=True)
class Plan:
    """A whole file; faults are sentences that name their line and column."""

    lines: tuple[Planned, ...]
    faults: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Names what was read, so that nothing else is imported."""
        return hashlib.sha256(repr(self.lines).encode()).hexdigest()

    @property
    def unknown(self) -> tuple[str, ...]:
        """The codes that are nobody's yet."""
        found = (one.counted.code for one in self.lines if one.code_id is None)
        return tuple(dict.fromkeys(found))


def plan_of(site: Site, name: str, text: str) -> Plan:
    """What a file would do now."""
    try:
        reading = counters.read(name, text)
    except BadInput as fault:
        raise UnreadableCounters(why=_said(fault)) from fault
    codes = dict(CopyCode.objects.filter(site=site).values_list("code", "pk"))
    prices = prices_of(site)
    lines = tuple(_planned(one, codes, prices) for one in reading.items)
    return Plan(lines, tuple(_said(fault) for fault in reading.faults))


def prices_of(site: Site) -> list[CopyPrice]:
    """The latest first."""
    return list(CopyPrice.objects.filter(site=site).order_by("-starts_on"))


def price_on(prices: Sequence[CopyPrice], on: date) -> CopyPrice:
    """The price of a day, refused when there is none."""
    for price in prices:
        if price.starts_on <= on:
            return price
    raise NoCopyPrice(day=f"{on:%d/%m/%Y}")


def _planned(one: Counted, codes: Mapping[str, int], prices: Sequence[CopyPrice]) -> Planned:
    price = price_on(prices, one.last_on)
    return Planned(
        one,
        codes.get(one.code),
        price.pk,
        one.mono_pages * price.mono_cents,
        one.colour_pages * price.colour_cents,
    )


def _said(fault: BadInput) -> str:
    return refusals.for_page(refusals.sentence(fault))

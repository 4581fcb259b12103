"""What a credit note gives back: the last one leaves nothing, at any rate, to the cent.

method  docs/method/invoicing.md
"""

from collections.abc import Sequence

from maillage.core import money
from maillage.core.bad_input import BadInput
from maillage.core.invoicing.items import Item, TaxGroup, Totals, VatStatus
from maillage.core.invoicing.totals import (
    before_tax,
    group,
    lines_of,
    rates_of,
    refuse_unfit,
    signed_without_tax,
    summed,
    tax_on,
)


def credit(
    items: Sequence[Item],
    status: VatStatus,
    *,
    invoiced: Sequence[TaxGroup],
    credited: Sequence[TaxGroup],
) -> Totals:
    """What giving back these items says, of an invoice already credited in part.

    items     amounts to give back, above 0; a line that gave back comes with its minus
    invoiced  the groups of the invoice
    credited  those of all its credit notes so far, above 0 as printed
    Raises BadInput `credit_above_invoice` when more than what is left would be given back.
    """
    refuse_unfit(items, status)
    nets = [0] * len(items)
    groups = []
    for rate_bp in rates_of(items):
        left = _left(rate_bp, invoiced, credited)
        at_rate = [n for n, item in enumerate(items) if item.vat_rate_bp == rate_bp]
        base, tax = _taken([items[n] for n in at_rate], left, rate_bp)
        parts = _shared([items[n] for n in at_rate], base, rate_bp)
        for n, net in zip(at_rate, parts, strict=True):
            nets[n] = net
        groups.append(group(status, rate_bp, base, tax))
    return summed(lines_of(items, nets, status), groups)


def _left(
    rate_bp: int, invoiced: Sequence[TaxGroup], credited: Sequence[TaxGroup]
) -> tuple[int, int]:
    """The base and the tax of a rate that may still be given back."""

    def total(groups: Sequence[TaxGroup]) -> tuple[int, int]:
        at_rate = [g for g in groups if g.vat_rate_bp == rate_bp]
        return sum(g.base_cents for g in at_rate), sum(g.tax_cents for g in at_rate)

    (base, tax), (base_back, tax_back) = total(invoiced), total(credited)
    return base - base_back, tax - tax_back


def _taken(items: Sequence[Item], left: tuple[int, int], rate_bp: int) -> tuple[int, int]:
    """The base and the tax given back at one rate: in proportion of what is left of them."""
    within = sum(item.amount_cents for item in items if item.includes_tax)
    apart = sum(item.amount_cents for item in items if not item.includes_tax)
    # what was invoiced below 0 is credited below 0: the same arithmetic, mirrored
    sign = -1 if sum(left) < 0 else 1
    base_left, tax_left = sign * left[0], sign * left[1]
    if within:
        asked = sign * (within + apart + tax_on(apart, rate_bp))
        most = base_left + tax_left
        # each price without tax rounds its tax by itself: asked together, they are all that is left
        if abs(asked - most) <= sum(not item.includes_tax for item in items):
            asked = most
        base = money.between_marks(base_left, 0, asked, most) if 0 < asked <= most else 0
        tax = asked - base
    else:
        asked, most = sign * apart, base_left
        base = asked
        tax = money.between_marks(tax_left, 0, asked, most) if 0 < asked <= most else 0
    if not 0 <= asked <= most:
        raise BadInput("credit_above_invoice", rate_bp=rate_bp, asked=asked, left=most)
    return sign * base, sign * tax


def _shared(items: Sequence[Item], base_cents: int, rate_bp: int) -> list[int]:
    """The amount before tax of each item: they add up to the base given back."""
    weights = [
        item.amount_cents
        if item.includes_tax
        else item.amount_cents + tax_on(item.amount_cents, rate_bp)
        for item in items
    ]
    whole = sum(weights)
    if not whole:
        return before_tax(weights, signed_without_tax(whole, rate_bp), rate_bp)
    if whole < 0:
        weights = [-weight for weight in weights]
    return money.apportioned(base_cents, [base_cents * weight for weight in weights], abs(whole))

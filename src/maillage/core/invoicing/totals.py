"""Items to lines, bases and taxes: every sum holds to the cent.

method  docs/method/invoicing.md
"""

from collections.abc import Sequence
from decimal import Decimal

from maillage.core import money
from maillage.core.bad_input import BadInput
from maillage.core.invoicing.items import Item, Line, TaxGroup, Totals, VatStatus

MICRO = Decimal("0.000001")
# code list of EN 16931: why no tax is due
EXEMPTIONS = {
    VatStatus.LIABLE: "",
    VatStatus.FRANCHISE: "VATEX-FR-FRANCHISE",
    VatStatus.OUT_OF_SCOPE: "VATEX-EU-O",
}
_WITHOUT_TAX = {VatStatus.LIABLE: "E", VatStatus.FRANCHISE: "E", VatStatus.OUT_OF_SCOPE: "O"}


def totals(items: Sequence[Item], status: VatStatus) -> Totals:
    """What a document says of these items: a price voted with tax stays exact, per rate.

    Raises BadInput `invoice_without_line`, `invoice_quantity_zero`, and `invoice_tax_not_due`
    when a body that owes no VAT would invoice some.
    """
    refuse_unfit(items, status)
    nets = [0] * len(items)
    groups = []
    for rate_bp in rates_of(items):
        at_rate = [n for n, item in enumerate(items) if item.vat_rate_bp == rate_bp]
        within = [n for n in at_rate if items[n].includes_tax]
        apart = [n for n in at_rate if not items[n].includes_tax]
        amounts = [items[n].amount_cents for n in within]
        base = signed_without_tax(sum(amounts), rate_bp)
        for n, net in zip(within, before_tax(amounts, base, rate_bp), strict=True):
            nets[n] = net
        for n in apart:
            nets[n] = items[n].amount_cents
        base_apart = sum(items[n].amount_cents for n in apart)
        tax = sum(amounts) - base + tax_on(base_apart, rate_bp)
        groups.append(group(status, rate_bp, base + base_apart, tax))
    return summed(lines_of(items, nets, status), groups)


def refuse_unfit(items: Sequence[Item], status: VatStatus) -> None:
    """Stop at what no document could say."""
    if not items:
        raise BadInput("invoice_without_line")
    for item in items:
        if item.quantity == 0:
            raise BadInput("invoice_quantity_zero", label=item.label)
        if item.ends < item.begins:
            raise BadInput("invoice_line_ends_first", label=item.label)
        if item.vat_rate_bp and status is not VatStatus.LIABLE:
            raise BadInput("invoice_tax_not_due", label=item.label, rate_bp=item.vat_rate_bp)


def rates_of(items: Sequence[Item]) -> list[int]:
    """Each rate once, the highest first."""
    return sorted({item.vat_rate_bp for item in items}, reverse=True)


def signed_without_tax(cents_with_tax: int, rate_bp: int) -> int:
    """`money.without_tax` for what may be given back: the same amount with its sign."""
    before = money.without_tax(abs(cents_with_tax), rate_bp)
    return before if cents_with_tax >= 0 else -before


def tax_on(base_cents: int, rate_bp: int) -> int:
    """The tax on a base that may be below 0."""
    tax = money.with_tax(abs(base_cents), rate_bp) - abs(base_cents)
    return tax if base_cents >= 0 else -tax


def before_tax(amounts: Sequence[int], base_cents: int, rate_bp: int) -> list[int]:
    """Amounts with tax, each without it, which add up to the base of their sum."""
    shares = [amount * 10_000 for amount in amounts]
    whole = 10_000 + rate_bp
    # a base below 0 was rounded away from zero: the same parts, mirrored
    if base_cents < 0:
        return [-part for part in money.apportioned(-base_cents, [-s for s in shares], whole)]
    return money.apportioned(base_cents, shares, whole)


def lines_of(items: Sequence[Item], nets: Sequence[int], status: VatStatus) -> list[Line]:
    """Items with their amounts before tax, as lines."""
    return [_line(item, net, status) for item, net in zip(items, nets, strict=True)]


def _line(item: Item, net_cents: int, status: VatStatus) -> Line:
    quantity = abs(item.quantity)
    return Line(
        label=item.label,
        detail=item.detail,
        quantity=-quantity if item.amount_cents < 0 else quantity,
        unit=item.unit,
        unit_price=(Decimal(abs(net_cents)) / 100 / quantity).quantize(MICRO),
        net_cents=net_cents,
        category=category(status, item.vat_rate_bp),
        vat_rate_bp=item.vat_rate_bp,
        begins=item.begins,
        ends=item.ends,
    )


def category(status: VatStatus, rate_bp: int) -> str:
    """S when tax is due, else E or O."""
    return "S" if rate_bp else _WITHOUT_TAX[status]


def group(status: VatStatus, rate_bp: int, base_cents: int, tax_cents: int) -> TaxGroup:
    """The base and the tax of one rate, with why it bears none."""
    exemption = "" if rate_bp else EXEMPTIONS[status]
    return TaxGroup(category(status, rate_bp), rate_bp, base_cents, tax_cents, exemption)


def summed(lines: Sequence[Line], groups: Sequence[TaxGroup]) -> Totals:
    """Lines and groups with their sums."""
    net_cents = sum(g.base_cents for g in groups)
    tax_cents = sum(g.tax_cents for g in groups)
    return Totals(tuple(lines), tuple(groups), net_cents, tax_cents, net_cents + tax_cents)

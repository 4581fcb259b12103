"""Invoices to the cent: prices with tax stay exact, credits and invoice make 0 at each rate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.bad_input import BadInput
from maillage.core.invoicing import (
    Item,
    TaxGroup,
    VatStatus,
    credit,
    due_on,
    is_number,
    number,
    totals,
)

MARCH = {"begins": date(2027, 3, 1), "ends": date(2027, 3, 31)}
LIABLE = VatStatus.LIABLE
RATES = (2000, 1000, 550, 210, 0)


def item(amount_cents: int, rate_bp: int = 2000, **changed) -> Item:
    told = {
        "label": "Poste de travail, journée",
        "quantity": Decimal(1),
        "unit": "jour",
        "includes_tax": True,
        **MARCH,
    } | changed
    return Item(amount_cents=amount_cents, vat_rate_bp=rate_bp, **told)


amounts = st.integers(-500_00, 5_000_00)
priced = st.builds(
    item,
    amounts,
    st.sampled_from(RATES),
    includes_tax=st.booleans(),
    quantity=st.decimals("0.001", 999, places=3),
)
many = st.lists(priced, min_size=1, max_size=30)


def test_a_price_voted_with_tax_stays_what_was_voted():
    found = totals([item(15_00), item(15_00), item(15_00)], LIABLE)

    assert found.gross_cents == 45_00
    assert found.groups == (TaxGroup("S", 2000, 37_50, 7_50, ""),)
    assert [line.net_cents for line in found.lines] == [12_50, 12_50, 12_50]


def test_the_cent_left_over_goes_to_the_first_of_equal_lines():
    found = totals([item(10), item(10), item(10)], LIABLE)

    assert found.groups[0].base_cents == 25
    assert [line.net_cents for line in found.lines] == [9, 8, 8]


def test_a_price_before_tax_has_its_tax_rounded_once_a_rate():
    found = totals([item(33, includes_tax=False) for _ in range(3)], LIABLE)

    assert found.groups == (TaxGroup("S", 2000, 99, 20, ""),)


def test_prices_with_and_without_tax_meet_at_one_rate():
    found = totals([item(12_00), item(10_00, includes_tax=False)], LIABLE)

    assert found.groups == (TaxGroup("S", 2000, 20_00, 4_00, ""),)


def test_a_body_in_franchise_invoices_no_tax_and_says_why():
    found = totals([item(15_00, 0)], VatStatus.FRANCHISE)

    assert found.groups == (TaxGroup("E", 0, 15_00, 0, "VATEX-FR-FRANCHISE"),)
    assert found.lines[0].category == "E"


def test_a_body_out_of_scope_invoices_no_tax_and_says_why():
    found = totals([item(15_00, 0)], VatStatus.OUT_OF_SCOPE)

    assert found.groups == (TaxGroup("O", 0, 15_00, 0, "VATEX-EU-O"),)


@pytest.mark.parametrize("status", [VatStatus.FRANCHISE, VatStatus.OUT_OF_SCOPE])
def test_a_tax_that_is_not_owed_is_refused(status):
    with pytest.raises(BadInput) as refused:
        totals([item(15_00, 0), item(15_00, 2000)], status)

    assert refused.value.code == "invoice_tax_not_due"


def test_a_line_of_0_euros_is_kept():
    found = totals([item(0), item(12_00)], LIABLE)

    assert [line.net_cents for line in found.lines] == [0, 10_00]
    assert found.lines[0].unit_price == 0


def test_what_is_given_back_has_a_quantity_below_0_and_a_price_above():
    line = totals([item(24_00), item(-12_00, quantity=Decimal(2))], LIABLE).lines[1]

    assert (line.quantity, line.unit_price, line.net_cents) == (Decimal(-2), Decimal(5), -10_00)


def test_an_invoice_without_line_is_refused():
    with pytest.raises(BadInput) as refused:
        totals([], LIABLE)

    assert refused.value.code == "invoice_without_line"


def test_a_quantity_of_0_is_refused():
    with pytest.raises(BadInput) as refused:
        totals([item(1, quantity=Decimal(0))], LIABLE)

    assert refused.value.code == "invoice_quantity_zero"


def test_a_service_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput) as refused:
        totals([item(1, ends=date(2027, 2, 1))], LIABLE)

    assert refused.value.code == "invoice_line_ends_first"


@given(many)
def test_totals_are_the_sums_of_bases_and_taxes_and_lines(items):
    found = totals(items, LIABLE)

    assert found.gross_cents == found.net_cents + found.tax_cents
    assert found.net_cents == sum(line.net_cents for line in found.lines)
    for group in found.groups:
        lines = [line for line in found.lines if line.vat_rate_bp == group.vat_rate_bp]
        assert group.base_cents == sum(line.net_cents for line in lines)
        # two roundings: of the prices with tax, of those without
        assert abs(group.tax_cents * 10_000 - group.base_cents * group.vat_rate_bp) <= 16_000
    for asked, line in zip(items, found.lines, strict=True):
        assert line.unit_price >= 0
        assert line.unit_price == line.unit_price.quantize(Decimal("0.000001"))
        assert line.net_cents * asked.amount_cents >= 0
        told = (line.unit_price * line.quantity * 100).quantize(Decimal(1))
        assert abs(told - line.net_cents) <= (1 if abs(line.quantity) > 999 else 0)


@given(st.lists(st.builds(item, amounts, st.sampled_from(RATES)), min_size=1, max_size=30))
def test_the_sum_of_prices_with_tax_is_paid_to_the_cent(items):
    assert totals(items, LIABLE).gross_cents == sum(i.amount_cents for i in items)


@given(many)
def test_a_whole_credit_gives_back_the_invoice_at_each_rate(items):
    invoice = totals(items, LIABLE)

    back = credit(items, LIABLE, invoiced=invoice.groups, credited=())

    assert back.groups == invoice.groups
    assert back.net_cents == sum(line.net_cents for line in back.lines)


@given(
    st.lists(st.integers(1, 300_00), min_size=1, max_size=8),
    st.sampled_from(RATES),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_partial_credits_and_the_last_one_make_the_invoice_0(asked, rate_bp, with_tax, chance):
    items = [item(cents, rate_bp, includes_tax=with_tax) for cents in asked]
    invoice = totals(items, LIABLE)
    pieces = [part for cents in asked for part in pieces_of(cents, chance)]
    chance.shuffle(pieces)

    given_back: list[TaxGroup] = []
    for cents in pieces:
        part = credit(
            [item(cents, rate_bp, includes_tax=with_tax)],
            LIABLE,
            invoiced=invoice.groups,
            credited=given_back,
        )
        assert min(part.net_cents, part.tax_cents) >= 0
        assert (part.gross_cents if with_tax else part.net_cents) == cents
        given_back += part.groups

    assert sum(g.base_cents for g in given_back) == invoice.net_cents
    assert sum(g.tax_cents for g in given_back) == invoice.tax_cents


def pieces_of(cents: int, chance) -> list[int]:
    cut = chance.randint(0, cents)
    return [part for part in (cut, cents - cut) if part]


def test_a_cent_more_than_what_is_left_is_not_given_back():
    invoice = totals([item(12_00)], LIABLE)
    half = credit([item(6_00)], LIABLE, invoiced=invoice.groups, credited=())

    with pytest.raises(BadInput) as refused:
        credit([item(6_01)], LIABLE, invoiced=invoice.groups, credited=half.groups)

    assert refused.value.code == "credit_above_invoice"
    assert refused.value.facts == {"rate_bp": 2000, "asked": 6_01, "left": 6_00}


def test_a_rate_that_was_not_invoiced_is_not_given_back():
    invoice = totals([item(12_00, 2000)], LIABLE)

    with pytest.raises(BadInput) as refused:
        credit([item(1, 1000)], LIABLE, invoiced=invoice.groups, credited=())

    assert refused.value.code == "credit_above_invoice"


def test_prices_with_and_without_tax_are_given_back_together():
    items = [item(9), item(4, includes_tax=False), item(4, includes_tax=False)]
    invoice = totals(items, LIABLE)
    first = credit(items[1:2], LIABLE, invoiced=invoice.groups, credited=())

    last = credit([items[0], items[2]], LIABLE, invoiced=invoice.groups, credited=first.groups)

    assert first.net_cents + last.net_cents == invoice.net_cents
    assert first.tax_cents + last.tax_cents == invoice.tax_cents


def test_a_number_says_its_series_its_year_its_rank():
    assert number("FA", 2026, 42) == "FA-2026-000042"
    assert number("AV", 2027, 1_234_567) == "AV-2027-1234567"


@pytest.mark.parametrize("prefix", ["É", "F A", "F" * 40, "F&A"])
def test_a_number_the_platforms_refuse_is_refused(prefix):
    with pytest.raises(BadInput) as refused:
        number(prefix, 2026, 1)

    assert refused.value.code == "invoice_number_unfit"


def test_a_number_has_at_most_35_signs():
    assert is_number("F" * 35)
    assert not is_number("F" * 36)
    assert not is_number("")
    assert not is_number("FA-1\n")


def test_it_is_due_so_many_days_later_or_at_the_end_of_that_month():
    assert due_on(date(2027, 1, 31), 30) == date(2027, 3, 2)
    assert due_on(date(2027, 1, 31), 30, end_of_month=True) == date(2027, 3, 31)
    assert due_on(date(2028, 2, 1), 0, end_of_month=True) == date(2028, 2, 29)

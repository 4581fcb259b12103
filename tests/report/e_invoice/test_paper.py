"""The words of a printed invoice, as its reader expects them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from factories import e_invoices
from factories.e_invoices import item
from maillage.core.invoicing import VatStatus, totals
from maillage.report.e_invoice import Means, paper


def plain(words: object) -> object:
    if isinstance(words, str):
        return words.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")
    return [plain(one) for one in words]


@pytest.mark.parametrize(
    ("number", "least", "said"),
    [("3", 0, "3"), ("0.5", 0, "0,5"), ("-2", 0, "-2"), ("12.5", 2, "12,50"),
     ("4.166667", 2, "4,166667"), ("1234567.1", 0, "1 234 567,1"), ("0", 2, "0,00")],
)  # fmt: skip
def test_a_number_keeps_all_its_decimals(number, least, said):
    assert plain(paper.decimal(Decimal(number), least)) == said


def test_a_line_says_its_days_when_they_are_not_those_of_the_invoice():
    one_day = item(12_00, begins=date(2027, 3, 9), ends=date(2027, 3, 9), detail="Beaujeu")
    document = e_invoices.document(totals([one_day, item(12_00)], VatStatus.LIABLE))

    assert [line["said"] for line in paper.words(document)["lines"]] == [
        "Beaujeu · le 9 mars 2027",
        "",
    ]


def test_units_agree_with_their_quantity():
    items = [
        item(12_00, quantity=Decimal("1.5"), unit="hour"),
        item(12_00, quantity=Decimal(2), unit="half_day"),
        item(-12_00, quantity=Decimal(3), unit="month"),
        item(12_00, quantity=Decimal(2), unit="badge"),
    ]
    document = e_invoices.document(totals(items, VatStatus.LIABLE))

    assert plain([line["quantity"] for line in paper.words(document)["lines"]]) == [
        "1,5 heure",
        "2 demi-journées",
        "-3 mois",
        "2 badge",
    ]


@pytest.mark.parametrize(
    ("means", "said"),
    [
        (Means.TRANSFER, "À régler par virement au plus tard le 1er mai 2027."),
        (Means.CARD, "À régler par carte au plus tard le 1er mai 2027."),
        (Means.CASH, "À régler en espèces au plus tard le 1er mai 2027."),
        (Means.CHEQUE, "Chèque à l’ordre de Les Ateliers du Val (fictif), au plus tard le "
                       "1er mai 2027."),
    ],
)  # fmt: skip
def test_each_means_of_payment_is_said(means, said):
    document = replace(e_invoices.normal(), means=means)

    assert plain(paper.words(document)["payment"]["said"])[0] == said


def test_a_debit_says_when_it_is_due_the_mandate_and_the_end_of_the_account():
    (said,) = plain(paper.words(e_invoices.person())["payment"]["said"])

    assert said == (
        "Prélèvement SEPA sur le compte finissant par 0189, échéance du 1er mai 2027 ; le jour du "
        "prélèvement vous est annoncé avant. "
        "Mandat MAILLAGE-2027-0031, identifiant créancier FR72ZZZ123456."
    )


def test_what_is_paid_before_is_taken_off():
    sums = plain(paper.words(e_invoices.deposit())["sums"])

    assert sums[-1] == ["Déjà payé par chèque", "-20,00 €"]
    assert plain(paper.words(e_invoices.deposit())["due"]) == ["À payer", "53,80 €"]


def test_an_invoice_of_0_euros_asks_nothing_and_is_not_called_paid():
    words = paper.words(e_invoices.nothing())

    assert words["stamp"] == ""
    assert plain(words["payment"]["said"]) == ["Il n’y a rien à payer."]

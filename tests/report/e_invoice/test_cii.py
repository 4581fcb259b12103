"""The XML of an invoice: accepted by the real schema and both sets of rules, whatever is typed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from factories import e_invoices
from factories.e_invoices import CASES, item
from maillage.core.bad_input import BadInput
from maillage.core.invoicing import VatStatus, credit, totals
from maillage.report import e_invoice, refusals
from maillage.report.e_invoice import Kind, Means, Reference, cii

GOLDEN = Path(__file__).with_name("golden")
HOSTILE = [
    "Zoé <b>&amp;</b> ]]> (fictif)",
    "A \"B\" 'C' <!-- & -->",
    "<?xml version='1.0'?>",
    "é" * 255,
]


def text(xml: bytes, path: str) -> list[str]:
    return [node.text for node in etree.fromstring(xml).iterfind(f".//{path}", cii.SPACES)]


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_document_is_as_it_was_accepted(name):
    golden = (GOLDEN / f"{name}.xml").read_bytes()

    assert e_invoice.xml(CASES[name]()) == golden
    assert e_invoice.faults(golden) == ()


def test_there_is_a_golden_file_for_each_case_and_no_other():
    assert {file.stem for file in GOLDEN.iterdir()} == CASES.keys()


def test_an_invoice_says_what_france_asks_more():
    xml = e_invoice.xml(e_invoices.normal())

    assert text(xml, "ram:SubjectCode") == ["BAR", "PMT", "PMD", "AAB", "REG"]
    assert text(xml, "ram:IncludedNote/ram:Content")[0] == "B2B"
    assert text(xml, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID") == ["S1"]
    assert text(xml, "ram:URIUniversalCommunication/ram:URIID") == ["123456782", "987654324"]


def test_an_invoice_already_paid_says_so():
    xml = e_invoice.xml(e_invoices.paid())

    assert text(xml, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID") == ["S2"]
    assert text(xml, "ram:TotalPrepaidAmount") == ["73.80"]
    assert text(xml, "ram:DuePayableAmount") == ["0.00"]


def test_a_credit_note_names_the_invoice_and_its_date():
    xml = e_invoice.xml(e_invoices.credit_note())

    assert text(xml, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == ["FA-2027-000042"]
    assert text(xml, "ram:FormattedIssueDateTime/qdt:DateTimeString") == ["20270401"]
    assert text(xml, "ram:GrandTotalAmount") == ["15.00"]


def test_a_private_customer_is_reached_by_mail_and_her_bank_is_named():
    xml = e_invoice.xml(e_invoices.person())

    assert text(xml, "ram:IncludedNote/ram:Content")[0] == "B2C"
    address = etree.fromstring(xml).findall(".//ram:BuyerTradeParty//ram:URIID", cii.SPACES)
    assert [(a.text, a.get("schemeID")) for a in address] == [("camille@perret.example", "EM")]
    assert text(xml, "ram:DirectDebitMandateID") == ["MAILLAGE-2027-0031"]
    assert text(xml, "ram:CreditorReferenceID") == ["FR72ZZZ123456"]


def test_a_public_buyer_finds_its_service_and_its_engagement():
    xml = e_invoice.xml(e_invoices.public_buyer())

    assert text(xml, "ram:BuyerReference") == ["SERVICE-NUMERIQUE"]
    assert text(xml, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID") == ["2027-ENG-0412"]


def test_a_body_in_franchise_says_the_article():
    xml = e_invoice.xml(e_invoices.franchise())

    assert text(xml, "ram:ExemptionReason") == ["TVA non applicable, article 293 B du CGI"]
    assert text(xml, "ram:ExemptionReasonCode") == ["VATEX-FR-FRANCHISE"]


@pytest.mark.parametrize("means", Means)
def test_each_means_of_payment_is_accepted(means):
    known = e_invoices.person()

    assert e_invoice.faults(e_invoice.xml(replace(known, means=means))) == ()


amounts = st.integers(-50_00, 2_000_00)
items = st.builds(
    item,
    amounts,
    st.sampled_from([2000, 1000, 550, 210, 0]),
    includes_tax=st.booleans(),
    quantity=st.decimals("0.001", 9_999, places=3),
    unit=st.sampled_from(["hour", "half_day", "day", "week", "month", "quarter"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(items, min_size=1, max_size=12))
def test_any_invoice_is_accepted_by_the_real_rules(asked):
    found = totals(asked, VatStatus.LIABLE)
    known = e_invoices.document(found, exemption="Exonéré, article 261 du CGI")
    if found.gross_cents < 0:
        known = replace(known, paid_cents=0)

    assert e_invoice.faults(e_invoice.xml(known)) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(items, min_size=1, max_size=6), st.integers(1, 99))
def test_any_credit_note_is_accepted_by_the_real_rules(asked, percent):
    asked = [replace(one, amount_cents=abs(one.amount_cents)) for one in asked]
    invoice = totals(asked, VatStatus.LIABLE)
    parts = [replace(one, amount_cents=one.amount_cents * percent // 100) for one in asked]
    back = credit(parts, VatStatus.LIABLE, invoiced=invoice.groups, credited=())

    note = replace(e_invoices.credit_note(), totals=back, exemption="Exonéré, article 261 du CGI")

    assert e_invoice.faults(e_invoice.xml(note)) == ()


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_typed_stays_text(typed):
    known = e_invoices.normal()
    buyer = replace(known.buyer, name=typed, address=typed, city=typed)

    xml = e_invoice.xml(replace(known, buyer=buyer, reason=typed, notes=(typed,)))

    assert e_invoice.faults(xml) == ()
    assert text(xml, "ram:BuyerTradeParty/ram:Name") == [typed]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\n", "\t", "\x7f", "\ud800", "\ufffe", "\u202e"])
def test_a_sign_that_nobody_sees_is_refused(sign):
    known = e_invoices.normal()

    with pytest.raises(BadInput) as refused:
        e_invoice.xml(replace(known, buyer=replace(known.buyer, name=f"Zoé{sign}e")))

    assert refused.value.code == "invoice_text_unfit"
    assert refused.value.facts == {"text": "Zoé", "at": 4}


def test_a_name_of_10_000_letters_is_refused_in_words():
    known = e_invoices.normal()

    with pytest.raises(BadInput) as refused:
        e_invoice.xml(replace(known, buyer=replace(known.buyer, name="é" * 10_000)))

    assert refusals.sentence(refused.value) == (
        f"Le texte « {'é' * 40}… » a 10\u202f000 caractères ; une facture en accepte 255. "
        "Raccourcissez-le."
    )


def changed(**values):
    return lambda: replace(e_invoices.normal(), **values)


def of_buyer(**values):
    return lambda: replace(e_invoices.normal(), buyer=replace(e_invoices.FIRM, **values))


def of_seller(**values):
    return lambda: replace(e_invoices.normal(), seller=replace(e_invoices.ASSOCIATION, **values))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (of_buyer(name=" "), "invoice_without_name"),
        (of_buyer(siren=""), "invoice_without_siren"),
        (of_buyer(siren="98765432A"), "invoice_without_siren"),
        (of_seller(siren="٣٣٣٣٣٣٣٣٣"), "invoice_without_siren"),
        (of_seller(vat_number=""), "invoice_without_vat_number"),
        (lambda: replace(e_invoices.person(), buyer=replace(e_invoices.PERSON, email="")),
         "invoice_buyer_without_address"),
        (changed(number="FA 2027/é"), "invoice_number_unfit"),
        (changed(due_on=date(2027, 3, 31)), "invoice_due_before_issued"),
        (changed(paid_cents=73_81), "invoice_paid_above_total"),
        (changed(paid_cents=-1), "invoice_paid_above_total"),
        (changed(kind=Kind.CREDIT_NOTE), "invoice_credit_without_invoice"),
        (changed(corrects=Reference("FA-2027-000001", date(2027, 1, 4))),
         "invoice_credit_without_invoice"),
        (changed(means=Means.DEBIT), "invoice_debit_without_mandate"),
        (lambda: replace(e_invoices.mixed(), exemption=""), "invoice_exemption_unsaid"),
    ],
)  # fmt: skip
def test_a_document_that_no_platform_takes_is_refused_before(make, code):
    with pytest.raises(BadInput) as refused:
        e_invoice.xml(make())

    assert refused.value.code == code
    assert refusals.sentence(refused.value).endswith(".")


def test_decimals_have_neither_exponent_nor_needless_zeros():
    assert cii.plain(Decimal("1E+3")) == "1000"
    assert cii.plain(Decimal("12.500000")) == "12.5"
    assert cii.plain(Decimal("0.000000")) == "0"
    assert cii.euros(-5) == "-0.05"

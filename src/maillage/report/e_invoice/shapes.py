"""Where each accepted format of e-invoices says what we read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maillage.report.e_invoice import cii

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC: Final = f"{_UBL}CommonAggregateComponents-2"
CBC: Final = f"{_UBL}CommonBasicComponents-2"


@dataclass(frozen=True)
class PartyShape:
    """Paths of a party, from the element of the party; the first that has a text is taken."""

    name: tuple[str, ...]
    siren: tuple[str, ...]
    siret: tuple[str, ...]
    vat_number: tuple[str, ...]
    address: tuple[str, ...]
    postcode: tuple[str, ...]
    city: tuple[str, ...]
    country: tuple[str, ...]
    email: tuple[str, ...]
    electronic_address: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """Paths of a format: of the document from its root, of a tax and a line from their element."""

    name: str
    spaces: Mapping[str, str]
    date_format: str
    number: str
    type_code: str
    issued_on: str
    due_on: str
    currency: str
    seller: str
    buyer: str
    party: PartyShape
    net: str
    tax: str
    gross: str
    due: str
    means: str
    iban: str
    corrects: str
    taxes: str
    tax_category: str
    tax_rate: str
    tax_base: str
    tax_amount: str
    lines: str
    line_label: str
    line_quantity: str
    line_net: str
    line_rate: str


_AGREED = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_SETTLED = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLED}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_MEANS = f"{_SETTLED}/ram:SpecifiedTradeSettlementPaymentMeans"
_LINE = "ram:SpecifiedLineTradeSettlement"

CII = Shape(
    name="CII",
    spaces=cii.SPACES,
    date_format="%Y%m%d",
    number="rsm:ExchangedDocument/ram:ID",
    type_code="rsm:ExchangedDocument/ram:TypeCode",
    issued_on="rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
    due_on=f"{_SETTLED}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
    currency=f"{_SETTLED}/ram:InvoiceCurrencyCode",
    seller=f"{_AGREED}/ram:SellerTradeParty",
    buyer=f"{_AGREED}/ram:BuyerTradeParty",
    party=PartyShape(
        name=("ram:Name",),
        siren=("ram:SpecifiedLegalOrganization/ram:ID",),
        siret=("ram:GlobalID[@schemeID='0009']",),
        vat_number=("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",),
        address=("ram:PostalTradeAddress/ram:LineOne",),
        postcode=("ram:PostalTradeAddress/ram:PostcodeCode",),
        city=("ram:PostalTradeAddress/ram:CityName",),
        country=("ram:PostalTradeAddress/ram:CountryID",),
        email=("ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID",),
        electronic_address=("ram:URIUniversalCommunication/ram:URIID",),
    ),
    net=f"{_SUMS}/ram:TaxBasisTotalAmount",
    tax=f"{_SUMS}/ram:TaxTotalAmount",
    gross=f"{_SUMS}/ram:GrandTotalAmount",
    due=f"{_SUMS}/ram:DuePayableAmount",
    means=f"{_MEANS}/ram:TypeCode",
    iban=f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
    corrects=f"{_SETTLED}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
    taxes=f"{_SETTLED}/ram:ApplicableTradeTax",
    tax_category="ram:CategoryCode",
    tax_rate="ram:RateApplicablePercent",
    tax_base="ram:BasisAmount",
    tax_amount="ram:CalculatedAmount",
    lines="rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem",
    line_label="ram:SpecifiedTradeProduct/ram:Name",
    line_quantity="ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
    line_net=f"{_LINE}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
    line_rate=f"{_LINE}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
)


def _ubl(root: str, line: str, quantity: str) -> Shape:
    """UBL has one root and one kind of line for invoices, others for credit notes."""
    return Shape(
        name="UBL",
        spaces={"u": f"{_UBL}{root}", "cac": CAC, "cbc": CBC},
        date_format="%Y-%m-%d",
        number="cbc:ID",
        type_code=f"cbc:{root.removesuffix('-2')}TypeCode",
        issued_on="cbc:IssueDate",
        due_on="cbc:DueDate",
        currency="cbc:DocumentCurrencyCode",
        seller="cac:AccountingSupplierParty/cac:Party",
        buyer="cac:AccountingCustomerParty/cac:Party",
        party=_UBL_PARTY,
        net="cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
        tax="cac:TaxTotal/cbc:TaxAmount",
        gross="cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
        due="cac:LegalMonetaryTotal/cbc:PayableAmount",
        means="cac:PaymentMeans/cbc:PaymentMeansCode",
        iban="cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
        corrects="cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
        taxes="cac:TaxTotal/cac:TaxSubtotal",
        tax_category="cac:TaxCategory/cbc:ID",
        tax_rate="cac:TaxCategory/cbc:Percent",
        tax_base="cbc:TaxableAmount",
        tax_amount="cbc:TaxAmount",
        lines=f"cac:{line}",
        line_label="cac:Item/cbc:Name",
        line_quantity=f"cbc:{quantity}",
        line_net="cbc:LineExtensionAmount",
        line_rate="cac:Item/cac:ClassifiedTaxCategory/cbc:Percent",
    )


_UBL_PARTY = PartyShape(
    name=("cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name"),
    siren=("cac:PartyLegalEntity/cbc:CompanyID",),
    siret=("cac:PartyIdentification/cbc:ID[@schemeID='0009']",),
    vat_number=("cac:PartyTaxScheme/cbc:CompanyID",),
    address=("cac:PostalAddress/cbc:StreetName",),
    postcode=("cac:PostalAddress/cbc:PostalZone",),
    city=("cac:PostalAddress/cbc:CityName",),
    country=("cac:PostalAddress/cac:Country/cbc:IdentificationCode",),
    email=("cac:Contact/cbc:ElectronicMail",),
    electronic_address=("cbc:EndpointID",),
)

BY_ROOT = {
    f"{{{cii.RSM}}}CrossIndustryInvoice": CII,
    f"{{{_UBL}Invoice-2}}Invoice": _ubl("Invoice-2", "InvoiceLine", "InvoicedQuantity"),
    f"{{{_UBL}CreditNote-2}}CreditNote": _ubl("CreditNote-2", "CreditNoteLine", "CreditedQuantity"),
}

"""Invoices as their parties read them: invented sellers and buyers, one document a case."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from maillage.core.invoicing import Item, TaxGroup, Totals, VatStatus, credit, totals
from maillage.report.e_invoice import Document, Kind, Mandate, Means, Party, Reference

MARCH = (date(2027, 3, 1), date(2027, 3, 31))
ASSOCIATION = Party(
    name="Les Ateliers du Val (fictif)",
    address="3 place du Marché",
    postcode="69430",
    city="Beaujeu",
    siren="123456782",
    siret="12345678200002",
    vat_number="FR11123456782",
    email="factures@ateliers.example",
    is_business=True,
    legal_mention="Association loi 1901 · RNA W691000000",
)
COMMUNE = Party(
    name="Commune de Vaudrée (fictif)",
    address="1 place de la Mairie",
    postcode="69430",
    city="Vaudrée",
    siren="222222226",
    siret="22222222600003",
    is_business=True,
)
FIRM = Party(
    name="Menuiserie Roche & Fils (fictif)",
    address="12 rue des Vignes",
    postcode="69220",
    city="Belleville-en-Beaujolais",
    siren="987654324",
    siret="98765432400001",
    vat_number="FR14987654324",
    is_business=True,
)
PERSON = Party(
    name="Camille Perret (fictif)",
    address="8 chemin du Bief",
    postcode="69430",
    city="Quincié-en-Beaujolais",
    email="camille@perret.example",
)
BANK = {"iban": "FR7630006000011234567890189", "bic": "AGRIFRPP"}


def item(amount_cents: int, rate_bp: int = 2000, **changed) -> Item:
    """A use of March 2027, its price with tax."""
    told = {
        "label": "Poste de travail, journée",
        "quantity": Decimal(1),
        "unit": "day",
        "includes_tax": True,
        "begins": MARCH[0],
        "ends": MARCH[1],
    } | changed
    return Item(amount_cents=amount_cents, vat_rate_bp=rate_bp, **told)


def document(of: Totals, **changed) -> Document:
    """An invoice of March to a firm, paid by transfer."""
    told = {
        "kind": Kind.INVOICE,
        "number": "FA-2027-000042",
        "issued_on": date(2027, 4, 1),
        "due_on": date(2027, 5, 1),
        "seller": ASSOCIATION,
        "buyer": FIRM,
        "period": MARCH,
        **BANK,
    } | changed
    return Document(totals=of, **told)


USES = [
    item(45_00, quantity=Decimal(3)),
    item(28_80, label="Salle de réunion, 2 heures", unit="hour", quantity=Decimal(2),
         begins=date(2027, 3, 9), ends=date(2027, 3, 9)),
    item(0, label="Journée comprise dans la formule", quantity=Decimal(4)),
]  # fmt: skip


def normal() -> Document:
    """What a firm used, prices voted with tax, a line at 0 €."""
    return document(totals(USES, VatStatus.LIABLE))


def credit_note() -> Document:
    """A day given back, at the rate it was invoiced."""
    invoiced = normal().totals.groups
    back = credit([item(15_00)], VatStatus.LIABLE, invoiced=invoiced, credited=())
    return document(
        back,
        kind=Kind.CREDIT_NOTE,
        number="AV-2027-000007",
        issued_on=date(2027, 4, 12),
        due_on=date(2027, 4, 12),
        corrects=Reference("FA-2027-000042", date(2027, 4, 1)),
        reason="Salle fermée pour travaux le 11 mars",
    )


def franchise() -> Document:
    """A small association that owes no VAT, to a person who lives there."""
    return document(
        totals([item(12_00, 0, quantity=Decimal(1))], VatStatus.FRANCHISE),
        seller=replace(ASSOCIATION, vat_number=""),
        buyer=PERSON,
    )


def employer() -> Document:
    """A firm that pays for three people: who, how much, neither where nor when."""
    people = [("Camille Perret (fictif)", 60_00), ("Lou Garnier (fictif)", 45_00),
              ("Sacha Vidal (fictif)", 15_00)]  # fmt: skip
    items = [item(cents, quantity=Decimal(cents // 15_00), detail=name) for name, cents in people]
    return document(
        totals(items, VatStatus.LIABLE), people=tuple(people), order_reference="BC-2027-118"
    )


def mixed() -> Document:
    """Four rates, prices with and without tax, one line given back."""
    items = [
        *USES,
        item(26_37, 550, label="Livret du réseau"),
        item(40_00, 1000, label="Repas partagé", includes_tax=False),
        item(-15_00, label="Journée rendue"),
        item(30_00, 0, label="Initiation au numérique"),
    ]
    exemption = "Formation professionnelle exonérée, article 261-4-4° a du CGI"
    return document(totals(items, VatStatus.LIABLE), exemption=exemption, vat_on_debits=True)


def person() -> Document:
    """A private customer, by direct debit."""
    mandate = Mandate("MAILLAGE-2027-0031", "FR72ZZZ123456", "FR7630006000011234567890189")
    return document(
        totals(USES[:2], VatStatus.LIABLE), buyer=PERSON, means=Means.DEBIT, mandate=mandate
    )


def paid() -> Document:
    """Paid by card when it was booked."""
    found = totals(USES, VatStatus.LIABLE)
    return document(found, means=Means.CARD, paid_cents=found.gross_cents, buyer=PERSON)


def deposit() -> Document:
    """Paid in part."""
    return document(totals(USES, VatStatus.LIABLE), paid_cents=20_00, means=Means.CHEQUE)


def nothing() -> Document:
    """A month all within a plan: 0 €, and yet an invoice."""
    return document(totals([item(0, quantity=Decimal(4))], VatStatus.LIABLE))


def public_buyer() -> Document:
    """To a commune: the service and the engagement that Chorus Pro asks."""
    return document(
        totals(USES, VatStatus.LIABLE),
        buyer=COMMUNE,
        buyer_reference="SERVICE-NUMERIQUE",
        order_reference="2027-ENG-0412",
    )


def out_of_scope() -> Document:
    """From a commune that does not act as a business."""
    return document(totals([item(12_00, 0)], VatStatus.OUT_OF_SCOPE), seller=COMMUNE, buyer=PERSON)


def self_billed() -> Document:
    """What a firm writes in the name of an association, under its mandate."""
    said = "Autofacturation : document établi par l’acheteur au nom et pour le compte du vendeur."
    return replace(normal(), is_self_billed=True, notes=(said,))


def self_billed_credit() -> Document:
    """A day of it given back."""
    return replace(credit_note(), is_self_billed=True)


CASES = {
    "normal": normal,
    "credit_note": credit_note,
    "franchise": franchise,
    "employer": employer,
    "mixed": mixed,
    "person": person,
    "paid": paid,
    "deposit": deposit,
    "nothing": nothing,
    "public_buyer": public_buyer,
    "out_of_scope": out_of_scope,
    "self_billed": self_billed,
    "self_billed_credit": self_billed_credit,
}


def same(of: tuple[TaxGroup, ...]) -> dict[int, tuple[int, int]]:
    """Base and tax by rate."""
    return {group.vat_rate_bp: (group.base_cents, group.tax_cents) for group in of}

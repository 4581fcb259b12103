"""A document before its number: what it says, and the charges that it would invoice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from maillage.apps.billing import lines, parties
from maillage.apps.billing.lines import Grouped
from maillage.apps.billing.models import BillingProfile, Document, DocumentKind, DocumentTax
from maillage.apps.billing.numbers import Place
from maillage.apps.billing.parties import Buyer
from maillage.apps.billing.to_invoice import Correction, Waiting
from maillage.apps.ledger.models import Charge
from maillage.core import invoicing, money
from maillage.core.bad_input import BadInput
from maillage.core.invoicing import Line, TaxGroup, Totals, VatStatus
from maillage.kit.refusal import Refusal
from maillage.report import e_invoice
from maillage.report.e_invoice import Mandate, Means, Reference, Terms

A_DAY = timedelta(days=1)
REASON = "Annulation de prestations facturées"


class CannotBeTotalled(Refusal):
    """The arithmetic of a document refuses what it was given."""

    sentence = "{why}"


@dataclass(frozen=True)
class Draft:
    """A document without number nor date.

    grouped      each line's charges, in the order of the lines
    corrects     the invoice that a credit note corrects
    notes_known  its credit notes when this one was made
    is_self_billed  written by the buyer in the name of the operator, under a mandate
    """

    kind: str
    buyer: Buyer
    grouped: tuple[Grouped, ...]
    totals: Totals
    month: date
    vat_status: str
    paid_cents: int = 0
    corrects: Document | None = None
    reason: str = ""
    notes_known: int = 0
    is_self_billed: bool = False

    @property
    def charges(self) -> list[Charge]:
        """Every charge that it would invoice."""
        return [charge for one in self.grouped for charge in one.charges]


def of_waiting(
    waiting: Waiting, profile: BillingProfile, buyer: Buyer, *, until: date
) -> list[Draft]:
    """The invoice of a payer, and a credit note for each invoice that reversals touch."""
    month = (until - A_DAY).replace(day=1)
    made = [_credit(one, buyer, month) for one in waiting.corrections]
    if not waiting.charges:
        return made
    grouped = lines.of_charges(waiting.charges, names_users=buyer.names_users)
    totals = _totalled(grouped, profile)
    invoice = Draft(
        DocumentKind.INVOICE,
        buyer,
        tuple(grouped),
        totals,
        month,
        profile.vat_status,
        # what was given back meanwhile is not paid twice
        paid_cents=max(0, min(waiting.paid_cents, totals.gross_cents)),
    )
    return [invoice, *made]


def crediting(
    grouped: Sequence[Grouped], correction: Correction, buyer: Buyer, reason: str, month: date
) -> Draft:
    """The credit note of some items of an invoice, at the rates it was invoiced."""
    document = correction.document
    try:
        totals = invoicing.credit(
            [one.item for one in grouped],
            VatStatus(document.vat_status),
            invoiced=groups(correction.invoiced),
            credited=groups(correction.credited),
        )
    except BadInput as bad:
        raise CannotBeTotalled(why=_why(bad)) from bad
    return Draft(
        DocumentKind.CREDIT_NOTE,
        buyer,
        tuple(grouped),
        totals,
        month,
        document.vat_status,
        corrects=document,
        reason=reason,
        notes_known=correction.notes,
        is_self_billed=bool(document.seller.get("is_self_billed")),
    )


def groups(taxes: Sequence[DocumentTax]) -> list[TaxGroup]:
    """Rows as core reads them."""
    return [
        TaxGroup(t.category, t.vat_rate_bp, t.base_cents, t.tax_cents, t.exemption) for t in taxes
    ]


def drawn(draft: Draft, profile: BillingProfile, place: Place) -> e_invoice.Document:
    """The document as its parties will read it, at a place of its series."""
    is_credit = draft.corrects is not None
    due_on = place.issued_on
    if not is_credit:
        due_on = invoicing.due_on(
            place.issued_on, profile.payment_days, end_of_month=profile.pays_at_month_end
        )
    mandate = _mandate(draft, due_on)
    service = draft.totals.lines
    return e_invoice.Document(
        kind=e_invoice.Kind(draft.kind),
        number=place.number,
        issued_on=place.issued_on,
        due_on=due_on,
        seller=replace(parties.seller(profile), legal_mention=profile.legal_mention),
        buyer=draft.buyer.party,
        totals=draft.totals,
        paid_cents=draft.paid_cents,
        corrects=_reference(draft.corrects),
        reason=draft.reason,
        means=Means.DEBIT if mandate else Means.TRANSFER,
        mandate=mandate,
        iban=profile.iban,
        bic=profile.bic,
        terms=_terms(profile),
        exemption=_exemption(draft.totals.lines, profile),
        period=(min(one.begins for one in service), max(one.ends for one in service)),
        buyer_reference=draft.buyer.buyer_reference,
        order_reference=draft.buyer.order_reference,
        vat_on_debits=profile.vat_on_debits,
        people=_people(draft),
        notes=_notes(draft, profile),
        is_self_billed=draft.is_self_billed,
    )


def _mandate(draft: Draft, due_on: date) -> Mandate | None:
    """What the invoice will be debited under, when something is left to pay on its due day."""
    debit = draft.buyer.debit
    is_owed = draft.corrects is None and draft.totals.gross_cents > draft.paid_cents
    return debit.mandate if debit is not None and is_owed and due_on <= debit.until else None


def _notes(draft: Draft, profile: BillingProfile) -> tuple[str, ...]:
    """What an invoice written by its buyer says (CGI, ann. II, art. 242 nonies A, I, 14°)."""
    if not draft.is_self_billed:
        return ()
    said = _("Autofacturation : document établi par {buyer} au nom et pour le compte de {seller}.")
    return (str(said).format(buyer=draft.buyer.party.name, seller=profile.legal_name),)


def _credit(correction: Correction, buyer: Buyer, month: date) -> Draft:
    grouped = lines.of_charges(correction.reversals, names_users=buyer.names_users)
    return crediting(lines.given_back(grouped), correction, buyer, REASON, month)


def _totalled(grouped: Sequence[Grouped], profile: BillingProfile) -> Totals:
    try:
        return invoicing.totals([one.item for one in grouped], VatStatus(profile.vat_status))
    except BadInput as bad:
        raise CannotBeTotalled(why=_why(bad)) from bad


def _why(bad: BadInput) -> str:
    said = {
        "invoice_tax_not_due": _(
            "L’organisme ne facture pas de TVA, mais « {label} » est vendu avec un taux. "
            "Corrigez son régime de TVA, ou votez des tarifs sans taux."
        ),
        "credit_above_invoice": _(
            "L’avoir rendrait plus que ce qu’il reste de la facture. Choisissez moins de lignes."
        ),
    }
    sentence = said.get(bad.code, _("Ces lignes ne peuvent pas être facturées ensemble."))
    return sentence.format(**bad.facts)


def _reference(document: Document | None) -> Reference | None:
    return Reference(document.number, document.issued_on) if document is not None else None


def _terms(profile: BillingProfile) -> Terms:
    usual = Terms()
    return Terms(
        penalties=profile.late_penalty or usual.penalties,
        recovery=usual.recovery,
        discount=profile.discount or usual.discount,
    )


def _exemption(said: Sequence[Line], profile: BillingProfile) -> str:
    """Why lines bear no tax: as the operator says, else that they were paid with a plan."""
    if all(one.vat_rate_bp for one in said):
        return ""
    if profile.exemption_reason or profile.vat_status != VatStatus.LIABLE:
        return profile.exemption_reason
    return _("Prestation sans contrepartie, comprise dans une formule déjà facturée")


def _people(draft: Draft) -> tuple[tuple[str, int], ...]:
    """What an employer pays for each, with tax, of a document that names them."""
    if not draft.buyer.names_users:
        return ()
    owed: dict[str, int] = {}
    for charge in draft.charges:
        name = charge.user.name if charge.user is not None else str(lines.NOBODY)
        owed[name] = owed.get(name, 0) + charge.amount_cents
    whole = draft.totals.gross_cents
    weights = [abs(cents) for cents in owed.values()]
    shares = money.split(whole, weights) if any(weights) else [0] * len(weights)
    return tuple(zip(owed, shares, strict=True))

"""Write an issued document: its files whole, then its rows, then the end of its series."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import chain, drafts, parties, tell
from maillage.apps.billing.drafts import Draft
from maillage.apps.billing.models import (
    BillingProfile,
    Document,
    DocumentLine,
    DocumentTax,
    InvoicedCharge,
    Series,
)
from maillage.apps.billing.numbers import Place
from maillage.apps.billing.printing import Printed
from maillage.apps.journal.record import record
from maillage.kit import files
from maillage.kit.refusal import Refusal
from maillage.report import e_invoice

XML_NAME = "factur-x.xml"
MICRO = 1_000_000


class NotStored(Refusal):
    """The files found no room: no number was taken."""

    sentence = _(
        "Facture non émise : ses fichiers n’ont pas pu être enregistrés. Aucun numéro n’est pris. "
        "Libérez de la place sur le serveur, puis réessayez."
    )
    status = 503


@dataclass
class Folders:
    """What was stored and that no committed row names yet."""

    made: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, folder: str, contents: dict[str, bytes]) -> list[files.Written]:
        """Store the files of one document whole."""
        try:
            written = files.write_folder(folder, contents)
        except OSError as error:
            raise NotStored from error
        self.made.append((folder, list(contents)))
        return written


@contextmanager
def folders() -> Iterator[Folders]:
    """Folders that are removed again when the act that stores them fails."""
    kept = Folders()
    try:
        yield kept
    except BaseException:
        for folder, names in kept.made:
            files.remove_folder(folder, names)
        raise


def document(
    draft: Draft,
    profile: BillingProfile,
    place: Place,
    series: Series,
    printed: Printed,
    *,
    folders: Folders,
    by: int | None,
    at: datetime,
) -> Document:
    """One document at its place, in the transaction that holds its series."""
    row = _row(draft, profile, place, by, at)
    # new at each try: what a killed issue left is never mistaken for a document
    row.folder = f"billing/{row.operator_id}/{place.number}-{secrets.token_hex(4)}"
    row.files = folders.add(row.folder, {f"{place.number}.pdf": printed.pdf, XML_NAME: printed.xml})
    row.previous_hash = bytes(series.last_hash)
    said, taxes = _lines(draft), _taxes(draft)
    charges = {rank: [c.pk for c in one.charges] for rank, one in enumerate(draft.grouped, 1)}
    row.hash = chain.digest(row, said, taxes, charges)
    row.save(force_insert=True)
    for line in said:
        line.document = row
    for tax in taxes:
        tax.document = row
    DocumentLine.objects.bulk_create(said)
    DocumentTax.objects.bulk_create(taxes)
    InvoicedCharge.objects.bulk_create(
        InvoicedCharge(charge_id=pk, line=one) for one in said for pk in charges[one.rank]
    )
    series.last_number, series.last_on, series.last_hash = place.n, place.issued_on, row.hash
    series.save(update_fields=["last_number", "last_on", "last_hash"])
    record(
        "billing.credit" if row.corrects_id else "billing.issue",
        ("document", row.pk),
        by=by,
        at=at,
        scope=profile.operator.scopes[0],
        reason=row.reason,
        number=row.number,
        gross_cents=row.gross_cents,
    )
    tell.issued(row, profile.operator, at=at)
    return row


def _row(
    draft: Draft, profile: BillingProfile, place: Place, by: int | None, at: datetime
) -> Document:
    said = drafts.drawn(draft, profile, place)
    payer = draft.buyer.payer
    return Document(
        kind=draft.kind,
        operator=profile.operator,
        n=place.n,
        number=place.number,
        payer_person_id=payer.person_id,
        payer_organisation_id=payer.organisation_id,
        month=draft.month,
        issued_on=place.issued_on,
        due_on=said.due_on,
        seller=_seller(said, profile),
        buyer=_buyer(said, draft),
        vat_status=draft.vat_status,
        net_cents=draft.totals.net_cents,
        tax_cents=draft.totals.tax_cents,
        gross_cents=draft.totals.gross_cents,
        paid_cents=draft.paid_cents,
        corrects=draft.corrects,
        reason=draft.reason,
        by=by,
        at=at,
    )


def _seller(said: e_invoice.Document, profile: BillingProfile) -> dict[str, Any]:
    more: dict[str, Any] = {"iban": said.iban, "bic": said.bic, "channel": profile.channel}
    if said.is_self_billed:
        more["is_self_billed"] = True
    return parties.as_json(said.seller) | {key: value for key, value in more.items() if value}


def _buyer(said: e_invoice.Document, draft: Draft) -> dict[str, Any]:
    more = {
        "service_code": said.buyer_reference,
        "engagement": said.order_reference,
        "names_users": draft.buyer.names_users,
    }
    return parties.as_json(said.buyer) | {key: value for key, value in more.items() if value}


def _lines(draft: Draft) -> list[DocumentLine]:
    return [
        DocumentLine(
            rank=rank,
            label=line.label,
            detail=line.detail,
            quantity=Decimal(line.quantity).quantize(chain.QUANTITY),
            unit=line.unit,
            unit_price_micro=int(line.unit_price * MICRO),
            net_cents=line.net_cents,
            category=line.category,
            vat_rate_bp=line.vat_rate_bp,
            begins_on=line.begins,
            ends_on=line.ends,
        )
        for rank, line in enumerate(draft.totals.lines, 1)
    ]


def _taxes(draft: Draft) -> list[DocumentTax]:
    return [
        DocumentTax(
            category=one.category,
            vat_rate_bp=one.vat_rate_bp,
            base_cents=one.base_cents,
            tax_cents=one.tax_cents,
            exemption=one.exemption,
        )
        for one in draft.totals.groups
    ]

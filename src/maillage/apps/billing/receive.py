"""Keep an e-invoice that a supplier sent, as it came and as it reads."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import ReceivedInvoice
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.core.bad_input import BadInput
from maillage.kit import files
from maillage.kit.refusal import Refusal
from maillage.report import refusals
from maillage.report.e_invoice.received import Received, read

MOST_BYTES = 20 * 2**20
PDF_BEGINS = b"%PDF-"


class Unreadable(Refusal):
    """It is not an e-invoice, or not a whole one."""

    sentence = "{why}"
    status = 422


class TooHeavy(Refusal):
    """No invoice weighs so much."""

    sentence = _("Ce fichier dépasse 20 Mo. Demandez la facture électronique seule, sans annexe.")
    status = 422


class AlreadyReceived(Refusal):
    """The same invoice is kept once."""

    sentence = _("La facture {number} de {supplier} est déjà enregistrée. Ouvrez-la dans la liste.")


class NotForThisBody(Refusal):
    """It names another buyer."""

    sentence = _(
        "Cette facture est adressée au SIREN {found}, pas à {name}. Choisissez le bon organisme, "
        "ou renvoyez-la au fournisseur."
    )


def receive(
    operator: Organisation, content: bytes, *, by: int | None, at: datetime
) -> ReceivedInvoice:
    """Read and store an invoice addressed to a body."""
    if len(content) > MOST_BYTES:
        raise TooHeavy
    try:
        said = read(content)
    except BadInput as bad:
        raise Unreadable(why=refusals.for_page(refusals.sentence(bad))) from bad
    if operator.siren and said.buyer.siren and said.buyer.siren != operator.siren:
        raise NotForThisBody(found=said.buyer.siren, name=operator.name)
    name = "facture.pdf" if content.startswith(PDF_BEGINS) else "facture.xml"
    folder = f"received/{operator.pk}/{secrets.token_hex(8)}"
    written = files.write_folder(folder, {name: content})
    try:
        with transaction.atomic():
            made = ReceivedInvoice.objects.create(
                operator=operator,
                supplier=said.seller.name[:120],
                supplier_siren=said.seller.siren[:14],
                number=said.number[:60],
                issued_on=said.issued_on,
                due_on=said.due_on,
                currency=said.currency,
                gross_cents=said.gross_cents,
                read=_plain(said),
                folder=folder,
                files=written,
                by=by,
                at=at,
            )
            _record("billing.receive", made, by, at)
    except IntegrityError as error:
        files.remove_folder(folder, [name])
        raise AlreadyReceived(number=said.number, supplier=said.seller.name) from error
    except BaseException:
        files.remove_folder(folder, [name])
        raise
    return made


def remove(invoice: ReceivedInvoice, *, by: int | None, at: datetime) -> None:
    """Take it out of the list: kept by mistake, it may then be received again."""
    with transaction.atomic():
        held = ReceivedInvoice.objects.select_for_update().get(pk=invoice.pk)
        if held.removed_at is None:
            held.removed_at = at
            held.save(update_fields=["removed_at"])
            _record("billing.remove_received", held, by, at)


def _plain(said: Received) -> dict[str, Any]:
    return {key: _value(value) for key, value in asdict(said).items()}


def _value(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {key: _value(one) for key, one in value.items()}
        case list() | tuple():
            return [_value(one) for one in value]
        case _:
            return value


def _record(act: str, row: ReceivedInvoice, by: int | None, at: datetime) -> None:
    scope = row.operator.scopes[0]
    record(act, ("received_invoice", row.pk), by=by, at=at, scope=scope, number=row.number)

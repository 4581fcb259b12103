"""What a document says, bound to the one before it in its series: a changed byte shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any

from maillage.apps.billing.models import Document, DocumentLine, DocumentTax

QUANTITY = Decimal("0.001")
# as hashed, in the order of the columns
OF_DOCUMENT = (
    "kind", "operator_id", "n", "number", "payer_person_id", "payer_organisation_id", "seller",
    "buyer", "vat_status", "net_cents", "tax_cents", "gross_cents", "paid_cents", "corrects_id",
    "reason", "folder", "files", "by",
)  # fmt: skip
DAYS = ("month", "issued_on", "due_on")
OF_LINE = (
    "rank", "label", "detail", "unit", "unit_price_micro", "net_cents", "category", "vat_rate_bp",
)  # fmt: skip
OF_TAX = ("category", "vat_rate_bp", "base_cents", "tax_cents", "exemption")


def digest(
    document: Document,
    lines: Sequence[DocumentLine],
    taxes: Sequence[DocumentTax],
    charges: Mapping[int, Sequence[int]],
) -> bytes:
    """SHA-256 of a document, of its lines, bases and charges, and of the hash before it.

    charges  rank of a line -> the charges that it invoices
    """
    said = {
        **{name: getattr(document, name) for name in OF_DOCUMENT},
        **{name: getattr(document, name).isoformat() for name in DAYS},
        "at": document.at.astimezone(UTC).isoformat(),
        "previous_hash": bytes(document.previous_hash).hex(),
        "lines": [_line(line, charges) for line in sorted(lines, key=lambda one: one.rank)],
        "taxes": sorted(
            ([getattr(tax, name) for name in OF_TAX] for tax in taxes), key=lambda one: one[:2]
        ),
    }
    return hashlib.sha256(canonical(said)).digest()


def canonical(said: Any) -> bytes:
    """The same bytes for the same content, whoever writes them."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _line(line: DocumentLine, charges: Mapping[int, Sequence[int]]) -> dict[str, object]:
    return {
        **{name: getattr(line, name) for name in OF_LINE},
        "quantity": str(Decimal(line.quantity).quantize(QUANTITY)),
        "begins_on": line.begins_on.isoformat(),
        "ends_on": line.ends_on.isoformat(),
        "charges": sorted(charges.get(line.rank, ())),
    }

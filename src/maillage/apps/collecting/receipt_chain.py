"""What a receipt says, bound to the one before: art. 286 I 3° bis CGI, a change must show."""

import hashlib
import json
from datetime import UTC
from typing import Any

from maillage.apps.collecting.models import Receipt
from maillage.apps.people.models import Organisation

_COLUMNS = (
    "operator_id", "n", "payer_person_id", "payer_organisation_id", "means_id", "amount_cents",
    "reference", "deposit_slip", "reverses_id", "reason", "by",
)  # fmt: skip


def digest(receipt: Receipt) -> bytes:
    """SHA-256 of a receipt and of the hash before it."""
    said: dict[str, Any] = {name: getattr(receipt, name) for name in _COLUMNS}
    said["received_on"] = receipt.received_on.isoformat()
    said["at"] = receipt.at.astimezone(UTC).isoformat()
    said["previous"] = bytes(receipt.previous_hash).hex()
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def append(receipt: Receipt) -> Receipt:
    """Give it its rank and its hash, and store it: the caller holds the operator's lock."""
    last = Receipt.objects.filter(operator=receipt.operator_id).order_by("-n").first()
    receipt.n = last.n + 1 if last else 1
    receipt.previous_hash = bytes(last.hash) if last else b""
    receipt.hash = digest(receipt)
    receipt.save(force_insert=True)
    return receipt


def broken(operator: Organisation) -> list[int]:
    """The ranks of the receipts that do not say what they said, or miss the one before."""
    found, before, expected = [], b"", 1
    for one in Receipt.objects.filter(operator=operator).order_by("n").iterator():
        is_sound = (
            one.n == expected
            and bytes(one.previous_hash) == before
            and bytes(one.hash) == digest(one)
        )
        if not is_sound:
            found.append(one.n)
        before, expected = bytes(one.hash), one.n + 1
    return found

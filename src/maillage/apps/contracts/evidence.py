"""The evidence of a signature: who, when, what, how, and the chain of what happened."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from maillage.apps.contracts import papers, shipped
from maillage.apps.contracts.models import Contract, Signature

FORMAT = "maillage.contract-evidence/1"
LEVEL = (
    "Signature électronique simple au sens du règlement (UE) n° 910/2014, art. 3, 10), et de son "
    "art. 25 : elle est recevable comme preuve. Elle n’est ni avancée (art. 26), ni qualifiée."
)
PROOFS = {
    "account": "personne connectée au compte de cette adresse",
    "code": "code à usage unique reçu à cette adresse",
}


def of(contract: Contract, *, at: datetime) -> bytes:
    """The file, readable by people and programs; times in UTC."""
    paper = contract.papers.get(kind=papers.CONTRACT)
    rules = contract.house_rules
    signatures = contract.signatures.order_by("signed_at")
    said = {
        "format": FORMAT,
        "level": LEVEL,
        "contract": {
            "reference": contract.reference,
            "title": shipped.templates()[contract.kind].title,
            "operator": contract.operator.name,
            "party": contract.party_name,
        },
        "document": {"name": paper.name, "sha256": paper.sha256, **_size(paper.files)},
        "house_rules": None
        if rules is None
        else {
            "version": rules.version,
            "sha256": hashlib.sha256(rules.text.encode()).hexdigest(),
        },
        "signatures": [_signature(one) for one in signatures],
        "events": [
            {
                "number": one.number,
                "what": one.what,
                "at": _utc(one.at),
                "by": one.by,
                "facts": one.facts,
                "before_sha256": one.before_sha256,
                "sha256": one.sha256,
            }
            for one in contract.events.order_by("number")
        ],
        "sealed_at": _utc(at),
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _signature(one: Signature) -> dict[str, Any]:
    return {
        "side": one.side,
        "signatory": one.name,
        "typed_name": one.typed_name,
        "email": one.email,
        "identified_by": PROOFS[one.how],
        "opened_at": _utc(one.opened_at),
        "signed_at": _utc(one.signed_at),
        "consent": one.consent,
        "house_rules_version": one.rules_version,
        "network_address_digest": one.address_hash,
        "user_agent": one.user_agent,
    }


def _size(written: list[dict[str, Any]]) -> dict[str, int]:
    return {"size_bytes": int(written[0]["size_bytes"])}


def _utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None

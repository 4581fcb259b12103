"""Stripe Checkout by plain HTTPS: a session, its state, the signature of what it tells.

source  docs.stripe.com/api/checkout/sessions, docs.stripe.com/webhooks/signature
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from maillage.apps.collecting.providers import (
    Asked,
    Begun,
    Found,
    ProviderDownError,
    ProviderRefusedError,
    call,
)

HEADER = "Stripe-Signature"
# an event signed longer ago is a replay
TOLERANCE_S = 300
OK = 200


@dataclass(frozen=True)
class Stripe:
    """The account of one operator."""

    base: str
    key: str

    def begin(self, asked: Asked) -> Begun:
        """A page of Stripe for one line; the same reference asked twice is one session."""
        said = {
            "mode": "payment",
            "client_reference_id": asked.reference,
            "success_url": asked.back_to,
            "cancel_url": asked.back_to,
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": str(asked.amount_cents),
            "line_items[0][price_data][product_data][name]": asked.number,
        }
        if asked.email:
            said["customer_email"] = asked.email
        body = urlencode(said).encode()
        made = self._asked("/v1/checkout/sessions", body, {"Idempotency-Key": asked.reference})
        if not made.get("id") or not str(made.get("url", "")).startswith(("https://", "http://")):
            raise ProviderDownError("session")
        return Begun(str(made["id"]), str(made["url"]))

    def found(self, session: str) -> Found:
        """What the session says now: paid, expired, or still open."""
        said = self._asked(f"/v1/checkout/sessions/{quote(session, safe='')}", None, {})
        state = ""
        if said.get("payment_status") == "paid":
            state = "paid"
        elif said.get("status") == "expired":
            state = "failed"
        return Found(state, int(said.get("amount_total") or 0), str(said.get("currency", "")))

    def _asked(self, path: str, body: bytes | None, more: dict[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}", **more}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, read = call(self.base + path, body, headers)
        try:
            said = json.loads(read)
        except ValueError as fault:
            raise ProviderDownError("json") from fault
        if status != OK:
            raise ProviderRefusedError(str(said.get("error", {}).get("code", status)))
        return dict(said)


def is_signed(header: str, body: bytes, secret: str, *, at: datetime) -> bool:
    """Whether Stripe wrote this raw body less than five minutes ago."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    stamps = [value for name, value in parts if name.strip() == "t"]
    if len(stamps) != 1 or not stamps[0].isdigit() or not secret:
        return False
    if abs(at.timestamp() - int(stamps[0])) > TOLERANCE_S:
        return False
    expected = signature(stamps[0], body, secret)
    given = [value.strip() for name, value in parts if name.strip() == "v1"]
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


def signature(stamp: str, body: bytes, secret: str) -> str:
    """The v1 signature of a body."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()

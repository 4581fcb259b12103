"""What proves to a program that a telling is ours: a signature over its date and its body."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings

from maillage.apps.webhooks.models import Endpoint

HEADER = "Maillage-Signature"


def secret_of(endpoint: Endpoint) -> str:
    """The secret of an address, derived: a copy of the database gives none away."""
    name = f"maillage.webhooks:{endpoint.pk}:{endpoint.epoch}"
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()


def sign(secret: str, body: bytes, at: datetime) -> str:
    """« t=…,v1=… »: seconds since 1970, then HMAC-SHA256 of « t.body »."""
    stamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"t={stamp},v1={mac.hexdigest()}"

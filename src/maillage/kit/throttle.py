"""Rate limits: one counter per key in the database, so that every process counts together."""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest

from maillage.kit.models import Attempt
from maillage.kit.refusal import Refusal


class TooMany(Refusal):
    """The limit is reached; `retry_after_s` says when it opens again."""

    sentence = "Trop d'essais. Réessayez dans {minutes} min."
    status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=max(1, -(-retry_after_s // 60)))
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Limit:
    """At most `most` uses in `within`, for each key of a name."""

    name: str
    most: int
    within: timedelta


def count(limit: Limit, key: str, *, at: datetime) -> None:
    """Count one use of a key; raises TooMany beyond the limit.

    The counter is written outside the caller's transaction only if there is none: call it first.
    """
    begun_at = window_of(limit, at)
    if _add_one(f"{limit.name}:{key}", begun_at) > limit.most:
        raise TooMany(retry_after_s=int((begun_at + limit.within - at).total_seconds()))


def give_back(limit: Limit, key: str, *, at: datetime) -> None:
    """Take one use back: an attempt that was right is not a failure."""
    found = Attempt.objects.filter(
        key_hash=_hash(f"{limit.name}:{key}"), begun_at=window_of(limit, at)
    )
    found.update(count=Greatest(F("count") - 1, 0))


def window_of(limit: Limit, at: datetime) -> datetime:
    """When the window of an instant began: the same for every process."""
    window_s = int(limit.within.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // window_s * window_s, at.tzinfo)


def _hash(key: str) -> bytes:
    # addresses and e-mails are hashed: the table tells nobody who tried
    secret = settings.SECRET_KEY.encode()[:64]
    return hashlib.blake2b(key.encode(), digest_size=16, key=secret).digest()


def _add_one(key: str, begun_at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_attempt (key_hash, begun_at, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (key_hash, begun_at) DO UPDATE SET count = kit_attempt.count + 1 "
            "RETURNING count",
            [_hash(key), begun_at],
        )
        (used,) = cursor.fetchone()
    return int(used)


def address_of(request: HttpRequest) -> str:
    """The client's address: the proxy's word only as far as the trusted proxies go.

    An IPv6 customer owns a /64: it counts as one address.
    """
    hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
    trusted = settings.TRUSTED_PROXIES
    written = hops[-trusted] if trusted and len(hops) >= trusted else request.META["REMOTE_ADDR"]
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def forget(*, before: datetime) -> int:
    """Remove the counters of windows that began before; how many."""
    return Attempt.objects.filter(begun_at__lt=before).delete()[0]

"""Payment providers: a common way to begin a payment and to ask what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError

LONGEST_S = 10.0
MOST_READ = 256 * 1024


class ProviderDownError(Exception):
    """No answer, or one that cannot be read: nobody knows what happened."""


class ProviderRefusedError(Exception):
    """The provider says no, in its own code."""


@dataclass(frozen=True)
class Asked:
    """What is to be paid, and where the person comes back.

    reference  ours; told twice to the provider, it makes one payment
    """

    reference: str
    number: str
    amount_cents: int
    email: str
    back_to: str
    told_at: str


@dataclass(frozen=True)
class Begun:
    """The provider's name of the payment, and where to send the person."""

    session: str
    href: str


@dataclass(frozen=True)
class Found:
    """What the provider says of a payment: "paid", "failed", or "" while it is under way."""

    state: str
    amount_cents: int
    currency: str = "eur"


class Connector(Protocol):
    """A provider with an operator's credentials."""

    def begin(self, asked: Asked) -> Begun:
        """Open a payment; raises ProviderDownError, ProviderRefusedError."""
        ...

    def found(self, session: str) -> Found:
        """Ask what became of it; raises ProviderDownError, ProviderRefusedError."""
        ...


def credentials(provider: str, siren: str) -> Mapping[str, str]:
    """Those of an operator, from the environment; {} when it has none."""
    kept: Mapping[str, Mapping[str, str]] = settings.PAYMENT_PROVIDERS[provider]
    return kept.get(siren, {})


def call(
    url: str, body: bytes | None, headers: Mapping[str, str], *, may_fail: bool = False
) -> tuple[int, bytes]:
    """Status and body; no redirect, little read; raises ProviderDownError.

    may_fail  an answer of 500 is an answer: SOAP tells its refusals so
    """
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=LONGEST_S), retries=False)
    try:
        answer = pool.request(
            "GET" if body is None else "POST",
            url,
            body=body,
            headers={"User-Agent": "Maillage", **headers},
            redirect=False,
            preload_content=False,
        )
        read = answer.read(MOST_READ)
        status = int(answer.status)
        answer.close()
    except (HTTPError, OSError) as fault:
        raise ProviderDownError(type(fault).__name__) from fault
    finally:
        pool.clear()
    server_fault = 500
    if status >= server_fault and not may_fail:
        raise ProviderDownError(str(status))
    return status, read

"""What happened to a contract, in a chain: changing one line breaks all those after it."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from maillage.apps.contracts.models import Contract, Event
from maillage.apps.journal.record import record


def note(what: str, contract: Contract, *, by: int | None, at: datetime, **facts: Any) -> Event:
    """One event, and its line of the journal; the contract is held by the caller."""
    last = contract.events.order_by("-number").first()
    event = Event(
        contract=contract,
        number=last.number + 1 if last else 1,
        what=what,
        facts=facts,
        by=by,
        at=at,
        before_sha256=last.sha256 if last else "",
    )
    event.sha256 = digest(event)
    event.save()
    on = ("contract", contract.pk)
    record(f"contract.{what}", on, by=by, at=at, scope=contract.scope, **facts)
    return event


def digest(event: Event) -> str:
    """Of all that an event says, and of the digest of the one before."""
    said = json.dumps(
        [
            event.contract_id,
            event.number,
            event.what,
            event.facts,
            event.by,
            event.at.astimezone(UTC).isoformat(),
            event.before_sha256,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(said.encode()).hexdigest()


def broken(events: Iterable[Event]) -> list[Event]:
    """Those of one contract, in order, that do not say what they said or follow no other."""
    found, before = [], ""
    for number, event in enumerate(events, 1):
        follows = event.before_sha256 == before and event.number == number
        if not follows or event.sha256 != digest(event):
            found.append(event)
        before = event.sha256
    return found

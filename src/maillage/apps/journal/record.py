"""Write a line of the journal, in the transaction of the act itself."""

from datetime import datetime

from django.db import connection

from maillage.apps.journal.models import Entry

PLATFORM = ("platform", "")


class OutsideTransactionError(RuntimeError):
    """A line written outside the act's transaction could survive an act that did not happen."""


def record(
    act: str,
    on: tuple[str, object],
    *,
    by: int | None,
    at: datetime,
    scope: tuple[str, str] = PLATFORM,
    reason: str = "",
    **facts: object,
) -> Entry:
    """One act, one line.

    on  kind and identifier of what was acted upon, ("role", 12)
    by  identifier of the person, None when the system acts alone
    """
    if not connection.in_atomic_block:
        raise OutsideTransactionError(act)
    kind, key = on
    return Entry.objects.create(
        at=at,
        actor_id=by,
        act=act,
        object_kind=kind,
        object_key=str(key),
        scope_kind=scope[0],
        scope_key=scope[1],
        facts=facts,
        reason=reason,
    )

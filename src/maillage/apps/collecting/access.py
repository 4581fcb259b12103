"""Access suspended for an invoice comes back with its last cent."""

from collections.abc import Iterable
from datetime import datetime

from maillage.apps.billing.models import Document
from maillage.apps.collecting import balance
from maillage.apps.memberships.models import Suspension

ORIGIN = "document"


def give_back(documents: Iterable[int], *, at: datetime) -> int:
    """End the suspensions of those of these documents that owe nothing now; how many."""
    held = Suspension.objects.filter(
        origin_kind=ORIGIN, origin_key__in=[str(pk) for pk in documents], ended_at=None
    )
    keys = [int(key) for key in held.values_list("origin_key", flat=True)]
    if not keys:
        return 0
    owed = balance.owed_cents(Document.objects.filter(pk__in=keys))
    paid = [str(pk) for pk, cents in owed.items() if cents <= 0]
    return held.filter(origin_key__in=paid).update(ended_at=at)


def give_back_all(*, at: datetime) -> int:
    """The same for all: a credit note lowers what is owed too."""
    held = Suspension.objects.filter(origin_kind=ORIGIN, ended_at=None)
    return give_back([int(key) for key in held.values_list("origin_key", flat=True)], at=at)

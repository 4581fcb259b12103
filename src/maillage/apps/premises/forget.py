"""Lists that are kept no longer: unconfirmed after a day, past undoing after a month."""

from datetime import datetime, timedelta

from django.db.models import Q

from maillage.apps.premises.models import Import, ImportState

WAITS = timedelta(days=1)
MAY_BE_UNDONE = timedelta(days=30)


def forget(*, at: datetime) -> int:
    """Remove them; how many."""
    late = Q(state=ImportState.WAITING, asked_at__lt=at - WAITS)
    past = ~Q(state=ImportState.WAITING) & Q(done_at__lt=at - MAY_BE_UNDONE)
    return Import.objects.filter(late | past).delete()[0]

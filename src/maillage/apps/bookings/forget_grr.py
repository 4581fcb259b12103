"""Exports of GRR that are kept no longer: unconfirmed after a week, past undoing after a month."""

from datetime import datetime, timedelta

from django.db.models import Q

from maillage.apps.bookings.grr_models import GrrImport, GrrState

WAITS = timedelta(days=7)
MAY_BE_UNDONE = timedelta(days=30)


def forget(*, at: datetime) -> int:
    """Remove them, with the names that they hold; how many."""
    late = Q(state=GrrState.WAITING, asked_at__lt=at - WAITS)
    past = ~Q(state=GrrState.WAITING) & Q(done_at__lt=at - MAY_BE_UNDONE)
    return GrrImport.objects.filter(late | past).delete()[0]

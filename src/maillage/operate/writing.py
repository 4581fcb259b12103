"""Open or close writing for the whole platform, and note who closed what when."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.kit import read_only

ACT = "platform.read_only"


@transaction.atomic
def turn(*, on: bool, at: datetime) -> None:
    """Open writing, or close it."""
    read_only.turn(on=not on)
    record(ACT, ("platform", ""), by=None, at=at, is_read_only=not on)

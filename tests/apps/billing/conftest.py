"""What the tests of billing read after an act."""

import pytest


@pytest.fixture
def journal(db):
    """The acts written so far, in order."""
    from maillage.apps.journal.models import Entry

    return lambda: list(Entry.objects.order_by("pk").values_list("act", flat=True))

"""What the tests of programmes share: an instant, the journal, a programme under way."""

from datetime import datetime

import pytest

from maillage.core.periods import PARIS

AT = datetime(2027, 3, 17, 9, tzinfo=PARIS)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def journal(db):
    """The acts written so far, in order."""
    from maillage.apps.journal.models import Entry

    return lambda: list(Entry.objects.order_by("pk").values_list("act", flat=True))


@pytest.fixture
def programme(db):
    """Four phases from 4 January 2027."""
    from factories import programmes

    return programmes.programme()

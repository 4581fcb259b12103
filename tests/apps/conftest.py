"""What the tests of apps share."""

from datetime import datetime

import pytest


@pytest.fixture(autouse=True)
def windows_begin_with_the_test(monkeypatch):
    """A limit counts from its first use, so that no test meets the end of a minute by chance."""
    from maillage.kit import throttle

    first: dict[str, datetime] = {}

    def begun(limit: throttle.Limit, at: datetime) -> datetime:
        known = first.setdefault(limit.name, at)
        if not at - limit.within < known <= at:
            first[limit.name] = known = at
        return known

    monkeypatch.setattr(throttle, "window_of", begun)

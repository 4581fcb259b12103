"""How often a stranger may search."""

from datetime import timedelta

from django.http import HttpRequest

from maillage.kit.clock import now
from maillage.kit.throttle import Limit, address_of, count

# reliability L1
SEARCHES = Limit("public-search", 60, timedelta(minutes=1))


def limited(request: HttpRequest) -> None:
    """Count one search of this address."""
    count(SEARCHES, address_of(request), at=now())

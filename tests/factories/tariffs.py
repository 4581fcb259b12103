"""Voted prices of invented operators."""

from datetime import date

from factories import network_sites
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.keep_list import Asked, Head, Resource, Terms, draft, write_prices
from maillage.apps.tariffs.models import PriceList
from maillage.apps.tariffs.vote import vote

AT = network_sites.AT
VOTED_ON = date(2026, 12, 10)
FIRST = date(2027, 1, 1)
RATE_BP = 2_000
# (kind of space, unit, audience, cents)
PRICES = (
    ("open_space", "half_day", "public", 800),
    ("open_space", "day", "public", 1200),
    ("open_space", "half_day", "member", 500),
    ("open_space", "day", "member", 800),
    ("open_space", "month", "resident", 12_000),
    ("meeting_room", "hour", "public", 1500),
    ("meeting_room", "half_day", "public", 4000),
    ("meeting_room", "hour", "association", 0),
)


def empty(operator: Organisation | None = None, starts_on: date = FIRST, **head) -> PriceList:
    """A draft without a price."""
    words = {"name": "Tarifs 2027 (fictif)"} | head
    return draft(operator or network_sites.operator(), Head(starts_on=starts_on, **words),
                 by=None, at=AT)  # fmt: skip


def drafted(operator: Organisation | None = None, prices=PRICES, starts_on=FIRST, **head):
    """A draft with prices."""
    made = empty(operator, starts_on, **head)
    for kind in dict.fromkeys(kind for kind, *_ in prices):
        asked = [Asked(unit, audience, cents) for k, unit, audience, cents in prices if k == kind]
        made.refresh_from_db()
        write_prices(
            made, Resource(kind), asked, Terms(RATE_BP), version=made.version, by=None, at=AT
        )
    made.refresh_from_db()
    return made


def voted(operator: Organisation | None = None, prices=PRICES, starts_on=FIRST, **head):
    """A list that a council voted."""
    made = drafted(operator, prices, starts_on, **head)
    return vote(made, "2026-12-10-07 (fictif)", VOTED_ON, by=None, at=AT)

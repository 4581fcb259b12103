"""An invented network as its pages see it today, on the day the tests run."""

from datetime import date, time, timedelta

from factories import network_sites as sites
from factories import people, tariffs
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.reserve import AT_ONCE, reserve
from maillage.apps.people.models import RoleKind
from maillage.core import periods
from maillage.core.periods import Period
from maillage.kit.clock import now

LONG_AGO = date(2026, 1, 1)


def working_day(ahead: int = 2) -> date:
    """A day to come when the invented sites open."""
    on = now().date() + timedelta(days=ahead)
    while on.weekday() > 4 or periods.is_holiday(on, "metropole"):
        on += timedelta(days=1)
    return on


def slot(begins: int = 9, ends: int = 12, on: date | None = None) -> Period:
    """Some hours of that day."""
    return periods.hours(on or working_day(), time(begins), time(ends), sites.PARIS)


def priced(operator=None):
    """Prices that hold today."""
    return tariffs.voted(operator, starts_on=LONG_AGO)


def booked(space, who=None, period: Period | None = None, **words) -> Booking:
    """A booking of that day."""
    person = who or people.person()
    is_whole = words.pop("is_whole", space.sold_by == "whole")
    ask = Ask(space.pk, period or slot(), words.pop("party", 1), is_whole)
    terms = words.pop("terms", AT_ONCE)
    at = words.pop("at", None) or now()
    return reserve([ask], Booker(person, person.pk, **words), at=at, terms=terms)[0]


def manager(site):
    """Whoever runs a site, and only that one."""
    return people.holder(RoleKind.SITE_MANAGER, ("site", str(site.pk)))


def fields(space, period: Period | None = None, party: int = 1, **more) -> dict[str, str]:
    """What the button of a slot posts."""
    at = period or slot()
    posted = {
        "space": str(space.pk),
        "begins": at.begins.isoformat(),
        "ends": at.ends.isoformat(),
        "party": str(party),
    }
    if space.sold_by == "whole":
        posted["whole"] = "on"
    return posted | more


def checkout(client, space, period: Period | None = None, **typed):
    """Choose one slot and confirm it; the answer of the checkout."""
    client.post("/reserver/panier/ajouter/", fields(space, period))
    return confirm(client, **typed)


def confirm(client, **typed):
    """Press the button of the checkout."""
    shown = client.get("/reserver/panier/").context
    posted = {"jeton": shown["token"], "vu": shown["seen"], "objet": "", **typed}
    return client.post("/reserver/panier/", posted)

"""Who asks for what, in an invented network."""

from datetime import timedelta

from factories import network_sites as sites
from factories import people
from maillage.apps.bookings.asked import Ask, Booker, range_of
from maillage.apps.bookings.models import Booking, Occupancy
from maillage.apps.bookings.reserve import AT_ONCE, reserve
from maillage.apps.people.models import Person
from maillage.core.periods import Period

AT = sites.AT
HALF_AN_HOUR = timedelta(minutes=30)
asked_range = range_of


def ask(space, period: Period | None = None, party: int = 1, *, is_whole: bool = True) -> Ask:
    """The whole space tomorrow morning, unless told otherwise."""
    return Ask(space.pk, period or sites.slot(), party, is_whole)


def desk(space, period: Period | None = None, party: int = 1) -> Ask:
    """Some of its seats."""
    return ask(space, period, party, is_whole=False)


def someone(name: str = "elise") -> Person:
    """The same person each time, by the name in her address."""
    address = f"{name}@exemple.invalid"
    known = Person.objects.filter(email=address).first()
    return known or people.person(f"{name.capitalize()} (fictif)", address)


def booker(person: Person | str = "elise", **words) -> Booker:
    """Somebody who books for herself."""
    who = someone(person) if isinstance(person, str) else person
    return Booker(who, who.pk, **words)


def booked(asked: Ask, who: Booker | None = None, at=AT, terms=AT_ONCE) -> Booking:
    """One booking."""
    return reserve([asked], who or booker(), at=at, terms=terms)[0]


def taken(space) -> list[tuple]:
    """What is taken below a space: (number of the seat, period, booking, block)."""
    rows = Occupancy.objects.filter(seat__space__path__contains=[space.pk])
    found = [
        (o.seat.number, Period(o.period.lower, o.period.upper), o.booking_id, o.block_id)
        for o in rows.select_related("seat")
    ]
    return sorted(found, key=lambda one: one[:2])

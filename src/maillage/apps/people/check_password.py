"""Whether a password opens an account, without ever saying whether there is an account."""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate

from maillage.apps.people.models import Person
from maillage.kit.throttle import Limit, count, give_back

OF_ACCOUNT = Limit("sign-in of an account", 5, timedelta(minutes=5))
OF_ADDRESS = Limit("sign-in from an address", 10, timedelta(minutes=1))


def check(email: str, password: str, *, address: str, at: datetime) -> Person | None:
    """The account that these open, or None; raises TooMany after too many failures.

    Attempts are counted before they are judged, and given back when they were right: those of
    an unknown account count as well.
    """
    uses = ((OF_ADDRESS, address), (OF_ACCOUNT, email.strip().lower()))
    for limit, key in uses:
        count(limit, key, at=at)
    person = authenticate(None, email=email.strip(), password=password)
    if not isinstance(person, Person):
        return None
    for limit, key in uses:
        give_back(limit, key, at=at)
    return person

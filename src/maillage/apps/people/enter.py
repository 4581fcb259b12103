"""Enter a session: every way in passes the same stages, the second factor among them."""

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.apps.people.models import Person

CONFIRMED_FOR = timedelta(minutes=15)
NEXT = "next"


def enter(request: HttpRequest, person: Person, *, method: str, opens: str = "") -> HttpResponse:
    """Sign a person in, or send her to her second factor first.

    method  "password" or "link": what she has just shown
    """
    if request.user.is_authenticated:
        # the stages only lead somewhere from outside
        logout(request)
    record_authentication(request, person, method=method)
    # never empty: the library would then read the address asked for by itself
    opened = own_path(request, opens) or reverse("landing")
    response: HttpResponse = perform_login(request, person, redirect_url=opened)
    return response


def own_path(request: HttpRequest, asked: str) -> str:
    """The path asked for when it is one of ours, else nothing."""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else ""


def is_confirmed(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the person proved who she is within the quarter of an hour.

    With a second factor set up, only that one proves it.
    """
    person = request.user
    if not isinstance(person, Person):
        return False
    records = get_authentication_records(request, person)
    if is_mfa_enabled(person):
        records = [shown for shown in records if shown["method"] == "mfa"]
    oldest = (at - CONFIRMED_FOR).timestamp()
    return any(shown["at"] > oldest for shown in records)

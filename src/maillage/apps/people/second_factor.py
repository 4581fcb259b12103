"""A second factor for those who act for a body: nothing opens before it is set up."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.apps.people.rights import is_staff
from maillage.kit.clock import now

# what somebody without a second factor may still open: setting it up, and leaving
OPEN_PREFIXES = ("/compte/securite/", "/connexion/", "/deconnexion/", "/apparence/", "/sante/")


class SecondFactor:
    """Sends staff without a second factor to its set-up page, whatever they asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _must_set_up(request):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)


def _must_set_up(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or request.path.startswith(OPEN_PREFIXES):
        return False
    return is_missing(user)


def is_missing(user: Any) -> bool:
    """Whether this person acts for a body without a second factor."""
    if settings.DEMONSTRATION and user.is_demonstration:
        # invented people of a database that listens on this machine alone
        return False
    return is_staff(user, on=now().date()) and not is_mfa_enabled(user)

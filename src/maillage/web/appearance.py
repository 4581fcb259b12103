"""Light, dark, or as the device: the person's choice, kept in a cookie without a name."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.kit.pages import anyone, page
from maillage.web.context import THEMES

KEPT_FOR = timedelta(days=365)


@page(rule=anyone, methods=("POST",))
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice and go back to the page."""
    asked = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    if asked in THEMES:
        response.set_cookie(
            "maillage-theme",
            asked,
            max_age=KEPT_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response

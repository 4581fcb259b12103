"""The module for other web sites: a page made to be framed, the same as JSON, how to copy it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from maillage.apps.sites import directory, directory_shown, embed
from maillage.apps.sites.pages.directory import territory_of
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page
from maillage.report.files import to_compact_json

Policy = dict[str, Any]
# a framed page has neither script nor form: whoever frames it can make nobody do anything
FRAMED: Policy = {
    **settings.SECURE_CSP,
    "script-src": [CSP.NONE],
    "connect-src": [CSP.NONE],
    "worker-src": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}
WITH_PREVIEW: Policy = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}
KEPT_S = 60
HEIGHT_PX = 480


@page(rule=anyone, of=territory_of)
@xframe_options_exempt
@csp_override(FRAMED)
def module(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The places of a territory, the same for everybody: no session, no cookie, no form."""
    # without the request: nothing of whoever looks may enter the page
    html = render_to_string("sites/embed.html", _values(territory))
    return _shared(HttpResponse(html))


@page(rule=anyone, of=territory_of)
def module_json(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The same for a program of another web site."""
    at = now()
    values = _values(territory)
    document = embed.document(territory.name, values["href"], values["sites"], at)
    response = HttpResponse(to_compact_json(document), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return _shared(response)


@page(rule=anyone, of=territory_of)
@csp_override(WITH_PREVIEW)
def embedding(request: HttpRequest, territory: Territory) -> HttpResponse:
    """What to copy into the web site of a town hall, and what it looks like."""
    name = short_name(territory.name)
    address = reverse("embed", args=(territory.pk,))
    title = _("Les lieux de travail partagés, {name}").format(name=name)
    context = {
        "territory_name": name,
        "siren": territory.pk,
        "module": address,
        "title": title,
        "height": HEIGHT_PX,
        "address": settings.BASE_URL + address,
        "json": settings.BASE_URL + reverse("embed_json", args=(territory.pk,)),
        "crumbs": [
            Crumb(_("Les lieux"), reverse("directory")),
            Crumb(name, reverse("network", args=(territory.pk,))),
            Crumb(_("Intégrer à un site")),
        ],
    }
    return render(request, "sites/embedding.html", context)


def _values(territory: Territory) -> dict[str, Any]:
    at = now()
    found = directory.read(directory.rows(territory.pk), at)
    name = short_name(territory.name)
    return {
        "name": name,
        "title": directory_shown.title(found),
        "sites": embed.shown(found, at),
        "more": max(0, len(found) - embed.MOST),
        "href": settings.BASE_URL + reverse("network", args=(territory.pk,)),
        "is_demonstration": territory.is_demonstration,
    }


def _shared(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response

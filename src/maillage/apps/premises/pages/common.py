"""What the pages of premises share: the frame, the files, a form refused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.components import Crumb, Dialog

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422


def frame(territory: Territory, *here: Crumb) -> dict[str, Any]:
    """The breadcrumb under a territory, its name in the header."""
    home = reverse("premises_list", args=(territory.pk,))
    return {
        "territory_name": short_name(territory.name),
        "siren": territory.pk,
        "crumbs": [
            Crumb(short_name(territory.name), reverse("territory", args=(territory.pk,))),
            Crumb(_("Locaux"), home if here else ""),
            *here,
        ],
    }


def attached(data: bytes, name: str) -> HttpResponse:
    """A CSV to keep."""
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def confirm(
    request: HttpRequest, territory: Territory, dialog: Dialog, *here: Crumb
) -> HttpResponse:
    """Said first, then done."""
    context = {**frame(territory, *here), "dialog": dialog}
    return render(request, "confirm.html", context)

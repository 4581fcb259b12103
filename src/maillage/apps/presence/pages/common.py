"""What the pages of the day share."""

from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites.models import Site
from maillage.apps.territories.names import short_name
from maillage.kit.components import Crumb

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422


def frame(site: Site, *here: Crumb) -> dict[str, Any]:
    """The breadcrumb under a site's day."""
    home = reverse("day", args=(site.pk,))
    return {
        "territory_name": short_name(site.territory.name),
        "site": {"pk": site.pk, "name": site.name, "commune": site.commune_name},
        "crumbs": [
            Crumb(_("Journées"), reverse("days")),
            Crumb(site.name, home if here else ""),
            *here,
        ],
    }


def day_asked(request: HttpRequest, today: date) -> date:
    """The day of the query or of the form; today for anything else."""
    text = request.POST.get("jour") or request.GET.get("jour") or ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def named[Row: Model](rows: QuerySet[Row], text: str) -> Row:
    """The row whose number was posted; 404 for any other text."""
    return get_object_or_404(rows, pk=int(text) if text.isdigit() else 0)


def attached(data: bytes, name: str, media_type: str = "text/csv; charset=utf-8") -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def status_of(form: Any) -> int:
    """Of a form that is shown again."""
    return WRONG if form.is_bound and form.errors else 200

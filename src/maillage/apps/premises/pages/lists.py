"""The list of premises: filtered, on a map, as files."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.premises import exports, listing, map_layer
from maillage.apps.premises.fitting import Fit, fits_of
from maillage.apps.premises.forms import FilterPremises
from maillage.apps.premises.listing import Found
from maillage.apps.premises.models import Import, ImportState, Kind, Premises
from maillage.apps.premises.pages.common import attached, frame
from maillage.apps.premises.rules import may_keep, may_read, territory_of
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now
from maillage.kit.components import Document
from maillage.kit.pages import page
from maillage.kit.tables import Row
from maillage.report.files import to_compact_json

# how long the list offers to undo the last import
RECENT = timedelta(days=1)


@page(rule=may_read, of=territory_of)
def premises(request: HttpRequest, territory: Territory) -> HttpResponse:
    """What is described, what answers the filters, where it is."""
    form, every, shown = _shown(request, territory)
    listed, fits = _on_page(request, shown)
    removed = Premises.objects.filter(territory=territory, removed_at__isnull=False)
    context = {
        **frame(territory),
        "lead": listing.lead(every, shown),
        "filters": listing.filters(form, request.GET),
        "preset": listing.presets(territory),
        "unsure": listing.unsure(shown, request.GET),
        "map": map_layer.drawn(territory, fits, request.GET) if every else None,
        "table": listing.table(list(listed), _documents(territory)) if every else None,
        "page": listed,
        "nothing": listing.nothing(territory, may_keep=may_keep(request.user, territory)),
        "kinds": {kind.value: str(kind.label) for kind in Kind},
        "removed": list(removed.order_by("name", "pk").values("pk", "name", "commune_name")),
        "may_keep": may_keep(request.user, territory),
        "last_import": _last_import(territory),
    }
    return render(request, "premises/list.html", context)


def _shown(request: HttpRequest, territory: Territory) -> tuple[FilterPremises, int, Found]:
    """The filters, how many premises there are, and those that answer."""
    rows = _rows(territory)
    communes = sorted({(row.commune_code, row.commune_name) for row in rows}, key=lambda c: c[1])
    form = FilterPremises(request.GET, communes=communes)
    form.is_valid()
    return form, len(rows), listing.found(fits_of(territory, rows), form.cleaned_data)


def _on_page(request: HttpRequest, shown: Found) -> tuple[Page[Row], list[Fit]]:
    """The lines of the page asked, and what the map shows beside them: the same premises."""
    paginator = Paginator(listing.rows(shown.fits, request.GET), listing.A_PAGE)
    listed = paginator.get_page(request.GET.get("page"))
    by_key = {str(fit.premises.pk): fit for fit in shown.fits}
    return listed, [by_key[row.key] for row in listed]


def _documents(territory: Territory) -> list[Document]:
    return [
        Document(title, reverse(name, args=(territory.pk,)), "text/csv")
        for title, name in (
            (_("Données ouvertes"), "premises_csv"),
            (_("Pour un tableur"), "premises_excel"),
        )
    ]


def _last_import(territory: Territory) -> dict[str, Any] | None:
    """The import of the day, which may still be undone."""
    recent = Import.objects.filter(
        territory=territory, state=ImportState.DONE, done_at__gte=now() - RECENT
    )
    names = ("pk", "name", "added", "changed", "done_at")
    found = recent.order_by("-done_at").values(*names).first()
    return dict(found) if found else None


@page(rule=may_read, of=territory_of)
def markers(request: HttpRequest, territory: Territory) -> HttpResponse:
    """The layer of the interactive map, under the same filters."""
    _, _, shown = _shown(request, territory)
    _, fits = _on_page(request, shown)
    layer = to_compact_json(map_layer.markers(fits))
    response = HttpResponse(layer, content_type="application/geo+json")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@page(rule=may_read, of=territory_of)
def open_data(request: HttpRequest, territory: Territory) -> HttpResponse:  # noqa: ARG001
    """The whole list as open data."""
    return attached(exports.open_data(_rows(territory)), f"{territory.pk}-locaux.csv")


@page(rule=may_read, of=territory_of)
def excel(request: HttpRequest, territory: Territory) -> HttpResponse:  # noqa: ARG001
    """The whole list for a French spreadsheet."""
    return attached(exports.excel(_rows(territory)), f"{territory.pk}-locaux-excel.csv")


def _rows(territory: Territory) -> list[Premises]:
    return list(Premises.objects.present().filter(territory=territory).order_by("pk"))

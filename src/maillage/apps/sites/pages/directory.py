"""The public directory: the list and its map, a network, a site, the open data of both."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites import directory, directory_map, directory_shown, public_parts, site_shown
from maillage.apps.sites.directory import Found, Listed
from maillage.apps.sites.directory_shown import A_PAGE, Search
from maillage.apps.sites.models import Site
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document
from maillage.kit.pages import anyone, page
from maillage.report import network_export
from maillage.report.files import to_compact_json
from maillage.report.network_export import Place

# of the key of a site
MOST_DIGITS = 18
LAYERS = ("markers", "places", "labels", "outlines")


def territory_of(_person: Any, siren: str) -> Territory:
    """Any intercommunality: an empty directory is an answer."""
    return get_object_or_404(Territory, pk=siren)


def listed_site(_person: Any, siren: str, slug: str) -> Site:
    """A site of the directory; those that are not listed do not exist."""
    return get_object_or_404(directory.rows(siren), slug=slug)


@page(rule=anyone)
def sites(request: HttpRequest) -> HttpResponse:
    """Every listed site, whatever its territory."""
    context = _context(request, "")
    context["crumbs"] = [Crumb(_("Les lieux"))]
    return render(request, "sites/directory.html", context)


@page(rule=anyone, of=territory_of)
def network(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Those of one territory, with its files."""
    name = short_name(territory.name)
    context = _context(request, territory.pk, name)
    context |= {
        "territory_name": name,
        "siren": territory.pk,
        "crumbs": [Crumb(_("Les lieux"), reverse("directory")), Crumb(name)],
        "documents": documents(territory.pk) if context["lines"] else [],
        "embedding": reverse("embedding", args=(territory.pk,)),
    }
    return render(request, "sites/directory.html", context)


def _context(request: HttpRequest, territory_id: str, name: str = "") -> dict[str, Any]:
    at = now()
    form, every, found = _found(request, territory_id, at)
    listed = _on_page(request, found)
    return {
        "title": directory_shown.title(every, name),
        "lead": directory_shown.lead(every, found),
        "filters": directory_shown.filters(form, request.GET) if every else None,
        "unsure": directory_shown.unsure(found, request.GET),
        "lines": [directory_shown.line(one, at) for one in listed.object_list],
        "page": listed,
        "map": directory_map.panel(listed.object_list, request.GET, territory_id),
        "nothing": directory_shown.nothing(every),
    }


def _found(
    request: HttpRequest, territory_id: str, at: datetime
) -> tuple[Search, list[Listed], Found]:
    """The filters, the sites there are, and those that answer."""
    rows = directory.rows(territory_id)
    only = request.GET.get("lieu", "")
    if only.isdigit():
        rows = rows.filter(pk=int(only[:MOST_DIGITS]))
    every = directory.read(rows, at)
    form = Search(request.GET)
    form.is_valid()
    return form, every, directory.search(every, form.cleaned_data)


def _on_page(request: HttpRequest, found: Found) -> Any:
    return Paginator(found.sites, A_PAGE).get_page(request.GET.get("page"))


@page(rule=anyone)
def layer(request: HttpRequest, name: str) -> HttpResponse:
    """A layer of the interactive map, under the same filters and of the same page."""
    if name not in LAYERS:
        raise Http404(name)
    _form, _every, found = _found(request, request.GET.get("territoire", ""), now())
    shown = directory_map.layer(name, _on_page(request, found).object_list)
    return HttpResponse(to_compact_json(shown), content_type="application/geo+json")


@page(rule=anyone, of=listed_site)
def site(request: HttpRequest, of: Site) -> HttpResponse:
    """One site: hours, access, spaces, and how to book them."""
    at = now()
    one = directory.read([of], at)[0]
    name = short_name(of.territory.name)
    context = site_shown.context(one, at) | {
        "sections": public_parts.sections(of, at),
        "map": directory_map.alone(one),
        "line": directory_shown.line(one, at),
        "territory_name": name,
        "crumbs": [
            Crumb(_("Les lieux"), reverse("directory")),
            Crumb(name, reverse("network", args=(of.territory_id,))),
            Crumb(of.name),
        ],
    }
    return render(request, "sites/directory_site.html", context)


def documents(siren: str) -> list[Document]:
    """The files of a network."""
    return [
        Document(title, reverse(route, args=(siren,)), media_type)
        for title, route, media_type in (
            (_("Les lieux, tableau CSV"), "network_csv", "text/csv"),
            (_("Les lieux, document JSON"), "network_json", "application/json"),
            (_("Les lieux, couche GeoJSON"), "network_geojson", "application/geo+json"),
        )
    ]


@page(rule=anyone, of=territory_of)
def network_csv(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The network in the national schema, as CSV."""
    return _file(territory, network_export.lmn_csv, "text/csv; charset=utf-8", "csv")


@page(rule=anyone, of=territory_of)
def network_json(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The same as JSON."""
    return _file(territory, network_export.lmn_json, "application/json", "json")


@page(rule=anyone, of=territory_of)
def network_geojson(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The network as a layer."""
    return _file(territory, network_export.geojson, "application/geo+json", "geojson")


def _file(
    territory: Territory, write: Callable[[Sequence[Place]], bytes], media_type: str, suffix: str
) -> HttpResponse:
    found = directory.read(directory.rows(territory.pk), now())
    places = [_place(one) for one in sorted(found, key=lambda one: one.site.pk)]
    response = HttpResponse(write(places), content_type=media_type)
    name = f"{territory.pk}-lieux.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _place(one: Listed) -> Place:
    of = one.site
    body = of.operator
    return Place(
        id=f"{of.territory_id}-{of.slug}",
        name=of.name,
        commune_code=of.commune_code,
        commune_name=of.commune_name,
        page=settings.BASE_URL + of.get_absolute_url(),
        source=of.territory.name,
        updated_on=of.changed_at.date(),
        address=of.address,
        lon=of.lon,
        lat=of.lat,
        phone=of.phone,
        email=of.email,
        opening_hours=of.opening_hours,
        description=of.description,
        operator=body.name if body else "",
        pivot=(body.siret or body.rna) if body else "",
        tier=of.tier,
        stage=one.stage,
        seats=one.seats,
        is_step_free=of.is_step_free,
        has_internet="wifi" in of.equipment,
    )

"""What was sold at one's sites: by site and month, on a page and in files."""

from datetime import date, datetime, time

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.ledger.models import Charge
from maillage.apps.memberships import listing, settlement
from maillage.apps.memberships.forms import FilterSales
from maillage.apps.memberships.rules import charges, may_see_members
from maillage.apps.sites.models import Site
from maillage.apps.sites.rules import kept
from maillage.core import programme
from maillage.core.periods import PARIS
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link, filters_of
from maillage.kit.pages import page
from maillage.report import french, moments

ON_A_PAGE = 100
FILES = {"ventes.csv": "csv", "ventes-excel.csv": "excel"}


@page(rule=may_see_members)
def sales(request: HttpRequest) -> HttpResponse:
    """The sales of a month, with its total and what bodies settle between them."""
    own = list(kept(request.user, "members.keep").order_by("name"))
    form = FilterSales(request.GET, sites=own)
    first, chosen = _asked(form, own)
    found = _found(request, first, chosen)
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    names = {str(site.pk): site.name for site in own}
    total = sum(listing.to_pay(one) for one in _amounts(found))
    in_kind = sum(found.values_list("in_kind_cents", flat=True))
    query = request.GET.urlencode()
    downloads = [
        Link(title, f"{reverse('sales_file', args=(name,))}?{query}")
        for title, name in (("CSV", "ventes.csv"), ("Excel FR", "ventes-excel.csv"))
    ]
    settled = settlement.between_bodies(first, [site.pk for site in chosen])
    context = {
        "crumbs": [Crumb(_("Ventes"))],
        "month": moments.month(first),
        "total": french.cents(total),
        "count": french.count(shown.paginator.count, "ligne"),
        "in_kind": french.cents(in_kind) if in_kind else "",
        "filters": filters_of(form, request.GET),
        "table": listing.sales_table(list(shown), names),
        "shown": shown,
        "downloads": downloads if shown else [],
        "settlement": listing.settlement_table(settled) if settled else None,
    }
    return render(request, "memberships/sales.html", context)


@page(rule=may_see_members)
def sales_file(request: HttpRequest, name: str) -> HttpResponse:
    """The same month as a file."""
    if name not in FILES:
        raise Http404(name)
    own = list(kept(request.user, "members.keep").order_by("name"))
    first, chosen = _asked(FilterSales(request.GET, sites=own), own)
    names = {str(site.pk): site.name for site in own}
    grid = listing.sales_grid(_found(request, first, chosen), names)
    return HttpResponse(
        listing.as_files(grid)[FILES[name]],
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{first:%Y-%m}-{name}"'},
    )


def _amounts(found: QuerySet[Charge]) -> QuerySet[Charge]:
    return found.select_related(None).only("includes_tax", "amount_cents", "vat_rate_bp")


def _asked(form: FilterSales, own: list[Site]) -> tuple[date, list[Site]]:
    """The month and the sites asked for: this month and all of them without a word."""
    said = form.cleaned_data if form.is_valid() else {}
    first = said.get("mois") or now().date().replace(day=1)
    chosen = [site for site in own if not said.get("lieu") or str(site.pk) == said["lieu"]]
    return first, chosen


def _found(request: HttpRequest, first: date, chosen: list[Site]) -> QuerySet[Charge]:
    rows = charges(request.user)
    if request.GET.get("lieu") and len(chosen) == 1:
        rows = rows.filter(scope_kind="site", scope_key=str(chosen[0].pk))
    begins = datetime.combine(first, time(), PARIS)
    ends = datetime.combine(programme.after(first, 1), time(), PARIS)
    return (
        rows.filter(at__gte=begins, at__lt=ends)
        .select_related("operator", "payer_person", "payer_organisation")
        .order_by("-at", "-pk")
    )

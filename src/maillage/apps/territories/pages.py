"""The pages of a territory: everybody reads them, those in charge load its tables."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.territories import (
    commune_page,
    freshness,
    initiatives,
    official_files,
    parts,
    portrait_page,
    search,
    tables_page,
)
from maillage.apps.territories.ask_loading import ask_loading
from maillage.apps.territories.forms import Search, TableFilters
from maillage.apps.territories.load import STEPS
from maillage.apps.territories.models import Loading, LoadingState, Portrait, Territory
from maillage.apps.territories.names import search_key, short_name
from maillage.apps.territories.parts import Shown
from maillage.apps.territories.rules import may_load, may_read_premises, may_start_study
from maillage.apps.territories.searching import limited
from maillage.apps.territories.sources import can_load
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Progress, filters_of
from maillage.kit.pages import anyone, is_fragment, page

A_PAGE = 50


def territory_of(_person: Any, siren: str) -> Territory:
    """A territory of the list."""
    found = Territory.objects.filter(pk=siren).first()
    if found is None:
        raise Http404(siren)
    return found


def portrait_of(person: Any, siren: str) -> Shown:
    """The portrait of a territory of the list; without tables there is nothing below it."""
    territory = territory_of(person, siren)
    latest = territory.portraits.order_by("-loaded_at").first()
    if latest is None:
        raise Http404(siren)
    return parts.shown(latest)


@page(rule=anyone)
def choose(request: HttpRequest) -> HttpResponse:
    """Find one's intercommunality; the only answer opens at once."""
    text = request.GET.get("q", "").strip()
    if text:
        return _found(request, text)
    known = Territory.objects.count()
    latest = Portrait.objects.aggregate(at=Max("loaded_at"))["at"]
    return freshness.answer(request, f"{known} {latest}", lambda: _ready(request, known))


def _ready(request: HttpRequest, known: int) -> HttpResponse:
    ready = Territory.objects.loaded().with_portrait().order_by("name", "pk")
    results = [_result(territory, "") for territory in ready[:A_PAGE]]
    context = {"form": Search(), "results": results, "known": known}
    return render(request, "territories/choose.html", context)


def _found(request: HttpRequest, text: str) -> HttpResponse:
    limited(request)
    form = Search(request.GET)
    if not form.is_valid():
        return render(request, "territories/choose.html", {"form": form, "q": text}, status=422)
    found = search.find(text)
    listed = Paginator(found.territories, A_PAGE).get_page(request.GET.get("page"))
    is_alone = listed.paginator.count == 1 and not found.is_close
    if (is_alone or found.sure) and not is_fragment(request):
        return redirect("territory", siren=found.sure or listed[0].pk)
    context = {
        "form": form,
        "q": text,
        "results": [_result(territory, search_key(text)) for territory in listed],
        "is_close": found.is_close,
        "page": listed,
        "total": listed.paginator.count,
    }
    return render(request, "territories/choose.html", context)


def _result(territory: Any, key: str) -> dict[str, Any]:
    """One answer; `commune` is the member whose name was written."""
    named = key in territory.search_name
    return {
        "siren": territory.pk,
        "name": territory.name,
        "communes": territory.communes,
        "population": territory.population,
        "is_ready": territory.loaded_at is not None,
        "commune": next(
            (m["name"] for m in territory.members if not named and search_key(m["name"]) == key), ""
        ),
    }


@page(rule=anyone, of=territory_of)
def portrait(request: HttpRequest, territory: Territory) -> HttpResponse:
    """The territory in numbers, or what is known of it before its tables are loaded."""
    latest = territory.portraits.order_by("-loaded_at").first()
    if latest is None:
        return _not_loaded(request, territory)
    of = parts.shown(latest)
    return freshness.answer(request, of.version, lambda: _portrait(request, territory, of))


def _portrait(request: HttpRequest, territory: Territory, of: Shown) -> HttpResponse:
    context = portrait_page.context(of, request.GET)
    return render(
        request,
        "territories/portrait.html",
        {
            **_frame(territory),
            **context,
            "loaded_at": of.loaded_at,
            "may_load": may_load(request.user, territory),
            "may_start_study": may_start_study(request.user, territory),
            "may_read_premises": may_read_premises(request.user, territory),
            "refusal": _last_refusal(territory) if request.user.is_authenticated else "",
        },
    )


def _not_loaded(request: HttpRequest, territory: Territory) -> HttpResponse:
    context = {
        **_frame(territory),
        "members": tables_page.members(territory),
        "may_load": may_load(request.user, territory),
        "may_read_premises": may_read_premises(request.user, territory),
        "can_load": can_load(territory.siren, settings.DATA_FOLDER),
        "refusal": _last_refusal(territory) if request.user.is_authenticated else "",
    }
    return render(request, "territories/not_loaded.html", context)


def _last_refusal(territory: Territory) -> str:
    """Why the latest loading gave nothing, until another one works."""
    latest = territory.loadings.order_by("-asked_at").first()
    if latest is None or latest.state == LoadingState.DONE:
        return ""
    if latest.state == LoadingState.FAILED:
        return _("Le chargement s’est interrompu. Relancez-le.")
    return latest.refusal


@page(rule=may_load, of=territory_of, methods=("POST",))
def ask(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Load the tables, as late work."""
    ask_loading(territory, settings.DATA_FOLDER, by=request.user.pk, at=now())
    return redirect("territory_loading", siren=territory.pk)


@page(rule=may_load, of=territory_of)
def loading(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Where the loading stands; once over, the portrait says the rest."""
    latest = territory.loadings.order_by("-asked_at").first()
    home = reverse("territory", args=(territory.pk,))
    if latest is None or latest.is_over:
        if is_fragment(request):
            return HttpResponse(headers={"HX-Redirect": home})
        return redirect(home)
    context = {**_frame(territory, _("Chargement")), "progress": _progress(latest)}
    return render(request, "territories/loading.html", context)


def _progress(row: Loading) -> Progress:
    words = (_("Lecture des tables officielles"), _("Calcul du portrait"), _("Écriture"))
    return Progress(
        label=words[min(row.steps_done, len(words) - 1)],
        poll_href=reverse("territory_loading", args=(row.territory_id,)),
        done=row.steps_done,
        total=len(STEPS),
    )


@page(rule=anyone, of=portrait_of)
def tables(request: HttpRequest, of: Shown) -> HttpResponse:
    """Every open table, with its two files."""
    return _public(
        request,
        of,
        "territories/tables.html",
        lambda: {**_below(of, _("Tableaux")), "tables": tables_page.listed(of)},
    )


@page(rule=anyone)
def table(request: HttpRequest, siren: str, key: str) -> HttpResponse:
    """One open table: sorted, filtered, downloaded."""
    of = portrait_of(request.user, siren)
    entry = of.table(key)
    if entry is None:
        raise Http404(key)
    above = Crumb(_("Tableaux"), reverse("territory_tables", args=(siren,)))

    def context() -> dict[str, Any]:
        form = TableFilters(request.GET, has_inside=tables_page.has_inside(entry))
        form.is_valid()
        return {
            **_below(of, entry["title"], above),
            "title": entry["title"],
            "filters": filters_of(form, request.GET),
            "table": tables_page.filtered(of, entry, request.GET, form.cleaned_data),
            "dictionary_href": reverse("open_data_table", args=(siren, key)),
        }

    return _public(request, of, "territories/table.html", context)


@page(rule=anyone, of=portrait_of)
def places(request: HttpRequest, of: Shown) -> HttpResponse:
    """The shared workplaces that exist, inside and around."""
    entry = of.table("places")

    def context() -> dict[str, Any]:
        return {
            **_below(of, _("Lieux existants")),
            "section": of.words["places"],
            "map": parts.map_panel(of, "lieux") if entry and of.words["access"] else None,
            "table": tables_page.places(of, entry, request.GET) if entry else None,
        }

    return _public(request, of, "territories/places.html", context)


@page(rule=anyone, of=portrait_of)
def files_to_load(request: HttpRequest, of: Shown) -> HttpResponse:
    """The official files behind the portrait, those read and those missing."""
    read = {source["id"]: source["vintage"] for source in of.numbers["sources"]}
    context = {
        **_below(of, _("Fichiers officiels")),
        "table": official_files.table(read),
        "may_load": may_load(request.user, Territory(pk=of.siren)),
        "has_folder": bool(settings.DATA_FOLDER),
    }
    return render(request, "territories/official_files.html", context)


@page(rule=anyone)
def commune(request: HttpRequest, siren: str, code: str) -> HttpResponse:
    """The indicators of a commune, each with its source and date."""
    of = portrait_of(request.user, siren)
    found = commune_page.find(of, code)
    if found is None:
        raise Http404(code)
    territory = territory_of(request.user, siren)

    def answer() -> HttpResponse:
        listed = initiatives.listed(request.user, territory)
        context = _below(of, found.name) | commune_page.context(of, found, listed)
        return render(request, "territories/commune.html", context)

    return freshness.answer(request, f"{of.version} {initiatives.version(siren)}", answer)


def _public(
    request: HttpRequest, of: Shown, template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """A page that depends on the portrait and on its address alone."""
    return freshness.answer(request, of.version, lambda: render(request, template, context()))


def _frame(territory: Territory, here: str = "") -> dict[str, Any]:
    home = reverse("territory", args=(territory.pk,))
    crumbs = [Crumb(_("Territoires"), reverse("territories"))]
    crumbs += [Crumb(territory.name, home), Crumb(here)] if here else [Crumb(territory.name)]
    return {
        "territory": territory,
        "siren": territory.siren,
        "territory_name": short_name(territory.name),
        "crumbs": crumbs,
    }


def _below(of: Shown, here: str, *between: Crumb) -> dict[str, Any]:
    home = Crumb(of.words["name"], reverse("territory", args=(of.siren,)))
    return {
        "siren": of.siren,
        "name": of.words["name"],
        "territory_name": short_name(of.words["name"]),
        "crumbs": [Crumb(_("Territoires"), reverse("territories")), home, *between, Crumb(here)],
    }

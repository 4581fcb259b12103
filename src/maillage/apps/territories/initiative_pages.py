"""The pages of what communes prepare: everybody reads what is public, a few keep the list."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.territories import declare_initiative, initiatives_shown
from maillage.apps.territories import initiatives as known
from maillage.apps.territories.change_status import change_status, take_back
from maillage.apps.territories.declare_initiative import Described, SomebodyElseEdited
from maillage.apps.territories.forms import (
    DeclareInitiative,
    DescribeInitiative,
    FilterInitiatives,
    Status,
)
from maillage.apps.territories.initiatives import Placed
from maillage.apps.territories.models import Initiative, InitiativeKind, Territory
from maillage.apps.territories.names import short_name
from maillage.apps.territories.remove_initiative import put_back, remove
from maillage.apps.territories.rules import may_keep_initiatives
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link, Step, filters_of
from maillage.kit.pages import anyone, page
from maillage.kit.refusal import Refusal
from maillage.report import french

WRITING = ("GET", "HEAD", "POST")
WRONG = 422
FIELDS = tuple(Described.__dataclass_fields__)


def territory_of(_person: Any, siren: str) -> Territory:
    """A territory of the list."""
    found = Territory.objects.filter(pk=siren).first()
    if found is None:
        raise Http404(siren)
    return found


def initiative_of(person: Any, siren: str, pk: int) -> Initiative:
    """One of those that the person reads in this territory."""
    territory = territory_of(person, siren)
    found = known.visible(person, territory).select_related("territory").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def removed_of(person: Any, siren: str, pk: int) -> Initiative:
    """One that was taken off the list, for those who keep it."""
    territory = territory_of(person, siren)
    every = Initiative.objects.filter(territory=territory).select_related("territory")
    found = every.filter(pk=pk).first()
    if found is None or not may_keep_initiatives(person, territory):
        raise Http404(pk)
    return found


@page(rule=anyone, of=territory_of)
def initiatives(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Every initiative that one reads, on a list and on a map, with those that are too near."""
    of = known.listed(request.user, territory)
    form = FilterInitiatives(request.GET, communes=_communes_of(of.placed))
    placed = initiatives_shown.kept(of.placed, form.cleaned_data if form.is_valid() else {})
    may_keep = may_keep_initiatives(request.user, territory)
    context = {
        **_frame(territory),
        "title": initiatives_shown.title(of),
        "rule": of.rule_min,
        "alerts": initiatives_shown.alerts(of.near),
        "filters": filters_of(form, request.GET) if of.placed else None,
        "table": initiatives_shown.table(of, placed, request.GET) if of.placed else None,
        "map": initiatives_shown.drawing(of, placed) if of.placed else None,
        "alternative": initiatives_shown.alternative(of, placed),
        "attribution": of.of.words["attribution"] if of.of else "",
        "states": list(initiatives_shown.STATES.values()),
        "has_tables": of.of is not None,
        "unplaced": [p.row.title for p in of.placed if p.at is None],
        "empty": _empty(territory, may_keep=may_keep),
        "may_keep": may_keep,
        "removed": _removed(territory) if may_keep else [],
    }
    return render(request, "territories/initiatives.html", context)


def _communes_of(placed: Any) -> list[tuple[str, str]]:
    found = {p.row.commune_code: p.row.commune_name for p in placed}
    return sorted(found.items(), key=lambda entry: french.sort_key(entry[1]))


def _empty(territory: Territory, *, may_keep: bool) -> Empty:
    declare_href = reverse("initiative_declare", args=(territory.pk,))
    return Empty(
        _("Aucune initiative à lire."),
        _("Un projet décrit ici est comparé à ceux des communes voisines et aux lieux ouverts."),
        Link(_("Déclarer la première"), declare_href) if may_keep else None,
    )


def _removed(territory: Territory) -> list[dict[str, Any]]:
    rows = Initiative.objects.filter(territory=territory, removed_at__isnull=False)
    return [
        {
            "title": row.title,
            "commune": row.commune_name,
            "href": reverse("initiative_restore", args=(territory.pk, row.pk)),
        }
        for row in rows.order_by("-removed_at", "pk")
    ]


def _file(territory: Territory, name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{territory.pk}-{name}"'
    return response


@page(rule=anyone, of=territory_of)
def open_data(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The public ones, for programs."""
    data = initiatives_shown.open_data(known.public(territory))
    return _file(territory, initiatives_shown.OPEN_DATA, data)


@page(rule=anyone, of=territory_of)
def excel(_request: HttpRequest, territory: Territory) -> HttpResponse:
    """The public ones, for a French spreadsheet."""
    data = initiatives_shown.excel(known.public(territory))
    return _file(territory, initiatives_shown.EXCEL, data)


@page(rule=anyone, of=initiative_of)
def initiative(request: HttpRequest, row: Initiative) -> HttpResponse:
    """What is said of one, its story, what is near it."""
    of = known.listed(request.user, row.territory)
    placed = next(p for p in of.placed if p.row.pk == row.pk)
    near = [n for n in of.near if placed in (n.one, n.other)]
    context = {
        **_frame(row.territory, row.title),
        "title": row.title,
        "kind": InitiativeKind(row.kind).label,
        "commune": Link(
            row.commune_name, reverse("territory_commune", args=(of.territory.pk, row.commune_code))
        ),
        "has_tables": of.of is not None,
        "pk": row.pk,
        "state": initiatives_shown.STATES[row.status],
        "since": placed.since,
        "facts": _facts(placed),
        "history": _history(row),
        "version": row.version,
        "alerts": initiatives_shown.alerts(near),
        "rule": of.rule_min,
        "published_at": row.published_at,
        "edited_at": row.edited_at,
        "may_keep": may_keep_initiatives(request.user, row.territory),
    }
    return render(request, "territories/initiative.html", context)


def _facts(placed: Placed) -> list[tuple[str, str]]:
    """What is known, empty where nobody said."""
    row = placed.row
    position = ""
    if placed.at:
        lon, lat = (french.number(value, 4) for value in placed.at)
        position = _("longitude {lon}, latitude {lat}").format(lon=lon, lat=lat)
    if placed.is_in_town:
        position = _("bourg de {commune}, faute de position").format(commune=row.commune_name)
    return [
        (_("Portée par"), row.carrier.name if row.carrier else ""),
        (_("Places"), "" if row.seats is None else french.number(row.seats)),
        (_("Ouverture"), "" if row.opening_year is None else str(row.opening_year)),
        (_("Position"), position),
    ]


def _history(row: Initiative) -> list[Step]:
    changes = list(row.changes.order_by("on"))
    return [
        Step(
            french.day(change.on),
            change.get_status_display(),
            "now" if change == changes[-1] else "done",
        )
        for change in changes
    ]


@page(rule=may_keep_initiatives, of=territory_of, methods=WRITING)
def declare(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Write down what a commune prepares."""
    form = DeclareInitiative(request.POST or None, today=now().date(), **_choices(territory))
    shown = _shown(territory, _("Déclarer une initiative"), _("Déclarer l’initiative"))

    def act(words: dict[str, Any]) -> HttpResponse:
        made = declare_initiative.declare(
            _described(words),
            territory,
            status=words["status"],
            since=words["since"],
            by=request.user.pk,
            at=now(),
        )
        messages.success(request, _("« %(title)s » est dans la liste.") % {"title": made.title})
        return redirect("initiative", siren=territory.pk, pk=made.pk)

    return _answer(request, form, shown, act)


@page(rule=may_keep_initiatives, of=initiative_of, methods=WRITING)
def edit(request: HttpRequest, row: Initiative) -> HttpResponse:
    """Correct what is said; whoever comes second is told who came first."""
    initial = {name: getattr(row, name) for name in FIELDS if name != "carrier"}
    initial |= {"carrier": row.carrier_id, "version": row.version}
    form = DescribeInitiative(request.POST or None, initial=initial, **_choices(row.territory))
    shown = _shown(row.territory, _("Corriger l’initiative"), _("Enregistrer"), row)

    def act(words: dict[str, Any]) -> HttpResponse:
        declare_initiative.correct(
            row, _described(words), version=words["version"] or 0, by=request.user.pk, at=now()
        )
        messages.success(request, _("L’initiative est enregistrée."))
        return redirect("initiative", siren=row.territory_id, pk=row.pk)

    return _answer(request, form, shown, act, row.version)


@page(rule=may_keep_initiatives, of=initiative_of, methods=WRITING)
def status(request: HttpRequest, row: Initiative) -> HttpResponse:
    """Say where it stands, since when."""
    initial = {"status": row.status, "since": now().date(), "version": row.version}
    form = Status(request.POST or None, initial=initial)
    shown = _shown(row.territory, _("Changer l’état"), _("Enregistrer l’état"), row)

    def act(words: dict[str, Any]) -> HttpResponse:
        changed = change_status(
            row,
            words["status"],
            on=words["since"],
            version=words["version"] or 0,
            by=request.user.pk,
            at=now(),
        )
        said = _("L’initiative est maintenant « %(status)s ».")
        messages.success(request, said % {"status": changed.get_status_display()})
        return redirect("initiative", siren=row.territory_id, pk=row.pk)

    return _answer(request, form, shown, act, row.version)


@page(rule=may_keep_initiatives, of=initiative_of, methods=("POST",))
def undo_status(request: HttpRequest, row: Initiative) -> HttpResponse:
    """Take the last change of status back."""
    read = request.POST.get("version", "")
    version = int(read) if read.isdecimal() else 0
    held = take_back(row, version=version, by=request.user.pk, at=now())
    said = _("Le changement est annulé. L’initiative est de nouveau « %(status)s ».")
    messages.success(request, said % {"status": held.get_status_display()})
    return redirect("initiative", siren=row.territory_id, pk=row.pk)


@page(rule=may_keep_initiatives, of=initiative_of, methods=WRITING)
def take_off(request: HttpRequest, row: Initiative) -> HttpResponse:
    """Take it off the list, after a question; it may be put back."""
    if request.method == "POST":
        remove(row, by=request.user.pk, at=now())
        said = _("« %(title)s » est retirée. Vous pouvez la rétablir sous la liste.")
        messages.success(request, said % {"title": row.title})
        return redirect(reverse("initiatives", args=(row.territory_id,)) + "#retirees")
    home = reverse("initiative", args=(row.territory_id, row.pk))
    title = _("Retirer « {title} » ?").format(title=row.title)
    context = {
        **_frame(row.territory, _("Retirer l’initiative"), Crumb(row.title, home)),
        "title": _("Retirer l’initiative"),
        "dialog": Dialog(
            title,
            _("Elle quitte la liste, la carte et les alertes. Rien n’est perdu."),
            _("Retirer l’initiative"),
            Link(_("Garder"), home),
        ),
    }
    return render(request, "confirm.html", context)


@page(rule=may_keep_initiatives, of=removed_of, methods=("POST",))
def restore(request: HttpRequest, row: Initiative) -> HttpResponse:
    """Put it back as it was."""
    put_back(row, by=request.user.pk, at=now())
    messages.success(
        request, _("« %(title)s » est de nouveau dans la liste.") % {"title": row.title}
    )
    return redirect("initiative", siren=row.territory_id, pk=row.pk)


def _described(words: dict[str, Any]) -> Described:
    return Described(**{name: words[name] for name in FIELDS})


def _choices(territory: Territory) -> dict[str, Any]:
    bodies = Organisation.objects.filter(territory_siren=territory.pk).order_by("name", "pk")
    communes = [(member["code"], member["name"]) for member in territory.members]
    return {
        "communes": sorted(communes, key=lambda entry: french.sort_key(entry[1])),
        "carriers": list(bodies.values_list("pk", "name")),
    }


def _shown(
    territory: Territory, title: str, act: str, row: Initiative | None = None
) -> dict[str, Any]:
    listed = Link(_("Revenir à la liste"), reverse("initiatives", args=(territory.pk,)))
    if row is None:
        return {**_frame(territory, title), "title": title, "act": act, "keep": listed}
    home = reverse("initiative", args=(territory.pk, row.pk))
    frame = _frame(territory, title, Crumb(row.title, home))
    keep = Link(_("Revenir à la fiche"), home)
    return {**frame, "title": title, "act": act, "keep": keep, "lead": row.title}


def _answer(
    request: HttpRequest,
    form: Any,
    shown: dict[str, Any],
    act: Callable[[dict[str, Any]], HttpResponse],
    version: int = 0,
) -> HttpResponse:
    """The form, what is wrong in it, or the answer to the act; a refusal keeps what was written."""
    if form.is_valid():
        try:
            return act(form.cleaned_data)
        except SomebodyElseEdited as refusal:
            form.data = form.data.copy()
            # sent again, hers is written over what she has now been told
            form.data["version"] = str(version)
            form.add_error(None, str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "territories/form.html", {**shown, "form": form}, status=status)


def _frame(territory: Territory, here: str = "", *between: Crumb) -> dict[str, Any]:
    home = Crumb(territory.name, reverse("territory", args=(territory.pk,)))
    crumbs = [Crumb(_("Territoires"), reverse("territories")), home]
    listed = reverse("initiatives", args=(territory.pk,))
    if here:
        crumbs += [Crumb(_("Initiatives"), listed), *between, Crumb(here)]
    else:
        crumbs.append(Crumb(_("Initiatives")))
    return {
        "siren": territory.pk,
        "name": territory.name,
        "territory_name": short_name(territory.name),
        "crumbs": crumbs,
    }

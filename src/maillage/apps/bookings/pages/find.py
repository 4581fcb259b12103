"""Find a place across the network: from where, when, how many; works without an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.bookings import space_words
from maillage.apps.bookings.asked import Ask
from maillage.apps.bookings.forms import FindPlace
from maillage.apps.bookings.network import Network, network
from maillage.apps.bookings.offers import Demand, Offer
from maillage.apps.bookings.pages.common import hidden, page_of_space, slot
from maillage.apps.bookings.payers import payers_of
from maillage.apps.bookings.price import Who
from maillage.apps.bookings.rules import person_of
from maillage.apps.bookings.search import Choice, Found, Full, Place, Wanted, find
from maillage.apps.bookings.slots import Part, When
from maillage.apps.people.rights import roles_of
from maillage.apps.sites.models import Site, SpaceKind
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.core.money import Range
from maillage.core.periods import PARIS, Period
from maillage.kit.clock import now
from maillage.kit.components import Link
from maillage.kit.pages import anyone, page
from maillage.report import french, moments

KEPT = "depuis"
ON_A_PAGE = 30
OFFERED = 6
DEFAULTS = {
    "minutes": "20",
    "moment": Part.MORNING,
    "places": "1",
    "genre": SpaceKind.OPEN_SPACE,
}


@dataclass(frozen=True)
class ChoiceShown:
    """A space that is free, in words."""

    name: str
    href: str
    hours: str
    price: str
    why: str
    left: str
    conditions: str
    act: str
    detail: str
    fields: dict[str, str]
    is_request: bool


@dataclass(frozen=True)
class PlaceShown:
    """A site, in words; `tier` is a code."""

    name: str
    commune: str
    tier: str
    minutes: int | None
    between: str
    choices: tuple[ChoiceShown, ...]


@dataclass(frozen=True)
class FullShown:
    """A space that is full or closed: its next slot; a place on its list when it is full."""

    name: str
    href: str
    minutes: int | None
    fields: dict[str, str]
    is_full: bool
    following: str = ""
    following_fields: dict[str, str] | None = None


@page(rule=anyone)
def find_place(request: HttpRequest) -> HttpResponse:
    """Tomorrow morning from where one looked last, unless asked otherwise."""
    at = now()
    territories = _territories()
    territory = _territory(request, territories)
    if territory is None:
        return render(request, "bookings/nothing_open.html", {})
    within = network(territory)
    form = FindPlace(_typed(request, within, at), communes=_communes(within))
    context: dict[str, Any] = {
        "form": form,
        "territory": short_name(territory.name),
        "siren": territory.pk,
        "territories": _links(territories, territory),
        "is_wide": "genre" in request.GET or bool(form.errors),
        "is_known": person_of(request.user) is not None,
        "payers": _payers(request, at),
    }
    if form.is_valid():
        wanted = _wanted(form, within)
        if "depuis" in request.GET:
            request.session[KEPT] = form.cleaned_data["depuis"]
        me = person_of(request.user)
        found = find(wanted, within, Who(me.pk if me else None), at=at)
        context |= _shown(found, wanted, at)
    return render(request, "bookings/find.html", context, status=200)


def _payers(request: HttpRequest, at: datetime) -> str:
    """Who else may pay for her: chosen when she confirms."""
    me = person_of(request.user)
    return french.listed([name for _pk, name in payers_of(me, on=at.date())]) if me else ""


def _territories() -> list[Territory]:
    rows = Territory.objects.filter(pk__in=Site.objects.listed().values("territory"))
    return list(rows.order_by("name"))


def _territory(request: HttpRequest, among: list[Territory]) -> Territory | None:
    """The one asked for, else the person's own, else the first."""
    asked = request.GET.get("territoire", "")
    own = [
        role.position.scope_key
        for role in roles_of(request.user, on=now().date())
        if role.position.scope_kind == "territory"
    ]
    for key in (asked, *own):
        found = next((one for one in among if one.pk == key), None)
        if found is not None:
            return found
    return among[0] if among else None


def _links(territories: list[Territory], current: Territory) -> list[Link]:
    if len(territories) < 2:
        return []
    return [
        Link(short_name(one.name), f"?territoire={one.pk}", is_current=one.pk == current.pk)
        for one in territories
    ]


def _communes(within: Network) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in within.starts]


def _typed(request: HttpRequest, within: Network, at: datetime) -> dict[str, Any]:
    """What was typed over what one most often wants."""
    tomorrow = at.astimezone(PARIS).date() + timedelta(days=1)
    kept = request.session.get(KEPT, "")
    start = within.start(kept) if isinstance(kept, str) else None
    given = {
        **DEFAULTS,
        "jour": tomorrow.isoformat(),
        "depuis": start.code if start else FindPlace.ANYWHERE,
    }
    names = (*given, "de", "a")
    return given | {name: request.GET[name] for name in names if name in request.GET}


def _wanted(form: FindPlace, within: Network) -> Wanted:
    typed = form.cleaned_data
    return Wanted(
        form.when,
        within.start(typed["depuis"]),
        typed["minutes"] or None,
        typed["genre"],
        typed["places"],
    )


def _shown(found: Found, wanted: Wanted, at: datetime) -> dict[str, Any]:
    following = {one.demand.setting.space.pk: slot_ for one, slot_ in found.following}
    offered = [one for one, _slot in found.following]
    full = [*offered, *(one for one in found.full if one not in offered)]
    is_by_minutes = wanted.start is not None and bool(found.reach.minutes)
    return {
        "title": _title(found, wanted, at),
        "places": [_place(p, wanted, at) for p in found.places[:ON_A_PAGE]],
        "more": max(len(found.places) - ON_A_PAGE, 0),
        "farther": [_place(p, wanted, at) for p in found.farther],
        "full": [
            _full(one, following.get(one.demand.setting.space.pk), is_full=one in found.full)
            for one in full[:OFFERED]
        ],
        "has_spaces": bool(found.sites),
        "has_full": bool(found.full),
        "times": found.reach.times if is_by_minutes else None,
        "is_unknown": wanted.start is not None and not found.reach.minutes,
        "when": _when(wanted.when, at),
    }


def _title(found: Found, wanted: Wanted, at: datetime) -> str:
    when = _when(wanted.when, at)
    where = ""
    if wanted.start is not None and wanted.within_min is not None and found.reach.minutes:
        where = _(" à {minutes} min de {commune}").format(
            minutes=wanted.within_min, commune=wanted.start.name
        )
    if not found.places:
        return _("Rien de libre {when}{where}").format(when=when, where=where)
    count = french.count(len(found.places), "lieu libre", "lieux libres")
    return _("{count} {when}{where}").format(count=count, when=when, where=where)


def _when(when: When, at: datetime) -> str:
    """« demain matin », « mercredi 17 mars, de 9 h à 11 h »."""
    today = at.astimezone(PARIS).date()
    days = {today: _("aujourd’hui"), today + timedelta(days=1): _("demain")}
    day = days.get(when.on) or moments.day_near(when.on, today)
    if when.is_precise:
        begins, ends = when.window
        return f"{day}, de {moments.clock(begins)} à {moments.clock(ends)}"
    return f"{day} {when.part_words}"


def _place(place: Place, wanted: Wanted, at: datetime) -> PlaceShown:
    return PlaceShown(
        name=place.site.name,
        commune=place.site.commune_name,
        tier=place.site.tier,
        minutes=_round(place.minutes),
        between=_between(place.minutes),
        choices=tuple(_choice(one, wanted, at) for one in place.choices),
    )


def _round(minutes: Range | None) -> int | None:
    return None if minutes is None else max(1, round(minutes.central))


def _between(minutes: Range | None) -> str:
    if minutes is None:
        return ""
    low, high = max(1, floor(minutes.low)), max(2, ceil(minutes.high))
    return _("de {low} à {high} min").format(low=low, high=high)


def _choice(choice: Choice, wanted: Wanted, at: datetime) -> ChoiceShown:
    demand = choice.demand
    space, ask, zone = choice.space, demand.ask, demand.setting.zone
    begins, ends = ask.period.local(zone)
    act = _("Demander {when}") if space.needs_approval else _("Réserver {when}")
    return ChoiceShown(
        name=space.name,
        href=page_of_space(space),
        hours=moments.span(begins, ends),
        price=choice.offer.text,
        why=why(choice.offer),
        left=space_words.left(choice.left.free, choice.left.seats, is_whole=ask.is_whole),
        conditions=conditions(demand),
        act=act.format(when=_when(wanted.when, at)),
        detail=f"{space.name}, {space.site.name}, {moments.span(begins, ends)}",
        fields=hidden(ask),
        is_request=space.needs_approval,
    )


def why(offer: Offer) -> str:
    """What the price is made of: plan, carnet, or the voted price."""
    if offer.refusal:
        return offer.refusal
    if offer.spends:
        return " ; ".join(offer.spends)
    if offer.cents is None:
        return _("Le lieu vous le dira.")
    if not offer.cents:
        return _("Gratuit pour vous.")
    return " ".join(offer.reasons)


def conditions(demand: Demand) -> str:
    """Until when it is cancelled for nothing, and what else she must know."""
    space = demand.setting.space
    said = []
    if space.late_kept_percent:
        last = space_words.until(space, demand.ask.period.begins)
        said.append(_("Annulation gratuite jusqu’au {moment}.").format(moment=last))
    else:
        said.append(_("Annulation gratuite jusqu’au début."))
    if space.needs_approval:
        said.append(_("Sur demande : une personne du lieu vous répond."))
    if space.needs_certification:
        said.append(_("Habilitation demandée."))
    return " ".join(said)


def _full(one: Full, following: Period | None, *, is_full: bool) -> FullShown:
    space = one.demand.setting.space
    ask = one.demand.ask
    later = Ask(ask.space_id, following, ask.party, ask.is_whole) if following else None
    return FullShown(
        name=f"{space.name}, {space.site.name}",
        href=page_of_space(space),
        minutes=_round(one.minutes),
        fields=hidden(ask),
        is_full=is_full,
        following=slot(following, space.site) if following else "",
        following_fields=hidden(later) if later else None,
    )

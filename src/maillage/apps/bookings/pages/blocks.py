"""Seats kept: by those who manage a site; given for a day, and taken back, by their holder."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.bookings.block_forms import WEEKDAYS, KeepSeat
from maillage.apps.bookings.blocks import end, keep, release_day, take_back
from maillage.apps.bookings.kept import is_of, zone_of
from maillage.apps.bookings.models import Block
from maillage.apps.bookings.pages.common import (
    MINE,
    POST,
    WRITING,
    FormShown,
    dialog_page,
    done,
    form_page,
    told,
)
from maillage.apps.bookings.pages.managed import crumbs_of
from maillage.apps.bookings.rules import managed_site, may_manage
from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import Seat, Site
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page, signed_in
from maillage.report import french, moments

# days to come that a holder sees
SHOWN_DAYS = 28
_WITH = ("seat__space__site__territory", "person", "organisation")


@dataclass(frozen=True)
class Kept:
    """A block in a list."""

    pk: int
    seat: str
    holder: str
    days: str
    until: str
    end: str


@dataclass(frozen=True)
class KeptDay:
    """A day to come of one's own seat."""

    on: str
    words: str
    is_released: bool


def current(site: Site, on: date) -> QuerySet[Block]:
    """The blocks of a site that are not over."""
    rows = Block.objects.filter(seat__space__site=site, ended_at=None, last_on__gte=on)
    return rows.select_related(*_WITH).order_by("seat__space__rank", "seat__number", "first_on")


def managed_block(person: Any, pk: int, block: int) -> Block:
    """A block of a site that she manages."""
    site = managed_site(person, pk)
    rows = Block.objects.filter(seat__space__site=site).select_related(*_WITH)
    return get_object_or_404(rows, pk=block)


def own(person: Any) -> QuerySet[Block]:
    """Those kept for her."""
    rows = Block.objects.filter(ended_at=None).select_related(*_WITH).order_by("pk")
    return rows.filter(person_id=person.pk) if person.is_authenticated else rows.none()


def own_block(person: Any, block: int) -> Block:
    """One of them; 404 for those of others."""
    return get_object_or_404(own(person), pk=block)


def may_manage_block(person: Any, block: Block) -> bool:
    """Those who follow the bookings of its site."""
    return may_manage(person, block.seat.space.site)


@page(rule=may_manage, of=managed_site)
def managed_blocks(request: HttpRequest, site: Site) -> HttpResponse:
    """The seats kept in a site."""
    rows = current(site, now().date())
    context = {
        "site": site,
        "blocks": [_kept(row) for row in rows],
        "new": reverse("managed_block_new", args=(site.pk,)),
        "crumbs": crumbs_of(site, Crumb(_("Places gardées"))),
    }
    return render(request, "bookings/blocks.html", context)


@page(rule=may_manage, of=managed_site, methods=WRITING)
def managed_block_new(request: HttpRequest, site: Site) -> HttpResponse:
    """Keep a seat for a resident or an employer."""
    back = reverse("managed_blocks", args=(site.pk,))
    bodies = Organisation.objects.filter(territory_siren=site.territory_id).order_by("name")
    form = KeepSeat(
        request.POST or None,
        seats=[(seat.pk, _seat(seat)) for seat in _seats(site)],
        bodies=list(bodies.values_list("pk", "name")),
        territory=site.territory_id,
        initial={"premier": now().date() + timedelta(days=1), "jours": [0, 1, 2, 3, 4]},
    )
    if form.is_valid():
        seat = Seat.objects.get(pk=form.cleaned_data["place"])
        act = request.user.pk
        if done(form, lambda: keep(seat, form.keeping, by=act, at=now())):
            return told(request, _("La place est gardée."), back)
    shown = FormShown(
        _("Garder une place"),
        _("Garder la place"),
        Link(_("Revenir aux places gardées"), back),
        _("Personne d’autre ne la réserve ces jours-là, du matin au soir."),
    )
    crumbs = crumbs_of(site, Crumb(_("Places gardées"), back))
    return form_page(request, form, shown, crumbs)


@page(rule=may_manage_block, of=managed_block, methods=WRITING)
def managed_block_end(request: HttpRequest, block: Block) -> HttpResponse:
    """Stop keeping it."""
    site = block.seat.space.site
    back = reverse("managed_blocks", args=(site.pk,))
    if request.method == "POST":
        end(block, by=request.user.pk, at=now())
        return told(request, _("La place est de nouveau à tous."), back)
    dialog = Dialog(
        _("Ne plus garder {seat} pour {holder} ?").format(
            seat=_seat(block.seat), holder=_holder(block)
        ),
        _("Ses jours à venir sont à qui les réserve. Les réservations déjà faites restent."),
        _("Ne plus garder"),
        Link(_("Garder"), back),
    )
    crumbs = crumbs_of(site, Crumb(_("Places gardées"), back))
    return dialog_page(request, dialog, crumbs, _("Ne plus garder une place"))


@page(rule=signed_in)
def own_blocks(request: HttpRequest) -> HttpResponse:
    """The seats kept for me, and their days to come."""
    at = now()
    rows = own(request.user).filter(last_on__gte=at.date()).prefetch_related("releases")
    context = {
        "blocks": [{"kept": _kept(row), "days": _days(row, at)} for row in rows],
        "crumbs": [MINE, Crumb(_("Places gardées"))],
    }
    return render(request, "bookings/own_blocks.html", context)


@page(rule=signed_in, of=own_block, methods=POST)
def own_block_release(request: HttpRequest, block: Block) -> HttpResponse:
    """I am away that day."""
    release_day(block, _asked_day(request), by=request.user.pk, at=now())
    return told(request, _("C’est noté. La place est à qui la réserve."), reverse("own_blocks"))


@page(rule=signed_in, of=own_block, methods=POST)
def own_block_take_back(request: HttpRequest, block: Block) -> HttpResponse:
    """I come after all."""
    take_back(block, _asked_day(request), by=request.user.pk, at=now())
    return told(request, _("La place vous est gardée."), reverse("own_blocks"))


def _asked_day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("jour", ""))
    except ValueError as wrong:
        raise Http404 from wrong


def _seats(site: Site) -> QuerySet[Seat]:
    rows = Seat.objects.filter(
        space__site=site, space__removed_at=None, removed_at=None, out_of_order_since=None
    )
    return rows.select_related("space").order_by("space__rank", "space__name", "number")


def _seat(seat: Seat) -> str:
    return _("{space}, place {seat}").format(space=seat.space.name, seat=seat)


def _holder(block: Block) -> str:
    return str(block.person.name if block.person else block.organisation)


def _kept(block: Block) -> Kept:
    names = dict(WEEKDAYS)
    return Kept(
        block.pk,
        _seat(block.seat),
        block.person.name if block.person else getattr(block.organisation, "name", ""),
        french.listed([str(names[n]).lower() for n in block.weekdays]),
        french.day(block.last_on),
        reverse("managed_block_end", args=(block.seat.space.site_id, block.pk)),
    )


def _days(block: Block, at: datetime) -> list[KeptDay]:
    today = at.astimezone(zone_of(block)).date()
    released = {release.on for release in block.releases.all()}
    days = (today + timedelta(days=n) for n in range(SHOWN_DAYS))
    return [
        KeptDay(on.isoformat(), moments.day(on), on in released) for on in days if is_of(block, on)
    ]

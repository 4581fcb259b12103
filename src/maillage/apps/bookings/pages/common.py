"""What the pages of bookings share: frames, addresses, a booking as its values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.asked import Ask
from maillage.apps.bookings.models import Booking, State
from maillage.apps.sites.models import Site, Space
from maillage.core.periods import Period
from maillage.kit.components import Crumb, Dialog, Link, Text
from maillage.kit.refusal import Refusal
from maillage.report import french, moments

WRITING = ("GET", "HEAD", "POST")
POST = ("POST",)
WRONG = 422
FIND = Crumb(_("Trouver une place"), "/reserver/")
MINE = Crumb(_("Mes réservations"), "/mes-reservations/")
# state -> icon of a badge
ICONS = {
    State.HOLD: "clock",
    State.REQUESTED: "message-2",
    State.CONFIRMED: "circle-check",
    State.CANCELLED: "circle-x",
    State.REFUSED: "circle-x",
    State.EXPIRED: "circle-x",
}


@dataclass(frozen=True)
class FormShown:
    """A page of one form: its words, and where to go without sending it."""

    title: Text
    act: Text
    keep: Link
    lead: Text = ""


@dataclass(frozen=True)
class Row:
    """A booking as a list shows it."""

    reference: str
    href: str
    place: str
    space: str
    day: str
    hours: str
    state: str
    label: str
    icon: str
    note: str = ""


def zone_of(site: Site) -> ZoneInfo:
    """Of a site."""
    return ZoneInfo(site.zone)


def slot_of(booking: Booking) -> str:
    """« mardi 24 novembre 2026, 9 h – 12 h 30 », at the hour of the place."""
    zone = zone_of(booking.site)
    return moments.slot(
        booking.period.lower.astimezone(zone), booking.period.upper.astimezone(zone)
    )


def slot(period: Period, site: Site) -> str:
    """The same for a demand."""
    return moments.slot(*period.local(zone_of(site)))


def row_of(booking: Booking, href: str, note: str = "") -> Row:
    """A booking in a list."""
    zone = zone_of(booking.site)
    begins, ends = (at.astimezone(zone) for at in (booking.period.lower, booking.period.upper))
    is_one_day = moments.slot(begins, ends).count("du ") == 0
    return Row(
        reference=booking.reference,
        href=href,
        place=f"{booking.site.name}, {booking.site.commune_name}",
        space=booking.space.name,
        day=moments.day(begins.date()),
        hours=moments.span(begins, ends) if is_one_day else moments.slot(begins, ends),
        state=booking.state,
        label=str(State(booking.state).label),
        icon=ICONS[State(booking.state)],
        note=note,
    )


def hidden(ask: Ask) -> dict[str, str]:
    """The fields of a button that asks for a slot."""
    fields = {
        "space": str(ask.space_id),
        "begins": ask.period.begins.isoformat(),
        "ends": ask.period.ends.isoformat(),
        "party": str(ask.party),
    }
    return fields | ({"whole": "on"} if ask.is_whole else {})


def page_of_space(space: Space) -> str:
    """Where one books it."""
    site = space.site
    return reverse("book_space", args=(site.territory_id, site.slug, space.pk))


def own_page(booking: Booking) -> str:
    """Its page for the person who comes."""
    return reverse("own_booking", args=(booking.reference,))


def managed_page(booking: Booking) -> str:
    """Its page for those who manage the site."""
    return reverse("managed_booking", args=(booking.site_id, booking.reference))


def euros(cents: int) -> str:
    """« 12,00 € », « 0 € »."""
    return french.cents(cents) if cents else f"0{french.NBSP}€"


def local(at: datetime, site: Site) -> datetime:
    """An instant at the hour of a place."""
    return at.astimezone(zone_of(site))


def form_page(
    request: HttpRequest,
    form: forms.Form,
    shown: FormShown,
    crumbs: Sequence[Crumb],
    template: str = "form.html",
    **more: Any,
) -> HttpResponse:
    """The form, with its errors when it has some."""
    status = WRONG if form.is_bound and form.errors else 200
    context = {"form": form, "shown": shown, "crumbs": [*crumbs, Crumb(shown.title)], **more}
    return render(request, template, context, status=status)


def dialog_page(
    request: HttpRequest, dialog: Dialog, crumbs: Sequence[Crumb], title: Text
) -> HttpResponse:
    """A dangerous act: its consequence, the act, the way back."""
    context = {"dialog": dialog, "title": title, "crumbs": [*crumbs, Crumb(title)]}
    return render(request, "confirm.html", context)


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act went through; its refusal is written in the form."""
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def told(request: HttpRequest, sentence: Text, href: str) -> HttpResponse:
    """Say what was done, on the page where it shows."""
    messages.success(request, str(sentence))
    return redirect(href)

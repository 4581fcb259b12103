"""Calendars: one booking as a file, private addresses that a calendar program follows."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.bookings import feeds, ical
from maillage.apps.bookings.feeds import Of
from maillage.apps.bookings.ical import CANCEL, PUBLISH, Calendars
from maillage.apps.bookings.models import Booking, Feed, FeedKind, State
from maillage.apps.bookings.pages.common import FIND, MINE, WRITING, dialog_page, told
from maillage.apps.bookings.rules import (
    followed_site,
    may_manage,
    own_booking,
    person_of,
)
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Site, Space
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import anyone, page, signed_in
from maillage.report import french


@page(rule=signed_in, of=own_booking)
def booking_ics(_request: HttpRequest, of: Booking) -> HttpResponse:
    """One booking, to keep in one's own calendar."""
    is_over = of.state in (State.CANCELLED, State.REFUSED, State.EXPIRED)
    if of.state == State.HOLD:
        raise Http404
    made = ical.calendar("", [of], here(), at=now(), method=CANCEL if is_over else PUBLISH)
    return _answer(made, f"reservation-{of.reference}")


@page(rule=signed_in, methods=WRITING)
def own_calendar(request: HttpRequest) -> HttpResponse:
    """One's private address: made here, shown once."""
    words = {
        "title": _("Vos réservations dans votre agenda"),
        "lead": _("Une adresse privée, à donner à votre agenda : il se met à jour seul."),
        "revoke": reverse("own_calendar_revoke"),
        "back": Link(_("Revenir à mes réservations"), MINE.href),
        "crumbs": [MINE, Crumb(_("Dans mon agenda"))],
    }
    return _address(request, Of(), words)


@page(rule=signed_in, methods=WRITING)
def own_calendar_revoke(request: HttpRequest) -> HttpResponse:
    """The address answers no more."""
    return _revoke(request, Of(), reverse("own_calendar"), [MINE])


@page(rule=signed_in, of=followed_site, methods=WRITING)
def site_calendar(request: HttpRequest, site: Site) -> HttpResponse:
    """The calendar of a site, or of one of its spaces: « Réservé », names for its managers only."""
    of, space = _asked(request, site)
    here_ = reverse("site_calendar", args=(site.pk,))
    named = space.name if space else site.name
    spaces = Space.objects.present().filter(site=site).order_by("rank", "name")
    words = {
        "title": _("Le calendrier de {name} dans votre agenda").format(name=named),
        "lead": _("Vous y lirez qui vient, tant que vous gérez ce lieu.")
        if may_manage(request.user, site)
        else _("Vous y lirez les heures réservées, sans aucun nom."),
        "revoke": f"{reverse('site_calendar_revoke', args=(site.pk,))}{_query(space)}",
        "back": Link(site.name, site.get_absolute_url()),
        "crumbs": [FIND, Crumb(site.name, site.get_absolute_url()), Crumb(_("Calendrier"))],
        "choices": [
            Link(_("Tout le lieu"), here_, is_current=space is None),
            *(Link(s.name, f"{here_}?espace={s.pk}", is_current=s == space) for s in spaces),
        ],
    }
    return _address(request, of, words)


@page(rule=signed_in, of=followed_site, methods=WRITING)
def site_calendar_revoke(request: HttpRequest, site: Site) -> HttpResponse:
    """The address answers no more."""
    of, space = _asked(request, site)
    back = f"{reverse('site_calendar', args=(site.pk,))}{_query(space)}"
    return _revoke(request, of, back, [Crumb(site.name, site.get_absolute_url())])


def _asked(request: HttpRequest, site: Site) -> tuple[Of, Space | None]:
    asked = request.GET.get("espace", "")
    if not asked:
        return Of(FeedKind.SITE, str(site.pk)), None
    if not asked.isdigit():
        raise Http404
    space = get_object_or_404(Space.objects.present(), site=site, pk=int(asked))
    return Of(FeedKind.SPACE, str(space.pk)), space


def _query(space: Space | None) -> str:
    return f"?espace={space.pk}" if space else ""


def _address(request: HttpRequest, of: Of, words: dict[str, Any]) -> HttpResponse:
    me = _me(request)
    if request.method == "POST":
        secret = feeds.make(me, of, at=now())
        address = settings.BASE_URL + reverse("bookings_feed", args=(secret,))
        return render(request, "bookings/address_made.html", {**words, "address": address})
    held = feeds.held(me, of)
    since = french.day(held.created_at.date()) if held else ""
    return render(request, "bookings/address.html", {**words, "since": since})


def _revoke(request: HttpRequest, of: Of, back: str, crumbs: list[Crumb]) -> HttpResponse:
    if request.method == "POST":
        feeds.revoke(_me(request), of, at=now())
        return told(request, _("L’adresse est supprimée."), back)
    dialog = Dialog(
        _("Supprimer cette adresse de calendrier ?"),
        _("Les agendas qui la suivent ne recevront plus rien. Vous pourrez en créer une autre."),
        _("Supprimer l’adresse"),
        Link(_("Garder"), back),
    )
    return dialog_page(request, dialog, crumbs, _("Supprimer l’adresse"))


def _followed(_person: Any, secret: str) -> Feed:
    """The feed of a private address, while what it follows is still there."""
    found = feeds.followed(secret)
    if found is None or not _is_there(found):
        raise Http404
    return found


def _is_there(feed: Feed) -> bool:
    if feed.kind == FeedKind.PERSON:
        return True
    site = _site_of(feed)
    return site is not None and (site.is_listed or may_manage(feed.person, site))


def _site_of(feed: Feed) -> Site | None:
    rows = Site.objects.filter(removed_at=None)
    if feed.kind == FeedKind.SITE:
        return rows.filter(pk=int(feed.key)).first()
    return rows.filter(spaces=int(feed.key), spaces__removed_at=None).first()


@page(rule=anyone, of=_followed)
def bookings_feed(_request: HttpRequest, feed: Feed) -> HttpResponse:
    """The calendar, for the program that holds its address."""
    is_own = feed.kind == FeedKind.PERSON
    site = None if is_own else _site_of(feed)
    is_named = is_own or (site is not None and may_manage(feed.person, site))
    title = _("Mes réservations") if site is None else site.name
    at = now()
    made = ical.calendar(
        title, feeds.bookings_of(feed, at=at), here(is_named=is_named), at=at, of_person=is_own
    )
    return _answer(made, "reservations")


def here(*, is_named: bool = True) -> Calendars:
    """This server."""
    host = urlsplit(settings.BASE_URL).hostname or "maillage"
    return Calendars(host, settings.BASE_URL, is_named)


def _answer(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=ical.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _me(request: HttpRequest) -> Person:
    me = person_of(request.user)
    if me is None:
        raise Http404
    return me

"""The calendar as a file, and as a private address that a calendar program follows."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Person
from maillage.apps.programme import ical
from maillage.apps.programme.models import Programme, Subscription
from maillage.apps.programme.pages.common import (
    WRITING,
    back_to_study,
    dialog_page,
    home_of,
    of_study,
    told,
)
from maillage.apps.programme.rules import may_see, programme_of, programme_or_none
from maillage.apps.programme.subscribe import revoke, subscribe, subscription_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import anyone, page
from maillage.report import french


@page(rule=may_see, of=programme_of)
def download(_request: HttpRequest, of: Programme) -> HttpResponse:
    """The calendar of the day, to keep or to send."""
    return _calendar(of)


@page(rule=may_see, of=programme_of, methods=WRITING)
def subscription(request: HttpRequest, of: Programme) -> HttpResponse:
    """One's private address: made here, shown once."""
    frame = of_study(of.study, Crumb(_("S’abonner au calendrier")))
    if request.method == "POST":
        secret = subscribe(of, _me(request), at=now())
        address = settings.BASE_URL + reverse("calendar_feed", args=(secret,))
        made = {**frame, "address": address, "home": home_of(of.study)}
        return render(request, "programme/address_made.html", made)
    held = of.subscriptions.filter(person=_me(request)).first()
    context = {
        **frame,
        "since": french.day(held.created_at.date()) if held else "",
        "keep": back_to_study(of.study),
        "unsubscribe": reverse("programme_unsubscribe", args=(of.study.pk, of.study.slug)),
        "download": reverse("programme_ics", args=(of.study.pk, of.study.slug)),
    }
    return render(request, "programme/subscription.html", context)


@page(rule=may_see, of=programme_of, methods=WRITING)
def unsubscribe(request: HttpRequest, of: Programme) -> HttpResponse:
    """The address answers no more: said first, then done."""
    home = reverse("programme_subscription", args=(of.study.pk, of.study.slug))
    if request.method == "POST":
        revoke(of, _me(request), at=now())
        return told(request, _("L’adresse est supprimée."), home)
    dialog = Dialog(
        _("Supprimer votre adresse de calendrier ?"),
        _("Les agendas qui la suivent ne recevront plus rien. Vous pourrez en créer une autre."),
        _("Supprimer l’adresse"),
        Link(_("Garder"), home),
    )
    crumbs = (Crumb(_("S’abonner au calendrier"), home), Crumb(_("Supprimer")))
    return dialog_page(request, dialog, of_study(of.study, *crumbs))


def _me(request: HttpRequest) -> Person:
    """Whoever reads the study has an account."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def _followed(_person: Any, secret: str) -> Programme:
    """The programme of a private address, while its person may still read the study."""
    held: Subscription | None = subscription_of(secret)
    if held is None or not held.person.is_active or not may_see(held.person, held.programme):
        raise Http404
    programme = programme_or_none(held.programme.study)
    if programme is None:
        raise Http404
    return programme


@page(rule=anyone, of=_followed)
def feed(_request: HttpRequest, of: Programme) -> HttpResponse:
    """The calendar, for the program that holds its address."""
    return _calendar(of)


def _calendar(of: Programme) -> HttpResponse:
    host = urlsplit(settings.BASE_URL).hostname or "maillage"
    made = HttpResponse(ical.calendar(of, host=host, at=now()), content_type=ical.MEDIA_TYPE)
    made.headers["Content-Disposition"] = f'attachment; filename="calendrier-{of.study.slug}.ics"'
    return made

"""The answer of somebody whose booking a closure touches."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from maillage.apps.bookings.close_out import Answer, accept, decline
from maillage.apps.bookings.models import Closed
from maillage.apps.bookings.pages.common import MINE, POST, own_page, told
from maillage.apps.bookings.rules import own_booking
from maillage.kit.clock import now
from maillage.kit.pages import page, signed_in


def own_closed(person: Any, reference: str) -> Closed:
    """What a closure proposes for one of hers."""
    rows = Closed.objects.filter(booking=own_booking(person, reference), answered_at=None)
    return get_object_or_404(
        rows.select_related("booking__space__site", "closure__site", "alternative__site")[:1]
    )


@page(rule=signed_in, of=own_closed, methods=POST)
def closed_accept(request: HttpRequest, of: Closed) -> HttpResponse:
    """Go to what is proposed."""
    moved = accept(of, Answer(request.user.pk, now()))
    return told(request, _("C’est noté. Votre place est réservée."), own_page(moved))


@page(rule=signed_in, of=own_closed, methods=POST)
def closed_decline(request: HttpRequest, of: Closed) -> HttpResponse:
    """Cancel, and nothing is kept."""
    decline(of, Answer(request.user.pk, now()))
    return told(request, _("La réservation est annulée, rien ne vous est demandé."), MINE.href)

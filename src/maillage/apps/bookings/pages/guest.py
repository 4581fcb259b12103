"""The page that a guest's link opens: a button confirms, and opens her account if need be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.bookings import guest
from maillage.apps.bookings.forms import Arrive
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.pages.basket import said
from maillage.apps.bookings.pages.common import FIND, WRITING, WRONG, local, slot_of
from maillage.apps.people.enter import enter
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page
from maillage.report import moments


@page(rule=anyone, methods=WRITING)
def guest_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Robots that read mail open addresses, they do not press buttons."""
    at = now()
    rows = guest.found(secret, at=at)
    known = guest.account_of(rows)
    form = Arrive(request.POST or None, initial={"nom": rows[0].guest_name}) if not known else None
    if request.method == "POST" and (form is None or form.is_valid()):
        name = form.cleaned_data["nom"] if form else ""
        person, made = guest.arrive(secret, name, at=at)
        sentence = said(made)
        answer = enter(request, person, method="link", opens="/mes-reservations/")
        messages.success(request, sentence)
        return answer
    until = next((row.hold_until for row in rows if row.hold_until), None)
    context = {
        "form": form,
        "slots": [_line(row) for row in rows],
        "until": moments.clock(local(until, rows[0].site).time()) if until else "",
        "crumbs": [FIND, Crumb(_("Confirmer"))],
    }
    status = WRONG if form is not None and form.errors else 200
    return render(request, "bookings/guest_link.html", context, status=status)


def _line(row: Booking) -> str:
    return f"{row.site.name}, {row.space.name} : {slot_of(row)}"

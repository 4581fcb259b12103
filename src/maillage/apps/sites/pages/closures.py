"""The closures of a site: a time when nothing is booked there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.sites import bookings_to_come, hours
from maillage.apps.sites.close_for import close_for
from maillage.apps.sites.close_for import withdraw as lift
from maillage.apps.sites.list_forms import ClosureForm
from maillage.apps.sites.models import Closure, Site, Space
from maillage.apps.sites.pages.common import (
    WRITING,
    author,
    confirm,
    frame,
    posted,
    status_of,
)
from maillage.apps.sites.rules import closure_of, may_keep, present_of
from maillage.apps.sites.tree import indented
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal

MOST_PAST = 20


@page(rule=may_keep, of=present_of, methods=WRITING)
def closures(request: HttpRequest, of: Site) -> HttpResponse:
    """Those to come, those past, and a new one."""
    spaces = list(Space.objects.present().filter(site=of))
    form = ClosureForm(posted(request), site=of, spaces=indented(spaces))
    if form.is_valid():
        key = form.cleaned_data["space"]
        space = next((s for s in spaces if s.pk == key), None)
        try:
            said = form.cleaned_data["reason"]
            made = close_for(of, form.period(), said, author(request), space=space)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _noted(made))
            return redirect("site_closures", of.pk)
    at = now()
    rows = of.closures.select_related("space").order_by("period")
    coming = rows.filter(withdrawn_at=None, period__endswith__gt=at)
    over = rows.exclude(pk__in=coming.values("pk")).order_by("-period")[:MOST_PAST]
    context = {
        **frame(of, Crumb(_("Fermetures")), current="site_closures"),
        "form": form,
        "coming": [_shown(closure, of) for closure in coming],
        "over": [_shown(closure, of) for closure in over],
        "holidays": hours.next_holidays(of, at.date()),
        "hours": of.opening_hours,
    }
    return render(request, "sites/closures.html", context, status=status_of(form))


def _noted(made: Closure) -> str:
    made.refresh_from_db()
    met = bookings_to_come.during(made, now())
    if not met:
        return _("La fermeture est notée : rien ne s’y réserve plus.")
    said = ngettext(
        "La fermeture est notée. {n} réservation y tombe : la personne est prévenue, avec un "
        "autre lieu proposé.",
        "La fermeture est notée. {n} réservations y tombent : les personnes sont prévenues, avec "
        "un autre lieu proposé.",
        met,
    )
    return said.format(n=met)


def _shown(closure: Closure, site: Site) -> dict[str, object]:
    return {
        "pk": closure.pk,
        "when": hours.closure_words(closure, site),
        "what": closure.space.name if closure.space else _("Tout le lieu"),
        "why": closure.reason,
        "is_withdrawn": bool(closure.withdrawn_at),
    }


@page(rule=may_keep, of=closure_of, methods=WRITING)
def withdrawal(request: HttpRequest, of: Closure) -> HttpResponse:
    """Open again as usual."""
    if request.method == "POST":
        lift(of, author(request))
        messages.success(request, _("La fermeture est levée : le lieu se réserve de nouveau."))
        return redirect("site_closures", of.site_id)
    dialog = Dialog(
        _("Lever cette fermeture ?"),
        _("{when} : « {why} ». Les réservations annulées entre-temps restent annulées.").format(
            when=hours.closure_words(of, of.site), why=of.reason
        ),
        _("Lever la fermeture"),
        Link(_("La garder"), reverse("site_closures", args=(of.site_id,))),
    )
    here = Crumb(_("Fermetures"), reverse("site_closures", args=(of.site_id,)))
    return confirm(request, of.site, dialog, here, Crumb(_("Lever")))

"""One's own plans: what is left, the renewal and its price, one click to stop it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.memberships import listing, renew, words
from maillage.apps.memberships.entitlements import Holdings, held_for_sheet
from maillage.apps.memberships.models import Subscription, Use
from maillage.apps.memberships.rules import may_stop, subscription_of
from maillage.apps.tariffs.form_page import POST, WRITING, confirm
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link
from maillage.kit.pages import page, signed_in
from maillage.report import french

OWN = "/mon-abonnement/"
USES_SHOWN = 20


@page(rule=signed_in)
def own_plans(request: HttpRequest) -> HttpResponse:
    """What one holds, what is left of it, what comes next."""
    today = now().date()
    me = int(request.user.pk or 0)
    held = held_for_sheet(me, today)
    uses = Use.objects.filter(carnet__in=held.carnets) | Use.objects.filter(
        subscription__in=held.subscriptions
    )
    shown = list(
        uses.standing()
        .select_related("site", "carnet__plan", "subscription__plan")
        .order_by("-on", "-pk")[:USES_SHOWN]
    )
    context = {
        "crumbs": [Crumb(_("Mes places"), "/mes-reservations/"), Crumb(_("Mon abonnement"))],
        "subscriptions": [_shown(held, one, me) for one in held.subscriptions],
        "carnets": listing.carnets_table(held, today) if held.carnets else None,
        "uses": listing.uses_table(shown) if shown else None,
        "nothing": None
        if held.subscriptions or held.carnets
        else Empty(
            _("Vous n’avez ni abonnement ni carnet."),
            _("Chaque réservation se paie à son prix. Le lieu vend abonnements et carnets."),
            Link(_("Trouver une place"), "/reserver/"),
        ),
    }
    return render(request, "memberships/own.html", context)


def _shown(held: Holdings, one: Subscription, me: int) -> dict[str, Any]:
    today = now().date()
    is_over = one.ends_on <= today
    is_payer = one.payer_person_id == me
    is_sold = one.plan.sold_until is None or one.plan.sold_until > one.ends_on
    return {
        "pk": one.pk,
        "name": one.plan.name,
        "left": words.left(held, one, today),
        "renewal": words.renewal(one, today),
        "price": words.price(one.plan),
        "may_stop": is_payer and not is_over and one.renews,
        "may_resume": is_payer and not is_over and not one.renews and is_sold,
        "is_paid_by_other": not is_payer,
        "until": french.day(one.ends_on - words.A_DAY),
    }


@page(rule=may_stop, of=subscription_of, methods=POST)
def stop(request: HttpRequest, of: Subscription) -> HttpResponse:
    """Give up a renewal, in one click."""
    renew.stop(of, by=int(request.user.pk or 0), at=now())
    messages.success(
        request,
        _(
            "C’est arrêté. « {plan} » reste à vous jusqu’au {day}, rien d’autre ne sera demandé."
        ).format(plan=of.plan.name, day=french.day(of.ends_on - words.A_DAY)),
    )
    return redirect(OWN)


@page(rule=may_stop, of=subscription_of, methods=POST)
def resume(request: HttpRequest, of: Subscription) -> HttpResponse:
    """Ask for the renewal."""
    renew.resume(of, by=int(request.user.pk or 0), at=now())
    messages.success(
        request,
        _("« {plan} » se renouvellera le {day}. Vous serez prévenu·e avant, avec le prix.").format(
            plan=of.plan.name, day=french.day(of.ends_on)
        ),
    )
    return redirect(OWN)


@page(rule=may_stop, of=subscription_of, methods=WRITING)
def pay_ahead(request: HttpRequest, of: Subscription) -> HttpResponse:
    """Pay the next period now: said first, then done."""
    if request.method == "POST":
        held = renew.renew(of, by=int(request.user.pk or 0), at=now())
        day = french.day(held.ends_on - words.A_DAY)
        messages.success(
            request, _("« {plan} » va jusqu’au {day}.").format(plan=of.plan.name, day=day)
        )
        return redirect(OWN)
    dialog = Dialog(
        _("Prolonger « {plan} » dès maintenant ?").format(plan=of.plan.name),
        _(
            "{price}, à partir du {day}. Vous pourrez réserver sur cette période dès aujourd’hui."
        ).format(price=words.price(of.plan), day=french.day(of.ends_on)),
        _("Prolonger"),
        Link(_("Ne rien changer"), reverse("own_plans")),
    )
    crumbs = [Crumb(_("Mon abonnement"), OWN)]
    return confirm(request, dialog, _("Prolonger l’abonnement"), crumbs)

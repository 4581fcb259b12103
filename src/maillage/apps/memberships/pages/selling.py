"""Sell a plan to a member."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships import sell, words
from maillage.apps.memberships.forms import Selling
from maillage.apps.memberships.models import EmployerSeat, Member, Plan, PlanKind, held_on
from maillage.apps.memberships.pages.members import MEMBERS
from maillage.apps.memberships.rules import may_keep, member_of, sites
from maillage.apps.sites.models import Site
from maillage.apps.tariffs.form_page import WRITING, posted, status_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal


@page(rule=may_keep, of=member_of, methods=WRITING)
def sale(request: HttpRequest, of: Member) -> HttpResponse:
    """What is on sale at one's sites, for this person."""
    today = now().date()
    own = list(sites(request.user).filter(territory=of.territory_id))
    plans = _on_sale(own, today)
    form = Selling(
        posted(request),
        plans=[(plan, words.offered(plan)) for plan in plans],
        payers=_payers(of, today),
        initial={"starts_on": today, "plan": str(plans[0].pk) if len(plans) == 1 else ""},
    )
    if form.is_valid():
        try:
            said = _sell(request, of, form, own)
            messages.success(request, said)
            return redirect("member", pk=of.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "crumbs": [
            MEMBERS,
            Crumb(of.person.name, reverse("member", args=(of.pk,))),
            Crumb(_("Vendre")),
        ],
        "name": of.person.name,
        "form": form if plans else None,
        "back": reverse("member", args=(of.pk,)),
        "plans": [{"name": plan.name, "gives": words.gives(plan)} for plan in plans],
        "nothing": Empty(
            _("Aucune formule n’est vendue dans vos lieux."),
            _("La personne chargée des tarifs crée les abonnements et les carnets votés."),
        ),
    }
    return render(request, "memberships/sale.html", context, status=status_of(form))


def _on_sale(own: list[Site], on: date) -> list[Plan]:
    sellers = {site.collector_id or site.operator_id for site in own}
    return list(
        Plan.objects.filter(operator__in=[pk for pk in sellers if pk])
        .filter(Q(sold_until=None) | Q(sold_until__gt=on))
        .select_related("operator")
        .prefetch_related("quotas", "rates")
        .order_by("kind", "price_cents", "pk")
    )


def _payers(of: Member, on: date) -> list[tuple[str, str]]:
    """The person, her association or firm, the employers that pay for her."""
    found = {"": of.person.name}
    if of.organisation is not None:
        found[str(of.organisation_id)] = of.organisation.name
    seats = EmployerSeat.objects.filter(held_on(on), person=of.person)
    for seat in seats.select_related("organisation"):
        found[str(seat.organisation_id)] = seat.organisation.name
    return list(found.items())


def _sell(request: HttpRequest, of: Member, form: Selling, own: list[Site]) -> str:
    said: dict[str, Any] = form.cleaned_data
    plan = form.plans[said["plan"]]
    payer = (
        Payer(organisation_id=int(said["payer"]))
        if said["payer"]
        else Payer(person_id=of.person_id)
    )
    sold = sell.Sold(plan, of.person, payer, _desk(plan, of, own), request.user.pk)
    first, at = said["starts_on"], now()
    if plan.kind == PlanKind.SUBSCRIPTION:
        sell.subscribe(sold, starts_on=first, renews=said["renews"], at=at)
    elif plan.kind == PlanKind.CARNET:
        sell.sell_carnet(sold, begins_on=first, at=at)
    else:
        sell.sell_day_pass(sold, on=first, at=at)
    return _("« {plan} » est vendu à {name} : {price}.").format(
        plan=plan.name, name=of.person.name, price=words.price(plan)
    )


def _desk(plan: Plan, of: Member, own: list[Site]) -> Site | None:
    """Where it is sold: where she joined, else the first site of who sells it."""
    selling = [s for s in own if (s.collector_id or s.operator_id) == plan.operator_id]
    joined = [site for site in selling if site.pk == of.site_id]
    return next(iter(joined or selling), None)

"""What operators sell in advance: abonnements, carnets, day passes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.memberships import keep_plan, words
from maillage.apps.memberships.forms import Day
from maillage.apps.memberships.models import Plan, PlanKind
from maillage.apps.memberships.plan_forms import FORMS, PlanForm, TicketsForm, initial_of
from maillage.apps.memberships.rules import may_keep_plan, plan_of, plans
from maillage.apps.sites.models import Site
from maillage.apps.tariffs.form_page import (
    WRITING,
    FormShown,
    form_page,
    posted,
    status_of,
)
from maillage.apps.tariffs.rules import may_see_lists, operators, sellers
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.kit.tables import Column, Number, Row, Table
from maillage.report import french

TARIFFS = Crumb("Tarifs", "/tarifs/")
PLANS = "/tarifs/formules/"


@page(rule=may_see_lists)
def plans_page(request: HttpRequest) -> HttpResponse:
    """What one's operators sell in advance."""
    found = plans(request.user).prefetch_related("quotas", "rates", "sites")
    columns = (
        Column("name", _("Formule")),
        Column("kind", _("Type")),
        Column("gives", _("Ce qu’elle donne")),
        Column("where", _("Où")),
        Column("price", _("Prix TTC"), is_numeric=True),
        Column("vote", _("Délibération")),
        Column("state", _("Vente")),
    )
    rows = [_row(plan) for plan in found.order_by("operator__name", "kind", "price_cents", "pk")]
    context = {
        "crumbs": [TARIFFS, Crumb(_("Abonnements et carnets"))],
        "table": Table("formules", _("Abonnements et carnets"), columns, rows) if rows else None,
        "kinds": [
            Link(label, reverse("formula_new", args=(code,))) for code, label in PlanKind.choices
        ],
        "nothing": Empty(
            _("Aucun abonnement, aucun carnet."),
            _("Créez ce que l’organisme a voté : le lieu pourra le vendre."),
        ),
    }
    return render(request, "memberships/plans.html", context)


def _row(plan: Plan) -> Row:
    names = [site.name for site in plan.sites.all()]
    return Row(
        {
            "name": Link(plan.name, reverse("formula", args=(plan.pk,))),
            "kind": PlanKind(plan.kind).label,
            "gives": " ; ".join(words.gives(plan)),
            "where": french.listed(names) or _("Les lieux de {name}").format(name=plan.operator),
            "price": Number(words.price_cents(plan), words.price(plan)),
            "vote": plan.deliberation_ref,
            "state": _state(plan),
        },
        key=str(plan.pk),
    )


def _state(plan: Plan) -> str:
    if plan.sold_until is not None:
        return _("Retirée le {day}").format(day=french.day(plan.sold_until))
    return _("Depuis le {day}").format(day=french.day(plan.sold_from))


def _form(request: HttpRequest, kind: str, **options: Any) -> PlanForm:
    found = sellers(request.user)
    sites = Site.objects.filter(
        territory__in=operators(request.user).values("territory_siren"), removed_at=None
    )
    return FORMS[kind](
        posted(request), operators=found.order_by("name"), sites=sites.order_by("name"), **options
    )


@page(rule=may_see_lists, methods=WRITING)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a plan."""
    if kind not in FORMS:
        raise Http404(kind)
    form = _form(request, kind, initial={"sold_from": now().date()})
    if form.is_valid():
        operator = sellers(request.user).get(pk=form.cleaned_data["operator"])
        try:
            keep_plan.enter(operator, form.terms(), form.gives(), by=request.user.pk, at=now())
            messages.success(request, _("La formule est en vente."))
            return redirect(PLANS)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    title = _("Nouvelle formule : {kind}").format(kind=str(PlanKind(kind).label).lower())
    return _shown(request, form, title, _("Mettre en vente"))


@page(rule=may_keep_plan, of=plan_of, methods=WRITING)
def correct(request: HttpRequest, of: Plan) -> HttpResponse:
    """Change a plan that nobody bought."""
    form = _form(request, of.kind, initial=initial_of(of))
    if form.is_valid():
        try:
            keep_plan.correct(
                of, form.terms(), form.gives(), by=int(request.user.pk or 0), at=now()
            )
            messages.success(request, _("La formule est enregistrée."))
            return redirect(PLANS)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    may_withdraw = reverse("formula_withdraw", args=(of.pk,)) if of.sold_until is None else ""
    return _shown(request, form, of.name, _("Enregistrer la formule"), withdraw=may_withdraw)


def _shown(
    request: HttpRequest, form: PlanForm, title: str, act: str, *, withdraw: str = ""
) -> HttpResponse:
    context = {
        "crumbs": [TARIFFS, Crumb(_("Abonnements et carnets"), PLANS), Crumb(title)],
        "title": title,
        "act": act,
        "form": form,
        "fields": form.common() if isinstance(form, TicketsForm) else list(form),
        "rates": form.rates() if isinstance(form, TicketsForm) else [],
        "withdraw": withdraw,
    }
    return render(request, "memberships/plan.html", context, status=status_of(form))


@page(rule=may_keep_plan, of=plan_of, methods=WRITING)
def withdraw(request: HttpRequest, of: Plan) -> HttpResponse:
    """From a day on nobody buys it nor renews it."""
    form = Day(posted(request), initial={"on": now().date()})
    if form.is_valid():
        by = int(request.user.pk or 0)
        keep_plan.withdraw(of, on=form.cleaned_data["on"], by=by, at=now())
        messages.success(request, _("La formule n’est plus vendue."))
        return redirect(PLANS)
    shown = FormShown(
        _("Retirer « {name} » de la vente").format(name=of.name),
        _("Retirer de la vente"),
        Link(_("La garder en vente"), PLANS),
        _("Ce qui est vendu va jusqu’à son terme. Aucun abonnement n’est renouvelé ensuite."),
        [TARIFFS, Crumb(_("Abonnements et carnets"), PLANS)],
    )
    return form_page(request, form, shown)

"""Price lists: those of an operator, one of them, its vote."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites.models import Space
from maillage.apps.tariffs import in_force, keep_list, shown
from maillage.apps.tariffs import vote as voting
from maillage.apps.tariffs.form_page import (
    WRITING,
    FormShown,
    confirm,
    form_page,
    posted,
)
from maillage.apps.tariffs.forms import ListHead, NewList, Vote, head_of
from maillage.apps.tariffs.models import ListState, PriceList
from maillage.apps.tariffs.rules import list_of, may_keep, may_see_lists, sellers
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link, Message
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal

TARIFFS = Crumb(gettext_lazy("Tarifs"), "/tarifs/")
# free times that end within a month are told
ALERT_DAYS = 30
MOST_LISTS = 100


@page(rule=may_see_lists)
def tariffs(request: HttpRequest) -> HttpResponse:
    """The price lists of one's operators, and what needs a decision."""
    today = now().date()
    operators = list(sellers(request.user).order_by("name", "pk"))
    lists = PriceList.objects.filter(operator__in=operators).select_related("operator")
    found = list(lists.order_by("operator__name", "-starts_on", "-pk")[:MOST_LISTS])
    context = {
        "crumbs": [Crumb(_("Tarifs"))],
        "table": shown.lists_table(found, today) if found else None,
        "alerts": shown.ends(in_force.free_ends([o.pk for o in operators], today,
                                                within_days=ALERT_DAYS)),
        "without": _without(operators, today),
        "nothing": Empty(
            _("Aucune grille tarifaire."),
            _("Sans tarif voté, les réservations n’ont pas de prix."),
            Link(_("Préparer une grille"), reverse("price_list_new")) if operators else None,
        ),
        "may_begin": bool(operators),
    }  # fmt: skip
    return render(request, "tariffs/lists.html", context)


def _without(operators: list[Any], today: Any) -> list[Message]:
    """Operators that sell without a price in force."""
    voted = in_force.voted_on([o.pk for o in operators], today)
    return [
        Message(
            "info",
            _("{name} n’a pas de tarif en vigueur : ses réservations n’ont pas de prix.").format(
                name=one.name
            ),
        )
        for one in operators
        if one.pk not in voted
    ]


@page(rule=may_keep, of=list_of)
def price_list(request: HttpRequest, of: PriceList) -> HttpResponse:
    """One list: its grid, its vote, what is next."""
    is_draft = of.state == ListState.DRAFT
    prices = list(of.prices.select_related("space__site").order_by("pk"))
    sites = Q(site__operator=of.operator) | Q(site__collector=of.operator)
    spaces = Space.objects.present().filter(sites, is_bookable=True).select_related("site")
    context = {
        "crumbs": [TARIFFS, Crumb(of.name)],
        "list": {"pk": of.pk, "name": of.name, "operator": of.operator.name},
        "standing": shown.standing(of, now().date()),
        "vote": shown.vote_of(of),
        "is_draft": is_draft,
        "half_day_min": of.half_day_min,
        "table": shown.grid(of, prices, may_edit=is_draft) if prices else None,
        "resources": (
            shown.resources(of, list(spaces.order_by("site__name", "name"))) if is_draft else []
        ),
        "nothing": Empty(
            _("Aucun prix dans cette grille."),
            _("Choisissez un espace ci-dessous, puis écrivez ses prix."),
        ),
    }
    return render(request, "tariffs/list.html", context)


@page(rule=may_see_lists, methods=WRITING)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a list."""
    operators = list(sellers(request.user).order_by("name", "pk"))
    form = NewList(posted(request), operators=operators)
    if form.is_valid():
        chosen = next(o for o in operators if str(o.pk) == form.cleaned_data["operator"])
        made = keep_list.draft(chosen, form.head(), by=_me(request), at=now())
        return redirect("price_list", pk=made.pk)
    keep = Link(_("Revenir aux tarifs"), TARIFFS.href)
    lead = _("La grille reste un brouillon jusqu’au vote.")
    words = FormShown(_("Nouvelle grille"), _("Préparer la grille"), keep, lead, [TARIFFS])
    return form_page(request, form, words)


@page(rule=may_keep, of=list_of, methods=WRITING)
def correct(request: HttpRequest, of: PriceList) -> HttpResponse:
    """Change the name, the first day or the half-day of a draft."""
    form = ListHead(posted(request), initial=head_of(of))
    if form.is_valid():
        try:
            keep_list.correct(
                of,
                form.head(),
                version=form.cleaned_data["version"] or 0,
                by=_me(request),
                at=now(),
            )
            messages.success(request, _("La grille est enregistrée."))
            return redirect("price_list", pk=of.pk)
        except keep_list.SomebodyElseEdited as refusal:
            form.add_error(None, str(refusal))
    words = FormShown(
        _("Corriger la grille"), _("Enregistrer la grille"), _back(of), "", _crumbs(of)
    )
    return form_page(request, form, words)


@page(rule=may_keep, of=list_of, methods=WRITING)
def copy(request: HttpRequest, of: PriceList) -> HttpResponse:
    """A draft with the same prices, for another day."""
    begins = {"name": of.name, "half_day_min": of.half_day_min}
    form = ListHead(posted(request), initial=begins)
    if form.is_valid():
        made = keep_list.copy(of, form.head(), by=_me(request), at=now())
        messages.success(request, _("La copie est un brouillon : changez ses prix, puis votez."))
        return redirect("price_list", pk=made.pk)
    words = FormShown(_("Copier la grille"), _("Copier la grille"), _back(of), "", _crumbs(of))
    return form_page(request, form, words)


@page(rule=may_keep, of=list_of, methods=WRITING)
def vote(request: HttpRequest, of: PriceList) -> HttpResponse:
    """Write that it was voted: from its first day it applies."""
    form = Vote(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            voting.vote(of, said["reference"], said["voted_on"], by=_me(request), at=now())
            messages.success(request, _("Ces tarifs sont votés. Ils ne changent plus."))
            return redirect("price_list", pk=of.pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    lead = _("Une grille votée ne change plus ; la précédente s’arrête la veille de celle-ci.")
    words = FormShown(
        _("Déclarer la grille votée"), _("Déclarer votée"), _back(of), lead, _crumbs(of)
    )
    return form_page(request, form, words)


@page(rule=may_keep, of=list_of, methods=WRITING)
def withdraw(request: HttpRequest, of: PriceList) -> HttpResponse:
    """Remove a draft: said first, then done."""
    if request.method == "POST":
        keep_list.withdraw(of, by=_me(request), at=now())
        messages.success(request, _("Le brouillon est retiré."))
        return redirect("tariffs")
    dialog = Dialog(
        _("Retirer « {name} » ?").format(name=of.name),
        _("Ce brouillon et ses prix disparaissent. Les tarifs votés ne changent pas."),
        _("Retirer le brouillon"),
        _back(of),
    )
    return confirm(request, dialog, _("Retirer le brouillon"), _crumbs(of))


def _back(of: PriceList) -> Link:
    return Link(_("Revenir à la grille"), reverse("price_list", args=(of.pk,)))


def _crumbs(of: PriceList) -> list[Crumb]:
    return [TARIFFS, Crumb(of.name, reverse("price_list", args=(of.pk,)))]


def _me(request: HttpRequest) -> Any:
    return request.user

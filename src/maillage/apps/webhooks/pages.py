"""Programs that are told what happens: list, add, secret, stop, start, try, remove."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Person
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.apps.webhooks import keep
from maillage.apps.webhooks.forms import Program
from maillage.apps.webhooks.models import Delivery, DeliveryState, Endpoint, Event
from maillage.apps.webhooks.rules import endpoint_of, may_keep, territory_of
from maillage.apps.webhooks.signature import secret_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.form_pages import POST, WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Cell, Column, Row, Table
from maillage.report import moments

LATEST = 20
PROGRAMS = (
    Column("label", "Programme"),
    Column("url", "Adresse"),
    Column("events", "Ce qui lui est dit"),
    Column("state", "Envois"),
)
DELIVERIES = (
    Column("at", "Quand"),
    Column("event", "Événement"),
    Column("state", "Remise"),
    Column("attempts", "Essais", is_numeric=True),
)


@page(rule=may_keep, of=territory_of)
def programs(request: HttpRequest, territory: Territory) -> HttpResponse:
    """The programs of a territory."""
    rows = [_row(e) for e in territory.endpoints.order_by("label", "pk")]
    empty = _("Aucun programme. Ajoutez-en un pour qu’il suive les réservations du réseau.")
    table = Table("programmes", _("Programmes"), PROGRAMS, rows, empty=empty)
    return render(
        request,
        "webhooks/programs.html",
        {**_frame(territory), "table": table, "siren": territory.pk},
    )


@page(rule=may_keep, of=territory_of, methods=WRITING)
def add(request: HttpRequest, territory: Territory) -> HttpResponse:
    """A new one."""
    form = Program(request.POST or None)
    if form.is_valid() and done(form, _adding(request, territory, form)):
        return told(request, _("Le programme est ajouté."), _list(territory))
    shown = FormShown(
        _("Ajouter un programme"),
        _("Ajouter"),
        Link(_("Revenir aux programmes"), _list(territory)),
        _("Maillage enverra à cette adresse ce que vous choisissez, signé, sans aucun nom."),
    )
    return form_page(request, form, shown, _frame(territory, Crumb(_("Ajouter"))))


@page(rule=may_keep, of=endpoint_of)
def program(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """One: its secret, what was told lately."""
    latest = endpoint.deliveries.order_by("-created_at", "-pk")[:LATEST]
    rows = [_delivery(d) for d in latest]
    table = Table("remises", _("Dernières remises"), DELIVERIES, rows, empty=_("Rien encore."))
    context = {
        **_frame(endpoint.territory, Crumb(endpoint.label)),
        "endpoint": {
            "label": endpoint.label,
            "url": endpoint.url,
            "is_stopped": endpoint.disabled_at is not None,
            "why": endpoint.disabled_why,
        },
        "events": _events(endpoint),
        "secret": secret_of(endpoint),
        "table": table,
        "parts": (endpoint.territory_id, endpoint.pk),
    }
    return render(request, "webhooks/program.html", context)


@page(rule=may_keep, of=endpoint_of, methods=POST)
def send_trial(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """See whether it answers."""
    keep.send_trial(endpoint, by=_me(request), at=now())
    return told(request, _("Un essai part dans la minute."), _one(endpoint))


@page(rule=may_keep, of=endpoint_of, methods=POST)
def start(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Send again."""
    keep.start(endpoint, by=_me(request), at=now())
    return told(request, _("Les envois reprennent."), _one(endpoint))


@page(rule=may_keep, of=endpoint_of, methods=POST)
def stop(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Send nothing more."""
    keep.stop(endpoint, by=_me(request), at=now())
    return told(request, _("Les envois sont arrêtés."), _one(endpoint))


@page(rule=may_keep, of=endpoint_of, methods=WRITING)
def renew_secret(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Another secret, at once."""
    if request.method == "POST":
        keep.renew_secret(endpoint, by=_me(request), at=now())
        return told(request, _("Le secret est changé."), _one(endpoint))
    dialog = Dialog(
        _("Changer le secret de « %(label)s » ?") % {"label": endpoint.label},
        _("Le programme refusera les envois jusqu’à ce qu’il ait le nouveau."),
        _("Changer le secret"),
        Link(_("Garder"), _one(endpoint)),
    )
    return dialog_page(request, dialog, _frame(endpoint.territory, Crumb(endpoint.label)))


@page(rule=may_keep, of=endpoint_of, methods=WRITING)
def remove(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    """Forget it."""
    if request.method == "POST":
        keep.remove(endpoint, by=_me(request), at=now())
        return told(request, _("Le programme est retiré."), _list(endpoint.territory))
    dialog = Dialog(
        _("Retirer « %(label)s » ?") % {"label": endpoint.label},
        _("Rien ne lui sera plus envoyé, et la liste de ses remises disparaît."),
        _("Retirer le programme"),
        Link(_("Garder"), _one(endpoint)),
    )
    return dialog_page(request, dialog, _frame(endpoint.territory, Crumb(endpoint.label)))


def _adding(request: HttpRequest, territory: Territory, form: Program) -> Callable[[], Endpoint]:
    words = form.cleaned_data
    return lambda: keep.add(
        territory, words["url"], words["label"], words["events"], by=_me(request), at=now()
    )


def _row(endpoint: Endpoint) -> Row:
    state = _("Arrêtés") if endpoint.disabled_at else _("En cours")
    cells: dict[str, Cell] = {
        "label": Link(endpoint.label, _one(endpoint)),
        "url": endpoint.url,
        "events": ", ".join(_events(endpoint)),
        "state": state,
    }
    return Row(cells, key=str(endpoint.pk))


def _delivery(one: Delivery) -> Row:
    state = DeliveryState(one.state).label
    if one.fault:
        state = f"{state} ({one.status or _('sans réponse')})"
    event = dict(Event.choices).get(one.event, _("Essai"))
    cells: dict[str, Cell] = {
        "at": moments.moment(one.created_at.astimezone(now().tzinfo)),
        "event": event,
        "state": state,
        "attempts": one.attempts,
    }
    return Row(cells, key=str(one.pk))


def _events(endpoint: Endpoint) -> list[str]:
    return [str(Event(e).label) for e in endpoint.events]


def _frame(territory: Territory, *here: Crumb) -> dict[str, Any]:
    return {
        "territory_name": short_name(territory.name),
        "crumbs": [
            Crumb(short_name(territory.name), reverse("territory", args=(territory.pk,))),
            Crumb(_("Programmes"), _list(territory) if here else ""),
            *here,
        ],
    }


def _list(territory: Territory) -> str:
    return reverse("webhooks", args=(territory.pk,))


def _one(endpoint: Endpoint) -> str:
    return reverse("webhook", args=(endpoint.territory_id, endpoint.pk))


def _me(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101  (the rule let her in)
    return request.user

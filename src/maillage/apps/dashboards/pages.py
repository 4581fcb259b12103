"""The network on one page, and its table as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.dashboards import board
from maillage.apps.dashboards.network import network
from maillage.apps.dashboards.rules import may_read, territory_of
from maillage.apps.people import rights
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Document, Link
from maillage.kit.pages import page


@page(rule=may_read, of=territory_of)
def overview(request: HttpRequest, territory: Territory) -> HttpResponse:
    """Every site, what it did in four weeks, what waits."""
    found = network(territory, at=now())
    name = short_name(territory.name)
    file = Document(
        _("Pour un tableur"), reverse("network_board_csv", args=(territory.pk,)), "text/csv"
    )
    context = {
        "territory_name": name,
        "crumbs": [
            Crumb(name, reverse("territory", args=(territory.pk,))),
            Crumb(_("Réseau")),
        ],
        "figures": board.figures(found) if found.lines else [],
        "alerts": board.alerts(found),
        "table": board.table(found),
        "files": [file] if found.lines else [],
        "doors": _doors(request.user, territory),
    }
    return render(request, "dashboards/network.html", context)


def _doors(person: Any, territory: Territory) -> list[Link]:
    """Where the work on the network is done, for those who do it."""
    on = now().date()
    every = (
        ("members.keep", _("Adhérents"), reverse("members")),
        ("tariffs.keep", _("Tarifs"), reverse("tariffs")),
        ("members.keep", _("Ventes"), reverse("sales")),
        ("sites.keep", _("Reprendre un GRR"), reverse("grr_new", args=(territory.pk,))),
        ("webhooks.keep", _("Programmes"), reverse("webhooks", args=(territory.pk,))),
    )
    return [
        Link(label, href)
        for act, label, href in every
        if rights.holds(person, act, territory.scopes, on=on)
    ]


@page(rule=may_read, of=territory_of)
def overview_csv(request: HttpRequest, territory: Territory) -> HttpResponse:  # noqa: ARG001
    """The table."""
    data = board.csv(network(territory, at=now()))
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="reseau-{territory.pk}.csv"'
    return answer

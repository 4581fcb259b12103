"""Labels, measures of the connection, hosted services: three lists of a sheet, one page each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites import keep_parts
from maillage.apps.sites.list_forms import LabelForm, MeasureForm, ServiceForm
from maillage.apps.sites.list_words import label_words, measure_words, service_words
from maillage.apps.sites.models import Site
from maillage.apps.sites.pages.common import POST, WRITING, author, frame, posted, status_of
from maillage.apps.sites.rules import PARTS, may_keep, part_of, present_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Text
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Listed:
    """One of the lists: its page, its words, its verb.

    kind   in the addresses of its lines
    words  the sentence of a line, from the row and the day
    """

    route: str
    kind: str
    title: Text
    heading: Text
    act: Text
    done: Text
    nothing: Empty
    form: type[Any]
    rows: str
    order: tuple[str, ...]
    add: Callable[..., Any]
    words: Callable[..., Any]


LABELS = Listed(
    "site_labels",
    "label",
    gettext_lazy("Labels"),
    gettext_lazy("Les labels du lieu"),
    gettext_lazy("Ajouter le label"),
    gettext_lazy("Le label est ajouté."),
    Empty(
        gettext_lazy("Aucun label."),
        gettext_lazy("Fabrique de territoire, Manufacture de proximité, France services."),
    ),
    LabelForm,
    "labels",
    ("name", "pk"),
    keep_parts.add_label,
    label_words,
)
MEASURES = Listed(
    "site_measures",
    "mesure",
    gettext_lazy("Connexion"),
    gettext_lazy("La qualité de la connexion, mesure après mesure"),
    gettext_lazy("Ajouter la mesure"),
    gettext_lazy("La mesure est ajoutée."),
    Empty(
        gettext_lazy("Aucune mesure."),
        gettext_lazy("Une mesure par trimestre suffit à montrer que la connexion tient."),
    ),
    MeasureForm,
    "measures",
    ("-on", "-pk"),
    keep_parts.add_measure,
    measure_words,
)
SERVICES = Listed(
    "site_services",
    "service",
    gettext_lazy("Services accueillis"),
    gettext_lazy("Les services publics accueillis dans le lieu"),
    gettext_lazy("Ajouter le service"),
    gettext_lazy("Le service est ajouté."),
    Empty(
        gettext_lazy("Aucun service accueilli."),
        gettext_lazy("Un service a ses propres heures ; ses visites se comptent à part."),
    ),
    ServiceForm,
    "hosted",
    ("name", "pk"),
    keep_parts.add_service,
    service_words,
)
BY_KIND = {listed.kind: listed.route for listed in (LABELS, MEASURES, SERVICES)} | {
    "photo": "site_photos",
    "plan": "site_plans",
}


@page(rule=may_keep, of=present_of, methods=WRITING)
def labels(request: HttpRequest, of: Site) -> HttpResponse:
    """The labels of a site."""
    return _listed(request, of, LABELS)


@page(rule=may_keep, of=present_of, methods=WRITING)
def measures(request: HttpRequest, of: Site) -> HttpResponse:
    """The log of its connection."""
    return _listed(request, of, MEASURES)


@page(rule=may_keep, of=present_of, methods=WRITING)
def services(request: HttpRequest, of: Site) -> HttpResponse:
    """The public services that it hosts."""
    return _listed(request, of, SERVICES)


def _listed(request: HttpRequest, of: Site, listed: Listed) -> HttpResponse:
    needs_site = listed.form is ServiceForm
    form = listed.form(posted(request), **({"site": of} if needs_site else {}))
    if form.is_valid():
        try:
            listed.add(of, form.said(of), author(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(listed.done))
            return redirect(listed.route, of.pk)
    on = now().date()
    rows = list(getattr(of, listed.rows).order_by(*listed.order))
    context = {
        **frame(of, Crumb(listed.title), current=listed.route),
        "listed": listed,
        "form": form,
        "lines": [listed.words(row, of, on) for row in rows if row.removed_at is None],
        "removed": [listed.words(row, of, on) for row in rows if row.removed_at],
    }
    return render(request, "sites/lines.html", context, status=status_of(form))


@page(rule=may_keep, of=part_of, methods=POST)
def removal(request: HttpRequest, of: Any) -> HttpResponse:
    """Off the sheet: kept at the bottom of its list."""
    keep_parts.remove(of, author(request))
    messages.success(request, _("C’est retiré. Vous pouvez le rétablir au bas de la page."))
    return _back(of)


@page(rule=may_keep, of=part_of, methods=POST)
def restore(request: HttpRequest, of: Any) -> HttpResponse:
    """On the sheet again."""
    keep_parts.take_back(of, author(request))
    messages.success(request, _("C’est rétabli."))
    return _back(of)


def _back(of: Any) -> HttpResponse:
    kind = next(kind for kind, model in PARTS.items() if isinstance(of, model))
    return redirect(reverse(BY_KIND[kind], args=(of.site_id,)))

"""Reading the journal, and the front page of the settings."""

from datetime import datetime, time
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.journal.models import Entry
from maillage.apps.people import acts, scoped
from maillage.apps.people.filters import FilterJournal
from maillage.apps.people.models import Person
from maillage.apps.people.rules import may_read_journal, may_set_up
from maillage.apps.people.vacancies import within
from maillage.core.periods import PARIS
from maillage.kit.components import Crumb, filters_of
from maillage.kit.filters import moment
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table

ON_A_PAGE = 100
SETTINGS = Crumb("Réglages", "/reglages/")
COLUMNS = (
    Column("at", "Quand"),
    Column("who", "Qui"),
    Column("act", "Acte"),
    Column("what", "Sur quoi"),
    Column("facts", "Précisions"),
)


@page(rule=may_read_journal)
def journal(request: HttpRequest) -> HttpResponse:
    """Who did what, when, in one's scopes."""
    choices = sorted(acts.NAMES.items(), key=lambda pair: pair[1])
    form = FilterJournal(request.GET, acts=choices)
    asked = form.cleaned_data if form.is_valid() else {}
    found = Entry.objects.filter(within(scoped.scopes_of(request.user, "journal.read")))
    if asked.get("act"):
        found = found.filter(act=asked["act"])
    if asked.get("since"):
        found = found.filter(at__gte=datetime.combine(asked["since"], time(), PARIS))
    shown = Paginator(found.order_by("-at", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    actors = {entry.actor_id or 0 for entry in shown}
    names = dict(Person.objects.filter(pk__in=actors).values_list("pk", "name"))
    rows = [_row(entry, names) for entry in shown]
    context = {
        "table": Table("journal", _("Journal"), COLUMNS, rows),
        "shown": shown,
        "filters": filters_of(form, request.GET),
        "crumbs": [SETTINGS, Crumb(_("Journal"))] if may_set_up(request.user, None) else [],
    }
    return render(request, "people/journal.html", context)


def _row(entry: Entry, names: dict[int, str]) -> Row:
    facts: dict[str, Any] = entry.facts
    cells = {
        "at": moment(entry.at),
        "who": names.get(entry.actor_id or 0, _("Le système")),
        "act": acts.name(entry.act),
        "what": f"{acts.word(entry.object_kind)} {entry.object_key}",
        "facts": ", ".join(f"{acts.word(key)} {value}" for key, value in facts.items())
        or entry.reason,
    }
    return Row(cells, key=str(entry.pk))


@page(rule=may_set_up)
def settings_page(request: HttpRequest) -> HttpResponse:
    """What an administrator sets and checks."""
    return render(request, "people/settings.html")

"""What every page of an operator's money has around it: its crumbs, its parts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.collecting.rules import is_public
from maillage.apps.people.models import Organisation
from maillage.kit.components import Crumb, Link, Text

TEMPLATE = "collecting/page.html"
WRONG = 422


def show(
    request: HttpRequest, operator: Organisation, title: Text, part: str, **content: Any
) -> HttpResponse:
    """A page of one operator; `form` in the content is drawn last."""
    form = content.get("form")
    status = WRONG if form is not None and form.is_bound and form.errors else 200
    context = {
        "title": title,
        "crumbs": crumbs(operator, title if part != "collecting_body" else ""),
        "views": views(operator, part),
        **content,
    }
    return render(request, TEMPLATE, context, status=status)


def crumbs(operator: Organisation, last: Text = "") -> list[Crumb]:
    """Collecting, the operator, the page."""
    first = Crumb(_("Encaissements"), reverse("collecting"))
    if not last:
        return [first, Crumb(operator.name)]
    return [first, Crumb(operator.name, reverse("collecting_body", args=(operator.pk,))),
            Crumb(last)]  # fmt: skip


def around(operator: Organisation, title: Text) -> dict[str, Any]:
    """The frame of a form or of a confirmation."""
    return {"crumbs": crumbs(operator, title)}


def views(operator: Organisation, part: str) -> list[Link]:
    """The parts that an operator has: the till for a public one, debits for the others."""
    usual = [
        ("collecting_body", _("Reste dû")),
        ("receipts", _("Journal")),
        ("statement", _("Relevé bancaire")),
        ("reminders", _("Relances")),
    ]
    own = (
        [("till", _("Régie")), ("titles", _("Titres et Chorus Pro"))]
        if is_public(operator)
        else [("debits", _("Prélèvements")), ("mandates", _("Mandats"))]
    )
    last = [("online", _("En ligne")), ("means", _("Moyens"))]
    return [
        Link(text, reverse(name, args=(operator.pk,)), is_current=name == part)
        for name, text in (*usual, *own, *last)
    ]

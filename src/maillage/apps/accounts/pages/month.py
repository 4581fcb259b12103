"""The month of a body in five minutes: its steps, then its closing."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.accounts import steps
from maillage.apps.accounts.rules import body_of, may_export, may_export_of, own
from maillage.apps.accounts.steps import Asked
from maillage.apps.billing import close_month
from maillage.apps.people.models import Organisation
from maillage.core import programme
from maillage.core.periods import PARIS
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.components import Step as Shown
from maillage.kit.form_pages import WRITING, dialog_page, told
from maillage.kit.pages import month_of, page
from maillage.report import french, moments

STATES = {
    steps.DONE: ("done", "Fait"),
    steps.TO_DO: ("now", "À faire"),
    steps.NOTHING: ("next", "Rien à faire"),
}
# where each step is done
PLACES = {
    "to_invoice": "/facturation/{month}/?organisme={body}",
    "issued": "/facturation/{month}/?organisme={body}",
    "anomalies": "/facturation/{month}/?organisme={body}",
    "bank": "/encaissements/{body}/releve/",
    "receipts": "/encaissements/{body}/journal/",
    "reminders": "/encaissements/{body}/",
    "shared": "/reversements/",
}


@page(rule=may_export)
def latest(request: HttpRequest) -> HttpResponse:
    """The month that ended last, which is the one to close."""
    before = programme.after(_today().replace(day=1), -1)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('accounts_month', args=(f'{before:%Y-%m}',))}{query}")


@page(rule=may_export)
def month_page(request: HttpRequest, asked: str) -> HttpResponse:
    """What is done of a month, what is left, and where it is done."""
    month = month_of(asked)
    body = _body(request)
    found = steps.of_month(Asked(body, month, now()))
    left = steps.left(found)
    may_close = next(one for one in found if one.key == "closing").state == steps.TO_DO
    query = f"?organisme={body.pk}"
    context: dict[str, Any] = {
        "crumbs": [Crumb(_("Facturation"), "/facturation/"), Crumb(moments.month(month))],
        "name": body.name,
        "month": moments.month(month).capitalize(),
        "title": _title(month, len(left), is_closed=steps.is_closed(body, month)),
        "steps": [_shown(one, month, body) for one in found],
        "before": _link(programme.after(month, -1), query),
        "after": _link(programme.after(month, 1), query),
        "bodies": [
            Link(one.name, f"?organisme={one.pk}", is_current=one.pk == body.pk)
            for one in own(request.user)
        ],
        "close": reverse("accounts_close", args=(body.pk, asked)) if may_close else "",
        "exports": f"{reverse('accounts_exports')}{query}&du={asked}&au={asked}",
    }
    return render(request, "accounts/month.html", context)


def _target(person: object, pk: int, asked: str) -> tuple[Organisation, date]:
    return body_of(person, pk), month_of(asked)


def _may_close(person: object, target: tuple[Organisation, date]) -> bool:
    return may_export_of(person, target[0])


@page(rule=_may_close, of=_target, methods=WRITING)
def close(request: HttpRequest, target: tuple[Organisation, date]) -> HttpResponse:
    """Say what is left, then close: a closed month never opens again."""
    body, month = target
    back = f"{reverse('accounts_month', args=(f'{month:%Y-%m}',))}?organisme={body.pk}"
    name = moments.month(month)
    if request.method == "POST":
        close_month.close(
            body, month, by=request.user.pk, at=now(), even_if_waiting="quand_meme" in request.POST
        )
        said = _("{month} est clôturé pour {name} : plus rien ne peut y être daté.")
        return told(request, said.format(month=name.capitalize(), name=body.name), back)
    left = steps.left(steps.of_month(Asked(body, month, now())))
    rest = " ".join(f"{one.title} : {one.says}" for one in left)
    warning = _("Il reste à faire : {rest} ").format(rest=rest) if left else ""
    dialog = Dialog(
        _("Clôturer {month} pour {name} ?").format(month=name, name=body.name),
        warning + _("Plus aucune facture ni aucun encaissement ne pourra être daté de ce mois. "
                    "Un mois clôturé ne se rouvre pas."),
        _("Clôturer quand même") if left else _("Clôturer {month}").format(month=name),
        Link(_("Revenir au mois"), back),
        fields={"quand_meme": "oui"} if left else {},
    )  # fmt: skip
    crumbs = [Crumb(moments.month(month), back), Crumb(_("Clôture"))]
    return dialog_page(request, dialog, {"crumbs": crumbs, "name": body.name})


def _body(request: HttpRequest) -> Organisation:
    asked = request.GET.get("organisme", "")
    if not asked:
        return own(request.user)[0]
    if not asked.isdecimal():
        raise Http404(asked)
    return body_of(request.user, int(asked))


def _today() -> date:
    return now().astimezone(PARIS).date()


def _title(month: date, left: int, *, is_closed: bool) -> str:
    name = moments.month(month).capitalize()
    if is_closed:
        return _("{month} : clôturé").format(month=name)
    if not left:
        return _("{month} : rien à faire avant la clôture").format(month=name)
    said = ngettext("{month} : il reste {n} étape", "{month} : il reste {n} étapes", left)
    return said.format(month=name, n=french.number(left))


def _shown(one: steps.Step, month: date, body: Organisation) -> Shown:
    state, word = STATES[one.state]
    place = PLACES.get(one.key, "").format(month=f"{month:%Y-%m}", body=body.pk)
    return Shown(_(word), one.title, state, one.says, href=place)


def _link(month: date, query: str) -> Link:
    return Link(
        moments.month(month).capitalize(),
        f"{reverse('accounts_month', args=(f'{month:%Y-%m}',))}{query}",
    )

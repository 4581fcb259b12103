"""End a contract, settle its deposit."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from maillage.apps.contracts import deposit, notice, rules
from maillage.apps.contracts.forms import DepositForm, KeepForm, NoticeForm
from maillage.apps.contracts.models import Contract, DepositMovement
from maillage.apps.contracts.pages.common import address, back, by, frame, posted
from maillage.core import contract_terms
from maillage.kit.clock import now
from maillage.kit.components import Dialog
from maillage.kit.form_pages import WRITING, FormShown, dialog_page, done, form_page, told
from maillage.kit.pages import page
from maillage.report import french


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def notice_page(request: HttpRequest, of: Contract) -> HttpResponse:
    """Who ends it, when; the earliest day is said."""
    today = now().date()
    form = NoticeForm(
        posted(request), initial={"given_on": today, "by": "party", "version": of.version}
    )
    if form.is_valid():
        said = form.cleaned_data
        asked = notice.Notice(
            said["given_on"],
            by_party=said["by"] == "party",
            ends_on=said["last_on"] + contract_terms.ONE_DAY if said["last_on"] else None,
            agreed=said["agreed"],
            reason=said["reason"],
        )
        version = said["version"]
        if done(form, lambda: notice.give(of, asked, version=version, by=by(request), at=now())):
            return told(request, _("La fin est notée. La personne est prévenue."), address(of))
    earliest = contract_terms.earliest_end(of.terms, today) - contract_terms.ONE_DAY
    shown = FormShown(
        _("Mettre fin au contrat"), _("Noter la fin"), back(of),
        _("Donné aujourd’hui, le préavis mène au {day} au plus tôt.").format(
            day=french.day(earliest)
        ),
    )  # fmt: skip
    return form_page(request, form, shown, frame(of, _("Mettre fin")))


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def cancel_page(request: HttpRequest, of: Contract) -> HttpResponse:
    """The contract goes on."""
    if request.method == "POST":
        version = int(request.POST.get("version") or 0)
        notice.cancel(of, version=version, by=by(request), at=now())
        return told(request, _("Le préavis est retiré : le contrat continue."), address(of))
    dialog = Dialog(
        _("Retirer le préavis ?"),
        _("Le contrat continue comme avant. Ses places sont gardées de nouveau."),
        _("Retirer le préavis"),
        back(of),
        fields={"version": str(of.version)},
    )
    title = {"title": _("Retirer le préavis")}
    return dialog_page(request, dialog, frame(of, _("Retirer le préavis")) | title)


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def receive(request: HttpRequest, of: Contract) -> HttpResponse:
    """The party lodged the deposit."""
    line = _line(of)
    left = line.due_cents - line.received_cents if line else 0
    form = DepositForm(posted(request), initial={"on": now().date(), "amount": left})
    shown = FormShown(
        _("Dépôt reçu"), _("Noter le dépôt reçu"), back(of),
        _("Il reste {left} à recevoir.").format(left=french.cents(left)),
    )  # fmt: skip
    said = _("Le dépôt est noté.")
    return _moved(request, of, form, shown, deposit.receive, said)


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def give_back(request: HttpRequest, of: Contract) -> HttpResponse:
    """The deposit is returned."""
    line = _line(of)
    held = line.held_cents if line else 0
    form = DepositForm(posted(request), initial={"on": now().date(), "amount": held})
    shown = FormShown(
        _("Rendre le dépôt"), _("Noter le dépôt rendu"), back(of),
        _("L’organisme détient {held}.").format(held=french.cents(held)),
    )  # fmt: skip
    return _moved(request, of, form, shown, deposit.give_back, _("Le dépôt rendu est noté."))


@page(rule=rules.may_keep, of=rules.contract_of, methods=WRITING)
def keep_part(request: HttpRequest, of: Contract) -> HttpResponse:
    """A part is kept, and why."""
    line = _line(of)
    form = KeepForm(posted(request), initial={"on": now().date()})
    shown = FormShown(
        _("Garder une part du dépôt"), _("Noter la part gardée"), back(of),
        _("L’organisme détient {held}.").format(held=french.cents(line.held_cents if line else 0)),
    )  # fmt: skip
    return _moved(request, of, form, shown, deposit.keep_part, _("La part gardée est notée."))


@page(
    rule=lambda person, of: rules.may_keep(person, of[0]),
    of=lambda person, pk, movement: (
        rules.contract_of(person, pk),
        get_object_or_404(DepositMovement, pk=movement, deposit__contract=pk),
    ),
    methods=WRITING,
)
def undo(request: HttpRequest, of: tuple[Contract, DepositMovement]) -> HttpResponse:
    """A movement noted by mistake."""
    contract, movement = of
    if request.method == "POST":
        deposit.undo(movement, by=by(request), at=now())
        return told(request, _("Le mouvement est annulé."), address(contract))
    dialog = Dialog(
        _("Annuler ce mouvement de {amount} ?").format(amount=french.cents(movement.amount_cents)),
        _("Le mouvement et son annulation restent écrits."),
        _("Annuler le mouvement"),
        back(contract),
    )
    title = {"title": _("Annuler un mouvement")}
    return dialog_page(request, dialog, frame(contract, _("Annuler un mouvement")) | title)


def _moved(
    request: HttpRequest,
    of: Contract,
    form: Any,
    shown: FormShown,
    act: Callable[..., Any],
    said: str,
) -> HttpResponse:  # fmt: skip
    if form.is_valid():
        asked = form.cleaned_data
        moved = deposit.Moved(
            asked["amount"], asked["on"], asked.get("means", ""), asked.get("reason", "")
        )
        if done(form, lambda: act(of, moved, by=by(request), at=now())):
            return told(request, said, address(of))
    return form_page(request, form, shown, frame(of, str(shown.title)))


def _line(of: Contract) -> deposit.Line | None:
    found = (one for one in deposit.lines([of.operator]) if one.contract.pk == of.pk)
    return next(found, None)

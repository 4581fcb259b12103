"""Invoices received from suppliers: a list, a file sent, what it says."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.billing import receive, rules, shown
from maillage.apps.billing.forms import ReceiveForm
from maillage.apps.billing.models import ReceivedInvoice
from maillage.apps.billing.pages.documents import TYPES, download
from maillage.apps.people.models import Organisation
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.components import Document as Stored
from maillage.kit.form_pages import WRITING, WRONG, dialog_page, done, told
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table, money
from maillage.report import french

RECEIVED = Crumb(gettext_lazy("Factures reçues"), "/factures/recues/")


@page(rule=rules.may_read_somewhere, methods=WRITING)
def received(request: HttpRequest) -> HttpResponse:
    """What was received by a body, and the form that adds one."""
    operator = _operator(request)
    may_keep = rules.may_issue(request.user, operator)
    form = ReceiveForm(request.POST or None, request.FILES or None)
    made: list[ReceivedInvoice] = []

    def act() -> None:
        content = form.cleaned_data["file"].read()
        made.append(receive.receive(operator, content, by=request.user.pk, at=now()))

    if request.method == "POST" and not may_keep:
        raise Http404(operator.pk)
    if form.is_valid() and done(form, act):
        one = made[0]
        said = _("La facture {number} de {supplier} est enregistrée.").format(
            number=one.number, supplier=one.supplier
        )
        return told(request, said, reverse("received_invoice", args=(one.pk,)))
    rows = rules.received(request.user).filter(operator=operator).order_by("-issued_on", "-pk")
    context = {
        "crumbs": [Crumb(_("Facturation"), "/facturation/"), Crumb(_("Factures reçues"))],
        "operator": operator.name,
        "table": shown.received_table(rows),
        "form": form if may_keep else None,
    }
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "billing/received.html", context, status=status)


@page(rule=rules.may_read_received, of=rules.received_of)
def invoice(request: HttpRequest, of: ReceivedInvoice) -> HttpResponse:
    """What a received invoice says."""
    (stored,) = of.files
    context = {
        "crumbs": [RECEIVED, Crumb(of.number)],
        "title": french.unbroken(
            _("{number} : {total} à payer à {name}").format(
                number=of.number, total=french.cents(of.gross_cents), name=of.supplier
            )
        ),
        "operator": of.operator.name,
        "facts": _facts(of),
        "lines": _lines(of.read.get("lines", [])),
        "files": [
            Stored(
                _("La facture reçue"),
                reverse("received_file", args=(of.pk, stored["name"])),
                TYPES[stored["name"][-4:]],
                stored["size_bytes"],
            )
        ],
        "remove": reverse("received_remove", args=(of.pk,))
        if rules.may_issue(request.user, of.operator)
        else "",
    }
    return render(request, "billing/received_one.html", context)


def _named(person: Any, pk: int, name: str) -> tuple[ReceivedInvoice, str]:
    return rules.received_of(person, pk), name


@page(rule=lambda person, of: rules.may_read_received(person, of[0]), of=_named)
def file(_request: HttpRequest, of: tuple[ReceivedInvoice, str]) -> HttpResponse:
    """The file as it came, never shown in the page."""
    row, name = of
    return download(row, name, name)


@page(rule=rules.may_keep_received, of=rules.received_of, methods=WRITING)
def remove(request: HttpRequest, of: ReceivedInvoice) -> HttpResponse:
    """Take it out of the list."""
    back = f"{reverse('received')}?organisme={of.operator_id}"
    if request.method == "POST":
        receive.remove(of, by=request.user.pk, at=now())
        return redirect(back)
    dialog = Dialog(
        question=_("Retirer la facture {number} de {name} ?").format(
            number=of.number, name=of.supplier
        ),
        consequence=_("Elle quitte la liste. Vous pourrez l’enregistrer à nouveau."),
        act=_("Retirer la facture"),
        keep=Link(_("Garder la facture"), reverse("received_invoice", args=(of.pk,))),
    )
    return dialog_page(request, dialog, {"crumbs": [RECEIVED, Crumb(_("Retirer"))]})


def _operator(request: HttpRequest) -> Organisation:
    asked = request.GET.get("organisme", "")
    if asked.isdigit() and asked.isascii():
        return rules.issuer_of(request.user, int(asked))
    return rules.operators(request.user)[0]


def _facts(of: ReceivedInvoice) -> list[tuple[str, str]]:
    said = of.read
    facts = [
        (_("Fournisseur"), of.supplier),
        (_("SIREN"), of.supplier_siren or _("Non renseigné")),
        (_("Date"), french.day(of.issued_on)),
        (_("Échéance"), french.day(of.due_on) if of.due_on else _("Non renseigné")),
        (_("Total HT"), french.cents(said["net_cents"])),
        (_("TVA"), french.cents(said["tax_cents"])),
        (_("Total TTC"), french.cents(of.gross_cents)),
    ]
    if said.get("iban"):
        facts.append((_("IBAN indiqué"), said["iban"]))
    return facts


def _lines(said: list[dict[str, Any]]) -> Table:
    columns = (Column("label", _("Désignation")), Column("net", _("Montant HT"), is_numeric=True))
    rows = [
        Row({"label": one["label"], "net": money(one["net_cents"])}, key=str(rank))
        for rank, one in enumerate(said, 1)
    ]
    return Table("lignes", _("Lignes de la facture"), columns, rows)

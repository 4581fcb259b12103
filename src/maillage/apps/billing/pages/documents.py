"""A document: its lines, its taxes, its files; its credit note."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.billing import credit as crediting
from maillage.apps.billing import rules, shown
from maillage.apps.billing import send as sending
from maillage.apps.billing.forms import CreditForm
from maillage.apps.billing.models import Document, DocumentKind, ReceivedInvoice
from maillage.apps.tariffs.form_page import posted
from maillage.kit import files
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.components import Document as Stored
from maillage.kit.form_pages import POST, WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page
from maillage.report import french

TYPES = {".pdf": "application/pdf", ".xml": "application/xml"}


@page(rule=rules.may_read, of=rules.document_of)
def document(request: HttpRequest, of: Document) -> HttpResponse:
    """What was issued, as it was."""
    notes = list(of.credit_notes.order_by("n"))
    lines, taxes = list(of.lines.order_by("rank")), list(of.taxes.order_by("-vat_rate_bp"))
    may_credit = rules.may_credit(request.user, of)
    is_invoice = of.kind == DocumentKind.INVOICE
    left = of.gross_cents - sum(note.gross_cents for note in notes)
    context = {
        "crumbs": _crumbs(request, of),
        "title": _title(of),
        "seller": of.seller.get("name", ""),
        "facts": _facts(of),
        "lines": shown.lines_table(lines),
        "taxes": shown.taxes_table(taxes, of),
        "total": french.cents(of.gross_cents),
        "corrects": _link(of.corrects) if of.corrects else None,
        "notes": [_link(note) for note in notes],
        "files": _files(of),
        "credit": reverse("document_credit", args=(of.pk,))
        if may_credit and is_invoice and left > 0
        else "",
        "send": reverse("document_send", args=(of.pk,))
        if may_credit and of.buyer.get("email")
        else "",
    }
    return render(request, "billing/document.html", context)


def _named(person: Any, pk: int, name: str) -> tuple[Document, str]:
    return rules.document_of(person, pk), name


@page(rule=lambda person, of: rules.may_read(person, of[0]), of=_named)
def file(_request: HttpRequest, of: tuple[Document, str]) -> HttpResponse:
    """Its PDF or its XML, as stored."""
    row, name = of
    return download(row, name, f"{row.number}{name[name.rfind('.') :]}")


def download(row: Document | ReceivedInvoice, name: str, called: str) -> HttpResponse:
    """A stored file as an attachment; only a name that its row knows."""
    if name not in {one["name"] for one in row.files}:
        raise Http404(name)
    return HttpResponse(
        files.read(row.folder, name),
        content_type=TYPES[name[name.rfind(".") :]],
        headers={
            "Content-Disposition": f'attachment; filename="{called}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@page(rule=rules.may_credit, of=rules.issued_by, methods=WRITING)
def credit(request: HttpRequest, of: Document) -> HttpResponse:
    """Choose what is given back of each line."""
    back = reverse("document", args=(of.pk,))
    lines = [(one.rank, one.label) for one in of.lines.order_by("rank")]
    left = crediting.left_by_line(of)
    form = CreditForm(posted(request), lines=lines, left=left)
    made: list[Document] = []

    def act() -> None:
        said = form.cleaned_data["reason"]
        made.append(crediting.credit(of, form.parts(), said, by=request.user.pk, at=now()))

    if form.is_valid() and done(form, act):
        note = made[0]
        total = french.cents(note.gross_cents)
        said = _("L’avoir {number} rend {total}.").format(number=note.number, total=total)
        return told(request, said, reverse("document", args=(note.pk,)))
    words = FormShown(
        title=_("Faire un avoir sur {number}").format(number=of.number),
        act=_("Émettre l’avoir"),
        keep=Link(_("Garder la facture"), back),
        lead=_(
            "Les montants sont ceux du prix vendu. Un avoir ne se modifie plus ; il porte le taux "
            "et le numéro de la facture."
        ),
    )
    crumbs = [*_crumbs(request, of)[:-1], Crumb(of.number, back), Crumb(_("Avoir"))]
    return form_page(request, form, words, {"crumbs": crumbs})


@page(rule=rules.may_credit, of=rules.issued_by, methods=POST)
def send(request: HttpRequest, of: Document) -> HttpResponse:
    """Mail it to its payer."""
    sending.send(of, by=request.user.pk, at=now())
    said = _("{number} part par courriel à {to}.").format(number=of.number, to=of.buyer["email"])
    return told(request, said, reverse("document", args=(of.pk,)))


def _crumbs(request: HttpRequest, of: Document) -> list[Crumb]:
    """From the month for who issues, from her own for who pays."""
    own = [body.pk for body in rules.operators(request.user)]
    if of.operator_id in own:
        path = reverse("billing_month", args=(f"{of.month:%Y-%m}",))
        first = Crumb(_("Facturation"), f"{path}?organisme={of.operator_id}")
        return [first, Crumb(of.number)]
    if of.payer_person_id == request.user.pk:
        return [Crumb(_("Mes factures"), reverse("own_invoices")), Crumb(of.number)]
    path = reverse("employer_invoices", args=(of.payer_organisation_id,))
    return [Crumb(_("Factures de l’employeur"), path), Crumb(of.number)]


def _title(of: Document) -> str:
    total = french.cents(of.gross_cents)
    name = of.buyer.get("name", "")
    words = (
        _("{number} : {total} à {name}")
        if of.corrects_id is None
        else _("{number} : {total} rendus à {name}")
    )
    return french.unbroken(words.format(number=of.number, total=total, name=name))


def _facts(of: Document) -> list[tuple[str, str]]:
    facts = [
        (_("Émise par"), of.seller.get("name", "")),
        (_("Payeur"), of.buyer.get("name", "")),
        (_("Date"), french.day(of.issued_on)),
        (_("Échéance"), french.day(of.due_on)),
        (_("Total TTC"), french.cents(of.gross_cents)),
    ]
    if of.paid_cents:
        facts.append((_("Déjà payé"), french.cents(of.paid_cents)))
    if of.buyer.get("siren"):
        facts.append((_("SIREN du payeur"), of.buyer["siren"]))
    if of.reason:
        facts.append((_("Motif"), of.reason))
    return facts


def _link(of: Document) -> Link:
    return Link(of.number, reverse("document", args=(of.pk,)))


def _files(of: Document) -> list[Stored]:
    titles = {".pdf": _("Le document"), ".xml": _("Ses données (Factur-X)")}
    return [
        Stored(
            titles[one["name"][-4:]],
            reverse("document_file", args=(of.pk, one["name"])),
            TYPES[one["name"][-4:]],
            one["size_bytes"],
        )
        for one in of.files
    ]

"""The statements of shared costs: read by who has a part, kept as files, invoiced."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.settlement import (
    charge_part,
    cost_share,
    cost_words,
    rules,
)
from maillage.apps.settlement.forms import ChargePart
from maillage.apps.settlement.models import (
    CostStatement,
    CostTransfer,
)
from maillage.apps.settlement.pages.common import (
    by,
    crumbs,
    documents,
    names,
    posted,
    shown,
    stored_file,
)
from maillage.apps.settlement.sheet import Section, Sheet
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Empty, Link
from maillage.kit.form_pages import WRITING, FormShown, done, form_page, told
from maillage.kit.pages import page, signed_in
from maillage.kit.tables import Cell, Column, Row, Table, money
from maillage.report import french


@page(rule=rules.may_read_some_costs)
def statements(request: HttpRequest) -> HttpResponse:
    """The statements in which one of her bodies has a part: partners and employers read theirs."""
    rows = rules.cost_statements(request.user).order_by("-last", "-n")
    lines = [statement_row(one) for one in rows]
    section = Section(
        "decomptes",
        _("Décomptes reçus"),
        tables=[statements_table(lines)] if lines else [],
        nothing=None
        if lines
        else Empty(
            _("Aucun décompte ne concerne vos organismes."),
            _("Un décompte apparaît ici quand un lieu partage des frais avec vous."),
        ),
    )
    return shown(request, Sheet(_("Décomptes de frais"), [section]))


@page(rule=rules.may_read_costs, of=rules.cost_statement_of)
def statement(request: HttpRequest, of: CostStatement) -> HttpResponse:
    """A statement as issued: each body's part, who owes whom."""
    rows = list(of.lines.order_by("pk").prefetch_related("parts"))
    found = cost_share.by_body(
        [(p.organisation_id, p.part_cents) for row in rows for p in row.parts.all()],
        [(row.payer_id, row.amount_cents) for row in rows],
    )
    transfers = list(
        of.transfers.select_related("debtor", "creditor", "charged").order_by("-cents", "pk")
    )
    said = names(set(found))
    lines = [
        Row(
            {
                "body": said[pk],
                "part": money(part),
                "paid": money(paid),
                "balance": cost_words.balance(part - paid),
            }
        )
        for pk, (part, paid) in found.items()
    ]
    columns = (
        Column("body", _("Organisme")),
        Column("part", _("Sa part"), is_numeric=True),
        Column("paid", _("A payé"), is_numeric=True),
        Column("balance", _("Solde"), is_numeric=True),
    )
    sections = [
        Section(
            "parts",
            _("Par organisme"),
            tables=[Table("parts-emises", _("Par organisme"), columns, lines)],
            documents=documents("cost_statement_file", of.pk, of.files, _("Décompte")),
        ),
        Section("transferts", _("Qui doit à qui"), tables=[_owed(request, transfers)]),
    ]
    sheet = Sheet(
        _("Décompte {number}").format(number=of.number),
        sections,
        lead=_("{site}, du {first} au {last} : {total}.").format(
            site=of.site.name,
            first=french.day(of.first),
            last=french.day(of.last),
            total=french.cents(of.total_cents),
        ),
    )
    return shown(request, sheet)


def _owed(request: HttpRequest, transfers: list[CostTransfer]) -> Table:
    own = rules.own(request.user)
    columns = (
        Column("debtor", _("De")),
        Column("creditor", _("À")),
        Column("amount", _("Montant"), is_numeric=True),
        Column("state", _("Facture")),
    )
    rows = [
        Row(
            {
                "debtor": one.debtor.name,
                "creditor": one.creditor.name,
                "amount": money(one.cents),
                "state": _charged(one, own),
            },
            key=str(one.pk),
        )
        for one in transfers
    ]
    return Table(
        "qui-doit", _("Qui doit à qui"), columns, rows, empty=_("Personne ne doit rien à personne.")
    )


def _charged(of: CostTransfer, own: list[int]) -> Cell:
    if hasattr(of, "charged"):
        return _("À facturer, notée au grand livre")
    if of.creditor_id in own:
        return Link(_("Mettre à facturer"), reverse("cost_charge", args=(of.pk,)))
    return _("Pas demandée")


@page(rule=signed_in)
def statement_file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Its PDF or its CSV, for the partners and the payers; 404 for anybody else."""
    of = rules.cost_statement_of(request.user, pk)
    return stored_file(of.folder, of.files, name)


@page(rule=rules.may_charge, of=rules.transfer_of, methods=WRITING)
def charge(request: HttpRequest, of: CostTransfer) -> HttpResponse:
    """Ask for an invoice of what one is owed."""
    home = reverse("cost_statement", args=(of.statement_id,))
    form = ChargePart(posted(request))
    if form.is_valid():
        rate = form.cleaned_data["vat"] or 0
        if done(form, lambda: charge_part.charge(of, vat_rate_bp=rate, by=by(request), at=now())):
            return told(request, _("La part est à facturer."), home)
    words = FormShown(
        _("Facturer {amount} à {debtor}").format(
            amount=french.cents(of.cents), debtor=of.debtor.name
        ),
        _("Mettre à facturer"),
        Link(_("Revenir au décompte"), home),
        _("Le montant, hors taxes, entre au grand livre ; la facture du mois le prend."),
    )
    frame = {"crumbs": crumbs(Crumb(of.statement.number, home), Crumb(words.title))}
    return form_page(request, form, words, frame)


def statements_table(lines: list[Row]) -> Table:
    """Statements, one a row."""
    columns = (
        Column("number", _("Décompte")),
        Column("times", _("Période")),
        Column("total", _("Total"), is_numeric=True),
    )
    return Table("decomptes-emis", _("Décomptes émis"), columns, lines)


def statement_row(of: CostStatement) -> Row:
    """A statement among others: its number, its days, what it shares."""
    return Row(
        {
            "number": Link(of.number, reverse("cost_statement", args=(of.pk,))),
            "times": _("Du {first} au {last}").format(
                first=french.day(of.first), last=french.day(of.last)
            ),
            "total": money(of.total_cents),
        },
        key=str(of.pk),
    )

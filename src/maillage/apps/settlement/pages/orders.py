"""What is to be paid to shops: a list for whoever pays, a file for the bank."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Organisation
from maillage.apps.settlement import host_orders, host_words, invoice_host, rules
from maillage.apps.settlement.models import HostStatement
from maillage.apps.settlement.pages.common import attached, by, crumbs, shown
from maillage.apps.settlement.sheet import Post, Section, Sheet
from maillage.apps.sites.bodies import bodies, body_of
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Empty, Link
from maillage.kit.form_pages import POST, WRITING, dialog_page, told
from maillage.kit.pages import page
from maillage.kit.tables import Column, Row, Table, money
from maillage.report import french


def own_body(person: Any, pk: int) -> Organisation:
    """One in whose name she pays shops."""
    return body_of(person, pk, rules.ACT)


def may_pay(person: Any, of: Organisation) -> bool:
    """In its name."""
    return of.pk in rules.own(person)


@page(rule=rules.may_see)
def orders(request: HttpRequest) -> HttpResponse:
    """By body: what waits to be paid."""
    found = [(body, host_orders.waiting(body)) for body in bodies(request.user, rules.ACT)]
    sections = [_section(body, rows) for body, rows in found if rows]
    nothing = Section(
        "rien",
        _("Rien à payer"),
        nothing=Empty(
            _("Aucun relevé n’attend son paiement."),
            _("Un relevé émis s’affiche ici jusqu’à ce que vous notiez son paiement."),
        ),
    )
    sheet = Sheet(
        _("Virements aux commerces"),
        sections or [nothing],
        lead=_(
            "Un organisme privé envoie le fichier à sa banque ; une collectivité transmet "
            "l’état de reversement à son comptable."
        ),
    )
    return shown(request, sheet)


def _section(body: Organisation, rows: list[HostStatement]) -> Section:
    columns = (
        Column("shop", _("Commerce")),
        Column("number", _("Relevé")),
        Column("quarter", _("Trimestre")),
        Column("iban", _("IBAN")),
        Column("pay", _("À payer TTC"), is_numeric=True),
    )
    lines = [
        Row(
            {
                "shop": one.agreement.shop.name,
                "number": Link(one.number, reverse("host_statement", args=(one.pk,))),
                "quarter": host_words.quarter(one),
                "iban": _("Noté") if one.agreement.iban else _("Manquant"),
                "pay": money(one.to_pay_cents),
            },
            key=str(one.pk),
        )
        for one in rows
    ]
    sum_cents = sum(one.to_pay_cents for one in rows)
    total = Row({"shop": _("Total"), "pay": money(sum_cents)})
    table = Table(f"ordres-{body.pk}", body.name, columns, lines, total=total)
    posts = []
    if not host_orders.is_public(body):
        posts.append(
            Post(
                _("Fichier de virements (pain.001)"),
                reverse("host_transfers", args=(body.pk,)),
                detail=body.name,
            )
        )
    return Section(
        f"organisme-{body.pk}",
        body.name,
        tables=[table],
        posts=posts,
        acts=[
            Link(
                _("État de reversement de {body}").format(body=body.name),
                reverse("host_order_list", args=(body.pk,)),
            )
        ],
    )


@page(rule=may_pay, of=own_body, methods=POST)
def transfers(request: HttpRequest, body: Organisation) -> HttpResponse:
    """The file for the bank, executed today at the earliest."""
    at = now()
    data = host_orders.transfers_file(body, at.date(), by=by(request), at=at)
    return attached(data, "virements.xml")


@page(rule=may_pay, of=own_body)
def order_list(_request: HttpRequest, body: Organisation) -> HttpResponse:
    """The list for the accountant."""
    return attached(host_orders.order_list(host_orders.waiting(body)), "etat-de-reversement.csv")


@page(rule=rules.may_keep_agreement, of=rules.statement_of, methods=WRITING)
def invoice(request: HttpRequest, of: HostStatement) -> HttpResponse:
    """Write the invoice in the name of the shop."""
    home = reverse("host_statement", args=(of.pk,))
    if request.method == "POST":
        made = invoice_host.invoice(of, by=by(request), at=now())
        numbers = ", ".join(one.number for one in made)
        return told(request, _("Facture émise : {numbers}.").format(numbers=numbers), home)
    dialog = Dialog(
        _("Émettre la facture au nom de {shop} ?").format(shop=of.agreement.shop.name),
        _("{amount}, dans la série de factures du commerce, sous son mandat.").format(
            amount=french.cents(of.to_pay_cents)
        ),
        _("Émettre la facture"),
        Link(_("Revenir au relevé"), home),
    )
    return dialog_page(request, dialog, {"crumbs": crumbs(Crumb(of.number, home))})

"""The payment orders of a body to the shops: a file for its bank, or a list for its accountant."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.models import BillingProfile
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.apps.settlement.models import HostPayment, HostStatement
from maillage.apps.sites.bodies import PUBLIC
from maillage.core.bad_input import BadInput
from maillage.kit.refusal import Refusal
from maillage.report import files, refusals, sepa
from maillage.report.shown import Cell, Column, Grid

HUNDRED = 100


class PublicBody(Refusal):
    """Its accountant pays, on an order."""

    sentence = _("{body} paie par son comptable : transmettez-lui l’état de reversement.")


class NothingToTransfer(Refusal):
    """No statement waits."""

    sentence = _("Aucun relevé de {body} n’attend son paiement.")


class WithoutAccount(Refusal):
    """A transfer goes from an account to an account."""

    sentence = _("Il manque l’IBAN de {names}. Complétez-le, puis refaites le fichier.")


class NotWritten(Refusal):
    """The bank would not take it."""

    sentence = _("Fichier non produit. {why}")


def waiting(body: Organisation) -> list[HostStatement]:
    """The statements of a body that nobody noted as paid."""
    rows = HostStatement.objects.filter(collector=body, due_cents__gt=0).exclude(
        payments__in=HostPayment.objects.filter(removed_at=None)
    )
    related = ("agreement__site", "agreement__shop", "agreement__collector")
    return list(rows.select_related(*related).order_by("n"))


def is_public(body: Organisation) -> bool:
    """Whether a public accountant pays for it."""
    return body.kind in PUBLIC


def transfers_file(body: Organisation, on: date, *, by: int | None, at: datetime) -> bytes:
    """The pain.001 of what waits, to be executed on a day."""
    if is_public(body):
        raise PublicBody(body=body.name)
    found = waiting(body)
    if not found:
        raise NothingToTransfer(body=body.name)
    profile = BillingProfile.objects.filter(operator=body).exclude(iban="").first()
    lacking = [one.agreement.shop.name for one in found if not one.agreement.iban]
    if profile is None:
        lacking.insert(0, body.name)
    if lacking or profile is None:
        raise WithoutAccount(names=", ".join(dict.fromkeys(lacking)))
    data = _written(profile, found, on, at)
    with transaction.atomic():
        record(
            "host.pay_file", ("organisation", body.pk), by=by, at=at, scope=body.scopes[0],
            statements=[one.pk for one in found],
        )  # fmt: skip
    return data


def order_list(found: Sequence[HostStatement]) -> bytes:
    """« État de reversement »: for the public accountant, or for a spreadsheet."""
    columns = (
        Column("number", "Relevé"),
        Column("quarter", "Trimestre, premier jour"),
        Column("shop", "Créancier"),
        Column("siret", "SIRET"),
        Column("iban", "IBAN"),
        Column("site", "Lieu"),
        Column("reference", "Convention"),
        Column("net_euros", "Montant HT", is_numeric=True),
        Column("tax_euros", "TVA", is_numeric=True),
        Column("to_pay_euros", "À payer TTC", is_numeric=True),
    )
    return files.grid_excel(Grid("", columns, tuple(_row(one) for one in found)))


def _row(of: HostStatement) -> tuple[Cell, ...]:
    agreement = of.agreement
    texts = (
        of.number,
        of.quarter.isoformat(),
        agreement.shop.name,
        agreement.shop.siret,
        agreement.iban,
        agreement.site.name,
        agreement.reference,
    )
    amounts = (of.due_cents, of.tax_cents, of.to_pay_cents)
    return (
        *(Cell(text, text) for text in texts),
        *(Cell(f"{value / HUNDRED:.2f}", value / HUNDRED) for value in amounts),
    )


def _written(
    profile: BillingProfile, found: Sequence[HostStatement], on: date, at: datetime
) -> bytes:
    orders = [
        sepa.Transfer(
            end_to_end_id=one.number,
            amount_cents=one.to_pay_cents,
            creditor=sepa.Account(one.agreement.shop.name, one.agreement.iban, one.agreement.bic),
            execute_on=on,
            text=f"{one.number} {one.agreement.reference}",
        )
        for one in found
    ]
    payer = sepa.Account(profile.legal_name, profile.iban, profile.bic)
    message = sepa.Message(f"REL-{profile.operator_id}-{at:%Y%m%d%H%M%S}", at)
    try:
        return sepa.transfers(payer, orders, message)
    except BadInput as fault:
        raise NotWritten(why=refusals.for_page(refusals.sentence(fault))) from fault

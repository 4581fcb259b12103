"""Charge in the ledger what a partner owes of shared costs, when its creditor asks for it."""

from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.settlement.models import ChargedTransfer, CostTransfer
from maillage.apps.settlement.quarters import A_DAY
from maillage.kit.refusal import Refusal

ORIGIN = "cost_transfer"


class AlreadyCharged(Refusal):
    """Once is enough."""

    sentence = _("Cette part est déjà à facturer. Retrouvez-la dans la facturation du mois.")


def charge(
    transfer: CostTransfer, *, vat_rate_bp: int, by: int | None, at: datetime
) -> ChargedTransfer:
    """Of the creditor to the debtor, before tax, for the days of the statement."""
    with transaction.atomic():
        held = (
            CostTransfer.objects.select_for_update(of=("self",))
            .select_related("statement__site", "creditor")
            .get(pk=transfer.pk)
        )
        if ChargedTransfer.objects.filter(transfer=held).exists():
            raise AlreadyCharged
        statement = held.statement
        zone = ZoneInfo(statement.site.zone)
        sale = Sale(
            held.creditor_id,
            Payer(organisation_id=held.debtor_id),
            None,
            held.creditor.scopes[0],
            (ORIGIN, held.pk),
        )
        line = ledger.Line(
            label=f"Frais partagés, {statement.site.name}, {statement.number}"[:200],
            begins=datetime.combine(statement.first, time(), zone),
            ends=datetime.combine(statement.last + A_DAY, time(), zone),
            quantity=Decimal(1),
            unit="statement",
            unit_cents=held.cents,
            amount_cents=held.cents,
            includes_tax=False,
            vat_rate_bp=vat_rate_bp,
            why={"statement": statement.number},
        )
        made = ChargedTransfer.objects.create(
            transfer=held, charge=ledger.charge(sale, [line], at=at)[0]
        )
        record(
            "cost.charge", ("cost_statement", statement.pk), by=by, at=at,
            scope=statement.site.scopes[0], transfer=held.pk,
        )  # fmt: skip
    return made

"""Write the invoice of a shop in its name: the collector does, under its mandate."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.issue import issue
from maillage.apps.billing.models import Document, InvoicedCharge
from maillage.apps.journal.record import record
from maillage.apps.ledger.charge import Payer
from maillage.apps.settlement.models import HostStatement
from maillage.apps.settlement.quarters import A_DAY
from maillage.kit.refusal import Refusal


class WithoutMandate(Refusal):
    """The shop writes its own invoice."""

    sentence = _(
        "Ce relevé n’est pas sous mandat, ou rien n’est dû : le commerce facture lui-même."
    )


class AlreadyInvoiced(Refusal):
    """Once is enough."""

    sentence = _("La facture de ce relevé est déjà émise.")


def invoice(statement: HostStatement, *, by: int | None, at: datetime) -> list[Document]:
    """In the series of the shop, numbered by its own profile; credit notes come with it."""
    if statement.charge_id is None:
        raise WithoutMandate
    if of_statement(statement) is not None:
        raise AlreadyInvoiced
    shop = statement.agreement.shop
    payer = Payer(organisation_id=statement.collector_id)
    made = issue(shop, payer, until=statement.last + A_DAY, by=by, at=at, is_self_billed=True)
    with transaction.atomic():
        record(
            "host.invoice", ("host_statement", statement.pk), by=by, at=at,
            scope=statement.agreement.site.scopes[0], numbers=[one.number for one in made],
        )  # fmt: skip
    return made


def of_statement(statement: HostStatement) -> Document | None:
    """The invoice that took the charge of a statement."""
    row = (
        InvoicedCharge.objects.filter(charge=statement.charge_id or 0)
        .select_related("line__document")
        .first()
    )
    return row.line.document if row else None

"""Read a file of the bank: each movement once, whatever the files that hold it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing.closed import hold
from maillage.apps.collecting.models import BankLine, BankStatement
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation
from maillage.core.bad_input import BadInput
from maillage.core.sources import bank
from maillage.kit.refusal import Refusal
from maillage.report import refusals

MOST_BYTES = 5_000_000
LONGEST_NAME = 120


class StatementTooHeavy(Refusal):
    """Beyond what a statement weighs."""

    sentence = _("Ce fichier dépasse 5 Mo. Demandez à la banque un relevé par mois.")
    status = 413


class NotAStatement(Refusal):
    """Neither CAMT.053 nor the export of a bank."""

    sentence = _("{why}")
    status = 422


@dataclass(frozen=True)
class Imported:
    """What a file brought: new movements, those that were known already."""

    statement: BankStatement
    added: int
    known: int


def import_statement(
    operator: Organisation, name: str, data: bytes, *, by: int, at: datetime
) -> Imported:
    """Keep the movements of a file; the same file twice does nothing."""
    if len(data) > MOST_BYTES:
        raise StatementTooHeavy
    try:
        read = [line for one in bank.read(name, data) for line in one.lines]
    except BadInput as fault:
        raise NotAStatement(why=refusals.sentence(fault)) from fault
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        hold(operator)
        known = BankStatement.objects.filter(operator=operator, sha256=sha256).first()
        if known is not None:
            return Imported(known, 0, len(read))
        statement = BankStatement.objects.create(
            operator=operator, name=name[:LONGEST_NAME], sha256=sha256, by=by, at=at
        )
        had = set(
            BankLine.objects.filter(
                operator=operator, key__in=[line.key for line in read]
            ).values_list("key", flat=True)
        )
        made = BankLine.objects.bulk_create(
            BankLine(
                statement=statement,
                operator=operator,
                key=line.key,
                booked_on=line.booked_on,
                amount_cents=line.amount_cents,
                name=line.counterparty,
                iban=line.counterparty_iban,
                remittance=line.remittance,
                end_to_end=line.end_to_end_id,
                return_code=line.return_reason,
            )
            for line in read
            if line.key not in had
        )
        record(
            "collecting.import_statement", ("bank_statement", statement.pk), by=by, at=at,
            scope=operator.scopes[0], added=len(made), known=len(read) - len(made),
        )  # fmt: skip
    return Imported(statement, len(made), len(read) - len(made))

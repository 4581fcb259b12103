"""Withdraw a contract that is not signed by both; remind who has not signed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts import seats
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held, saved
from maillage.apps.contracts.models import OPEN, Contract, Side, State
from maillage.apps.contracts.send import write_link
from maillage.kit.refusal import Refusal

LEAST_BETWEEN = timedelta(days=1)


class RemindedToday(Refusal):
    """One mail a day is enough."""

    sentence = _("Un rappel est déjà parti depuis moins d’un jour. Recommencez demain.")


class PartySigned(Refusal):
    """There is nobody to remind."""

    sentence = _("{name} a déjà signé : c’est à {operator} de signer.")


def withdraw(
    contract: Contract, reason: str, *, version: int | None, by: int | None, at: datetime
) -> Contract:
    """It will not be signed: its links open nothing, its seats are everybody's."""
    with transaction.atomic():
        row = held(contract, *OPEN, version=version)
        row.state, row.end_reason = State.WITHDRAWN, reason
        saved(row)
        row.signatures.update(secret_hash=None, code_hash=None)
        seats.free(row, by=by, at=at)
        note("withdraw", row, by=by, at=at)
    return row


def remind(contract: Contract, *, by: int | None, at: datetime) -> Contract:
    """A new link to the party; the one before opens nothing any more.

    Raises RemindedToday, PartySigned, NotNow.
    """
    with transaction.atomic():
        row = held(contract, State.SENT)
        last = row.reminded_at or row.sent_at
        if last is not None and at - last < LEAST_BETWEEN:
            raise RemindedToday
        if row.signatures.get(side=Side.PARTY).signed_at is not None:
            raise PartySigned(name=row.signatory_name, operator=row.operator.name)
        row.reminded_at = at
        saved(row)
        write_link(row, "contracts/emails/reminder.txt", at=at)
        note("remind", row, by=by, at=at)
    return row

"""Send one draft of a list: a refusal is kept on its page, the others go on."""

from datetime import datetime

from django.db import transaction

from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held
from maillage.apps.contracts.models import Contract, State
from maillage.apps.contracts.send import send
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled


def send_one(contract: Contract, *, by: int | None, at: datetime) -> bool:
    """Whether it was sent; what was sent already is left alone."""
    if contract.state != State.DRAFT:
        return False
    try:
        settled(lambda: send(contract, version=contract.version, by=by, at=at))
    except Refusal as refusal:
        with transaction.atomic():
            note("not_sent", held(contract), by=by, at=at, refusal=str(refusal))
        return False
    return True

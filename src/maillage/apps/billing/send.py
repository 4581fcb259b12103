"""Send a document to its payer by mail, when somebody asks."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.billing import tell
from maillage.apps.billing.models import Document
from maillage.apps.journal.record import record
from maillage.kit.refusal import Refusal


class WithoutAddress(Refusal):
    """Nobody to write to."""

    sentence = _(
        "{number} n’a pas d’adresse électronique de destinataire. Téléchargez son PDF et "
        "remettez-le autrement."
    )


def send(document: Document, *, by: int | None, at: datetime) -> None:
    """Queue the mail of a document, with its PDF as it was issued."""
    if not document.buyer.get("email"):
        raise WithoutAddress(number=document.number)
    with transaction.atomic():
        tell.send(document)
        scope = document.operator.scopes[0]
        record("billing.send", ("document", document.pk), by=by, at=at, scope=scope)

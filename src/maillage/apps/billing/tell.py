"""Tell that a document was issued: programs that asked for it, and the payer when asked."""

from datetime import datetime

from procrastinate.contrib.django import app

from maillage.apps.billing.models import Document
from maillage.apps.people.models import Organisation
from maillage.apps.webhooks import tell as webhooks
from maillage.apps.webhooks.models import Event


def issued(document: Document, operator: Organisation, *, at: datetime) -> None:
    """Queue what programs are told: numbers and amounts, never a name."""
    webhooks.tell(
        Event.ISSUED,
        operator.territory_siren,
        {
            "number": document.number,
            "kind": document.kind,
            "issued_on": document.issued_on.isoformat(),
            "gross_cents": document.gross_cents,
        },
        at=at,
    )


def send(document: Document) -> None:
    """Queue the mail of a document to its payer; its files are read when it leaves."""
    app.configure_task("billing.send").defer(document_id=document.pk)

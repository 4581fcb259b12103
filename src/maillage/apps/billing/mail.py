"""The mail of a document: its PDF as it was issued."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from maillage.apps.billing.models import Document, DocumentKind
from maillage.kit import files
from maillage.report import french


def deliver(document: Document) -> None:
    """Hand the mail of a document to the mail server; a payer without address receives none."""
    to = document.buyer.get("email", "")
    if not to:
        return
    words = {
        "base_url": settings.BASE_URL,
        "document": document,
        "what": "avoir" if document.kind == DocumentKind.CREDIT_NOTE else "facture",
        "total": french.cents(document.gross_cents),
        "due_on": french.day(document.due_on),
        "operator": document.operator.name,
        "path": f"/factures/{document.pk}/",
    }
    said = render_to_string("billing/emails/document.txt", words)
    subject, _, text = said.partition("\n")
    name = f"{document.number}.pdf"
    made = EmailMessage(subject=" ".join(subject.split()), body=text.strip() + "\n", to=[to])
    made.attach(name, files.read(document.folder, name), "application/pdf")
    made.send()

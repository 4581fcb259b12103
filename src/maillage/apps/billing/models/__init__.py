"""Who invoices and who is invoiced, the series of numbers, what was issued, what was received."""

from maillage.apps.billing.models.documents import (
    Document,
    DocumentKind,
    DocumentLine,
    DocumentTax,
    InvoicedCharge,
    Series,
)
from maillage.apps.billing.models.parties import BillingProfile, Channel, PayerDetails, VatStatus
from maillage.apps.billing.models.received import ReceivedInvoice
from maillage.apps.billing.models.runs import ClosedMonth, Outcome, Run, RunItem, RunState

__all__ = [
    "BillingProfile",
    "Channel",
    "ClosedMonth",
    "Document",
    "DocumentKind",
    "DocumentLine",
    "DocumentTax",
    "InvoicedCharge",
    "Outcome",
    "PayerDetails",
    "ReceivedInvoice",
    "Run",
    "RunItem",
    "RunState",
    "Series",
    "VatStatus",
]

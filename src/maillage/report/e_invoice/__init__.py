"""Invoices as files: CII XML, its checks, the Factur-X PDF, and those received from others.

method  docs/method/invoicing.md
"""

from maillage.report.e_invoice.check import Fault, faults
from maillage.report.e_invoice.cii import xml
from maillage.report.e_invoice.document import (
    Document,
    Kind,
    Mandate,
    Means,
    Party,
    Reference,
    Terms,
)
from maillage.report.e_invoice.pdf import invoice_pdf
from maillage.report.e_invoice.received import Received, ReceivedLine, ReceivedTax, read

__all__ = [
    "Document",
    "Fault",
    "Kind",
    "Mandate",
    "Means",
    "Party",
    "Received",
    "ReceivedLine",
    "ReceivedTax",
    "Reference",
    "Terms",
    "faults",
    "invoice_pdf",
    "read",
    "xml",
]

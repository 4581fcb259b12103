"""Invoices as files: CII XML, its checks, the Factur-X PDF, and those received from others.

method  docs/method/invoicing.md
"""

from maillage.report.e_invoice.document import (
    Document,
    Kind,
    Mandate,
    Means,
    Party,
    Reference,
    Terms,
)

__all__ = ["Document", "Kind", "Mandate", "Means", "Party", "Reference", "Terms"]

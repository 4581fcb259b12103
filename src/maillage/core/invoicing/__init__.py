"""What was sold as invoices and credit notes: lines, taxes per rate, numbers, due days.

method  docs/method/invoicing.md
"""

from maillage.core.invoicing.crediting import credit
from maillage.core.invoicing.items import Item, Line, TaxGroup, Totals, VatStatus
from maillage.core.invoicing.numbers import due_on, is_number, number
from maillage.core.invoicing.totals import totals

__all__ = [
    "Item",
    "Line",
    "TaxGroup",
    "Totals",
    "VatStatus",
    "credit",
    "due_on",
    "is_number",
    "number",
    "totals",
]

"""The number of a document and the day it is due."""

import calendar
import re
from datetime import date, timedelta

from maillage.core.bad_input import BadInput

# BR-FR-01 and BR-FR-02: what the French platforms take
MOST_LETTERS = 35
_WRITTEN = re.compile(r"[A-Za-z0-9+\-_/]+")


def number(prefix: str, year: int, n: int) -> str:
    """The n-th document of a series: FA-2026-000042.

    Raises BadInput `invoice_number_unfit` beyond 35 signs, or with others than letters without
    accents, digits and + - _ /.
    """
    written = f"{prefix}-{year}-{n:06d}"
    if n < 1 or not is_number(written):
        raise BadInput("invoice_number_unfit", number=written, most=MOST_LETTERS)
    return written


def is_number(text: str) -> bool:
    """Whether the French platforms take it as the number of an invoice."""
    return len(text) <= MOST_LETTERS and bool(_WRITTEN.fullmatch(text))


def due_on(issued_on: date, payment_days: int, *, end_of_month: bool = False) -> date:
    """The last day to pay, included; the end of that day's month when asked."""
    day = issued_on + timedelta(days=payment_days)
    if not end_of_month:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])

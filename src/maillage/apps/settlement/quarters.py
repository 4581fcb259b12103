"""Quarters and months as days: which are over, when they end."""

from datetime import date, timedelta

from maillage.core import programme

MONTHS = 3
A_DAY = timedelta(days=1)


def quarter_of(on: date) -> date:
    """The first day of the calendar quarter that holds a day."""
    return date(on.year, (on.month - 1) // MONTHS * MONTHS + 1, 1)


def last_of(quarter: date) -> date:
    """Its last day, included."""
    return programme.after(quarter, MONTHS) - A_DAY


def next_quarter(quarter: date) -> date:
    """The first day of the one after."""
    return programme.after(quarter, MONTHS)

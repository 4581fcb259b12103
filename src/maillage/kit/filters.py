"""Numbers, money and dates in French, as template filters."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from maillage.kit.components import file_size
from maillage.report import french


def number(value: float, decimals: int = 0) -> str:
    """1 234,5."""
    return french.number(float(value), decimals)


def share(value: float, decimals: int = 0) -> str:
    """94,9 %."""
    return french.share(float(value), decimals)


def euros(value: float, decimals: int = 2) -> str:
    """12,85 €."""
    return french.euros(float(value), decimals)


def day(on: date) -> str:
    """3 mars 2027."""
    return french.day(on)


def moment(at: datetime) -> str:
    """17 mars 2027 à 8 h 30, at the hour of the place."""
    here = localtime(at)
    return f"{french.day(here.date())} à {here.hour}{french.NBSP}h{french.NBSP}{here.minute:02d}"


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "share": share,
    "euros": euros,
    "day": day,
    "moment": moment,
    "file_size": file_size,
}

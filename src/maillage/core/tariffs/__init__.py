"""A voted price list and a period: what is owed, what plans and passes pay, what is kept.

method  docs/method/tariffs.md
"""

from maillage.core.tariffs.cancelling import (
    CancellationPolicy,
    Refund,
    deadline,
    gives_back,
    kept_share,
    refunds,
)
from maillage.core.tariffs.entitlements import (
    NONE,
    Entitlements,
    PassBook,
    Quota,
    Spend,
    TicketRate,
    restored,
)
from maillage.core.tariffs.explaining import Why
from maillage.core.tariffs.prices import (
    PUBLIC,
    UNITS,
    Price,
    PriceList,
    Use,
    Validity,
    in_force,
)
from maillage.core.tariffs.quotes import Difference, Line, Quote, difference
from maillage.core.tariffs.quoting import MOST_DAYS, quote

__all__ = [
    "MOST_DAYS",
    "NONE",
    "PUBLIC",
    "UNITS",
    "CancellationPolicy",
    "Difference",
    "Entitlements",
    "Line",
    "PassBook",
    "Price",
    "PriceList",
    "Quota",
    "Quote",
    "Refund",
    "Spend",
    "TicketRate",
    "Use",
    "Validity",
    "Why",
    "deadline",
    "difference",
    "gives_back",
    "in_force",
    "kept_share",
    "quote",
    "refunds",
    "restored",
]

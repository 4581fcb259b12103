"""Accounting in double entry: the plan of accounts, entries, what settles what.

method  docs/method/accounting.md
"""

from maillage.core.accounting.entries import (
    TREASURY,
    Entry,
    Piece,
    Posting,
    Received,
    Sold,
    Third,
    applied,
    deposit,
    host_paid,
    host_share,
    received,
    sold,
)
from maillage.core.accounting.lettering import Match, lettered
from maillage.core.accounting.plan import Account, Plan, usual

__all__ = [
    "TREASURY",
    "Account",
    "Entry",
    "Match",
    "Piece",
    "Plan",
    "Posting",
    "Received",
    "Sold",
    "Third",
    "applied",
    "deposit",
    "host_paid",
    "host_share",
    "lettered",
    "received",
    "sold",
    "usual",
]

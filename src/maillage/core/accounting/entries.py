"""Entries in double entry, from what was sold, received, held and owed: each to the cent.

method  docs/method/accounting.md
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from maillage.core.accounting.plan import Account, Plan

# where money of a kind of means goes, unless the means has its own account
TREASURY = {
    "transfer": "bank",
    "debit": "bank",
    "mandate": "bank",
    "cheque": "cheques",
    "cash": "cash",
    "card": "cards",
    "online": "cards",
    "local": "other_values",
    "crowdfunding": "crowdfunding",
    "other": "other_values",
}


@dataclass(frozen=True)
class Third:
    """Who owes or is owed: its auxiliary account and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Posting:
    """A line of an entry: a debit or a credit, never both, never below 0.

    lettering, lettered_on  what this line settles with, and since when; "" and None when open
    """

    account: Account
    debit_cents: int
    credit_cents: int
    third: Third | None = None
    lettering: str = ""
    lettered_on: date | None = None


@dataclass(frozen=True)
class Entry:
    """What one piece writes in a journal.

    piece, piece_on  the document that proves it
    """

    journal: str
    on: date
    piece: str
    piece_on: date
    label: str
    postings: tuple[Posting, ...]

    @property
    def debit_cents(self) -> int:
        """The sum of its debits, which is that of its credits."""
        return sum(posting.debit_cents for posting in self.postings)


@dataclass(frozen=True)
class Piece:
    """A document or a receipt, as entries name it."""

    reference: str
    on: date
    label: str


@dataclass(frozen=True)
class Sold:
    """An invoice, or a credit note: then its amounts are above 0 and give back.

    bases  (key of the account of the sale, cents before tax); below 0 for a line that gives back
    taxes  (rate in hundredths of a percent, cents)
    """

    piece: Piece
    payer: Third
    bases: tuple[tuple[str, int], ...]
    taxes: tuple[tuple[int, int], ...]
    is_credit_note: bool = False


@dataclass(frozen=True)
class Received:
    """Money that came in, below 0 when it went back.

    means    a key of TREASURY
    account  of the means, when it has its own; "" otherwise
    ahead_cents  the part that pays no document yet
    """

    piece: Piece
    payer: Third
    cents: int
    means: str
    account: str = ""
    ahead_cents: int = 0


def sold(of: Sold, plan: Plan) -> tuple[Entry, ...]:
    """The payer owes the whole; sales and tax are its parts. Nothing for a document of 0."""
    sign = -1 if of.is_credit_note else 1
    parts = [(plan[key], cents) for key, cents in of.bases]
    parts += [(plan.vat(rate_bp), cents) for rate_bp, cents in of.taxes]
    gross = sum(cents for _, cents in parts)
    postings = [_posting(plan["payers"], sign * gross, of.payer)]
    postings += [_posting(account, -sign * cents) for account, cents in _summed(parts)]
    return _written("VE", of.piece, postings)


def received(of: Received, plan: Plan) -> tuple[Entry, ...]:
    """Where the money is, then what it pays and what it pays ahead."""
    usual = plan[TREASURY[of.means]]
    account = Account(of.account, usual.label) if of.account else usual
    postings = [
        _posting(account, of.cents),
        _posting(plan["payers"], of.ahead_cents - of.cents, of.payer),
        _posting(plan["advances"], -of.ahead_cents, of.payer),
    ]
    return _written(_journal(of.means), of.piece, postings)


def applied(piece: Piece, payer: Third, cents: int, plan: Plan) -> tuple[Entry, ...]:
    """Money received ahead pays a document; below 0 takes it back."""
    postings = [
        _posting(plan["advances"], cents, payer),
        _posting(plan["payers"], -cents, payer),
    ]
    return _written("OD", piece, postings)


def deposit(of: Received, plan: Plan) -> tuple[Entry, ...]:
    """A deposit held, below 0 when given back: owed until the end, never a sale."""
    usual = plan[TREASURY[of.means]]
    account = Account(of.account, usual.label) if of.account else usual
    postings = [_posting(account, of.cents), _posting(plan["deposits"], -of.cents, of.payer)]
    return _written(_journal(of.means), of.piece, postings)


def host_share(
    piece: Piece, shop: Third, net_cents: int, tax_cents: int, plan: Plan
) -> tuple[Entry, ...]:
    """The share of a host shop for a statement: a cost, and what the shop is owed."""
    postings = [
        _posting(plan["host_share"], net_cents),
        _posting(plan["vat_deductible"], tax_cents),
        _posting(plan["hosts"], -net_cents - tax_cents, shop),
    ]
    return _written("AC", piece, postings)


def host_paid(piece: Piece, shop: Third, cents: int, plan: Plan) -> tuple[Entry, ...]:
    """A shop is paid from the bank."""
    return _written(
        "BQ", piece, [_posting(plan["hosts"], cents, shop), _posting(plan["bank"], -cents)]
    )


def _journal(means: str) -> str:
    return "CA" if means == "cash" else "BQ"


def _summed(parts: Iterable[tuple[Account, int]]) -> list[tuple[Account, int]]:
    """One part an account, in the order of their first."""
    sums: dict[Account, int] = {}
    for account, cents in parts:
        sums[account] = sums.get(account, 0) + cents
    return list(sums.items())


def _posting(account: Account, cents: int, third: Third | None = None) -> Posting:
    """A debit above 0, a credit below."""
    return Posting(account, max(cents, 0), max(-cents, 0), third)


def _written(journal: str, piece: Piece, postings: Sequence[Posting]) -> tuple[Entry, ...]:
    """The entry without its lines of 0; an entry that does not balance is a bug."""
    moved = tuple(one for one in postings if one.debit_cents or one.credit_cents)
    if sum(one.debit_cents - one.credit_cents for one in moved):
        raise ValueError(f"{piece.reference} does not balance")
    if not moved:
        return ()
    return (Entry(journal, piece.on, piece.reference, piece.on, piece.label, moved),)

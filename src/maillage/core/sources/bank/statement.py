"""What a bank says of an account over some days, whatever the file that says it."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from maillage.core.bad_input import BadInput

MOST_LINES = 20_000
# fields are cut there: longer is noise, or hostile
MOST_NAME = 140
MOST_REMITTANCE = 400
MOST_REFERENCE = 35
MOST_REASON = 10


@dataclass(frozen=True)
class BankLine:
    """A movement of the account; of a batch that the bank details, one payment of it.

    entry_ref      the bank's own reference, "" without; the same for all payments of a batch
    amount_cents   above 0 when the account receives
    counterparty   who paid or was paid, as far as the bank says
    remittance     what was written with the payment
    return_reason  ISO code of a debit or transfer that came back (AM04, MD01…), "" otherwise
    key            names this line in any file of the same kind, so that it is never kept twice
    """

    entry_ref: str
    booked_on: date
    value_on: date
    amount_cents: int
    counterparty: str = ""
    counterparty_iban: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    return_reason: str = ""
    key: str = ""


@dataclass(frozen=True)
class Statement:
    """The movements of one account, in the order of the file.

    account_iban  "" when the file does not say it
    opening_cents, closing_cents  None when the file does not say them: nothing proves then that
                  no line is missing
    left_out      movements that are not booked yet: they will come again
    """

    account_iban: str
    currency: str
    opening_cents: int | None
    closing_cents: int | None
    lines: tuple[BankLine, ...]
    left_out: int = 0

    @property
    def is_proved(self) -> bool:
        """Whether both balances were there, and met."""
        return self.opening_cents is not None and self.closing_cents is not None


def proved(name: str, statement: Statement) -> Statement:
    """The statement as it is, once its balances are seen to meet.

    Raises BadInput `bank_balances`, `bank_too_many_lines`.
    """
    if len(statement.lines) > MOST_LINES:
        raise BadInput("bank_too_many_lines", path=Path(name), most=MOST_LINES)
    if statement.opening_cents is not None and statement.closing_cents is not None:
        reached = statement.opening_cents + sum(line.amount_cents for line in statement.lines)
        if reached != statement.closing_cents:
            raise BadInput(
                "bank_balances",
                path=Path(name),
                opening_cents=statement.opening_cents,
                reached_cents=reached,
                closing_cents=statement.closing_cents,
            )
    return statement


def named(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements of a file, each once, with the key of every line.

    Lines that say the same on the same day are told apart by their rank among them, across the
    statements of the file.
    """
    met: Counter[tuple[object, ...]] = Counter()
    return tuple(
        replace(one, lines=tuple(_keyed(one.account_iban, line, met) for line in one.lines))
        for one in dict.fromkeys(statements)
    )


def _keyed(account: str, line: BankLine, met: Counter[tuple[object, ...]]) -> BankLine:
    said = (
        account,
        line.booked_on.isoformat(),
        line.amount_cents,
        line.entry_ref,
        line.counterparty,
        line.counterparty_iban,
        line.remittance,
        line.end_to_end_id,
        line.mandate_id,
        line.return_reason,
    )
    met[said] += 1
    return replace(line, key=hashlib.sha256(repr((*said, met[said])).encode()).hexdigest())


def tidy(text: str | None, most: int) -> str:
    """A text on one line, without invisible characters, cut at its length."""
    words = "".join(letter if letter.isprintable() else " " for letter in text or "").split()
    return " ".join(words)[:most].rstrip()

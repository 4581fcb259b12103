"""The CSV that French banks let their customers export, in the dialects that were met.

Lines before the titles (account, balance, dates) are looked through for an IBAN. The columns are
known by their titles, without accents nor case: one signed amount, or a debit and a credit.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from maillage.core import identifiers
from maillage.core.bad_input import BadInput
from maillage.core.sources import french_cells, lines
from maillage.core.sources.bank.statement import (
    MOST_NAME,
    MOST_REFERENCE,
    MOST_REMITTANCE,
    BankLine,
    Statement,
    named,
    proved,
    tidy,
)

# titles as `french_cells.plain` writes them; the first that a file has is read
TITLES: Mapping[str, tuple[str, ...]] = {
    "booked": (
        *("date de comptabilisation", "date comptable", "date operation", "date de l operation"),
        *("date d operation", "dateop", "date"),
    ),
    "value": ("date de valeur", "date valeur", "dateval"),
    "amount": ("montant", "montant eur", "montant euros", "montant en euros", "amount"),
    "debit": ("debit", "debit eur", "debit euros", "montant debit"),
    "credit": ("credit", "credit eur", "credit euros", "montant credit"),
    "balance": ("solde", "solde eur", "solde euros", "solde apres operation"),
    "currency": ("devise", "currency"),
    "name": ("contrepartie", "nom contrepartie", "nom de la contrepartie", "tiers"),
    "iban": ("iban contrepartie", "compte contrepartie"),
    "reference": ("reference", "reference operation", "reference de l operation"),
}
# what the bank and the payer wrote, all of it
LABELS = (
    *("libelle simplifie", "libelle operation", "libelle de l operation", "libelle", "label"),
    *("informations complementaires", "information complementaire", "detail", "commentaire"),
)
_BEFORE_TITLES = 40
_SEPARATORS = ";\t,|"
_IBAN = re.compile(r"\bFR[0-9]{2}[ 0-9A-Z]{23,30}")
_FRENCH_IBAN = 27
_EUROS = {"", "EUR", "EURO", "EUROS", "\u20ac"}


@dataclass(frozen=True)
class _Columns:
    """The file's own titles for what is read."""

    at: Mapping[str, str]
    labels: tuple[str, ...]


def read(name: str, text: str) -> Statement:
    """The movements of a CSV export; proved when each line gives the balance that it leaves.

    Raises BadInput `bank_csv_columns`, `line_bad_date`, `line_bad_amount`, `line_two_amounts`,
    `line_without_amount`, `bank_running_balance`, `bank_not_euros`, those of `lines.read` and of
    `statement.proved`.
    """
    before, table = _titled(name, text)
    written = lines.read(name, table, [])
    columns = _columns(name, written.columns)
    found: list[BankLine] = []
    balances: list[int | None] = []
    for number, cells in written.rows:
        row = _Row(Path(name), number, cells, columns)
        if row.is_blank():
            continue
        found.append(row.line())
        balances.append(row.cents("balance"))
    opening, closing = _proved(Path(name), found, balances)
    statement = Statement(_iban_in(before), "EUR", opening, closing, tuple(found))
    return named([proved(name, statement)])[0]


def _titled(name: str, text: str) -> tuple[str, str]:
    """What stands before the titles, and the table with as many empty lines in its place."""
    rows = text.splitlines(keepends=True)
    for n, row in enumerate(rows[:_BEFORE_TITLES]):
        separator = max(_SEPARATORS, key=row.count)
        titles = {
            french_cells.plain(cell)
            for cell in next(csv.reader(io.StringIO(row), delimiter=separator))
        }
        if _are_titles(titles):
            return "".join(rows[:n]), "\n" * n + "".join(rows[n:])
    raise BadInput("bank_csv_columns", path=Path(name))


def _are_titles(titles: set[str]) -> bool:
    def has(what: str) -> bool:
        return not titles.isdisjoint(TITLES[what])

    return has("booked") and (has("amount") or (has("debit") and has("credit")))


def _columns(name: str, titles: Sequence[str]) -> _Columns:
    at = french_cells.own_titles(titles, TITLES)
    own = french_cells.own_titles(titles, {label: (label,) for label in LABELS})
    labels = tuple(own[label] for label in LABELS if label in own)
    if not labels:
        raise BadInput("bank_csv_columns", path=Path(name))
    return _Columns(at, labels)


@dataclass(frozen=True)
class _Row:
    path: Path
    number: int
    cells: Mapping[str, str]
    columns: _Columns

    def is_blank(self) -> bool:
        """Neither a day nor an amount: a line of total, or the rest of a text."""
        return not any(self._cell(what) for what in ("booked", "amount", "debit", "credit"))

    def line(self) -> BankLine:
        """What the line says."""
        currency = self._cell("currency").upper()
        if currency not in _EUROS:
            raise BadInput("bank_not_euros", path=self.path, currency=tidy(currency, 3))
        booked_on = self._day("booked")
        return BankLine(
            entry_ref=tidy(self._cell("reference"), MOST_REFERENCE),
            booked_on=booked_on,
            value_on=self._day("value") if self._cell("value") else booked_on,
            amount_cents=self._amount(),
            counterparty=tidy(self._cell("name"), MOST_NAME),
            counterparty_iban=self._cell("iban").replace(" ", "").upper()[:34],
            remittance=tidy(" ".join(self._labels()), MOST_REMITTANCE),
        )

    def cents(self, what: str) -> int | None:
        """A signed amount as it is written, None where the cell is empty."""
        if not self._cell(what):
            return None
        cents = french_cells.cents(self._cell(what))
        if cents is None:
            raise self.wrong("line_bad_amount", what)
        return cents

    def _amount(self) -> int:
        """One signed column, or a debit (with or without its minus) and a credit."""
        if "amount" in self.columns.at:
            amount = self.cents("amount")
            if amount is None:
                raise self.wrong("line_without_amount", "amount")
            return amount
        debit, credit = self.cents("debit"), self.cents("credit")
        if debit and credit:
            raise self.wrong("line_two_amounts", "credit")
        if debit is None and credit is None:
            raise self.wrong("line_without_amount", "debit")
        if credit and credit < 0:
            raise self.wrong("line_bad_amount", "credit")
        return (credit or 0) - abs(debit or 0)

    def _day(self, what: str) -> date:
        day = french_cells.day(self._cell(what))
        if day is None:
            raise self.wrong("line_bad_date", what)
        return day

    def _labels(self) -> list[str]:
        """Each text once: some banks write the same in two columns."""
        said = [self.cells[title] for title in self.columns.labels if self.cells[title]]
        return list(dict.fromkeys(said))

    def _cell(self, what: str) -> str:
        title = self.columns.at.get(what)
        return "" if title is None else self.cells[title].strip()

    def wrong(self, code: str, what: str) -> BadInput:
        """A refusal of one cell of this line."""
        title = self.columns.at[what]
        value = tidy(self.cells[title], 40)
        return BadInput(code, path=self.path, line=self.number, column=title, value=value)


def _proved(
    path: Path, found: Sequence[BankLine], balances: Sequence[int | None]
) -> tuple[int | None, int | None]:
    """The balances before and after, when every line leaves the one that it says.

    Banks write the latest line first or last.
    """
    known = [balance for balance in balances if balance is not None]
    if not found or len(known) != len(found):
        return None, None
    amounts = [line.amount_cents for line in found]
    for step in (1, -1):
        amounts_in_time, left = amounts[::step], known[::step]
        before = left[0] - amounts_in_time[0]
        if all(left[n] == left[n - 1] + amounts_in_time[n] for n in range(1, len(left))):
            return before, left[-1]
    raise BadInput("bank_running_balance", path=path)


def _iban_in(text: str) -> str:
    """The first French account number of what stands before the titles, "" without one."""
    for found in _IBAN.findall(text.upper()):
        try:
            return identifiers.iban(found.replace(" ", "")[:_FRENCH_IBAN])
        except BadInput:
            continue
    return ""

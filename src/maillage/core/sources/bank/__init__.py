"""Statements of a bank account: CAMT.053 files and the CSV exports of French banks.

method  docs/method/accounting.md; why read so: docs/decisions/0013-reading-bank-statements.md
"""

from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.sources import lines
from maillage.core.sources.bank import camt, exported
from maillage.core.sources.bank.statement import BankLine, Statement

__all__ = ["BankLine", "Statement", "read"]


def read(name: str, data: bytes) -> tuple[Statement, ...]:
    """Every statement of a file, whatever its kind; see `camt.read` and `exported.read`."""
    begin = data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if begin.startswith(b"<"):
        return camt.read(name, data)
    if begin.startswith(b"%PDF"):
        raise BadInput("bank_is_pdf", path=Path(name))
    return (exported.read(name, lines.text_of(name, data)),)

"""A statement between bodies as a PDF: figures, tables, notes, all already in words."""

from dataclasses import asdict, dataclass
from datetime import datetime

from maillage.report import typeset

TEMPLATE = "statement.typ"


@dataclass(frozen=True)
class Table:
    """A table of texts; the first column names the line, the others are aligned right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """What is printed: between whom, over which time, what comes out of it.

    figures  (words, amount); the last one is the one that matters
    """

    title: str
    number: str
    period: str
    from_: str
    to: str
    sentence: str
    figures: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    issued: str


def pdf(statement: Statement, *, at: datetime) -> bytes:
    """As PDF bytes dated `at`."""
    return typeset.compile_template(TEMPLATE, asdict(statement), {}, at)

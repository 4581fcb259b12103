"""The accounting file (FEC): 18 columns, written, then read again before it is handed over.

source  art. A. 47 A-1 of the LPF; BOI-CF-IOR-60-40-20
method  docs/method/accounting.md
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from text_unidecode import unidecode

from maillage.core import identifiers
from maillage.core.accounting import Entry, Plan, Posting
from maillage.core.bad_input import BadInput
from maillage.report import french

COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
MAY_BE_EMPTY = {"CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise"}
DATES = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")
ENCODING = "iso8859_15"
MEDIA_TYPE = "text/plain; charset=iso-8859-15"
SEPARATOR = "\t"
LINE_END = "\r\n"
TITLE = "Journal des ventes partiel (format FEC)"
_MOST_LABEL = 200
_CENTS = re.compile(r"([0-9]{1,13}),([0-9]{2})")
_DAY = "%Y%m%d"


@dataclass(frozen=True)
class Written:
    """A file that was read again: what it holds.

    by_journal  (code, name, entries, cents of debit)
    """

    name: str
    content: bytes
    first: date
    last: date
    entries: int
    lines: int
    debit_cents: int
    by_journal: tuple[tuple[str, str, int, int], ...]

    @property
    def sha256(self) -> str:
        """The fingerprint of the file."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Line:
    """A line as it is read: the texts by column, and its amounts."""

    texts: dict[str, str]
    debit_cents: int
    credit_cents: int


def write(
    siren: str, closes_on: date, entries: Iterable[Entry], plan: Plan, *, validated_on: date
) -> Written:
    """The file of the entries of a year, or of what is known of it.

    closes_on     last day of the accounting year: names the file
    validated_on  the day since which nothing in it can change
    Entries are numbered by date; those of a day keep the order in which they come.
    Raises BadInput `fec_empty`, and those of `read`.
    """
    in_order = sorted(entries, key=lambda entry: entry.on)
    if not in_order:
        raise BadInput("fec_empty")
    rows = [list(COLUMNS)]
    for number, entry in enumerate(in_order, 1):
        head = [entry.journal, plan.journals[entry.journal], str(number), _day(entry.on)]
        rows += [
            [*head, *_line(entry, posting), _day(max(validated_on, entry.on)), "", ""]
            for posting in entry.postings
        ]
    text = "".join(SEPARATOR.join(map(_clean, row)) + LINE_END for row in rows)
    name = f"{identifiers.siren(siren)}FEC{closes_on:{_DAY}}.txt"
    return _told(name, text.encode(ENCODING))


def read(content: bytes) -> list[Line]:
    """Every line of a file, each rule checked.

    18 columns in order; dates, amounts, no field empty that may not be; numbers without gap nor
    decreasing date; each entry balanced under one journal, date and piece.
    Raises BadInput `fec_columns`, `fec_line`, `fec_number`, `fec_unbalanced`, `fec_empty`.
    """
    rows = content.decode(ENCODING).split(LINE_END)
    if rows[0].split(SEPARATOR) != list(COLUMNS) or rows[-1]:
        raise BadInput("fec_columns")
    found = [_read(number, row.split(SEPARATOR)) for number, row in enumerate(rows[1:-1], 2)]
    if not found:
        raise BadInput("fec_empty")
    _refuse_numbers(found)
    for number, lines in _by_entry(found):
        debit, credit = (
            sum(line.debit_cents for line in lines),
            sum(line.credit_cents for line in lines),
        )
        if debit != credit:
            raise BadInput("fec_unbalanced", number=number, debit_cents=debit, credit_cents=credit)
    return found


def companion(of: Written, body: str, *, at: datetime) -> str:
    """The page that goes with the file: what it is, what it is not, how to read it."""
    journals = "\n".join(
        f"  {code}  {name} : {french.count(entries, 'écriture', 'écritures')}, "
        f"{french.cents(cents)}"
        for code, name, entries, cents in of.by_journal
    )
    return (
        f"{TITLE}\n{body}\n\n"
        f"Fichier : {of.name}\nEmpreinte SHA-256 : {of.sha256}\n"
        f"Écrit le {french.day(at.date())}.\n\n"
        "Ce fichier a la forme du fichier des écritures comptables (article A. 47 A-1 du livre "
        "des procédures fiscales), mais il est partiel : il ne contient que ce que le logiciel "
        "connaît, les ventes, leurs encaissements, les dépôts de garantie et la part des "
        "commerces hôtes. Ni les achats, ni la paie, ni les à-nouveaux n'y sont. Remettez-le à "
        "qui tient la comptabilité ; ne le donnez pas pour le fichier de l'exercice.\n\n"
        f"Du {french.day(of.first)} au {french.day(of.last)} : "
        f"{french.count(of.entries, 'écriture', 'écritures')}, "
        f"{french.count(of.lines, 'ligne', 'lignes')}, {french.cents(of.debit_cents)} au "
        f"débit comme au crédit.\n\nJournaux :\n{journals}\n\n"
        "Lecture : texte en ISO 8859-15, colonnes séparées par une tabulation, une ligne de "
        "titres, dates AAAAMMJJ, virgule décimale. Le numéro d'écriture est continu sur le "
        "fichier. CompAuxNum désigne un payeur ou un fournisseur. EcritureLet porte la même "
        "suite de lettres sur les lignes qui se soldent.\n"
    )


def _told(name: str, content: bytes) -> Written:
    """What a file holds, from the file itself."""
    lines = read(content)
    by_journal: dict[tuple[str, str], list[int]] = {}
    for _, of_entry in _by_entry(lines):
        texts = of_entry[0].texts
        sums = by_journal.setdefault((texts["JournalCode"], texts["JournalLib"]), [0, 0])
        sums[0] += 1
        sums[1] += sum(line.debit_cents for line in of_entry)
    days = [_parsed(line.texts["EcritureDate"]) for line in lines]
    return Written(
        name,
        content,
        min(days),
        max(days),
        sum(count for count, _ in by_journal.values()),
        len(lines),
        sum(line.debit_cents for line in lines),
        tuple((*key, *sums) for key, sums in sorted(by_journal.items())),  # type: ignore[misc]
    )


def _line(entry: Entry, posting: Posting) -> list[str]:
    third = posting.third
    return [
        posting.account.number,
        posting.account.label,
        third.code if third else "",
        (third.name or third.code) if third else "",
        entry.piece,
        _day(entry.piece_on),
        entry.label,
        french.bare_cents(posting.debit_cents),
        french.bare_cents(posting.credit_cents),
        posting.lettering,
        _day(posting.lettered_on) if posting.lettered_on else "",
    ]


def _read(number: int, cells: Sequence[str]) -> Line:
    if len(cells) != len(COLUMNS):
        raise BadInput("fec_line", line=number, column="colonnes", value=len(cells))
    texts = dict(zip(COLUMNS, cells, strict=True))

    def refuse(column: str) -> BadInput:
        return BadInput("fec_line", line=number, column=column, value=texts[column][:40])

    for column, text in texts.items():
        if not text and column not in MAY_BE_EMPTY:
            raise refuse(column)
    for column in DATES:
        if texts[column] and not _is_day(texts[column]):
            raise refuse(column)
    if not re.fullmatch(r"[1-8][0-9]{2}[0-9A-Z]*", texts["CompteNum"]):
        raise refuse("CompteNum")
    if bool(texts["EcritureLet"]) != bool(texts["DateLet"]):
        raise refuse("DateLet")
    debit, credit = (_CENTS.fullmatch(texts[column]) for column in ("Debit", "Credit"))
    if debit is None:
        raise refuse("Debit")
    if credit is None:
        raise refuse("Credit")
    amounts = [int(found[1] + found[2]) for found in (debit, credit)]
    if bool(amounts[0]) == bool(amounts[1]):
        raise refuse("Credit")
    return Line(texts, *amounts)


def _refuse_numbers(lines: Sequence[Line]) -> None:
    """Numbers from 1, without gap, dates that never decrease, one head for an entry."""
    head = ("JournalCode", "JournalLib", "EcritureDate", "PieceRef", "PieceDate")
    last, last_on = 0, ""
    last_head: tuple[str, ...] = ()
    for place, line in enumerate(lines, 2):
        number, on = line.texts["EcritureNum"], line.texts["EcritureDate"]
        own = tuple(line.texts[column] for column in head)
        goes_on = number == str(last) and own == last_head
        begins = number == str(last + 1) and on >= last_on
        if not (goes_on or begins):
            raise BadInput("fec_number", line=place)
        last, last_on, last_head = int(number), on, own


def _by_entry(lines: Iterable[Line]) -> Iterator[tuple[str, list[Line]]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.texts["EcritureNum"], []).append(line)
    yield from found.items()


def _clean(text: str) -> str:
    """A text without what separates columns and lines, in the letters of the file."""
    # numbers, codes and days: most cells
    if not text or (text.isascii() and text.isalnum()):
        return text[:_MOST_LABEL]
    latin = text if _is_written(text) else "".join(map(_latin, text))
    if not latin.isprintable() or "|" in latin:
        latin = "".join(c if c.isprintable() and c != "|" else " " for c in latin)
    return " ".join(latin.split())[:_MOST_LABEL].rstrip()


def _latin(letter: str) -> str:
    return letter if _is_written(letter) else unidecode(letter)


def _is_written(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _day(on: date) -> str:
    return f"{on:{_DAY}}"


def _parsed(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{8}", text) is not None and bool(_parsed(text))
    except ValueError:
        return False

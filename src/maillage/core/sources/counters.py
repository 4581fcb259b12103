"""The CSV of a copier: pages by code and period, every line that holds, every fault's place.

Titles are those of copiers, in French or English; see docs/files.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.sources import french_cells, lines

# as `french_cells.plain` writes them
TITLES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "utilisateur", "user", "compte", "account", "departement", "department"),
    "month": ("mois", "periode", "month", "period"),
    "first": ("debut", "du", "premier jour", "from", "start", "first on"),
    "last": ("fin", "au", "dernier jour", "to", "end", "last on"),
    "mono": (
        *("noir et blanc", "noir blanc", "nb", "n b", "pages noir et blanc", "pages nb"),
        *("mono", "mono pages", "black and white", "b w"),
    ),
    "colour": ("couleur", "pages couleur", "colour", "color", "colour pages", "color pages"),
}
MOST_PAGES = 1_000_000
MOST_CODE = 40
MOST_FAULTS = 1_000
MOST_DAYS = 366
EXPECTED = ("code", "mois", "noir et blanc", "couleur")


@dataclass(frozen=True)
class Counted:
    """The pages of a code over a period.

    line               in the file
    first_on, last_on  both included
    """

    line: int
    code: str
    first_on: date
    last_on: date
    mono_pages: int
    colour_pages: int


@dataclass(frozen=True)
class Reading:
    """A whole file: the lines without fault, and all that is wrong."""

    items: tuple[Counted, ...]
    faults: tuple[BadInput, ...]


def read(name: str, text: str) -> Reading:
    """Every line of a file of counters; what is wrong with the file as a whole is raised.

    A code counted twice over days in common is a fault: it would be charged twice.
    Raises BadInput `table_missing_column`, and those of `lines.read`.
    """
    written = lines.read(name, text, [])
    titles = _titles(name, written.columns)
    items: list[Counted] = []
    faults: list[BadInput] = []
    by_code: dict[str, list[Counted]] = {}
    for number, cells in written.rows:
        try:
            item = _Row(Path(name), number, cells, titles).counted()
            _refuse_twice(Path(name), titles["code"], item, by_code)
        except BadInput as fault:
            faults.append(fault)
        else:
            items.append(item)
        if len(faults) >= MOST_FAULTS:
            break
    return Reading(tuple(items), tuple(faults))


def _titles(name: str, columns: tuple[str, ...]) -> dict[str, str]:
    titles = french_cells.own_titles(columns, TITLES)
    missing = [] if "code" in titles else ["code"]
    if "month" not in titles and not {"first", "last"} <= titles.keys():
        missing.append("mois")
    if not {"mono", "colour"} & titles.keys():
        missing += ["noir et blanc", "couleur"]
    if missing:
        raise BadInput("table_missing_column", table=name, columns=missing, expected=list(EXPECTED))
    return titles


def _refuse_twice(
    path: Path, column: str, item: Counted, by_code: dict[str, list[Counted]]
) -> None:
    known = by_code.setdefault(item.code, [])
    for other in known:
        if item.first_on <= other.last_on and other.first_on <= item.last_on:
            raise BadInput(
                "line_said_twice",
                path=path,
                line=item.line,
                column=column,
                value=item.code,
                before=other.line,
            )
    known.append(item)


@dataclass(frozen=True)
class _Row:
    path: Path
    number: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]

    def counted(self) -> Counted:
        """What the line says; the first fault is raised."""
        first_on, last_on = self._days()
        return Counted(
            self.number, self._code(), first_on, last_on, self._pages("mono"), self._pages("colour")
        )

    def _code(self) -> str:
        code = " ".join(self.cells[self.titles["code"]].split())
        if not code:
            raise self.wrong("line_empty_value", "code")
        if len(code) > MOST_CODE:
            raise self.wrong("line_too_long", "code", most=MOST_CODE)
        if not code.isprintable():
            raise self.wrong("line_control_character", "code")
        return code

    def _days(self) -> tuple[date, date]:
        if "month" in self.titles and self.cells[self.titles["month"]]:
            month = french_cells.month(self.cells[self.titles["month"]])
            if month is None:
                raise self.wrong("line_bad_month", "month")
            return month
        if not {"first", "last"} <= self.titles.keys():
            raise self.wrong("line_empty_value", "month")
        first_on, last_on = self._day("first"), self._day("last")
        if not 0 <= (last_on - first_on).days < MOST_DAYS:
            raise self.wrong("line_bad_period", "last", most=MOST_DAYS)
        return first_on, last_on

    def _day(self, what: str) -> date:
        day = french_cells.day(self.cells[self.titles[what]])
        if day is None:
            raise self.wrong("line_bad_date", what)
        return day

    def _pages(self, what: str) -> int:
        """0 where the file has no such column, or nothing in it."""
        title = self.titles.get(what)
        if title is None or not self.cells[title]:
            return 0
        pages = french_cells.count(self.cells[title])
        if pages is None or pages > MOST_PAGES:
            raise self.wrong("line_bad_count", what, most=MOST_PAGES)
        return pages

    def wrong(self, code: str, what: str, **facts: object) -> BadInput:
        """A refusal of one cell of this line."""
        title = self.titles[what]
        value = self.cells[title][:MOST_CODE]
        return BadInput(code, path=self.path, line=self.number, column=title, value=value, **facts)

"""The values a page shows: sentences and numbers already in French, nothing left to compute."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isfinite

from maillage.core.portrait import Measured
from maillage.core.sources.registry import Source
from maillage.report import french, layers

NO_FIGURE = "non renseigné"


@dataclass(frozen=True)
class Figure:
    """A key figure; `before` is the value it replaces, `detail` a line that explains it."""

    label: str
    value: str
    origin: str
    source: str
    vintage: str
    unit: str = ""
    interval: str = ""
    before: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Cell:
    """What a table shows, and the plain value it is sorted and exported by."""

    text: str
    value: float | str | None


def money(cents: int) -> Cell:
    """Money of a table, exported in euros."""
    return Cell(french.cents(cents), cents / 100)


@dataclass(frozen=True)
class Column:
    """A column: its stable name in open data, its French title with the unit."""

    key: str
    label: str
    is_numeric: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `total` is empty or has one cell a column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    def only(self, *keys: str) -> "Grid":
        """The same table with some of its columns, in the order asked."""
        places = [next(n for n, c in enumerate(self.columns) if c.key == key) for key in keys]
        return replace(
            self,
            columns=tuple(self.columns[n] for n in places),
            rows=tuple(tuple(row[n] for n in places) for row in self.rows),
            total=tuple(self.total[n] for n in places) if self.total else (),
        )

    def first(self, count: int) -> "Grid":
        """The same table with its first rows only, its total being of the whole."""
        return replace(self, rows=self.rows[:count])


@dataclass(frozen=True)
class Chart:
    """A chart: its finding as a title, its file, the same thing in words and as a table."""

    title: str
    text: str
    file: str
    alternative: str
    grid: Grid
    origin: str
    source: str
    vintage: str


@dataclass(frozen=True)
class Section:
    """A finding with its figures or its table, without a picture."""

    title: str
    text: str
    figures: tuple[Figure, ...]
    grid: Grid | None
    origin: str
    source: str
    vintage: str


@dataclass(frozen=True)
class LegendEntry:
    """A class of minutes; `up_to` is null for the last one."""

    above: float
    up_to: float | None
    colour: str
    label: str


@dataclass(frozen=True)
class Map:
    """A map: the server's drawing, and the layers of the interactive one.

    file    the drawing with its legend; `panel` without, for a page that writes the legend
    bounds  west, south, east, north
    how     which kind of times it shows, in a few words
    rule    the words of the rule's red tick in the legend, "" where no class ends there
    """

    title: str
    text: str
    alternative: str
    file: str
    panel: str
    legend: tuple[LegendEntry, ...]
    rule: str
    bounds: tuple[float, float, float, float]
    layers: dict[str, str]
    how: str = ""


@dataclass(frozen=True)
class Unknown:
    """What the tables do not hold: the question, what would answer it, who could say."""

    code: str
    question: str
    text: str
    who: str


@dataclass(frozen=True)
class Table:
    """A table to download: its name, its page version, its two files."""

    key: str
    title: str
    grid: Grid
    csv: str
    excel: str


@dataclass(frozen=True)
class SourceLine:
    """One file that was read."""

    title: str
    publisher: str
    vintage: str
    licence: str


LEGEND = tuple(
    LegendEntry(max(0, c.above), None if c.up_to == float("inf") else c.up_to, c.colour, c.label)
    for c in layers.MINUTES
)


def words(text: str | None) -> Cell:
    """A text, or the words that say that it is unknown."""
    return Cell(text or NO_FIGURE, text)


def number(value: float | None, decimals: int = 0) -> Cell:
    """A number at the precision it is shown with."""
    if value is None or not isfinite(value):
        return Cell(NO_FIGURE, None)
    return Cell(
        french.number(value, decimals), round(value, decimals) if decimals else round(value)
    )


def share(value: float | None) -> Cell:
    """A share (0-1), shown in percent."""
    return Cell(NO_FIGURE, None) if value is None else Cell(french.share(value), round(value, 4))


def yes(value: bool) -> Cell:  # noqa: FBT001  (one value, one cell)
    """Yes or no."""
    return Cell("oui", "true") if value else Cell("non", "false")


def interval(measured: Measured, show: Callable[[float], str] = french.number) -> str:
    """de 20 à 27; nothing for a counted number."""
    if measured.low is None or measured.high is None:
        return ""
    return f"de {show(measured.low)} à {show(measured.high)}"


def share_interval(measured: Measured) -> str:
    """de 77 à 95 %; nothing for a counted share."""
    if measured.low is None or measured.high is None:
        return ""
    return french.share_between(measured.low, measured.high)


def cited(sources: tuple[Source, ...]) -> tuple[str, str]:
    """Publisher and vintage; several files are cited together, each with its own vintage."""
    pairs = dict.fromkeys((s.dataset.publisher, french.vintage(s.vintage)) for s in sources)
    if len(pairs) == 1:
        return next(iter(pairs))
    return " ; ".join(f"{publisher} ({vintage})" for publisher, vintage in pairs), ""


def of_times(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Those from which people within reach are counted: cells, places, streets where known."""
    return tuple(s for s in sources if s.dataset.id in ("grid", "third_places", "roads"))


def source_lines(sources: tuple[Source, ...]) -> tuple[SourceLine, ...]:
    """Every file that was read, as the reader cites it."""
    return tuple(
        SourceLine(
            *(s.dataset.title, s.dataset.publisher),
            *(french.vintage(s.vintage), s.dataset.licence),
        )
        for s in sources
    )


def attribution(sources: tuple[Source, ...]) -> str:
    """The line under a map: what its outlines, cells and places are taken from."""
    drawn = ("outlines", "outlines_national", "grid", "third_places", "roads")
    cited = [s for s in sources if s.dataset.id in drawn]
    return " · ".join(
        f"{s.dataset.publisher}, {french.vintage(s.vintage)} ({s.dataset.licence})" for s in cited
    )

"""Tables as values: columns, rows, cells, and the order asked by the query string."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from maillage.kit.components import Document, Link, Text
from maillage.report import french


@dataclass(frozen=True)
class Number:
    """A number with its own wording: sorted by value, shown as text."""

    value: float
    text: str


def money(cents: int) -> Number:
    """Money of a cell, sorted by its cents."""
    return Number(cents, french.cents(cents))


@dataclass(frozen=True)
class Mark:
    """A badge in a cell: family `tier`, `state`, `origin` or `minutes`; `href` makes it a link."""

    family: str
    code: str | float
    text: Text = ""
    href: str = ""


@dataclass(frozen=True)
class Act:
    """A button in a cell, of a form that the page writes beside the table.

    form         its id; the button sends `name`=`value`
    detail       said after `text` to those who do not see the line
    """

    text: Text
    form: str
    name: str
    value: str
    detail: Text = ""


Cell = Text | int | float | Number | Link | Mark | Act | None


@dataclass(frozen=True)
class Column:
    """One column; numbers are right-aligned and written in French with `decimals`."""

    key: str
    label: Text
    is_numeric: bool = False
    is_sortable: bool = False
    decimals: int = 0
    origin: str = ""


@dataclass(frozen=True)
class Row:
    """One line, its cells by column key; `key` names it for the map and for links."""

    cells: Mapping[str, Cell]
    key: str = ""
    is_selected: bool = False


NO_ROW = _("Aucune ligne pour ces filtres.")


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first column names the line.

    id           of the table in the page
    total        the last line, in the foot
    is_captioned  whether the caption shows; otherwise only a screen reader reads it
    sort_param   the name of the sort in the query string
    empty        the sentence shown when there is no line
    """

    id: str
    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    downloads: Sequence[Document] = ()
    note: Text = ""
    is_captioned: bool = False
    sort_param: str = "tri"
    empty: Text = NO_ROW


@dataclass(frozen=True)
class Head:
    """A column's header: the query of its sort link, and the order now shown."""

    column: Column
    query: str = ""
    aria_sort: str = ""


def head(column: Column, table: Table, query: QueryDict | None) -> Head:
    """The header of a column under this query: a second click turns the order round."""
    if not column.is_sortable or query is None:
        return Head(column)
    asked = query.get(table.sort_param, "")
    shown = {column.key: "ascending", f"-{column.key}": "descending"}.get(asked, "none")
    wanted = query.copy()
    wanted[table.sort_param] = f"-{column.key}" if shown == "ascending" else column.key
    wanted.pop("page", None)
    return Head(column, f"?{wanted.urlencode()}", shown)


def sorted_by(
    rows: Iterable[Row], columns: Sequence[Column], query: QueryDict, sort_param: str = "tri"
) -> list[Row]:
    """The rows in the order asked by the query (`tri=population`, `tri=-population`).

    An unknown column keeps the order given; what is not known comes last both ways.
    """
    given = list(rows)
    asked = query.get(sort_param, "")
    key = asked.removeprefix("-")
    if key not in {column.key for column in columns if column.is_sortable}:
        return given
    known = [row for row in given if row.cells.get(key) not in (None, "")]
    unknown = [row for row in given if row.cells.get(key) in (None, "")]
    known.sort(key=lambda row: _order(row.cells[key]), reverse=asked.startswith("-"))
    return known + unknown


def _order(cell: Cell) -> tuple[float, str]:
    match cell:
        case int() | float():
            return (cell, "")
        case Number(value=value):
            return (value, "")
        case Link(text=text) | Mark(text=text) if text:
            return (0, french.sort_key(str(text)))
        case Mark(code=code):
            return (code, "") if isinstance(code, int | float) else (0, code)
        case _:
            return (0, french.sort_key(str(cell)))

"""The files that a body hands to who keeps its accounts: which there are, and their bytes.

Nothing here reads a clock: the same accounts give the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.apps.accounts import grids
from maillage.apps.billing.models import BillingProfile, Channel
from maillage.report import files
from maillage.report.shown import Grid

CSV = "text/csv; charset=utf-8"
EVERYBODY = frozenset(Channel.values)


@dataclass(frozen=True)
class Span:
    """Some days, the last one included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """As file names write it."""
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"


@dataclass(frozen=True)
class Made:
    """A file: its name, its bytes, how many lines it has beyond its header."""

    name: str
    media_type: str
    content: bytes
    rows: int


@dataclass(frozen=True)
class Book:
    """A kind of file.

    says      what it holds and whom it is for
    channels  of the bodies to which it makes sense
    """

    key: str
    title: str | Promise
    says: str | Promise
    write: Callable[[BillingProfile, Span], Made]
    channels: frozenset[str] = EVERYBODY


def _sales(profile: BillingProfile, span: Span) -> Grid:
    return grids.sales(grids.issued(profile.operator, span.first, span.last))


def _open(key: str, grid: Callable[[BillingProfile, Span], Grid]) -> Callable[..., Made]:
    def write(profile: BillingProfile, span: Span) -> Made:
        found = grid(profile, span)
        return Made(f"{key}-{span.name}.csv", CSV, files.grid_csv(found), len(found.rows))

    return write


def _excel(key: str, grid: Callable[[BillingProfile, Span], Grid]) -> Callable[..., Made]:
    def write(profile: BillingProfile, span: Span) -> Made:
        found = grid(profile, span)
        content = files.grid_excel(found)
        return Made(f"{key}-{span.name}-excel.csv", CSV, content, len(found.rows))

    return write


BOOKS = (
    Book(
        "ventes",
        _("Journal des ventes, CSV"),
        _("Factures et avoirs, une ligne par taux de TVA. Pour tout logiciel."),
        _open("ventes", _sales),
    ),
    Book(
        "ventes-excel",
        _("Journal des ventes, Excel FR"),
        _("Les mêmes lignes, pour un tableur français."),
        _excel("ventes", _sales),
    ),
)
BY_KEY = {book.key: book for book in BOOKS}


def offered(profile: BillingProfile) -> list[Book]:
    """The files that make sense for a body."""
    return [book for book in BOOKS if profile.channel in book.channels]

"""The files that a body hands to who keeps its accounts: which there are, and their bytes.

Nothing here reads a clock: the same accounts give the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.apps.accounts import entries, grids
from maillage.apps.billing.models import BillingProfile, Channel
from maillage.report import accounts_csv, fec, files
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


def _receipts(profile: BillingProfile, span: Span) -> Grid:
    return grids.received(grids.receipts(profile.operator, span.first, span.last))


def _orders(profile: BillingProfile, span: Span) -> Grid:
    return grids.orders(grids.issued(profile.operator, span.first, span.last))


def _entries(profile: BillingProfile, span: Span) -> Grid:
    plan = entries.plan_of(profile)
    found = entries.of_body(profile.operator, span.first, span.last, plan)
    return accounts_csv.entries(found, plan.journals)


def _paheko(profile: BillingProfile, span: Span) -> Grid:
    plan = entries.plan_of(profile)
    return accounts_csv.paheko(entries.of_body(profile.operator, span.first, span.last, plan))


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


def _fec(profile: BillingProfile, span: Span) -> Made:
    """Each entry is valid from its own day: what was issued or received never changes."""
    plan = entries.plan_of(profile)
    found = entries.of_body(profile.operator, span.first, span.last, plan)
    made = fec.write(profile.siren, span.last, found, plan, validated_on=span.first)
    return Made(made.name, fec.MEDIA_TYPE, made.content, made.lines)


BOOKS = (
    Book(
        "fec",
        _("Journal des ventes partiel, au format FEC"),
        _(
            "Les écritures des ventes et des encaissements, en 18 colonnes, équilibrées et "
            "relues. Ce n’est pas le FEC de l’exercice : ni achats, ni paie, ni à-nouveaux."
        ),
        _fec,
        frozenset({Channel.PRIVATE}),
    ),
    Book(
        "ecritures",
        _("Écritures comptables, CSV"),
        _("Les mêmes écritures, une ligne par compte. Pour tout logiciel de comptabilité."),
        _open("ecritures", _entries),
        frozenset({Channel.PRIVATE}),
    ),
    Book(
        "ecritures-excel",
        _("Écritures comptables, Excel FR"),
        _("Les mêmes lignes, pour un tableur français."),
        _excel("ecritures", _entries),
        frozenset({Channel.PRIVATE}),
    ),
    Book(
        "paheko",
        _("Écritures pour Paheko"),
        _("À importer dans Paheko par « Importer des écritures comptables simples »."),
        _excel("paheko", _paheko),
        frozenset({Channel.PRIVATE}),
    ),
    Book(
        "titres",
        _("Liste des titres, CSV"),
        _("Ce que le comptable public est prié de recouvrer : débiteur, objet, montants."),
        _open("titres", _orders),
        frozenset({Channel.PUBLIC}),
    ),
    Book(
        "titres-excel",
        _("Liste des titres, Excel FR"),
        _("Les mêmes lignes, pour un tableur français."),
        _excel("titres", _orders),
        frozenset({Channel.PUBLIC}),
    ),
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
    Book(
        "encaissements",
        _("Journal des encaissements, CSV"),
        _("Chaque somme reçue ou rendue, dans l’ordre, avec son moyen et sa référence."),
        _open("encaissements", _receipts),
    ),
    Book(
        "encaissements-excel",
        _("Journal des encaissements, Excel FR"),
        _("Les mêmes lignes, pour un tableur français."),
        _excel("encaissements", _receipts),
    ),
)
BY_KEY = {book.key: book for book in BOOKS}


def offered(profile: BillingProfile) -> list[Book]:
    """The files that make sense for a body."""
    return [book for book in BOOKS if profile.channel in book.channels]

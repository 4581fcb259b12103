"""The files, what was handed over, the archives: as tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.accounts import ask_archive
from maillage.apps.accounts.books import Book
from maillage.apps.accounts.models import Archive
from maillage.apps.billing.models import ClosedMonth, Document
from maillage.apps.journal.models import Entry
from maillage.apps.people.models import Organisation, Person
from maillage.kit.components import Document as File
from maillage.kit.components import Text
from maillage.kit.tables import Act, Cell, Column, Row, Table
from maillage.report import moments

FORM = "fichiers"
LATEST = 10
SHOWN_OF_A_HASH = 12
DECEMBER = 12


@dataclass(frozen=True)
class Year:
    """A year that may be archived, or why not yet.

    href  of the page that asks for it, "" when it must wait
    """

    year: int
    says: Text
    href: str = ""


def books_table(books: Sequence[Book]) -> Table:
    """The files that a body may take, each with its button."""
    columns = (
        Column("title", _("Fichier")),
        Column("says", _("Ce qu’il contient")),
        Column("act", _("Télécharger")),
    )
    rows = [
        Row({
            "title": book.title,
            "says": book.says,
            "act": Act(_("Télécharger"), FORM, "fichier", book.key, str(book.title)),
        })
        for book in books
    ]  # fmt: skip
    return Table("livres", _("Fichiers des comptes"), columns, rows)


def handed_table(body: Organisation) -> Table | None:
    """Who took what lately, with the fingerprint of the file; None before the first."""
    entries = list(
        Entry.objects.filter(
            act="accounts.export", object_kind="organisation", object_key=str(body.pk)
        ).order_by("-at", "-pk")[:LATEST]
    )
    if not entries:
        return None
    people = Person.objects.in_bulk({one.actor_id for one in entries if one.actor_id})
    columns = (
        Column("file", _("Fichier")),
        Column("at", _("Remis le")),
        Column("by", _("À")),
        Column("rows", _("Lignes"), is_numeric=True),
        Column("sha256", _("Empreinte SHA-256")),
    )
    rows = [Row(_handed(one, people)) for one in entries]
    return Table("remis", _("Fichiers remis, du plus récent au plus ancien"), columns, rows)


def _handed(one: Entry, people: dict[int, Person]) -> dict[str, Cell]:
    who = people.get(one.actor_id or 0)
    return {
        "file": one.facts["file"],
        "at": moments.moment(one.at),
        "by": who.name if who else _("le service"),
        "rows": one.facts["rows"],
        "sha256": one.facts["sha256"][:SHOWN_OF_A_HASH] + "…",
    }


def archives_of(body: Organisation) -> list[tuple[File, str]]:
    """The archives of a body, the last year first, each with its seal."""
    rows = Archive.objects.filter(operator=body).order_by("-year")
    return [
        (
            File(
                _("Archive {year}").format(year=one.year),
                reverse("accounts_archive_file", args=(one.pk,)),
                "application/zip",
                int(one.files[0]["size_bytes"]),
            ),
            bytes(one.seal).hex(),
        )
        for one in rows
    ]


def years_to_archive(body: Organisation) -> list[Year]:
    """The years with documents that have no archive, the oldest first."""
    known = set(Archive.objects.filter(operator=body).values_list("year", flat=True))
    issued = Document.objects.filter(operator=body).dates("issued_on", "year")
    closed = set(
        ClosedMonth.objects.filter(operator=body, month__month=DECEMBER).values_list(
            "month__year", flat=True
        )
    )
    left = [on.year for on in issued if on.year not in known]
    return [
        _year(body, year, is_closed=year in closed, is_next=not n) for n, year in enumerate(left)
    ]


def _year(body: Organisation, year: int, *, is_closed: bool, is_next: bool) -> Year:
    if not is_closed:
        return Year(year, _("À archiver quand son mois de décembre sera clôturé."))
    if not is_next:
        return Year(year, _("À archiver après l’année qui précède."))
    href = reverse("accounts_archive", args=(body.pk, year))
    state = ask_archive.state(body, year)
    if state in ask_archive.WAITING:
        return Year(year, _("L’archive se prépare. Rechargez cette page dans un instant."))
    if state in ask_archive.FAILED:
        said = _(
            "L’archive n’a pas pu être faite : un document manque ou a changé. Faites vérifier "
            "les documents par la commande d’audit, puis recommencez."
        )
        return Year(year, said, href)
    return Year(year, _("Tous ses mois sont clôturés."), href)

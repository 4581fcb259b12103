"""An import of GRR in words: what becomes of each place, each room, each booking."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.apps.bookings import grr_hours
from maillage.apps.bookings.grr_models import GrrImport
from maillage.apps.bookings.grr_plan import BUCKETS, TAKEN, Line, Plan
from maillage.core.periods import PARIS
from maillage.kit.components import Link, Text
from maillage.kit.tables import Column, Number, Row, Table
from maillage.report import files, french, moments, notes
from maillage.report.shown import Cell, Grid
from maillage.report.shown import Column as FileColumn

BUCKET_WORDS: Mapping[str, Text] = {
    "booked": gettext_lazy("Reprises"),
    "outside_hours": gettext_lazy("Reprises, hors des heures du domaine"),
    "conflict": gettext_lazy("Non reprises : la place est déjà prise ici"),
    "full": gettext_lazy("Non reprises : le lieu serait au-dessus de son effectif"),
    "changed": gettext_lazy("Non reprises : déjà importées, puis changées dans GRR"),
    "already": gettext_lazy("Déjà importées"),
    "not_chosen": gettext_lazy("Non reprises : ressource laissée de côté"),
    "cancelled": gettext_lazy("Non reprises : supprimées dans GRR"),
    "refused": gettext_lazy("Non reprises : refusées dans GRR"),
    "no_room": gettext_lazy("Non reprises : ressource inconnue"),
    "no_area": gettext_lazy("Non reprises : ressource sans domaine"),
    "by_period": gettext_lazy("Non reprises : créneaux nommés, sans heure"),
    "reversed": gettext_lazy("Non reprises : elles finissent avant de commencer"),
    "past": gettext_lazy("Non reprises : déjà passées"),
    "overlapping": gettext_lazy("Non reprises : elles en chevauchent une autre dans GRR"),
}
LINE_WORDS: Mapping[str, Text] = {
    "booked": gettext_lazy("Reprise"),
    "outside_hours": gettext_lazy("Reprise, hors des heures du domaine"),
    "conflict": gettext_lazy("Non reprise : la place est déjà prise ici"),
    "full": gettext_lazy("Non reprise : le lieu serait au-dessus de son effectif"),
    "changed": gettext_lazy("Non reprise : déjà importée, puis changée dans GRR"),
    "already": gettext_lazy("Déjà importée"),
    "not_chosen": gettext_lazy("Non reprise : ressource laissée de côté"),
    "cancelled": gettext_lazy("Non reprise : supprimée dans GRR"),
    "refused": gettext_lazy("Non reprise : refusée dans GRR"),
    "no_room": gettext_lazy("Non reprise : ressource inconnue"),
    "no_area": gettext_lazy("Non reprise : ressource sans domaine"),
    "by_period": gettext_lazy("Non reprise : créneau nommé, sans heure"),
    "reversed": gettext_lazy("Non reprise : elle finit avant de commencer"),
    "past": gettext_lazy("Non reprise : déjà passée"),
    "overlapping": gettext_lazy("Non reprise : elle en chevauche une autre dans GRR"),
}
A_PAGE = 100


@dataclass(frozen=True)
class Reported:
    """A line of a report: a booking of the file, where it went, what it became here."""

    number: int
    bucket: str
    place: str
    room: str
    begins: datetime
    ends: datetime
    title: str
    beneficiary: str
    reference: str = ""


def of_plan(lines: Iterable[Line]) -> list[Reported]:
    """Before the import."""
    return [
        Reported(
            line.entry.id,
            line.bucket,
            line.place,
            line.room,
            line.entry.starts_at,
            line.entry.ends_at,
            line.entry.name,
            line.entry.beneficiary,
        )
        for line in lines
    ]


def of_report(of: GrrImport) -> list[Reported]:
    """After it."""
    return [
        Reported(
            number,
            bucket,
            place,
            room,
            datetime.fromtimestamp(begins, PARIS),
            datetime.fromtimestamp(ends, PARIS),
            title,
            beneficiary,
            reference,
        )
        for number, bucket, place, room, begins, ends, title, beneficiary, reference in of.report
    ]


def taken(lines: Sequence[Reported]) -> int:
    """How many bookings are here, or would be."""
    return sum(line.bucket in TAKEN for line in lines)


def title(plan: Plan, lines: Sequence[Reported]) -> str:
    """What the preview comes to."""
    count = taken(lines)
    if plan.is_empty:
        return _("Rien à reprendre de cet export")
    parts = [_bookings(count)]
    if plan.new_spaces:
        parts.append(french.count(len(plan.new_spaces), _("espace"), _("espaces")))
    if plan.new_sites:
        parts.append(french.count(len(plan.new_sites), _("lieu"), _("lieux")))
    return _("{things} à reprendre").format(things=french.listed(parts))


def act(lines: Sequence[Reported]) -> str:
    """The button."""
    count = taken(lines)
    if not count:
        return _("Créer les lieux et les espaces")
    said = ngettext("Reprendre la réservation", "Reprendre les {n} réservations", count)
    return said.format(n=french.number(count))


def over(of: GrrImport, lines: Sequence[Reported]) -> str:
    """What the import did."""
    if of.state == "undone":
        return _("Import annulé : tout est comme avant")
    return _("{n} reprises").format(n=_bookings(taken(lines)))


def _bookings(count: int) -> str:
    return french.count(count, _("réservation"), _("réservations"))


def whole(lines: Sequence[Reported]) -> str:
    """« 120 réservations dans le fichier, chacune à sa place ci-dessous. »"""
    return _("{n} dans le fichier ; chacune est dans une ligne de ce tableau.").format(
        n=_bookings(len(lines))
    )


def buckets(lines: Sequence[Reported], chosen: str) -> Table:
    """How many bookings went where; each number leads to them. The total is that of the file."""
    counts = Counter(line.bucket for line in lines)
    columns = (
        Column("what", _("Ce que deviennent les réservations du fichier")),
        Column("count", _("Réservations"), is_numeric=True),
    )
    rows = [
        Row(
            {
                "what": Link(BUCKET_WORDS[bucket], f"?etat={bucket}#reservations"),
                "count": Number(counts[bucket], french.number(counts[bucket])),
            },
            key=bucket,
            is_selected=bucket == chosen,
        )
        for bucket in BUCKETS
        if counts[bucket]
    ]
    total = Row({"what": _("Toutes"), "count": french.number(len(lines))})
    return Table("compte", _("Le compte"), columns, rows, total=total)


def listed(lines: Sequence[Reported]) -> Table:
    """The bookings of a page of the list."""
    columns = (
        Column("number", _("N° dans GRR")),
        Column("when", _("Quand")),
        Column("where", _("Où")),
        Column("title", _("Objet")),
        Column("for", _("Pour")),
        Column("state", _("Devient")),
    )
    rows = [
        Row(
            {
                "number": str(line.number),
                "when": moments.slot(line.begins, line.ends),
                "where": _where(line),
                "title": line.title or None,
                "for": line.beneficiary or None,
                "state": _became(line),
            },
            key=f"r{line.number}",
        )
        for line in lines
    ]
    return Table("lignes", _("Les réservations du fichier"), columns, rows)


def _became(line: Reported) -> str:
    said = str(LINE_WORDS[line.bucket])
    return f"{said} ({line.reference})" if line.reference else said


def _where(line: Reported) -> str:
    return ", ".join(part for part in (line.place, line.room) if part) or _("inconnu")


_FILE = (
    FileColumn("number", "numero_grr", is_numeric=True),
    FileColumn("place", "lieu"),
    FileColumn("room", "ressource"),
    FileColumn("begins", "debut"),
    FileColumn("ends", "fin"),
    FileColumn("title", "objet"),
    FileColumn("beneficiary", "beneficiaire"),
    FileColumn("bucket", "devient"),
    FileColumn("reference", "reference"),
)


def csv(lines: Sequence[Reported]) -> bytes:
    """Every line, for a French spreadsheet: names cannot run as formulas."""
    rows = tuple(
        (
            Cell(str(line.number), line.number),
            *(
                Cell(text, text)
                for text in (
                    line.place,
                    line.room,
                    line.begins.isoformat(timespec="minutes"),
                    line.ends.isoformat(timespec="minutes"),
                    line.title,
                    line.beneficiary,
                    str(LINE_WORDS[line.bucket]),
                    line.reference,
                )
            ),
        )
        for line in lines
    )
    return files.grid_excel(Grid("", _FILE, rows))


def said(plan: Plan) -> list[str]:
    """What one must know of the file: each note in a sentence."""
    return [notes.for_page(note) for note in plan.notes]


def hours(plan: Plan) -> dict[str, list[str]]:
    """By place: the hours of its areas, as GRR has them."""
    found: dict[str, list[str]] = {}
    for place in plan.places:
        found[place.key] = [
            f"{area.name} : {grr_hours.hours_of([area]) or _('heures non renseignées')}"
            for area in place.areas
        ]
    return found

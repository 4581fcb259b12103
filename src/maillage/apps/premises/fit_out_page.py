"""The fit-out of premises in words: rooms, square metres left, furniture, works, costs."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from maillage.apps.premises import words
from maillage.apps.premises.fitting import shipped
from maillage.apps.premises.models import Premises, Works
from maillage.core import fit_out
from maillage.core.fit_out import Amount, FitOut, Line, Room
from maillage.kit.components import Document, Figure
from maillage.kit.tables import Column, Number, Row, Table
from maillage.report import files, french, shown
from maillage.report.shown import Cell, Grid
from maillage.report.shown import Column as Head

FILE = "mobilier.csv"


def sums_of(premises: Premises, rooms: Sequence[Room]) -> FitOut:
    """The sums of the rooms, with the works that the premises need."""
    return fit_out.fitted(rooms, premises.works or None, shipped())


def context(premises: Premises, rooms: Sequence[Room], downloads: list[Document]) -> dict[str, Any]:
    """Figures and tables of what is saved; nothing before there are rooms."""
    if not rooms:
        return {"figures": [], "rooms_table": None, "costs": None, "left": _area_words(premises)}
    made = sums_of(premises, rooms)
    return {
        "figures": _figures(premises, made),
        "rooms_table": _rooms(rooms, made),
        "costs": _costs(made, premises, downloads),
        "left": _left(premises, made),
    }


def proposed_words(premises: Premises, rooms: Sequence[Room]) -> str:
    """What a proposal holds, before it is saved."""
    made = sums_of(premises, rooms)
    return _("{seats}, {area} de pièces ; {left}.").format(
        seats=french.count(made.seats, _("place")),
        area=words.area(made.indoor_m2),
        left=_left(premises, made),
    )


def _figures(premises: Premises, made: FitOut) -> list[Figure]:
    declared = _("Pièces saisies")
    total = made.total
    return [
        Figure(_("Places de travail"), french.number(made.seats), "declared", declared),
        Figure(
            _("Surface des pièces"),
            words.area(made.indoor_m2) or "",
            "declared",
            declared,
            detail=_left(premises, made),
        ),
        Figure(
            _("Mobilier et travaux"),
            french.planned_cents(total.central_cents),
            "modelled",
            _("Coûts unitaires de Maillage, hors taxes"),
            interval=_between(total),
        ),
    ]


def _between(amount: Amount) -> str:
    low = french.planned_cents(amount.low_cents).removesuffix(f"{french.NBSP}€")
    return f"de {low} à {french.planned_cents(amount.high_cents)}"


def _area_words(premises: Premises) -> str:
    known = words.area(premises.area_m2)
    if known is None:
        return _("La surface du local n’est pas renseignée : rien ne limite les pièces.")
    return _("Le local a {area}.").format(area=known)


def _left(premises: Premises, made: FitOut) -> str:
    if premises.area_m2 is None:
        return _("surface du local non renseignée")
    left = round(premises.area_m2 - made.indoor_m2, 1)
    if left < 0:
        return _("{area} de trop").format(area=words.area(-left))
    return _("il reste {left} sur {area}").format(
        left=words.area(left), area=words.area(premises.area_m2)
    )


def _rooms(rooms: Sequence[Room], made: FitOut) -> Table:
    columns = (
        Column("function", _("Pièce")),
        Column("count", _("Nombre"), is_numeric=True),
        Column("area", _("m² de chacune"), is_numeric=True),
        Column("total", _("m² en tout"), is_numeric=True),
        Column("seats", _("Sièges"), is_numeric=True),
    )
    rows = [
        Row(
            {
                "function": words.FUNCTIONS[room.function],
                "count": room.count,
                "area": Number(room.area_m2, words.metres(room.area_m2)),
                "total": Number(room.total_m2, words.metres(room.total_m2)),
                "seats": room.count * room.seats,
            },
            key=str(n),
        )
        for n, room in enumerate(rooms, 1)
    ]
    total = Row(
        {
            "function": _("Total à l’intérieur"),
            "count": "",
            "area": "",
            "total": words.metres(made.indoor_m2),
            "seats": made.seats + made.other_seats,
        }
    )
    outside = _("Plus {area} dehors.").format(area=words.area(made.outdoor_m2))
    note = outside if made.outdoor_m2 else ""
    return Table("pieces", _("Pièces et surfaces"), columns, rows, total, note=note)


def _costs(made: FitOut, premises: Premises, downloads: list[Document]) -> Table:
    columns = (
        Column("item", _("Poste")),
        Column("quantity", _("Quantité"), is_numeric=True),
        Column("unit", _("Coût unitaire"), is_numeric=True),
        Column("low", _("Bas"), is_numeric=True),
        Column("central", _("Central"), is_numeric=True),
        Column("high", _("Haut"), is_numeric=True),
    )
    rows = [_cost(line) for line in (*made.furniture, *made.works)]
    total = Row({"item": _("Total hors taxes"), "quantity": "", "unit": ""} | _money(made.total))
    return Table(
        "couts", _("Mobilier et travaux"), columns, rows, total, downloads, _works_note(premises)
    )


def _works_note(premises: Premises) -> str:
    if premises.works == Works.NONE:
        return _("Aucun travaux : seul le mobilier est compté. Montants hors taxes.")
    if premises.works:
        kind = str(Works(premises.works).label).lower()
        return _("Travaux {kind}, comptés par m² intérieur. Montants hors taxes.").format(kind=kind)
    return _(
        "L’ampleur des travaux n’est pas renseignée : l’intervalle va des plus légers aux plus "
        "lourds. Montants hors taxes."
    )


def _cost(line: Line) -> Row:
    cells = {
        "item": words.COSTS[line.code],
        "quantity": Number(line.quantity, words.metres(line.quantity)),
        "unit": f"{_euros(line.unit.central_cents)} (de {_euros(line.unit.low_cents)} à "
        f"{_euros(line.unit.high_cents)})",
    }
    return Row(cells | _money(line.total), key=line.code)


def _money(amount: Amount) -> dict[str, Any]:
    return {
        case: Number(cents, _euros(cents))
        for case, cents in (
            ("low", amount.low_cents),
            ("central", amount.central_cents),
            ("high", amount.high_cents),
        )
    }


def _euros(cents: int) -> str:
    return french.euros(cents / 100, 2 if cents % 100 else 0)


def csv(premises: Premises, rooms: Sequence[Room]) -> bytes:
    """The same lines for a French spreadsheet."""
    heads = tuple(
        Head(key, label)
        for key, label in (
            ("poste", "Poste"),
            ("quantite", "Quantité"),
            ("unitaire_bas", "Coût unitaire bas (€ HT)"),
            ("unitaire", "Coût unitaire (€ HT)"),
            ("unitaire_haut", "Coût unitaire haut (€ HT)"),
            ("bas", "Bas (€ HT)"),
            ("central", "Central (€ HT)"),
            ("haut", "Haut (€ HT)"),
        )
    )
    made = sums_of(premises, rooms)
    rows = tuple(
        (
            shown.words(str(words.COSTS[line.code])),
            _number(line.quantity),
            *_three(line.unit),
            *_three(line.total),
        )
        for line in (*made.furniture, *made.works)
    )
    nothing = Cell("", None)
    total = (Cell("Total", "Total"), nothing, nothing, nothing, nothing, *_three(made.total))
    return files.grid_excel(Grid("", heads, rows, total))


def _three(amount: Amount) -> tuple[Cell, ...]:
    return tuple(
        _number(cents / 100)
        for cents in (amount.low_cents, amount.central_cents, amount.high_cents)
    )


def _number(value: float) -> Cell:
    return Cell(f"{value:g}", float(value))

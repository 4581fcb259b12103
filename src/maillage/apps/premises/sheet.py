"""The sheet of premises: its score criterion by criterion, what is known, what is missing."""

from typing import Any

from django.utils.translation import gettext as _

from maillage.apps.premises import for_study, words
from maillage.apps.premises.fitting import Fit, shipped
from maillage.apps.premises.models import (
    Host,
    Kind,
    Owner,
    PositionOrigin,
    Premises,
    State,
    Works,
)
from maillage.core.fitness import CRITERIA
from maillage.kit.components import Figure
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table
from maillage.report import french

# criterion -> the field of the form that would fill it
FIELDS = {
    "area": "area_m2",
    "motorway": "motorway_min",
    "services": "services_min",
    "station": "station_min",
    "town_centre": "lon",
}


def context(fit: Fit, weights: dict[str, float]) -> dict[str, Any]:
    """Everything the template writes of premises."""
    row = fit.premises
    return {
        "premises": {
            "name": row.name,
            "pk": row.pk,
            "siren": row.territory_id,
            "notes": row.notes,
            "is_removed": row.removed_at is not None,
            "version": row.version,
        },
        "lead": _lead(row),
        "figures": _figures(fit),
        "criteria": _criteria(fit, weights),
        "missing": missing(fit, weights),
        "facts": _facts(row),
        "why_not": for_study.why_not(row),
        "inferred": for_study.inferred(row),
    }


def _lead(row: Premises) -> str:
    state = f" {State(row.state).label.lower()}" if row.state else ""
    return f"{Kind(row.kind).label}{state}, {row.commune_name}"


def _figures(fit: Fit) -> list[Figure]:
    score, row = fit.score, fit.premises
    shown = [
        Figure(
            _("Note sur 10"),
            words.of_ten(score.value),
            "modelled",
            _("Critères et poids du territoire"),
            interval=words.interval(score),
            detail=words.known(score),
        )
    ]
    if row.area_m2 is not None:
        shown += [
            Figure(_("Surface"), words.area(row.area_m2) or "", "declared", _("Fiche du local")),
            _seats(row.area_m2),
        ]
    return shown


def _seats(area_m2: float) -> Figure:
    per_seat = shipped()["costs.area_per_seat"]
    few, central, many = (int(area_m2 // per_seat.at(case)) for case in ("high", "central", "low"))
    return Figure(
        _("Places possibles"),
        french.number(central),
        "modelled",
        _("{n} m² par place").format(n=french.number(per_seat.value)),
        interval=french.between(few, many),
    )


def _criteria(fit: Fit, weights: dict[str, float]) -> Table:
    columns = (
        Column("criterion", _("Critère")),
        Column("fact", _("Ce qu’on sait")),
        Column("points", _("Points"), is_numeric=True),
        Column("weight", _("Poids"), is_numeric=True),
        Column("origin", _("D’où")),
    )
    rows = [_criterion(fit, criterion, weights[criterion]) for criterion in CRITERIA]
    return Table(
        "criteres",
        _("Critères de la note"),
        columns,
        rows,
        note=_("Les points vont de 0 à 10. Un critère de poids 0 ne compte pas."),
    )


def _criterion(fit: Fit, criterion: str, weight: float) -> Row:
    points = fit.points[criterion]
    cells: dict[str, Cell] = {
        "criterion": words.CRITERIA[criterion],
        "fact": words.fact(fit, criterion),
        "points": "",
        "weight": Number(weight, french.number(weight, 0 if weight.is_integer() else 1)),
        "origin": "",
    }
    if points is not None:
        shown = french.number(10 * points.central, 1)
        if points.low != points.high:
            shown += f" ({french.between(10 * points.low, 10 * points.high, 1)})"
        cells["points"] = Number(10 * points.central, shown)
        cells["origin"] = Mark("origin", fit.origins[criterion])
    return Row(cells, key=criterion)


def missing(fit: Fit, weights: dict[str, float]) -> list[tuple[str, str]]:
    """(criterion in words, field of the form) of what counts and is not known."""
    return [
        (str(words.CRITERIA[criterion]), FIELDS.get(criterion, criterion))
        for criterion in CRITERIA
        if fit.points[criterion] is None and weights[criterion]
    ]


def _facts(row: Premises) -> list[tuple[str, str | None]]:
    """What is said of premises, None where nobody said it."""
    shown = [
        (_("Sorte"), str(Kind(row.kind).label)),
        (_("État"), str(State(row.state).label) if row.state else None),
        (_("Commune"), row.commune_name),
        (_("Adresse"), row.address or None),
        (_("Position"), _position(row)),
        (_("Propriétaire"), str(Owner(row.owner).label) if row.owner else None),
        (_("Loyer à payer"), words.yes_no(row.rented)),
        (_("Travaux à faire"), str(Works(row.works).label) if row.works else None),
        (_("Sortie d’autoroute"), row.motorway_exit or None),
    ]
    if row.kind == Kind.SHOP:
        shown += [
            (_("Commerce"), str(Host(row.host).label) if row.host else None),
            (_("Heures d’ouverture"), row.opening_hours or None),
        ]
    return shown


def _position(row: Premises) -> str | None:
    if row.lon is None or row.lat is None:
        return None
    point = f"{french.number(row.lon, 4)} ; {french.number(row.lat, 4)}"
    if row.position_origin == PositionOrigin.TOWN:
        return _("milieu du bourg de {commune}, faute de mieux").format(commune=row.commune_name)
    return point

"""The page of a commune: each indicator with its source, its date and its origin."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.territories import communes_file, initiatives_shown, reading
from maillage.apps.territories.initiatives import Listed
from maillage.apps.territories.parts import Json, Shown, shown_cell
from maillage.kit.components import Figure, Link, Text
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table
from maillage.report import french

RANGED = {"minutes": ("minutes_low", "minutes_high")}
OF_NAME = frozenset({"commune_code", "name"})
# ends of a range, and a modelled count whose range no table gives: never shown alone
NOT_ALONE = frozenset({"minutes_low", "minutes_high", "beyond_20"})
KEY_FIGURES = ("population", "employed", "jobs", "minutes")
UNITS = {"minutes": "min"}


@dataclass(frozen=True)
class Indicator:
    """One number of a commune; `value` is None when nobody counted."""

    key: str
    label: str
    value: str | None
    interval: str
    origin: str
    source: str


@dataclass(frozen=True)
class Commune:
    """A commune as its page shows it."""

    code: str
    name: str
    indicators: tuple[Indicator, ...]
    equipment: tuple[Indicator, ...]
    neighbours: tuple[Link, ...]
    workplaces: tuple[tuple[str, str], ...]


def find(of: Shown, code: str) -> Commune | None:
    """The commune of a portrait, None when it is not a member."""
    line = _line(of, "communes", code)
    if line is None:
        return None
    around = _around(of).get(code, {"neighbours": [], "works_in": []})
    names = _names(of)
    return Commune(
        code=code,
        name=names[code],
        indicators=_indicators(of, "communes", line),
        equipment=_indicators(of, "equipment", _line(of, "equipment", code) or {}),
        neighbours=tuple(
            Link(names[near], reverse("territory_commune", args=(of.siren, near)))
            for near in sorted(around["neighbours"], key=lambda near: french.sort_key(names[near]))
        ),
        workplaces=tuple(
            (name, french.number(round(workers / 10) * 10)) for name, workers in around["works_in"]
        ),
    )


def context(of: Shown, commune: Commune, listed: Listed) -> dict[str, Any]:
    """Everything the template writes; `listed` holds the initiatives that the reader reads."""
    return {
        "initiatives": [
            {
                "title": placed.row.title,
                "href": reverse("initiative", args=(of.siren, placed.row.pk)),
                "state": initiatives_shown.STATES[placed.row.status],
                "since": placed.since,
            }
            for placed in listed.of_commune(commune.code)
        ],
        "alerts": initiatives_shown.alerts(listed.near_commune(commune.code)),
        "commune": commune,
        "title": title(commune),
        "workplaces_source": of.provenance("destinations", "workers").source,
        "figures": figures(commune),
        "indicators": table(commune.indicators, "indicateurs", _("Indicateurs de la commune")),
        "equipment": table(
            commune.equipment, "equipements", _("Commerces et services de la commune")
        ),
    }


def title(commune: Commune) -> str:
    """The commune's name, and what its jobs are to its workers where both are known."""
    known = {i.key: i.value for i in commune.indicators}
    if not known.get("jobs") or not known.get("employed"):
        return commune.name
    return _("%(name)s : %(jobs)s emplois pour %(employed)s actifs occupés") % {
        "name": commune.name,
        "jobs": known["jobs"],
        "employed": known["employed"],
    }


def figures(commune: Commune) -> list[Figure]:
    """The key figures of the page; what nobody counted is in the table only."""
    return [
        Figure(
            i.label, i.value, i.origin, i.source,
            unit=UNITS.get(i.key, ""), interval=i.interval,
        )
        for i in commune.indicators
        if i.key in KEY_FIGURES and i.value is not None
    ]  # fmt: skip


def table(indicators: tuple[Indicator, ...], id_: str, caption: Text) -> Table:
    """Indicators, one a line."""
    columns = (
        Column("label", "Indicateur"),
        Column("value", "Valeur", is_numeric=True),
        Column("origin", "Origine"),
        Column("source", "Source et date"),
    )
    return Table(id_, caption, columns, [_row(indicator) for indicator in indicators])


def _row(i: Indicator) -> Row:
    value: Cell = f"{i.value} ({i.interval})" if i.value and i.interval else i.value
    origin = Mark("origin", i.origin) if i.value is not None else ""
    return Row({"label": i.label, "value": value, "origin": origin, "source": i.source})


def _line(of: Shown, table: str, code: str) -> Json | None:
    """The line of a commune in an open table: cell and label by column key."""
    found = of.table(table)
    if found is None:
        return None
    columns = found["grid"]["columns"]
    at = next(n for n, column in enumerate(columns) if column["key"] == "commune_code")
    for cells in found["grid"]["rows"]:
        if cells[at]["text"] == code:
            return {
                column["key"]: {"label": column["label"], **cell}
                for column, cell in zip(columns, cells, strict=True)
            }
    return None


def _indicators(of: Shown, table: str, line: Json) -> tuple[Indicator, ...]:
    return tuple(_indicator(of, table, key, line) for key in line if key not in OF_NAME | NOT_ALONE)


def _indicator(of: Shown, table: str, key: str, line: Json) -> Indicator:
    cell, where = line[key], of.provenance(table, key)
    value = shown_cell(cell)
    interval = ""
    if key in RANGED and value is not None:
        low, high = (line[end]["text"] for end in RANGED[key])
        interval = f"de {low} à {high}"
    text = value.text if isinstance(value, Number) else value
    return Indicator(
        key,
        cell["label"],
        None if text is None else str(text),
        interval,
        where.origin,
        where.source,
    )


def _names(of: Shown) -> dict[str, str]:
    found = of.table("communes")
    cells = found["grid"]["rows"] if found else []
    return {code["text"]: name["text"] for code, name, *_rest in cells}


def _around(of: Shown) -> dict[str, Any]:
    if not of.has(communes_file.NAME):
        return {}
    return reading.document(of.folder, communes_file.NAME)

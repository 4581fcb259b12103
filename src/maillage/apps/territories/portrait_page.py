"""The page of a portrait, part by part."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from maillage.apps.territories import bars, parts, unknowns
from maillage.apps.territories.parts import Json, Shown
from maillage.kit.components import Link
from maillage.kit.tables import Column, Number, Row, Table, sorted_by
from maillage.report import french

COMMUNES = "communes"
CATEGORIES = "categories"
LIST_ID = "communes"
MOST_DESTINATIONS = 10


def context(of: Shown, query: QueryDict) -> dict[str, Any]:
    """Everything the template writes, in the order of the page."""
    words = of.words
    return {
        "title": words["title"],
        "lead": words["lead"],
        "figures": [parts.figure(entry) for entry in words["figures"]],
        "map": parts.map_panel(of, LIST_ID) if words["access"] else None,
        "plain_map": of.drawing(words["map"]["panel"]),
        "map_words": words["map"],
        "attribution": words["attribution"],
        "access": chart(of, "access", bars.bands(of, "access")) if words["access"] else None,
        "employment": chart(of, "employment", bars.employment(of), COMMUNES),
        "destinations": chart(of, "destinations", bars.destinations(of, MOST_DESTINATIONS)),
        "distances": chart(of, "distances", bars.bands(of, "distances")),
        # a portrait loaded before they were told has none
        "modes": chart(of, "modes", bars.modes(of)) if words.get("modes") else None,
        "categories": categories(of),
        "hosts": words["hosts"],
        "host_figures": [parts.figure(entry) for entry in words["hosts"]["figures"]],
        "places": words["places"],
        "unknowns": unknowns.of_portrait(of.siren, words),
        "communes": communes(of, query),
        "notes": words["notes"],
        # without a known place nobody travels
        "travel": words.get("travel") if words["access"] else "",
        "sources": words["sources"],
    }


def chart(of: Shown, name: str, drawn: object, table: str = "") -> dict[str, Any]:
    """A chart with its finding, its bars, where it comes from, its files."""
    entry: Json = of.words[name]
    open_table = of.table(table or name)
    return {
        "title": entry["title"],
        "text": entry["text"],
        "bars": drawn,
        "origin": entry["origin"],
        "source": entry["source"],
        "vintage": french.vintage(entry["vintage"]),
        "documents": parts.documents(of, open_table) if open_table else [],
    }


def categories(of: Shown) -> dict[str, Any] | None:
    """Who goes how: a finding, then workers by category and mode."""
    entry, table = of.words.get("categories"), of.table(CATEGORIES)
    if not entry or table is None:
        return None
    keys = [column["key"] for column in table["grid"]["columns"]]
    return {
        "title": entry["title"],
        "text": entry["text"],
        "table": parts.grid(
            CATEGORIES,
            entry["grid"],
            note=parts.note_of(of, CATEGORIES, keys),
            downloads=parts.documents(of, table),
        ),
    }


def communes(of: Shown, query: QueryDict) -> Table | None:
    """One line a commune, which leads to its page: the list that says what the map shows."""
    table = of.table(COMMUNES)
    if table is None:
        return None
    entry = table["grid"]
    at = {column["key"]: n for n, column in enumerate(entry["columns"])}
    labels = {c["key"]: c["label"] for c in entry["columns"]}
    has_minutes = "minutes" in at
    columns = [
        Column("name", "Commune", is_sortable=True),
        *(
            Column(key, labels[key], is_numeric=True, is_sortable=True)
            for key in ("population", "employed", "jobs")
        ),
    ]
    if has_minutes:
        label = labels["minutes"]
        columns.append(
            Column("minutes", label, is_numeric=True, is_sortable=True, origin="modelled")
        )
    rows = [_commune(of.siren, cells, at) for cells in entry["rows"]]
    return Table(
        id=LIST_ID,
        caption=entry["caption"],
        columns=columns,
        rows=sorted_by(rows, columns, query),
        total=_total(entry["total"], at),
        downloads=parts.documents(of, table),
        note=parts.note_of(of, COMMUNES, [column.key for column in columns]),
    )


def _commune(siren: str, cells: list[Json], at: dict[str, int]) -> Row:
    code, name = (str(cells[at[key]]["text"]) for key in ("commune_code", "name"))
    by_key = {key: parts.shown_cell(cells[at[key]]) for key in ("population", "employed", "jobs")}
    by_key["name"] = Link(name, reverse("territory_commune", args=(siren, code)))
    if "minutes" in at:
        by_key["minutes"] = _ranged(cells, at)
    return Row(by_key, key=code)


def _total(cells: list[Json], at: dict[str, int]) -> Row | None:
    if not cells:
        return None
    kept = {key: str(cells[at[key]]["text"]) for key in ("name", "population", "employed", "jobs")}
    minutes = _ranged(cells, at) if "minutes" in at else ""
    return Row({**kept, "minutes": minutes})


def _ranged(cells: list[Json], at: dict[str, int]) -> Number | None:
    """A modelled number never stands alone: minutes, then their range."""
    central, low, high = (cells[at[key]] for key in ("minutes", "minutes_low", "minutes_high"))
    if central["value"] is None:
        return None
    return Number(central["value"], f"{central['text']} (de {low['text']} à {high['text']})")

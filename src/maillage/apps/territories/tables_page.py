"""The open tables of a territory as pages show them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.territories import parts
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import search_key
from maillage.apps.territories.parts import Json, Keep, Shown
from maillage.kit.tables import Column, Row, Table, sorted_by

BESIDE_MAP = frozenset({"name", "kind", "commune_name", "nearest_for"})
NAMES = ("name", "work_name", "band", "mode", "category")


def listed(of: Shown) -> list[dict[str, Any]]:
    """Each table: its title, its size, its page, its files."""
    return [
        {
            "title": table["title"],
            "rows": len(table["grid"]["rows"]),
            "columns": len(table["grid"]["columns"]),
            "href": reverse("territory_table", args=(of.siren, table["key"])),
            "documents": parts.documents(of, table),
        }
        for table in of.words["tables"]
    ]


def has_inside(table: Json) -> bool:
    """Whether its lines are inside or outside the territory."""
    return any(column["key"] == "is_inside" for column in table["grid"]["columns"])


def filtered(of: Shown, table: Json, query: QueryDict, asked: Mapping[str, str]) -> Table:
    """An open table under its filters; a member's name leads to its page."""
    return parts.open_table(of, table, query, _links(of, table["key"]), _keep(asked))


def places(of: Shown, table: Json, query: QueryDict) -> Table:
    """The known workplaces beside their map; the open table has the rest."""
    whole = parts.open_table(of, table, query, {}, _keep({}))
    columns = [column for column in whole.columns if column.key in BESIDE_MAP]
    return replace(whole, id="lieux", columns=columns)


def members(territory: Territory) -> Table:
    """The communes of a territory whose tables are not loaded."""
    columns = (Column("name", _("Commune")), Column("population", _("Habitants"), is_numeric=True))
    rows = [
        Row({"name": m["name"], "population": m["population"]}, key=m["code"])
        for m in territory.members
    ]
    ordered = sorted_by(rows, [Column("name", "", is_sortable=True)], QueryDict("tri=name"))
    return Table("communes", _("Communes membres"), columns, ordered)


def _links(of: Shown, key: str) -> Mapping[str, Callable[[str], str]]:
    if key not in {"communes", "equipment"}:
        return {}
    return {"name": lambda code: reverse("territory_commune", args=(of.siren, code))}


def _keep(asked: Mapping[str, str]) -> Keep:
    wanted, inside = search_key(asked.get("q", "")), asked.get("dedans", "")

    def keep(line: Mapping[str, str]) -> bool:
        named = search_key(*(line[name] for name in NAMES if name in line))
        return wanted in named and (not inside or line.get("is_inside") == inside)

    return keep

"""The page of a computed study, part by part."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from maillage.apps.studies.shown import Json, Shown
from maillage.apps.territories import parts
from maillage.kit.components import Document, Figure, Link, MapPanel
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table, sorted_by
from maillage.report import french

LIST_ID = "lieux"
ZONES_ID = "zones"
VIEWS = {"avant": "before", "apres": "after", "zones": "zones", "trajets": "flows"}
MAPS = {"avant": "map_before", "apres": "map", "zones": "map_zones", "trajets": "map_flows"}
AFTER = "apres"
# the tables that say what a map of another kind shows
LISTS = {"flows": "trajets", "zones": ZONES_ID}
MOST_REPLACEMENTS = 5
# chart, title of its section of the page
CHARTS = ("curve", "front", "demand", "tornado", "carbon", "destinations", "distances")


def context(of: Shown, query: QueryDict) -> dict[str, Any]:
    """Everything the template writes, in the order of the page."""
    words = of.words
    view = query.get("vue", AFTER)
    view = view if view in views(of) else AFTER
    chosen = of.site(query.get("lieu", ""))
    return {
        "words": words,
        "figures": [Figure(**entry) for entry in words["figures"]],
        "proof": words["proof"],
        "stages": parts.grid("preuve", words["proof"]["stages"]),
        "map": map_panel(of, view, query.get("lieu", "") if chosen else ""),
        "site": site(chosen, query) if chosen else None,
        "flows": parts.grid("trajets", words["flows"]) if view == "trajets" else None,
        "zones": zones(of) if view == "zones" else None,
        "travel": travel(of),
        "without_site": _without("lieu", query),
        "sites": sites(of, query),
        "uncovered": parts.grid("loin", words["uncovered"]),
        "not_chosen": parts.grid("ecartes", words["not_chosen"]),
        "money": money(of),
        "charts": charts(of, CHARTS),
        "assumptions": [
            parts.grid(f"hypotheses-{n}", entry) for n, entry in enumerate(words["assumptions"])
        ],
        "documents": documents(of),
    }


def views(of: Shown) -> tuple[str, ...]:
    """What the map of a result may show: no zones where no street was known."""
    return tuple(view for view in VIEWS if of.words.get(MAPS[view]))


def view_words(of: Shown, view: str) -> str:
    """The words of the map's toolbar."""
    return {
        "avant": _("Avant"),
        AFTER: _("Après"),
        "zones": _("À {minutes} min").format(minutes=french.number(of.run.summary["minutes"])),
        "trajets": _("Trajets"),
    }[view]


def travel(of: Shown) -> dict[str, Any]:
    """Where the times come from; nothing on the results of before they said it."""
    words = of.words.get("travel")
    if not words:
        return {}
    facts = words["facts"]
    return {**words, "facts": parts.grid("routes", facts) if facts else None}


def zones(of: Shown) -> Table | None:
    """Who lives within reach of each site: the list that says what the zones draw."""
    entry = of.words.get("travel", {}).get("zones")
    return parts.grid(ZONES_ID, entry) if entry else None


def map_panel(of: Shown, view: str, selected: str) -> MapPanel:
    """The map before or after, with the server's drawing behind the interactive one."""
    drawn = of.words[MAPS[view]]
    legend = VIEWS[view] if VIEWS[view] in LISTS else "minutes"
    kept = f"&lieu={selected}" if selected else ""
    return MapPanel(
        id="carte",
        svg=of.drawing(drawn["panel"]),
        alternative=drawn["alternative"],
        list_id=LISTS.get(legend, LIST_ID),
        legend=legend,
        how=drawn.get("how", ""),
        zone_min=of.run.summary["minutes"],
        layers={name: of.address(file) for name, file in drawn["layers"].items()},
        bounds=tuple(drawn["bounds"]),
        views=[
            Link(view_words(of, name), f"?vue={name}{kept}", name == view) for name in views(of)
        ],
        view=VIEWS[view],
        selected=selected,
        source=of.words["attribution"],
        rule_min=of.run.summary["minutes"] if drawn["rule"] else None,
    )


def site(entry: Json, query: QueryDict) -> dict[str, Any]:
    """The chosen site: why it is there, what would replace it, what it costs."""
    most = max((r["loss"] for r in entry["replacements"]), default=0)
    return {
        **entry,
        "replacements": [
            {
                **r,
                "width": round(100 * r["loss"] / most) if most else 0,
                "lost": f"{french.number(-r['loss'])}{french.NBSP}hab.",
            }
            for r in entry["replacements"][:MOST_REPLACEMENTS]
        ],
        "dependents_count": len(entry["dependents"]),
        "href": _with("lieu", entry["id"], query),
    }


def sites(of: Shown, query: QueryDict) -> Table:
    """The sites, the list that does everything the map does."""
    columns = (
        Column("name", _("Commune"), is_sortable=True),
        Column("kind", _("Type"), is_sortable=True),
        Column("seats", _("Places"), is_numeric=True, is_sortable=True),
        Column(
            "inhabitants",
            _("Habitants desservis"),
            is_numeric=True,
            is_sortable=True,
            origin="modelled",
        ),
        Column(
            "commuters",
            _("Actifs en chemin"),
            is_numeric=True,
            is_sortable=True,
            origin="modelled",
        ),
        Column("lost", _("Perte si retiré"), is_numeric=True, is_sortable=True),
        Column("opening", _("Ouverture"), is_sortable=True),
        Column("payer", _("Qui paie")),
    )
    chosen = query.get("lieu", "")
    rows = [
        _site_row(entry, query, is_selected=entry["id"] == chosen) for entry in of.words["sites"]
    ]
    return Table(
        LIST_ID,
        _("Les lieux du plan"),
        columns,
        sorted_by(rows, columns, query),
        downloads=(
            of.document("Données ouvertes", "sites.csv", "text/csv"),
            of.document("Excel FR", "sites-excel.csv", "text/csv"),
        ),
        note=of.words["attribution"],
    )


def _site_row(entry: Json, query: QueryDict, *, is_selected: bool) -> Row:
    lost: Cell = _("sans objet")
    if entry["lost"] is not None:
        lost = Number(entry["lost"], french.number(-entry["lost"]))
    # to the heading of the panel: the new page begins there, for the eye and for the keyboard
    href = f"{_with('lieu', entry['id'], query)}#lieu"
    return Row(
        {
            "name": Mark("tier", entry["tier"], entry["name"], href),
            "kind": entry["kind"],
            "seats": entry["seats"],
            "inhabitants": entry["inhabitants"],
            "commuters": _commuters(entry),
            "lost": lost,
            "opening": entry["opening"],
            "payer": entry["payer"],
        },
        key=entry["id"],
        is_selected=is_selected,
    )


def _commuters(entry: Json) -> Cell:
    """Between what and what; a result kept from before they were counted has none."""
    if entry.get("commuters") is None:
        return _("sans objet")
    return Number(entry["commuters"], entry["commuters_text"])


def money(of: Shown) -> dict[str, Any]:
    """What it costs, who pays, the two legal tests."""
    words = of.words["money"]
    return {
        "title": words["title"],
        "lines": words["lines"],
        "own_share": words["own_share"],
        "payers": chart(of, "payers"),
        "years": parts.grid("annees", words["years"]),
        "contributions": parts.grid("tests", words["contributions"]),
    }


def charts(of: Shown, names: Iterable[str]) -> list[dict[str, Any]]:
    """Those that a result has: one of an earlier version lacks what was drawn since."""
    return [chart(of, name) for name in names if name in of.words["charts"]]


def chart(of: Shown, name: str) -> dict[str, Any]:
    """A chart with its finding and its table."""
    entry = of.words["charts"][name]
    return {
        "name": name,
        "title": entry["title"],
        "text": entry["text"],
        "svg": of.drawing(entry["file"]),
        "table": parts.grid(f"graphique-{name}", entry["grid"]),
        "origin": entry["origin"],
        "source": entry["source"],
        "vintage": entry["vintage"],
    }


def documents(of: Shown) -> list[Document]:
    """What is handed over, each with its type and size."""
    offered = (
        (_("Rapport pour les élus"), "report.pdf", "application/pdf"),
        (_("Plan complet"), "plan.json", "application/json"),
        (_("Lieux"), "sites.csv", "text/csv"),
        (_("Communes"), "communes.csv", "text/csv"),
        (_("Lieux"), "sites.geojson", "application/geo+json"),
        (_("Couverture par carreau"), "coverage.geojson", "application/geo+json"),
        (_("Entrées, hypothèses et empreintes"), "manifest.json", "application/json"),
        (_("Certificat du plan"), "certificate.npz", "application/zip"),
        (_("Données du certificat"), "instance.npz", "application/zip"),
    )
    # a network drawn by hand has no certificate, nor has a study of an earlier version
    return [of.document(title, name, kind) for title, name, kind in offered if name in of.files]


def _with(name: str, value: str, query: QueryDict) -> str:
    asked = query.copy()
    asked[name] = value
    return f"?{asked.urlencode()}"


def _without(name: str, query: QueryDict) -> str:
    asked = query.copy()
    asked.pop(name, None)
    return f"?{asked.urlencode()}"

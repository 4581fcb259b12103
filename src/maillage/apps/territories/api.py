"""Territories for programs: the list, the portrait, its open tables, its layers."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema

from maillage.apps.territories import dictionary, parts, reading, search
from maillage.apps.territories.models import Portrait, Territory, TerritoryQuerySet
from maillage.apps.territories.parts import Shown
from maillage.apps.territories.searching import limited
from maillage.kit import api
from maillage.kit.api import A_PAGE, Caller, Limit, Offset, Page, href
from maillage.kit.pages import anyone

router = Router(tags=["Territoires"])
read = partial(api.operation, router, "GET", rule=anyone, scope="territories:read")
LAYERS = ("outlines", "cells", "places", "labels")
GEOJSON = "application/geo+json"
BOOLEANS = {"true": True, "false": False}

Siren = Annotated[str, Path(pattern=r"^[0-9]{9}$", description="Numéro SIREN, 9 chiffres.")]
Words = Annotated[
    str,
    Query(
        max_length=120,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Nom, autre nom, SIREN ou commune ; vide : toute la liste.",
    ),
]
Key = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="Clé de la table.")]
Layer = Annotated[str, Path(pattern=r"^[a-z]{1,20}$", description="Nom de la couche.")]


class TerritoryLine(Schema):
    """An intercommunality of the list."""

    siren: str
    name: str
    communes: int
    population: int | None
    is_demonstration: bool
    loaded_at: datetime | None = Field(description="Date de son portrait, null s’il n’y en a pas.")
    href: str


class Member(Schema):
    """A commune of an intercommunality."""

    code: str
    name: str
    population: int | None


class TableLine(Schema):
    """An open table of a portrait."""

    key: str
    title: str
    href: str


class TerritorySheet(TerritoryLine):
    """An intercommunality with its communes and what may be read of it."""

    members: list[Member]
    portrait: str | None = Field(description="Adresse du portrait, null s’il n’y en a pas.")
    tables: list[TableLine]
    layers: list[str] = Field(description="Adresses des couches GeoJSON.")


class ColumnSheet(Schema):
    """A column of an open table."""

    key: str
    label: str
    unit: str
    meaning: str
    origin: str = Field(description="observed, modelled ou declared.")
    source: str


class TableSheet(Schema):
    """An open table with its values."""

    key: str
    title: str
    columns: list[ColumnSheet]
    rows: list[dict[str, str | int | float | bool | None]] = Field(
        description="null : non renseigné."
    )
    csv: str = Field(description="Adresse du même tableau en CSV.")


def every(_person: Any) -> TerritoryQuerySet:
    """The list."""
    return Territory.objects.with_portrait().order_by("name", "pk")


def portrait_of(_person: Any, siren: Siren) -> Portrait:
    """The latest portrait of a territory."""
    latest = Portrait.objects.filter(territory_id=siren).order_by("-loaded_at").first()
    if latest is None:
        raise Http404(siren)
    return latest


def one(_person: Any, siren: Siren) -> Any:
    """A territory of the list, with the day of its portrait."""
    found = Territory.objects.with_portrait().filter(pk=siren).first()
    if found is None:
        raise Http404(siren)
    return found


@read(
    "",
    "territories",
    of=every,
    answers={200: Page[TerritoryLine]},
    summary="Chercher un territoire",
    description="Les intercommunalités connues, par nom. Avec q, celles que ce texte désigne.",
)
def territories(
    request: HttpRequest,
    rows: TerritoryQuerySet,
    q: Words = "",
    limit: Limit = A_PAGE,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The list, or the answers of a search."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    if q.strip():
        if caller.token_id is None:
            limited(request)
        rows = search.find(q).territories
    return api.part_of(request, rows, _line, limit, offset)


@read(
    "/{siren}",
    "territory",
    of=one,
    answers={200: TerritorySheet},
    summary="Lire un territoire",
    description="Ses communes, et les adresses de ce qui se lit de lui.",
)
def territory(request: HttpRequest, found: Any) -> dict[str, Any]:  # noqa: ARG001
    """One territory."""
    sheet = {**_line(found), "members": found.members, "portrait": None, "tables": [], "layers": []}
    if found.loaded_at is None:
        return sheet
    of = parts.shown(portrait_of(None, found.pk))
    return sheet | {
        "portrait": href("territory_portrait", siren=of.siren),
        "tables": [
            {
                "key": entry["key"],
                "title": entry["title"],
                "href": href("territory_table", siren=of.siren, key=entry["key"]),
            }
            for entry in of.words["tables"]
        ],
        "layers": [
            href("territory_layer", siren=of.siren, name=name)
            for name in LAYERS
            if of.has(f"{name}.geojson")
        ],
    }


@read(
    "/{siren}/portrait",
    "territory_portrait",
    of=portrait_of,
    answers={200: dict[str, Any]},
    summary="Lire le portrait d’un territoire",
    description="Habitants, emplois, trajets, lieux, équipements, et ce qui n’est pas connu.",
    openapi_extra={"x-answer": "Portrait"},
)
def portrait(request: HttpRequest, latest: Portrait) -> HttpResponse:
    """The portrait, as its schema says."""
    return _file(request, latest, parts.DOCUMENT, "application/json")


@read(
    "/{siren}/tables/{key}",
    "territory_table",
    of=portrait_of,
    answers={200: TableSheet},
    summary="Lire une table ouverte",
    description="Ses colonnes avec leur unité et leur origine, et toutes ses lignes.",
)
def table(request: HttpRequest, latest: Portrait, key: Key) -> dict[str, Any]:  # noqa: ARG001
    """One open table."""
    of = parts.shown(latest)
    entry = of.table(key)
    if entry is None:
        raise Http404(key)
    columns, rows = entry["grid"]["columns"], entry["grid"]["rows"]
    return {
        "key": key,
        "title": entry["title"],
        "columns": [_column(of, key, column) for column in columns],
        "rows": [
            {c["key"]: _value(c["key"], cell) for c, cell in zip(columns, row, strict=True)}
            for row in rows
        ],
        "csv": api.address(of.address(entry["csv"])),
    }


@read(
    "/{siren}/layers/{name}",
    "territory_layer",
    of=portrait_of,
    answers={200: dict[str, Any]},
    summary="Lire une couche d’un territoire",
    description="outlines : contours ; cells : carreaux habités ; places : lieux existants ; "
    "labels : noms. Longitude et latitude (WGS 84).",
    openapi_extra={"x-answer": "FeatureCollection"},
)
def layer(request: HttpRequest, latest: Portrait, name: Layer) -> HttpResponse:
    """One layer of the portrait."""
    if name not in LAYERS:
        raise Http404(name)
    return _file(request, latest, f"{name}.geojson", GEOJSON)


def _line(row: Any) -> dict[str, Any]:
    return {
        "siren": row.siren,
        "name": row.name,
        "communes": row.communes,
        "population": row.population,
        "is_demonstration": row.is_demonstration,
        "loaded_at": row.loaded_at,
        "href": href("territory", siren=row.siren),
    }


def _column(of: Shown, table: str, column: dict[str, Any]) -> dict[str, str]:
    key = column["key"]
    meaning, provenance = dictionary.meaning(table, key), of.provenance(table, key)
    return {
        "key": key,
        "label": column["label"],
        "unit": meaning.unit,
        "meaning": meaning.meaning,
        "origin": provenance.origin,
        "source": provenance.source,
    }


def _value(key: str, cell: dict[str, Any]) -> str | float | bool | None:
    value: str | float | None = cell["value"]
    return BOOLEANS.get(str(value), value) if key.startswith("is_") else value


def _file(request: HttpRequest, of: Portrait, name: str, media_type: str) -> HttpResponse:
    found = reading.stored(of).get(name)
    if found is None:
        raise Http404(name)
    answer = HttpResponse(reading.data(of.folder, name), content_type=media_type)
    return api.kept(request, answer, found.sha256)

"""The catalogue of open data: every file, its licence, its dictionary, its stable address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from maillage.apps.sites import directory
from maillage.apps.studies import shown as results
from maillage.apps.studies.shown import Shown as Result
from maillage.apps.territories import dictionary, freshness, initiatives, parts
from maillage.apps.territories.models import Portrait
from maillage.apps.territories.names import short_name
from maillage.apps.territories.pages import portrait_of
from maillage.apps.territories.parts import Shown
from maillage.kit.components import Crumb, Document
from maillage.kit.pages import anyone, page
from maillage.kit.tables import Column, Mark, Row, Table

LICENCE = "Licence Ouverte 2.0"
LICENCE_HREF = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
A_PAGE = 20
OUTLINES = "outlines.geojson"
# file -> title, datasets it is drawn from
LAYERS = {
    OUTLINES: (later("Contours des communes"), {"outlines", "outlines_national"}),
    "cells.geojson": (
        later("Carreaux habités et minutes jusqu’au lieu le plus proche"),
        {"grid", "third_places", "roads"},
    ),
    "places.geojson": (later("Lieux de travail partagés existants"), {"third_places"}),
}
OF_STUDY = {
    "sites.csv": later("Lieux proposés"),
    "communes.csv": later("Communes : trajets avant et après"),
    "sites.geojson": later("Lieux proposés, couche"),
    "coverage.geojson": later("Carreaux habités : minutes après, couche"),
    "plan.json": later("Le plan entier"),
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "json": "application/json",
}

# (what, territory) -> when it last changed
Edits = dict[tuple[str, str], datetime]


@dataclass(frozen=True)
class Dataset:
    """One open dataset: what it is, who made it, from what, under which licence."""

    id: str
    title: str
    producer: str
    vintage: str
    licence: str
    updated_at: datetime
    files: tuple[Document, ...]
    href: str
    dictionary_href: str = ""


@dataclass(frozen=True)
class Group:
    """The datasets of a territory or of a study."""

    id: str
    title: str
    href: str
    datasets: tuple[Dataset, ...]


@page(rule=anyone)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every open file, for people."""
    rows, studies = _listed(request), results.published()
    edits = _edits(rows)
    versions = [*(f"{row.folder}{row.loaded_at}" for row in rows), *(s.version for s in studies)]
    return freshness.answer(
        request,
        "|".join([*versions, *(f"{key}{at}" for key, at in edits.items())]),
        lambda: render(
            request,
            "public/open_data.html",
            {"groups": _groups(rows, studies, edits), "page": rows, "licence_href": LICENCE_HREF},
        ),
    )


@page(rule=anyone)
def catalogue_json(request: HttpRequest) -> HttpResponse:
    """Every open file, for machines: DCAT in JSON-LD."""
    shown = _listed(request)
    groups = _groups(shown, results.published(), _edits(shown))
    document: dict[str, Any] = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@type": "dcat:Catalog",
        "@id": settings.BASE_URL + reverse("open_data"),
        "dct:title": "Maillage, données ouvertes",
        "dct:language": "fr",
        "dct:license": LICENCE_HREF,
        "dcat:dataset": [_dcat(d) for group in groups for d in group.datasets],
    }
    if shown.has_next():
        following = reverse("open_data_json", query={"page": shown.next_page_number()})
        document["next"] = settings.BASE_URL + following
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/ld+json"
    return response


@page(rule=anyone)
def table(request: HttpRequest, siren: str, key: str) -> HttpResponse:
    """The dictionary of an open table: name, unit and meaning of each column."""
    of = portrait_of(request.user, siren)
    entry = of.table(key)
    if entry is None:
        raise Http404(key)
    return freshness.answer(
        request,
        of.version,
        lambda: render(request, "public/dictionary.html", _dictionary_context(of, entry)),
    )


def _dictionary_context(of: Shown, entry: parts.Json) -> dict[str, Any]:
    name, key = of.words["name"], entry["key"]
    crumbs = [
        Crumb(_("Données ouvertes"), reverse("open_data")),
        Crumb(name, f"{reverse('open_data')}#t{of.siren}"),
        Crumb(entry["title"]),
    ]
    return {
        "title": entry["title"],
        "name": name,
        "territory_name": short_name(name),
        "crumbs": crumbs,
        "table": _dictionary(of, entry),
        "documents": parts.documents(of, entry),
        "read_href": reverse("territory_table", args=(of.siren, key)),
        "licence": LICENCE,
        "licence_href": LICENCE_HREF,
    }


def _dictionary(of: Shown, entry: parts.Json) -> Table:
    columns = (
        Column("key", _("Nom")),
        Column("label", _("Titre")),
        Column("unit", _("Unité")),
        Column("meaning", _("Ce que c’est")),
        Column("origin", _("Origine")),
        Column("source", _("Source et millésime")),
    )
    rows = [_meaning(of, entry["key"], column) for column in entry["grid"]["columns"]]
    return Table("colonnes", _("Colonnes de la table"), columns, rows)


def _meaning(of: Shown, table_key: str, column: parts.Json) -> Row:
    found = dictionary.meaning(table_key, column["key"])
    where = of.provenance(table_key, column["key"])
    return Row(
        {
            "key": column["key"],
            "label": column["label"],
            "unit": found.unit,
            "meaning": found.meaning,
            "origin": Mark("origin", where.origin),
            "source": where.source,
        }
    )


def _listed(request: HttpRequest) -> Page[Portrait]:
    rows = Portrait.objects.filter(pk__in=Portrait.objects.shown().values("pk"))
    in_order = rows.order_by("territory__name", "pk")
    return Paginator(in_order, A_PAGE).get_page(request.GET.get("page"))


def _edits(rows: Page[Portrait]) -> Edits:
    sirens = [row.territory_id for row in rows]
    found = {"initiatives": initiatives.public_edits(sirens), "sites": directory.edits(sirens)}
    return {(what, siren): at for what, by in found.items() for siren, at in by.items()}


def _groups(rows: Page[Portrait], studies: list[Result], edits: Edits) -> list[Group]:
    """The datasets of a page of territories; those of the studies stand on the first one.

    edits  when the public initiatives and the listed sites of a territory last changed
    """
    groups = [_of_portrait(row, edits) for row in rows]
    return groups + [_of_study(study) for study in studies] if rows.number == 1 else groups


def _of_portrait(row: Portrait, edits: Edits) -> Group:
    of = parts.shown(row)
    name = of.words["name"]
    tables = tuple(_table(of, row, entry) for entry in of.words["tables"])
    layers = tuple(_layer(of, row, file) for file in LAYERS if of.has(file))
    kept = tuple(
        write(of, edits[what, of.siren])
        for what, write in (("initiatives", _initiatives), ("sites", _network))
        if (what, of.siren) in edits
    )
    home = reverse("territory", args=(of.siren,))
    return Group(f"t{of.siren}", name, home, tables + layers + kept)


def _initiatives(of: Shown, edited_at: datetime) -> Dataset:
    href = reverse("initiatives_csv", args=(of.siren,))
    return Dataset(
        id=f"{of.siren}-initiatives",
        title=_("Initiatives des communes"),
        producer=of.words["name"],
        vintage=str(edited_at.year),
        licence=LICENCE,
        updated_at=edited_at,
        files=(Document(_("Données ouvertes"), href, MEDIA_TYPES["csv"]),),
        href=reverse("initiatives", args=(of.siren,)),
    )


def _network(of: Shown, edited_at: datetime) -> Dataset:
    files = tuple(
        Document(title, reverse(name, args=(of.siren,)), MEDIA_TYPES[suffix])
        for title, name, suffix in (
            ("CSV", "network_csv", "csv"),
            ("JSON", "network_json", "json"),
            ("GeoJSON", "network_geojson", "geojson"),
        )
    )
    return Dataset(
        id=f"{of.siren}-lieux",
        title=_("Lieux du réseau, au schéma national des lieux de médiation numérique"),
        producer=of.words["name"],
        vintage=str(edited_at.year),
        licence=LICENCE,
        updated_at=edited_at,
        files=files,
        href=reverse("network", args=(of.siren,)),
    )


def _table(of: Shown, row: Portrait, entry: parts.Json) -> Dataset:
    keys = [column["key"] for column in entry["grid"]["columns"]]
    ids = {name for key in keys for name in dictionary.meaning(entry["key"], key).datasets}
    return Dataset(
        id=f"{of.siren}-{entry['key']}",
        title=entry["title"],
        producer=_producer(of, ids),
        vintage=_vintage(of, ids),
        licence=LICENCE,
        updated_at=row.loaded_at,
        files=tuple(parts.documents(of, entry)),
        href=reverse("territory_table", args=(of.siren, entry["key"])),
        dictionary_href=reverse("open_data_table", args=(of.siren, entry["key"])),
    )


def _layer(of: Shown, row: Portrait, file: str) -> Dataset:
    title, ids = LAYERS[file]
    licences = [s["licence"] for s in of.numbers["sources"] if s["id"] in ids]
    return Dataset(
        id=f"{of.siren}-{file}",
        title=str(title),
        producer=_producer(of, ids),
        vintage=_vintage(of, ids),
        # outlines stay under the licence of those who drew them
        licence=", ".join(licences) if file == OUTLINES else LICENCE,
        updated_at=row.loaded_at,
        files=(_file("GeoJSON", of.address(file), file, of.files[file].size_bytes),),
        href=reverse("territory", args=(of.siren,)),
    )


def _producer(of: Shown, ids: Collection[str]) -> str:
    """Maillage computes from what others publish: both are named."""
    read = [s["publisher"] for s in of.numbers["sources"] if s["id"] in ids]
    names = dict.fromkeys(name for publisher in read for name in publisher.split(", "))
    return _("Maillage, d’après %(sources)s") % {"sources": ", ".join(names)}


def _vintage(of: Shown, ids: Collection[str]) -> str:
    return ", ".join(dict.fromkeys(s["vintage"] for s in of.numbers["sources"] if s["id"] in ids))


def _of_study(study: Result) -> Group:
    datasets = tuple(
        Dataset(
            id=f"etude-{study.study.pk}-{name}",
            title=str(title),
            producer=_producer_of(study),
            vintage="",
            licence=LICENCE,
            updated_at=study.run.finished_at or study.study.created_at,
            files=(_file(str(title), study.address(name), name, study.files[name].size_bytes),),
            href=study.home,
        )
        for name, title in OF_STUDY.items()
        if name in study.files
    )
    return Group(f"e{study.study.pk}", study.study.title, study.home, datasets)


def _producer_of(study: Result) -> str:
    """Maillage, and those whose streets it followed."""
    credit = study.words.get("travel", {}).get("credit", "")
    if not credit:
        return _("Maillage")
    return _("Maillage, d’après les rues d’OpenStreetMap, %(credit)s") % {"credit": credit}


def _file(title: str, href: str, name: str, size_bytes: int) -> Document:
    return Document(title, href, MEDIA_TYPES[name.rpartition(".")[2]], size_bytes)


def _dcat(dataset: Dataset) -> dict[str, Any]:
    return {
        "@type": "dcat:Dataset",
        "@id": f"{settings.BASE_URL}{reverse('open_data')}#{dataset.id}",
        "dct:identifier": dataset.id,
        "dct:title": dataset.title,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": dataset.producer},
        "dct:temporal": dataset.vintage,
        "dct:license": dataset.licence,
        "dct:modified": dataset.updated_at.date().isoformat(),
        "dcat:landingPage": settings.BASE_URL + dataset.href,
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": str(document.title),
                "dcat:downloadURL": settings.BASE_URL + document.href,
                "dcat:mediaType": document.media_type,
                "dcat:byteSize": document.size_bytes,
            }
            for document in dataset.files
        ],
    }

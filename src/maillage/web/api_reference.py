"""The reference of the API, for people: written from its description, without any library."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.apps.people.api_access import READS, WRITES
from maillage.apps.people.api_token import SCOPES
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page
from maillage.kit.tables import Column, Row, Table
from maillage.report import french
from maillage.web import api, problems

Json = Mapping[str, Any]
TEN_THOUSAND = 10_000
PLACES = {
    "path": "Adresse",
    "query": "Après ?",
    "header": "En-tête",
    "body": "Corps",
}
KINDS = {
    "integer": "nombre entier",
    "number": "nombre",
    "string": "texte",
    "boolean": "true ou false",
    "array": "liste",
    "object": "objet",
    "null": "null",
}


@dataclass(frozen=True)
class Operation:
    """One operation, in words."""

    name: str
    method: str
    path: str
    title: str
    text: str
    parameters: Table | None
    answer: Table | None
    media_types: str
    needs_token: bool


@dataclass(frozen=True)
class Group:
    """The operations on one noun."""

    title: str
    operations: tuple[Operation, ...]


@page(rule=anyone)
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, its parameters, what it answers."""
    context = {
        "crumbs": [Crumb(_("Référence de l’API"))],
        "groups": _groups(),
        "scopes": _scopes(),
        "problems": _problems(),
        "reads": READS.most,
        "writes": WRITES.most,
    }
    return render(request, "public/api.html", context)


@cache
def _groups() -> tuple[Group, ...]:
    described = api.schema()
    parts = described["components"]["schemas"]
    by_tag: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, entry in methods.items():
            made = _operation(path, method, entry, parts)
            by_tag.setdefault(entry["tags"][0], []).append(made)
    return tuple(Group(title, tuple(operations)) for title, operations in by_tag.items())


def _operation(path: str, method: str, entry: Json, parts: Json) -> Operation:
    name = entry["operationId"]
    rows = [
        _row(p["name"], p["schema"], parts, PLACES[p["in"]], is_required=p["required"])
        for p in entry["parameters"]
    ]
    if "requestBody" in entry:
        body = entry["requestBody"]["content"]["application/json"]["schema"]
        rows += _fields(_named(body, parts), parts, PLACES["body"])
    done = next(code for code in ("200", "201", "202") if code in entry["responses"])
    content = entry["responses"][done]["content"]
    answered = _named(next(iter(content.values()))["schema"], parts)
    return Operation(
        name=name,
        method=method.upper(),
        path=path,
        title=entry["summary"],
        text=entry["description"],
        parameters=_parameters(entry, rows),
        answer=_answer(entry, answered, parts),
        media_types=", ".join(content),
        needs_token={} not in entry["security"],
    )


def _parameters(entry: Json, rows: list[Row]) -> Table | None:
    caption = _("Paramètres : {title}").format(title=entry["summary"].lower())
    return _table(f"{entry['operationId']}-parametres", caption, rows) if rows else None


def _answer(entry: Json, answered: Json, parts: Json) -> Table | None:
    """The fields of an answer; those of one item for a list."""
    fields = answered.get("properties", {})
    if not fields:
        return None
    title, id_ = entry["summary"].lower(), f"{entry['operationId']}-reponse"
    if "items" in fields:
        item = _named(fields["items"]["items"], parts)
        caption = _("Chaque élément de la liste : {title}").format(title=title)
        return _table(id_, caption, _fields(item, parts))
    return _table(id_, _("Réponse : {title}").format(title=title), _fields(answered, parts))


def _fields(of: Json, parts: Json, place: str = "") -> list[Row]:
    required = of.get("required", ())
    return [
        _row(name, schema, parts, place, is_required=name in required)
        for name, schema in of.get("properties", {}).items()
    ]


def _row(name: str, schema: Json, parts: Json, place: str, *, is_required: bool) -> Row:
    cells = {
        "name": name,
        "place": place,
        "kind": _kind(schema, parts),
        "required": _("Oui") if is_required else _("Non"),
        "meaning": schema.get("description", ""),
    }
    return Row(cells, key=f"{place}-{name}")


def _table(id_: str, caption: str, rows: list[Row]) -> Table:
    is_sent = any(row.cells["place"] for row in rows)
    columns = [Column("name", _("Nom"))]
    if is_sent:
        columns.append(Column("place", _("Où")))
    columns.append(Column("kind", _("Valeur")))
    if is_sent:
        columns.append(Column("required", _("Obligatoire")))
    columns.append(Column("meaning", _("Sens")))
    return Table(id_, caption, columns, rows, is_captioned=True)


def _kind(schema: Json, parts: Json) -> str:
    """The kind of a value in a few words, with its bounds."""
    if "anyOf" in schema:
        return " ou ".join(_kind(one, parts) for one in schema["anyOf"])
    found = _named(schema, parts)
    kind = found.get("type", "")
    words = KINDS.get(kind, "valeur") if isinstance(kind, str) else "valeur"
    if kind == "array" and found.get("items"):
        return f"{words} ({_kind(found['items'], parts)})"
    if found.get("format") == "date-time":
        return "date et heure"
    if "minimum" in found and "maximum" in found:
        return f"{words}, de {_bound(found['minimum'])} à {_bound(found['maximum'])}"
    return words


def _bound(value: int) -> str:
    # below ten thousand as a year is written
    return str(value) if value < TEN_THOUSAND else french.number(value)


def _named(schema: Json, parts: Json) -> Json:
    """The schema itself, when it only names another one."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Json = parts[name] if name else schema
    return found


def _scopes() -> Table:
    columns = (Column("code", _("Droit")), Column("words", _("Ce qu’il permet")))
    rows = [Row({"code": code, "words": words}, key=code) for code, words in SCOPES.items()]
    return Table("droits", _("Les droits d’un jeton"), columns, rows)


def _problems() -> Table:
    columns = (
        Column("status", _("Statut")),
        Column("title", _("Titre")),
        Column("code", _("Code le plus courant")),
    )
    rows = [
        Row({"status": str(status), "title": title, "code": problems.USUAL[status]})
        for status, title in problems.TITLES.items()
    ]
    return Table("problemes", _("Les problèmes"), columns, rows)

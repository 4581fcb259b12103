"""The API: its routers, its description, what it answers when something is wrong."""

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from maillage.apps.bookings.api import router as bookings
from maillage.apps.people.api_access import Bearer
from maillage.apps.presence.api import router as presence
from maillage.apps.sites.api import router as sites
from maillage.apps.studies.api import router as studies
from maillage.apps.territories.api import router as territories
from maillage.kit import api as kit
from maillage.kit.pages import anyone, page
from maillage.web import problems

ROOT = "/api/v1/"
VERSION = "1"
DESCRIPTION = (
    "Lire les territoires, leurs portraits, les études publiées et leurs résultats, les lieux et "
    "leurs places libres ; avec un jeton, vos études et vos réservations, lancer un calcul, "
    "réserver. Licence Ouverte 2.0 pour les données."
)
GEOJSON = {
    "type": "object",
    "description": "FeatureCollection (RFC 7946).",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": {"type": "object"}},
    },
}
# what an operation marks with x-answer -> content by media type, in place of ninja's
ANSWERS: dict[str, dict[str, Any]] = {
    name: {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    for name, media_type in (
        ("Portrait", "application/json"),
        ("Plan", "application/json"),
        ("FeatureCollection", "application/geo+json"),
    )
} | {
    "File": {
        media_type: {"schema": {}}
        for media_type in (
            "application/pdf",
            "text/csv",
            "application/json",
            "application/geo+json",
            "image/svg+xml",
        )
    }
}
SCHEMAS = {"Portrait": "portrait.schema.json", "Plan": "plan.schema.json"}


class Api(NinjaAPI):
    """Ninja's, with a tag on each answer, a rule on each address, and nothing else mounted."""

    def create_response(self, request: HttpRequest, data: Any, **words: Any) -> HttpResponse:
        """The answer, which a program need not receive twice."""
        return kit.kept(request, super().create_response(request, data, **words))

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found: list[URLResolver | URLPattern] = []
        for bound in self._get_bound_routers():
            views = [v for v in bound.path_operations.values() for _ in v.operations]
            for pattern, view in zip(bound.urls_paths(bound.prefix), views, strict=True):
                rules = [operation.view_func.rule for operation in view.operations]  # type: ignore[attr-defined]
                pattern.callback.rule = _all(rules)  # type: ignore[attr-defined]
                found.append(pattern)
        return found


def _all(rules: Sequence[kit.Rule]) -> kit.Rule:
    """The rule of an address whose operations each apply their own."""
    return lambda person, target: all(rule(person, target) for rule in rules)


api = Api(
    title="Maillage",
    version=VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=Bearer(),
)
api.add_router("territories", territories)
api.add_router("studies", studies)
api.add_router("sites", sites)
api.add_router("", bookings)
api.add_router("", presence)
problems.told_by(api)
urlpatterns = api.urls[0]


@cache
def schema() -> dict[str, Any]:
    """The description of the API (OpenAPI 3.1)."""
    described: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))
    described["servers"] = [{"url": settings.BASE_URL}]
    components = described["components"]["schemas"]
    components["FeatureCollection"] = GEOJSON
    for name, file in SCHEMAS.items():
        components.update(_with_parts(name, file))
    for operations in described["paths"].values():
        operations.pop("head", None)
        for method, operation in operations.items():
            _finish(operation, is_reading=method == "get")
    return described


def _finish(operation: dict[str, Any], *, is_reading: bool) -> None:
    """The media types that ninja does not know, and that a token is not always needed."""
    marked = operation.pop("x-answer", "")
    if marked:
        operation["responses"]["200"]["content"] = ANSWERS[marked]
    for status, response in operation["responses"].items():
        if status >= "400":
            response["description"] = problems.TITLES[int(status)]
            response["content"] = {kit.PROBLEM: response["content"]["application/json"]}
    if is_reading:
        operation["responses"]["304"] = {"description": "Inchangé depuis l’étiquette donnée."}
        operation["security"].append({})


def _with_parts(name: str, file: str) -> dict[str, Any]:
    """A schema of ours and the parts it names, as components."""
    text = resources.files("maillage.report").joinpath(file).read_text(encoding="utf-8")
    read = json.loads(text.replace('"#/$defs/', f'"#/components/schemas/{name}_'))
    parts = read.pop("$defs", {})
    return {name: read} | {f"{name}_{key}": part for key, part in parts.items()}


@page(rule=anyone)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description, for machines."""
    content = json.dumps(schema(), ensure_ascii=False).encode()
    response = kit.tagged(request, HttpResponse(content, content_type="application/json"))
    response.headers["Cache-Control"] = "no-cache"
    return response

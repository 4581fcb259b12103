"""Studies for programs: what is published, what one is in charge of, a computation asked for."""

from functools import partial
from pathlib import PurePosixPath
from typing import Annotated, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Query, Router, Status

from maillage.apps.studies import compute
from maillage.apps.studies.api_schemas import Asked, RunSheet, StudyLine
from maillage.apps.studies.downloads import INNER
from maillage.apps.studies.known import lines, one, run_of, runs_of
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.rules import may_compute
from maillage.apps.studies.shown import MEDIA_TYPES
from maillage.apps.territories import reading
from maillage.core.scenario import Request
from maillage.core.siting_problem import Choices
from maillage.kit import api
from maillage.kit.api import A_PAGE, Caller, Key, Limit, Offset, Page, href
from maillage.kit.clock import now
from maillage.kit.once import once
from maillage.kit.pages import anyone
from maillage.kit.refusal import Refusal

router = Router(tags=["Études"])
read = partial(api.operation, router, "GET", rule=anyone, scope="studies:read")
PLAN = "plan.json"

Layer = Annotated[str, Path(pattern=r"^[a-z]{1,20}$", description="Nom de la couche.")]
FileName = Annotated[str, Path(pattern=r"^[a-z0-9.-]{1,60}$", description="Nom du fichier.")]
Siren = Annotated[
    str, Query(pattern=r"^[0-9]{9}$", description="Celles de ce territoire seulement.")
]


class UnknownCommune(Refusal):
    """A commune of another territory."""

    sentence = "La commune {code} n'est pas dans ce territoire. Donnez les codes de ses membres."


class HubsReversed(Refusal):
    """More at least than at most."""

    sentence = "hubs donne le moins puis le plus de sites structurants, par exemple [2, 3]."


@read(
    "",
    "studies",
    of=lines,
    answers={200: Page[StudyLine]},
    summary="Lister les études",
    description="Les études publiées, et celles de vos territoires si le jeton a le droit "
    "studies:read. Les plus récentes d’abord.",
)
def studies(
    request: HttpRequest,
    rows: QuerySet[Study],
    territory: Siren = "",
    limit: Limit = A_PAGE,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The list."""
    if territory:
        rows = rows.filter(territory_id=territory)
    return api.part_of(request, rows, _line, limit, offset)


@read(
    "/{study_id}",
    "study",
    of=one,
    answers={200: StudyLine},
    summary="Lire une étude",
    description="Son titre, son territoire, et les chiffres de son dernier résultat.",
)
def study(request: HttpRequest, found: Study) -> dict[str, Any]:  # noqa: ARG001
    """One study."""
    return _line(found)


@read(
    "/{study_id}/runs",
    "runs",
    of=runs_of,
    answers={200: Page[RunSheet]},
    summary="Lister les calculs d’une étude",
    description="Tous pour les responsables du territoire ; le dernier résultat pour les autres.",
)
def runs(
    request: HttpRequest, rows: QuerySet[Run], limit: Limit = A_PAGE, offset: Offset = 0
) -> dict[str, Any]:
    """The computations of a study."""
    return api.part_of(request, rows, _sheet, limit, offset)


@read(
    "/{study_id}/runs/{number}",
    "run",
    of=run_of,
    answers={200: RunSheet},
    summary="Lire un calcul",
    description="Où il en est, ce qui a été demandé, et ses fichiers une fois terminé.",
)
def run(request: HttpRequest, found: Run) -> dict[str, Any]:  # noqa: ARG001
    """One computation."""
    return _sheet(found)


@read(
    "/{study_id}/runs/{number}/plan",
    "plan",
    of=run_of,
    answers={200: dict[str, Any]},
    summary="Lire le plan",
    description="Lieux, couverture, fréquentation, argent, impact, preuve, sources, hypothèses.",
    openapi_extra={"x-answer": "Plan"},
)
def plan(request: HttpRequest, found: Run) -> HttpResponse:
    """The plan, as its schema says."""
    return _file(request, found, PLAN)


@read(
    "/{study_id}/runs/{number}/layers/{name}",
    "layer",
    of=run_of,
    answers={200: dict[str, Any]},
    summary="Lire une couche du résultat",
    description="sites, coverage, outlines, links, cells, places, markers ou labels, en longitude "
    "et latitude (WGS 84).",
    openapi_extra={"x-answer": "FeatureCollection"},
)
def layer(request: HttpRequest, found: Run, name: Layer) -> HttpResponse:
    """One layer of the result."""
    return _file(request, found, f"{name}.geojson")


@read(
    "/{study_id}/runs/{number}/files/{name}",
    "file",
    of=run_of,
    answers={200: bytes},
    summary="Télécharger un fichier du résultat",
    description="L’un des fichiers que nomme le calcul : rapport PDF, tableaux CSV, dessins SVG.",
    openapi_extra={"x-answer": "File"},
)
def file(request: HttpRequest, found: Run, name: FileName) -> HttpResponse:
    """One file of the result."""
    return _file(request, found, name)


@api.operation(
    router,
    "POST",
    "/{study_id}/runs",
    "ask_run",
    rule=may_compute,
    scope="studies:compute",
    of=one,
    answers={202: RunSheet},
    summary="Lancer un calcul",
    description="Met en file un calcul de l’étude avec les tables d’aujourd’hui. Suivez-le à "
    "l’adresse donnée par Location.",
)
def ask(
    request: HttpRequest, found: Study, body: Asked, response: HttpResponse, key: Key = ""
) -> Status[Any]:
    """Queue a computation; the same demand under the same key queues nothing more."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    at, wanted = now(), _request(body, found)

    def act() -> dict[str, Any]:
        made = compute.ask(found, wanted, settings.DATA_FOLDER, by=caller.person.pk, at=at)
        made.refresh_from_db()
        return RunSheet.model_validate(_sheet(made)).model_dump(mode="json")

    demand = f"{request.path} {body.model_dump_json()}"
    content = once(f"api {caller.token_id} {key}", demand, act, at=at) if key else act()
    response.headers["Location"] = content["href"]
    return Status(202, content)


def _request(body: Asked, of: Study) -> Request:
    members = {member["code"] for member in of.territory.members}
    for code in (*body.required_communes, *body.forbidden_communes):
        if code not in members:
            raise UnknownCommune(code=code)
    if body.hubs and body.hubs[0] > body.hubs[1]:
        raise HubsReversed
    choices = Choices(
        hubs=(body.hubs[0], body.hubs[1]) if body.hubs else None,
        minis_max=body.minis_max,
        required_communes=tuple(body.required_communes),
        forbidden_communes=tuple(body.forbidden_communes),
        commune_budget_eur=body.commune_budget_eur,
        epci_budget_eur=body.epci_budget_eur,
    )
    return Request(body.first_year, choices, keep_existing=body.keep_existing)


def _line(row: Any) -> dict[str, Any]:
    page = reverse("published_study", args=(row.pk, row.slug)) if row.published_at else ""
    return {
        "id": row.pk,
        "title": row.title,
        "territory": {"siren": row.territory_id, "name": row.territory.name},
        "is_demonstration": row.is_demonstration,
        "created_at": row.created_at,
        "published_at": row.published_at,
        "computed_at": row.computed_at,
        "summary": row.summary or None,
        "href": href("study", study_id=row.pk),
        "runs": href("runs", study_id=row.pk),
        "page": api.address(page) if page else None,
    }


def _sheet(row: Run) -> dict[str, Any]:
    parts = {"study_id": row.study_id, "number": row.number}
    names = [entry["name"] for entry in row.files if entry["name"] not in INNER]
    layers = [PurePosixPath(n).stem for n in names if n.endswith(".geojson")]
    return {
        "number": row.number,
        "state": row.state,
        "state_label": RunState(row.state).label,
        "step": row.step,
        "asked": row.request,
        "asked_at": row.asked_at,
        "finished_at": row.finished_at,
        "refusal": row.refusal,
        "summary": row.summary or None,
        "href": href("run", **parts),
        "plan": href("plan", **parts) if PLAN in names else None,
        "layers": [href("layer", **parts, name=name) for name in layers],
        "files": [
            {
                "name": entry["name"],
                "media_type": MEDIA_TYPES[PurePosixPath(entry["name"]).suffix],
                "size_bytes": entry["size_bytes"],
                "sha256": entry["sha256"],
                "href": href("file", **parts, name=entry["name"]),
            }
            for entry in row.files
            if entry["name"] not in INNER
        ],
    }


def _file(request: HttpRequest, of: Run, name: str) -> HttpResponse:
    entry = next((e for e in of.files if e["name"] == name and name not in INNER), None)
    if entry is None:
        raise Http404(name)
    media_type = MEDIA_TYPES[PurePosixPath(name).suffix]
    answer = HttpResponse(reading.data(of.folder, name), content_type=media_type)
    return api.kept(request, answer, entry["sha256"])

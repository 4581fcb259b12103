"""What goes wrong under /api/, told as problem details (RFC 9457), in French."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from maillage.kit.api import PROBLEM, problem
from maillage.kit.database_errors import LOST
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import TooMany
from maillage.web.errors import RETRY_AFTER_S
from maillage.web.reference import current

log = logging.getLogger(__name__)
PREFIX = "/api/"

TITLES = {
    400: "Demande illisible",
    401: "Jeton nécessaire",
    403: "Acte non permis",
    404: "Rien à cette adresse",
    405: "Méthode non permise",
    409: "Acte impossible dans cet état",
    413: "Demande trop lourde",
    422: "Demande non valable",
    429: "Trop de demandes",
    500: "Erreur de notre part",
    503: "Service indisponible",
}
# for what no refusal words: status -> code, sentence
OTHERS = {
    400: ("unreadable", "La demande n'est pas lisible : envoyez du JSON en UTF-8."),
    404: ("not_found", "Cette adresse ne désigne rien que vous puissiez lire. Vérifiez-la."),
    405: ("method_not_allowed", "Cette adresse n'a pas cette méthode. Voyez l'en-tête Allow."),
    413: ("too_large", "La demande est trop lourde. Réduisez-la."),
    500: (
        "failure",
        "Une erreur s'est produite de notre côté. Donnez sa référence à l'assistance.",
    ),
    503: (
        "unavailable",
        "Le service ne répond pas pour l'instant, ou n'enregistre rien. Rien n'est perdu : "
        "réessayez dans quelques minutes.",
    ),
}
# the code that one meets most under each status; refusals have their own
USUAL = {
    **{status: code for status, (code, _) in OTHERS.items()},
    401: "needs_token",
    403: "missing_scope",
    409: "already_computing",
    422: "invalid",
    429: "too_many",
}
# kinds of faults of a value -> sentence
FAULTS = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n'existe pas. Retirez-le.",
    "int_parsing": "Donnez un nombre entier.",
    "int_type": "Donnez un nombre entier.",
    "int_from_float": "Donnez un nombre entier.",
    "bool_type": "Donnez true ou false.",
    "list_type": "Donnez une liste.",
    "string_type": "Donnez un texte.",
    "greater_than_equal": "Donnez au moins {ge}.",
    "less_than_equal": "Donnez au plus {le}.",
    "string_too_short": "Donnez au moins {min_length} caractères.",
    "string_too_long": "Donnez au plus {max_length} caractères.",
    "too_short": "Donnez au moins {min_length} éléments.",
    "too_long": "Donnez au plus {max_length} éléments.",
    "string_pattern_mismatch": "La forme attendue est {pattern}.",
}
OTHER_FAULT = "Cette valeur ne convient pas."


class ApiProblems:
    """Turns what the rest of the server answers under /api/ into problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        status = response.status_code
        is_told = response.headers.get("Content-Type", "").startswith(PROBLEM)
        if status < 400 or is_told or not request.path.startswith(PREFIX):
            return response
        told = _other(status)
        for name in ("Allow", "Retry-After", "Set-Cookie"):
            if name in response.headers:
                told.headers[name] = response.headers[name]
        return told


def told_by(api: NinjaAPI) -> None:
    """Give an API its words for every error."""
    api.add_exception_handler(Refusal, _refusal)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, lambda _request, _error: _other(404))
    for lost in LOST:
        api.add_exception_handler(lost, _unavailable)


def refusal(of: Refusal) -> HttpResponse:
    """A refusal, with its own code and sentence."""
    response = problem(of.status, of.code, TITLES[of.status], str(of), reference=current())
    if isinstance(of, TooMany):
        response.headers["Retry-After"] = str(of.retry_after_s)
    if of.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    return _other(error.status_code)


def _refusal(_request: HttpRequest, error: Any) -> HttpResponse:
    return refusal(error)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    faults = [{"field": _field(fault["loc"]), "message": _fault(fault)} for fault in error.errors]
    where = ", ".join(fault["field"] for fault in faults)
    detail = f"La demande n'est pas valable. Corrigez : {where}."
    return problem(422, "invalid", TITLES[422], detail, errors=faults, reference=current())


def _field(loc: tuple[str | int, ...]) -> str:
    """Where it is; the body's own name is of no use to its sender."""
    where, *below = loc
    return ".".join(str(part) for part in (where, *(below[1:] if where == "body" else below)))


def _fault(fault: dict[str, Any]) -> str:
    return FAULTS.get(fault["type"], OTHER_FAULT).format(**fault.get("ctx", {}))


def _unavailable(_request: HttpRequest, error: Any) -> HttpResponse:
    log.error("database out of reach", exc_info=error)
    response = _other(503)
    response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def _other(status: int) -> HttpResponse:
    code, detail = OTHERS.get(status, OTHERS[500] if status >= 500 else OTHERS[400])
    title = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])
    return problem(status, code, title, detail, reference=current())

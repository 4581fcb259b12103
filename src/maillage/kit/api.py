"""Operations of the API: each has a rule, takes what it knows, answers or tells the problem."""

import functools
import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from ninja import Field, Header, Query, Router, Schema
from pydantic import BeforeValidator, ConfigDict

from maillage.kit.refusal import Refusal

Rule = Callable[[Any, Any], bool]
PROBLEM = "application/problem+json"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
A_PAGE, LONGEST_PAGE, FARTHEST = 50, 100, 100_000

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="Nombre d’éléments, 100 au plus.")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[!-~]+$",
        description="Clé de votre choix. La même demande répétée sous la même clé, pendant un "
        "jour au moins, reçoit la même réponse et ne fait rien de plus.",
    ),
]
Offset = Annotated[int, Query(ge=0, le=FARTHEST, description="Nombre d’éléments à passer.")]


def _whole(value: object) -> object:
    """In JSON 2027.0 is the whole number 2027."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# written after the bounds, or the description would not say them
WHOLE = BeforeValidator(_whole)


class MissingScope(Refusal):
    """The token was not given this scope."""

    sentence = "Ce jeton n'a pas le droit « {scope} ». Créez-en un qui l'a, dans votre compte."
    status = 403


class NotAllowed(Refusal):
    """No role of the person allows it."""

    sentence = (
        "Vos rôles ne permettent pas cet acte. Demandez-le à la personne qui les gère pour "
        "votre territoire."
    )
    status = 403


class UnknownParameter(Refusal):
    """The query holds a name that the operation does not know, or one name twice."""

    sentence = "Paramètre inconnu ou répété : {names}. Retirez-le de l'adresse."
    status = 422


class Strict(Schema):
    """What a program sends: an unknown field or a value of another type is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Fault(Schema):
    """One field that cannot be used."""

    field: str = Field(description="Où il est : query, path, header ou body, puis son nom.")
    message: str = Field(description="Ce qu’il faut corriger.")


class Problem(Schema):
    """Why there is no answer (RFC 9457)."""

    type: str = Field(description="Adresse de ce problème, stable.")
    title: str
    status: int
    code: str = Field(description="Nom du problème, stable : comparez celui-ci.")
    detail: str = Field(description="Ce qui s’est passé et ce qu’il faut faire, en français.")
    reference: str = Field("", description="À donner si vous écrivez à l’assistance.")
    errors: list[Fault] = Field([], description="Les champs à corriger.")


class Page[Item](Schema):
    """A part of a list."""

    items: list[Item]
    total: int = Field(description="Nombre d’éléments de toute la liste.")
    next: str | None = Field(description="Adresse de la suite, null à la fin.")


@dataclass(frozen=True)
class Caller:
    """Who asks: a person through one of her tokens, or a stranger.

    scopes  what the token was given for
    """

    person: Any
    scopes: frozenset[str] = frozenset()
    token_id: int | None = None
    stranger: ClassVar[Any] = AnonymousUser()

    def under(self, scope: str) -> Any:
        """Whose rights count for what belongs to a scope."""
        return self.person if scope in self.scopes else self.stranger


def operation(
    router: Router,
    method: str,
    path: str,
    name: str,
    *,
    rule: Rule,
    scope: str,
    of: Callable[..., Any],
    answers: dict[int, Any],
    **words: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation of a router, known by a name that does not change.

    rule     (person, target) -> bool
    scope    what a token needs for its person's rights to count; to write, one must have it
    of       loads the target from the address among what the person may know of, else Http404
    answers  status -> schema of what it answers when nothing is wrong
    The view is called with (request, target) and its own parameters, as a page is.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        known: set[str] = set()

        @functools.wraps(view)
        def enter(request: Any, **given: Any) -> Any:
            _refuse_unknown(request, known)
            caller: Caller = request.auth
            if method not in READING and scope not in caller.scopes:
                raise MissingScope(scope=scope)
            person = caller.under(scope)
            target = of(person, **{name: given.pop(name) for name in _parts(of)})
            if not rule(person, target):
                raise NotAllowed
            return view(request, target, **given)

        enter.__signature__ = _signature(view, of)  # type: ignore[attr-defined]
        enter.rule = rule  # type: ignore[attr-defined]
        enter.__doc__ = None
        response = {**answers, **dict.fromkeys(_problems(method), Problem)}
        names: dict[str, Any] = {"operation_id": name, "url_name": f"api_{name}"}
        methods = ["GET", "HEAD"] if method == "GET" else [method]
        router.api_operation(methods, path, response=response, **names, **words)(enter)
        declared = router.path_operations[path].operations[-1]
        for model in declared.models:
            if model.__ninja_param_source__ == "query":
                known.update(getattr(model, "__ninja_flatten_map__", ()))
        return enter

    return declare


def _parts(of: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(of).parameters)[1:]


def _signature(view: Callable[..., Any], of: Callable[..., Any]) -> inspect.Signature:
    """What ninja reads: the request, the parts that the loader needs, the view's own parameters."""
    request, _target, *own = inspect.signature(view).parameters.values()
    return inspect.Signature([request, *list(inspect.signature(of).parameters.values())[1:], *own])


def _problems(method: str) -> tuple[int, ...]:
    reading = (401, 403, 404, 422, 429, 503)
    return reading if method in READING else (400, *reading, 409)


def _refuse_unknown(request: HttpRequest, known: set[str]) -> None:
    wrong = [n for n, values in request.GET.lists() if n not in known or len(values) > 1]
    if wrong:
        raise UnknownParameter(names=", ".join(sorted(wrong)))


def part_of[Item](
    request: HttpRequest,
    rows: "QuerySet[Any]",
    show: Callable[[Any], Item],
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """A page of a list, with the address of the next one; two queries whatever the rows."""
    total = rows.count()
    following = None
    if offset + limit < total:
        query = request.GET.copy()
        query["limit"], query["offset"] = str(limit), str(offset + limit)
        following = f"{address(request.path)}?{query.urlencode()}"
    items = [show(row) for row in rows[offset : offset + limit]]
    return {"items": items, "total": total, "next": following}


def address(path: str) -> str:
    """A path of ours as an absolute address."""
    return f"{settings.BASE_URL}{path}"


def href(operation: str, **parts: object) -> str:
    """The absolute address of an operation."""
    return address(reverse(f"api_{operation}", kwargs=parts))


def kept(request: HttpRequest, response: HttpResponse, digest: str = "") -> HttpResponse:
    """An answer that its reader asks again at each use, and does not receive twice.

    digest  of the content, when it is known
    """
    if request.method not in READING or response.status_code != HTTPStatus.OK:
        return response
    answer = tagged(request, response, digest)
    caller: Caller = request.auth  # type: ignore[attr-defined]
    answer.headers["Cache-Control"] = "private, no-cache" if caller.token_id else "no-cache"
    patch_vary_headers(answer, ("Authorization",))
    return answer


def tagged(request: HttpRequest, response: HttpResponse, digest: str = "") -> HttpResponse:
    """The answer with its tag, or « not modified » for who has it."""
    tag = quote_etag(digest or hashlib.sha256(response.content).hexdigest())
    known = get_conditional_response(request, etag=tag)
    answer: Any = response if known is None else known
    answer.headers["ETag"] = tag
    return answer  # type: ignore[no-any-return]


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> HttpResponse:
    """A problem as RFC 9457 tells it."""
    content = {
        "type": f"{settings.BASE_URL}/api/v1/#{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return JsonResponse(
        content, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False}
    )

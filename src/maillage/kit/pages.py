"""A page: who may enter, what it shows, how it answers a refusal. Nothing opens without a rule."""

import functools
from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from maillage.core.periods import month
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import TooMany

Rule = Callable[[Any, Any], bool]


class View(Protocol):
    """A view that carries its rule, which a test of the house looks for."""

    rule: Rule

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def page(
    *,
    rule: Rule,
    of: Callable[..., Any] | None = None,
    methods: tuple[str, ...] = ("GET", "HEAD"),
) -> Callable[[Callable[..., HttpResponse]], Any]:
    """Declare a page.

    rule     (person, target) -> bool; the default of everything is no
    of       loads the target from the address's parts, among what the person may see: it raises
             Http404 for what belongs to others, so that they cannot learn that it exists
    methods  the verbs it answers
    The view is called with (request, target) when `of` is given, else with the address's parts.
    """

    def declare(view: Callable[..., HttpResponse]) -> Any:
        @functools.wraps(view)
        def enter(request: HttpRequest, **parts: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                target = of(request.user, **parts) if of else None
            except Http404:
                if rule is anyone or request.user.is_authenticated:
                    raise
                # whether it exists or not, a stranger is asked who they are
                return _turned_away(request)
            if not rule(request.user, target):
                return _turned_away(request)
            try:
                return view(request, target) if of else view(request, **parts)
            except Refusal as refusal:
                return refused(request, refusal)

        enter.rule = rule  # type: ignore[attr-defined]
        return enter

    return declare


def under_rule(view: Callable[..., Any], rule: Rule) -> Any:
    """A library's view, entered under a rule of ours."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not rule(request.user, None):
            return _turned_away(request)
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    enter.rule = rule  # type: ignore[attr-defined]
    return enter


def anyone(_person: Any, _target: Any) -> bool:
    """Rule of public pages."""
    return True


def signed_in(person: Any, _target: Any) -> bool:
    """Rule of one's own pages."""
    return bool(person.is_authenticated)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal's sentence, where the person is."""
    response = render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def month_of(text: str) -> date:
    """The first day of the month of an address, « 2027-03 »; 404 for any other text."""
    try:
        return month(text)
    except ValueError as fault:
        raise Http404(text) from fault


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back asks for the whole page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def _turned_away(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path(), reverse("account_login"))

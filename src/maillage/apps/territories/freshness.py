"""Public pages: made once for all strangers, and sent again only when they changed."""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from importlib import metadata

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from maillage.kit import read_only

# pages of about 100 kB that each process keeps
KEPT = 200
THEME = "maillage-theme"
# someone who has a session may have a message waiting
OF_SOMEONE = (settings.SESSION_COOKIE_NAME, "messages")
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
_TOKENS_PLACE = r"\1@token@"
_pages: OrderedDict[str, str] = OrderedDict()
_lock = threading.Lock()


def answer(request: HttpRequest, version: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page; for a stranger « not modified » if she has it, else the one made for another.

    version  changes when the content of the page changes
    make     the page, its context included: called only when nobody asked for it before
    """
    if request.user.is_authenticated or settings.DEBUG:
        return make()
    key = _key(request, version)
    tag = quote_etag(_digest(key, request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")))
    response = get_conditional_response(request, etag=tag) or _page(request, key, make)
    # kept by the browser alone: the page carries the token of its own visitor
    response.headers["Cache-Control"] = "private, no-cache"
    if response.status_code in {200, 304}:
        response.headers["ETag"] = tag
    return response


def forget() -> None:
    """Forget every page that was made."""
    with _lock:
        _pages.clear()


def _page(request: HttpRequest, key: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    if any(name in request.COOKIES for name in OF_SOMEONE):
        return make()
    with _lock:
        known = _pages.get(key)
        if known is not None:
            _pages.move_to_end(key)
    if known is not None:
        return HttpResponse(known.replace("@token@", get_token(request)))
    response = make()
    _keep(key, response)
    return response


def _keep(key: str, response: HttpResponse) -> None:
    html = response.content.decode()
    # a nonce is good for one answer only
    if response.status_code != 200 or "nonce=" in html or "@token@" in html:
        return
    with _lock:
        _pages[key] = _TOKEN.sub(_TOKENS_PLACE, html)
        while len(_pages) > KEPT:
            _pages.popitem(last=False)


def _key(request: HttpRequest, version: str) -> str:
    return _digest(
        version,
        metadata.version("maillage"),
        settings.STATIC_URL,
        str(settings.DEMONSTRATION),
        str(read_only.is_on()),
        request.get_full_path(),
        request.headers.get("HX-Request", ""),
        request.COOKIES.get(THEME, ""),
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

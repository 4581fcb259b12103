"""What a browser or a proxy may keep."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers


class PrivatePages:
    """Pages of signed-in people are never stored; a fragment is never served for a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request", "Cookie"))
        if request.user.is_authenticated or request.method not in {"GET", "HEAD"}:
            response.headers["Cache-Control"] = "no-store, private"
        elif "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

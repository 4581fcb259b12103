"""Pages of errors: none of them needs the database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from maillage.web.reference import current

RETRY_AFTER_S = "20"


def _plain(name: str, status: int, **context: object) -> HttpResponse:
    # rendered without the request: no context processor may ask the database who is there
    words = {"reference": current(), **context}
    return HttpResponse(get_template(name).render(words), status=status)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    del exception
    return _plain("400.html", 400)


def server_error(_request: HttpRequest) -> HttpResponse:
    """500: a bug, with its reference."""
    return _plain("500.html", 500)


def unavailable(_request: HttpRequest) -> HttpResponse:
    """503: a part is out of reach, nothing is lost."""
    response = _plain("503.html", 503)
    response.headers["Retry-After"] = RETRY_AFTER_S
    return response


def csrf_failure(_request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or came from elsewhere."""
    del reason
    return _plain("403_csrf.html", 403)

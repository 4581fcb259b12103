"""Every answer carries a reference that the logs know."""

import contextvars
import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_current: contextvars.ContextVar[str] = contextvars.ContextVar("reference", default="")


class Reference:
    """Gives each request a short reference: on the error page, in the log, in a header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _current.set(secrets.token_hex(4).upper())
        try:
            response = self.get_response(request)
            response.headers["X-Reference"] = _current.get()
        finally:
            _current.reset(token)
        return response


def current() -> str:
    """The reference of the request under way, empty outside one."""
    return _current.get()


class WithReference(logging.Filter):
    """Adds the reference to each line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = current() or "-"
        return True

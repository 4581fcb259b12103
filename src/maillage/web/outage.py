"""A database that does not answer gives a sentence, never a stack trace."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from maillage.web.errors import unavailable

log = logging.getLogger(__name__)


class Outage:
    """Answers 503 with what to do when the database is out of reach."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            log.exception("database out of reach", exc_info=error)
            return unavailable(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The same for what a page raises."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.error("database out of reach", exc_info=error)
        return unavailable(request)

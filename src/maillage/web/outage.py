"""A database that does not answer gives a sentence, never a stack trace."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from maillage.kit.database_errors import is_out_of_reach
from maillage.web.errors import unavailable

log = logging.getLogger(__name__)


class Outage:
    """Answers 503 with what to do when the database is out of reach."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except Exception as error:
            if not is_out_of_reach(error):
                raise
            log.exception("database out of reach", exc_info=error)
            return unavailable(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The same for what a page raises."""
        if not is_out_of_reach(error):
            return None
        log.error("database out of reach", exc_info=error)
        return unavailable(request)

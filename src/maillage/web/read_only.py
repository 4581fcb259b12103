"""The read-only switch: pages are read, nothing is written, and it is said."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from maillage.kit import read_only
from maillage.kit.pages import refused
from maillage.kit.refusal import Refusal
from maillage.web import problems

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadOnlyNow(Refusal):
    """Maintenance under way."""

    sentence = (
        "Une maintenance est en cours : on peut lire, pas enregistrer. "
        "Gardez cette page ouverte et réessayez dans quelques minutes."
    )
    status = 503


class ReadOnly:
    """Refuses what writes while the switch is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING and read_only.is_on():
            if request.path.startswith(problems.PREFIX):
                return problems.refusal(ReadOnlyNow())
            return refused(request, ReadOnlyNow())
        return self.get_response(request)

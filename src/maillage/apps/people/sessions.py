"""How long a session lasts: shorter for those who act for a body."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from maillage.apps.people.rights import is_staff
from maillage.kit.clock import now

STARTED, SEEN = "started_at", "seen_at"
# how often the session row is written to note that the person is still there
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Duration:
    """Without activity, and in all."""

    idle: timedelta
    whole: timedelta


STAFF = Duration(timedelta(hours=2), timedelta(hours=12))
MEMBER = Duration(timedelta(days=14), timedelta(days=30))


def is_over(started_at: datetime, seen_at: datetime, duration: Duration, at: datetime) -> bool:
    """Whether a session has lasted long enough."""
    return at - seen_at > duration.idle or at - started_at > duration.whole


class SessionLimits:
    """Ends the sessions that have lasted, before any page sees them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _end_or_note(request, now())
        return self.get_response(request)


def _end_or_note(request: HttpRequest, at: datetime) -> None:
    session = request.session
    if STARTED not in session:
        session[STARTED] = session[SEEN] = at.isoformat()
        return
    started_at, seen_at = (datetime.fromisoformat(session[key]) for key in (STARTED, SEEN))
    duration = STAFF if is_staff(request.user, on=at.date()) else MEMBER
    if is_over(started_at, seen_at, duration, at):
        logout(request)
    elif at - seen_at > NOTED_EVERY:
        session[SEEN] = at.isoformat()

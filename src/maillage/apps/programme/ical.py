"""The calendar of a programme as an iCalendar file (RFC 5545): phases and what is due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from maillage.apps.programme import words
from maillage.apps.programme.models import Deliverable, Programme
from maillage.core import programme as core
from maillage.core.programme import Span
from maillage.kit.calendars import MEDIA_TYPE, one_line

__all__ = ["MEDIA_TYPE", "calendar", "one_line"]

# how often a program that follows the calendar should read it again
READ_AGAIN = timedelta(hours=6)


def calendar(programme: Programme, *, host: str, at: datetime) -> bytes:
    """Every phase and every deliverable on the list, whole days, a stable name each.

    host  of this server: two servers never give two events one name
    at    now; what is late is told as of that day
    """
    made = Calendar()
    made.add("prodid", "-//Maillage//FR")
    made.add("version", "2.0")
    made.add("x-wr-calname", one_line(programme.study.title))
    made.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    for event in _events(programme, host, at):
        event.add("dtstamp", at)
        made.add_component(event)
    return bytes(made.to_ical())


def _events(programme: Programme, host: str, at: datetime) -> Iterable[Event]:
    title = one_line(programme.study.title)
    for phase in programme.phases.all():
        yield _event(
            f"phase-{phase.pk}@{host}",
            one_line(words.name(phase)),
            core.shown_from_to(phase.dates),
            [title, words.phase_gap(phase, at.date())],
            programme.version,
        )
        for one in phase.deliverables.all():
            if one.removed_at is None:
                yield _due(one, title, host)


def _due(one: Deliverable, title: str, host: str) -> Event:
    return _event(
        f"deliverable-{one.pk}@{host}",
        _("Livrable : {title}").format(title=one_line(one.title)),
        Span(one.due_on, one.due_on),
        [title, one_line(one.phase.title), words.state(one).capitalize()],
        one.version,
    )


def _event(uid: str, summary: str, days: Span, said: list[str], version: int) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", summary)
    event.add("dtstart", days.starts_on)
    # the first day after it: the format excludes the end, people include it
    event.add("dtend", _day_after(days.ends_on))
    event.add("description", ". ".join(line for line in said if line))
    event.add("sequence", version)
    event.add("transp", "TRANSPARENT")
    return event


def _day_after(on: date) -> date:
    return on + timedelta(days=1)

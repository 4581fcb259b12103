"""The calendar of a study: proposed dates, slippage, progress, what comes next.

Days are whole and both ends of a span are included, as people write them: a phase « from 4 to
31 January » lasts 28 days. Today comes in as an argument.
"""

import calendar
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included; ValueError when the last comes first."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        """A span has one day at least."""
        if self.ends_on < self.starts_on:
            raise ValueError("a span ends after it starts")

    @property
    def length_days(self) -> int:
        """How many days, the first and the last counted."""
        return (self.ends_on - self.starts_on).days + 1

    def shifted(self, days: int) -> "Span":
        """The same length, later by so many days."""
        by = timedelta(days=days)
        return Span(self.starts_on + by, self.ends_on + by)


@dataclass(frozen=True)
class Length:
    """How long a phase lasts: calendar months and days; one day at least in all."""

    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        """A phase lasts."""
        if self.months < 0 or self.days < 0 or not self.months + self.days:
            raise ValueError("a length is of one day at least")


@dataclass(frozen=True)
class Phase:
    """What was planned and what happened; `finished_on` is known only after `began_on`."""

    planned: Span
    began_on: date | None = None
    finished_on: date | None = None

    @property
    def state(self) -> str:
        """`next` before it begins, `now` while it lasts, `done` once it is finished."""
        if self.began_on is None:
            return "next"
        return "now" if self.finished_on is None else "done"


def after(on: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a shorter month."""
    count = on.month - 1 + months
    year, month = on.year + count // MONTHS_A_YEAR, count % MONTHS_A_YEAR + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def proposed(lengths: Sequence[Length], starts_on: date) -> list[Span]:
    """One span a length, each from the day after the one before.

    Months are counted from the first day of all, so that four months from 31 January end on
    30 May whatever February is.
    """
    months = days = 0
    edges = [starts_on]
    for length in lengths:
        months, days = months + length.months, days + length.days
        edges.append(after(starts_on, months) + timedelta(days=days))
    return [
        Span(first, next_first - timedelta(days=1))
        for first, next_first in itertools.pairwise(edges)
    ]


def together(lengths: Sequence[Length], waits_days: Sequence[int], starts_on: date) -> list[Span]:
    """One span a length, all counted from the same day, each after its own wait in days."""
    return [
        proposed([length], starts_on + timedelta(days=wait))[0]
        for length, wait in zip(lengths, waits_days, strict=True)
    ]


def slippage_days(phase: Phase, today: date) -> int:
    """Days behind the plan; negative when it ended before, which only the end tells.

    finished   its last day against the planned one
    under way  the largest of what is known: begun late, or past its planned last day
    to come    past its planned first day
    """
    if phase.finished_on is not None:
        return (phase.finished_on - phase.planned.ends_on).days
    if phase.began_on is not None:
        begun_late = (phase.began_on - phase.planned.starts_on).days
        return max(0, begun_late, late_days(phase.planned.ends_on, today))
    return late_days(phase.planned.starts_on, today)


def late_days(due_on: date, today: date) -> int:
    """Days past a due day; none on that day."""
    return max(0, (today - due_on).days)


def delay_days(phases: Sequence[Phase], today: date) -> int:
    """How late the whole is: its most delayed phase still open; all done, its last day's gap."""
    open_phases = [phase for phase in phases if phase.state != "done"]
    if open_phases:
        return max(slippage_days(phase, today) for phase in open_phases)
    last = max(phases, key=lambda phase: phase.planned.ends_on, default=None)
    return slippage_days(last, today) if last else 0


def expected_end(phases: Sequence[Phase], today: date) -> date | None:
    """The last day if what is left keeps its length and is pushed by today's delay.

    Once all is done, the day it was; None without any phase.
    """
    if not phases:
        return None
    if all(phase.state == "done" for phase in phases):
        return max(phase.finished_on for phase in phases if phase.finished_on)
    last = max(phase.planned.ends_on for phase in phases)
    return max(last + timedelta(days=delay_days(phases, today)), today)


def progress(phases: Sequence[Phase]) -> tuple[int, int]:
    """(finished, all)."""
    return sum(phase.state == "done" for phase in phases), len(phases)


def next_phase(phases: Sequence[Phase]) -> int | None:
    """The place of the first phase that is not finished; None when all are."""
    return next((n for n, phase in enumerate(phases) if phase.state != "done"), None)


def moved(phases: Sequence[Phase], days: int) -> list[Span]:
    """The planned spans once the start is shifted: what has begun keeps its dates."""
    return [phase.planned if phase.began_on else phase.planned.shifted(days) for phase in phases]


def shown_from_to(phase: Phase) -> Span:
    """The days a calendar shows: as planned before it begins, as it goes afterwards."""
    if phase.began_on is None:
        return phase.planned
    return Span(phase.began_on, phase.finished_on or max(phase.began_on, phase.planned.ends_on))

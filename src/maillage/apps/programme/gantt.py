"""Where each phase stands on the axis of months, in percent of its width."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maillage.apps.programme.models import Phase
from maillage.core import programme as core
from maillage.core.programme import Span
from maillage.kit.components import Axis, Bar, Milestone, Stretch, Tick
from maillage.report import french

MOST_TICKS = 6
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scale:
    """Whole months, from a first day to the day after the last."""

    first: date
    end: date

    def x(self, on: date) -> float:
        """The beginning of a day, in percent."""
        return 100 * (on - self.first).days / (self.end - self.first).days

    def stretch(self, span: Span) -> Stretch:
        """The days of a span, both included."""
        left, right = self.x(span.starts_on), self.x(span.ends_on + ONE_DAY)
        return Stretch(_percent(left), _percent(right - left))


def scale_of(phases: Sequence[Phase], today: date) -> Scale:
    """Every planned and real day, and today while something is late or under way."""
    days = [day for phase in phases for day in _days(phase)]
    if any(phase.finished_on is None and phase.starts_on <= today for phase in phases):
        days.append(today)
    first, last = min(days).replace(day=1), max(days)
    return Scale(first, core.after(last.replace(day=1), 1))


def _days(phase: Phase) -> list[date]:
    known = (phase.starts_on, phase.ends_on, phase.began_on, phase.finished_on)
    due = (one.due_on for one in phase.deliverables.all() if one.removed_at is None)
    return [day for day in (*known, *due) if day is not None]


def axis(scale: Scale, today: date) -> Axis:
    """The months, not more than can be read, and today when it is among them."""
    months = (scale.end.year - scale.first.year) * 12 + scale.end.month - scale.first.month
    every = -(-months // MOST_TICKS)
    firsts = [core.after(scale.first, n) for n in range(0, months, every)]
    ticks = [Tick(_percent(scale.x(on)), _month(on, firsts)) for on in firsts]
    is_in = scale.first <= today < scale.end
    return Axis(ticks, _percent(scale.x(today)) if is_in else "")


def _month(on: date, firsts: Sequence[date]) -> str:
    """Mars; with its year where it begins the axis or a year."""
    is_told = on == firsts[0] or on.year != firsts[firsts.index(on) - 1].year
    return f"{french.short_month(on)} {on.year}" if is_told else french.short_month(on)


def bar(phase: Phase, scale: Scale, today: date) -> Bar:
    """The plan as an outline, what is done filled, what slipped hatched, what is due marked."""
    done = slipped = None
    if phase.began_on is not None:
        until = max(phase.began_on, phase.finished_on or today)
        done = scale.stretch(Span(phase.began_on, until))
    if late := slipped_days(phase.dates, today):
        slipped = scale.stretch(late)
    milestones = [
        Milestone(_percent(scale.x(one.due_on + ONE_DAY)), is_full=one.accepted_on is not None)
        for one in phase.deliverables.all()
        if one.removed_at is None
    ]
    return Bar(scale.stretch(Span(phase.starts_on, phase.ends_on)), done, slipped, milestones)


def slipped_days(phase: core.Phase, today: date) -> Span | None:
    """The days that the plan did not foresee: past its end, else waited before its beginning."""
    last = phase.finished_on or today
    if phase.began_on is not None and last > phase.planned.ends_on:
        return Span(max(phase.planned.ends_on + ONE_DAY, phase.began_on), last)
    waited_until = (phase.began_on or today) - ONE_DAY
    if waited_until >= phase.planned.starts_on:
        return Span(phase.planned.starts_on, waited_until)
    return None


def _percent(value: float) -> str:
    return f"{value:.3f}"

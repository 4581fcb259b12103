"""What somebody means by « demain matin », in the hours of each place."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices

from maillage.apps.bookings.space_rules import Setting
from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period


class Part(TextChoices):
    MORNING = "matin", "Matin"
    AFTERNOON = "apres-midi", "Après-midi"
    DAY = "journee", "Journée"
    HOURS = "heures", "Heures précises"


# the widest that each part of a day means; a place that opens later, or closes before, cuts it.
# A half is as long as the half-day of the tariffs, so that one asked is one charged.
WINDOWS = {
    Part.MORNING: (time(8), time(13)),
    Part.AFTERNOON: (time(13), time(18)),
    Part.DAY: (time(8), time(18)),
}
_WORDS = {
    Part.MORNING: "matin",
    Part.AFTERNOON: "après-midi",
    Part.DAY: "toute la journée",
}


@dataclass(frozen=True)
class When:
    """A day, and a part of it; `begins` and `ends` when the part is precise hours."""

    on: date
    part: str = Part.MORNING
    begins: time | None = None
    ends: time | None = None

    @property
    def window(self) -> tuple[time, time]:
        """From when to when, at the widest."""
        if self.begins is not None and self.ends is not None:
            return self.begins, self.ends
        return WINDOWS[Part(self.part)]

    @property
    def is_precise(self) -> bool:
        """Whether nothing may be cut from it."""
        return self.part == Part.HOURS

    @property
    def part_words(self) -> str:
        """« matin »; nothing for precise hours."""
        return _WORDS.get(Part(self.part), "")


def within(when: When, setting: Setting, *, at: datetime) -> Period | None:
    """What of that part a space is open, on its grain, from now on; None when it is not.

    Precise hours are left as they are: the rules of the space say what is wrong with them.
    """
    wanted = nominal(when, setting)
    if wanted is None or when.is_precise:
        return wanted
    hours = setting.hours()
    if hours is None:
        return None
    spans = hours.open_periods(wanted.begins, wanted.ends)
    if not spans:
        return None
    step = timedelta(minutes=setting.space.step_min)
    earliest = max(spans[0].begins, at + timedelta(minutes=setting.space.notice_min))
    begins = _on_grain(earliest, wanted.begins, step, is_up=True)
    ends = _on_grain(spans[-1].ends, wanted.begins, step, is_up=False)
    return Period(begins, ends) if begins < ends else None


def nominal(when: When, setting: Setting) -> Period | None:
    """That part of that day at a place, open or not; None when the clock has no such hours."""
    try:
        return periods.hours(when.on, *when.window, setting.zone)
    except BadInput:
        return None


def _on_grain(instant: datetime, origin: datetime, step: timedelta, *, is_up: bool) -> datetime:
    steps, rest = divmod(instant - origin, step)
    return origin + (steps + (1 if is_up and rest else 0)) * step

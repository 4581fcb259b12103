"""What of a space is free: hour by hour on a day, day by day in a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings.availability import busy_seats
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.space_rules import Setting
from maillage.apps.sites.models import LONGEST_BUFFER_MIN, SoldBy, Stage, stage_on
from maillage.core import periods
from maillage.core.periods import Period

_WIDEST = timedelta(minutes=LONGEST_BUFFER_MIN)
Busy = Sequence[Sequence[Period]]


class DayState(TextChoices):
    CLOSED = "closed", _("Fermé")
    OVER = "over", _("Passé")
    FREE = "free", _("Libre")
    SOME = "some", _("Reste des places")
    FULL = "full", _("Complet")


@dataclass(frozen=True)
class Stretch:
    """Open time during which as many seats are free."""

    period: Period
    free: int
    seats: int


def of_day(
    setting: Setting, on: date, *, at: datetime, holder: Holder | None = None
) -> tuple[Stretch, ...]:
    """The open time of a local day from now on, cut where the number of free seats changes.

    holder  for whom seats may be kept: they are free for her
    """
    opened = _open(setting, on, at)
    if not opened:
        return ()
    taken = _taken(setting, periods.day(on, setting.zone), at, holder)
    edges = sorted(
        {edge for span in opened for edge in (span.begins, span.ends)}
        | {edge for seat in taken for p in seat for edge in (p.begins, p.ends)}
    )
    found: list[Stretch] = []
    for begins, ends in pairwise(edges):
        piece = Period(begins, ends)
        if not any(span.contains(piece) for span in opened):
            continue
        free = _free(setting, taken, piece)
        before = found[-1] if found else None
        if before and before.free == free and before.period.ends == begins:
            piece = Period(found.pop().period.begins, ends)
        found.append(Stretch(piece, free, len(taken)))
    return tuple(found)


def of_month(
    setting: Setting, first: date, last: date, *, at: datetime, holder: Holder | None = None
) -> dict[date, DayState]:
    """What each day of a span is worth to somebody who looks for one seat, or for the whole."""
    taken = _taken(setting, periods.days(first, last, setting.zone), at, holder)
    by_day = _by_day(setting, taken)
    today = at.astimezone(setting.zone).date()
    found = {}
    on = first
    while on <= last:
        found[on] = DayState.OVER if on < today else _state(setting, on, taken, by_day, at)
        on += periods.ONE_DAY
    return found


def _state(
    setting: Setting,
    on: date,
    taken: Busy,
    by_day: Mapping[date, Mapping[int, Sequence[Period]]],
    at: datetime,
) -> DayState:
    opened = _open(setting, on, at)
    if not opened:
        return DayState.CLOSED
    if not taken:
        return DayState.FULL
    busy = by_day.get(on, {})
    if not any(p.overlaps(span) for seat in busy.values() for p in seat for span in opened):
        return DayState.FREE
    shortest = timedelta(minutes=setting.space.shortest_min)
    seats = [busy.get(n, ()) for n in range(len(taken))]
    if setting.space.sold_by == SoldBy.WHOLE:
        seats = [[p for seat in seats for p in seat]]
    for seat in seats:
        gaps = periods.without(opened, seat)
        if any(gap.ends - gap.begins >= shortest for gap in gaps):
            return DayState.SOME
    return DayState.FULL


def _by_day(setting: Setting, taken: Busy) -> dict[date, dict[int, list[Period]]]:
    found: dict[date, dict[int, list[Period]]] = {}
    for n, seat in enumerate(taken):
        for period in seat:
            for on in periods.local_days(period, setting.zone):
                found.setdefault(on, {}).setdefault(n, []).append(period)
    return found


def _free(setting: Setting, taken: Busy, piece: Period) -> int:
    free = sum(not any(p.overlaps(piece) for p in seat) for seat in taken)
    if setting.space.sold_by == SoldBy.WHOLE and free < len(taken):
        return 0
    return free


def _taken(setting: Setting, during: Period, at: datetime, holder: Holder | None) -> Busy:
    """By seat, when nobody else may be there: what is taken, and the time kept between two."""
    before, after = setting.buffers
    around = during.widened(_WIDEST, _WIDEST)
    found = busy_seats(setting.space.pk, around, at, holder)
    # one leaves `after` before what is taken begins, one comes `before` after it ends
    return [periods.merged(p.widened(after, before) for p in seat) for seat in found.values()]


def _open(setting: Setting, on: date, at: datetime) -> tuple[Period, ...]:
    """Opening hours of a day that may still be asked for, while the site is open."""
    hours = setting.hours()
    stage = stage_on(list(setting.stages), on)
    whole = periods.day(on, setting.zone)
    latest = at + timedelta(days=setting.space.horizon_days)
    if hours is None or stage is None or stage.stage != Stage.OPEN or whole.begins > latest:
        return ()
    first = max(whole.begins, at)
    return hours.open_periods(first, whole.ends)

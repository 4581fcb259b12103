"""What is free: seats of many spaces at one time, the next slots of one space."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from maillage.apps.bookings.asked import Ask, period_of, range_of
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Occupancy
from maillage.apps.bookings.space_rules import Setting, settings_of
from maillage.apps.sites.models import LONGEST_BUFFER_MIN, Seat
from maillage.core.periods import Period

SEARCHED_DAYS = 14
_WIDEST = timedelta(minutes=LONGEST_BUFFER_MIN)
_A_DAY = timedelta(days=1)

_SEATS_LEFT = """
WITH asked AS (
    SELECT id, tstzrange(begins - make_interval(mins => buffer_before_min),
                         ends + make_interval(mins => buffer_after_min)) AS period
    FROM sites_space
    JOIN unnest(%(spaces)s::bigint[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
        AS wanted(space_id, begins, ends) ON wanted.space_id = id
), below AS (
    SELECT asked.id AS space_id, asked.period, seat.id AS seat_id
    FROM sites_space leaf
    CROSS JOIN LATERAL unnest(leaf.path) AS above(id)
    JOIN asked ON asked.id = above.id
    JOIN sites_seat seat ON seat.space_id = leaf.id
    WHERE leaf.removed_at IS NULL AND seat.removed_at IS NULL AND seat.out_of_order_since IS NULL
), busy AS (
    SELECT taken.seat_id, taken.period FROM bookings_occupancy taken
    LEFT JOIN bookings_block kept ON kept.id = taken.block_id
    WHERE taken.period && tstzrange(%(first)s, %(last)s)
      AND (hold_until IS NULL OR hold_until > %(at)s)
      AND (kept.id IS NULL OR (kept.person_id IS DISTINCT FROM %(person)s
                               AND kept.organisation_id IS DISTINCT FROM %(organisation)s))
)
SELECT below.space_id, count(DISTINCT below.seat_id), count(DISTINCT busy.seat_id)
FROM below LEFT JOIN busy ON busy.seat_id = below.seat_id AND busy.period && below.period
GROUP BY below.space_id
"""


@dataclass(frozen=True)
class Left:
    """Seats of a space, and those of them that are free."""

    seats: int
    free: int

    def holds(self, party: int, *, is_whole: bool) -> bool:
        """Whether somebody can have what she asks."""
        return self.free == self.seats > 0 if is_whole else self.free >= party


def seats_left(space_ids: Sequence[int], period: Period, *, at: datetime) -> dict[int, Left]:
    """For each space, what is left during the whole period, buffers counted. One query."""
    return seats_left_each(dict.fromkeys(space_ids, period), at=at)


def seats_left_each(
    asked: Mapping[int, Period], *, at: datetime, holder: Holder | None = None
) -> dict[int, Left]:
    """The same, each space for its own period: places do not all open at the same hour.

    holder  for whom seats may be kept: they are free for her
    """
    if not asked:
        return {}
    for_whom = holder or Holder()
    with connection.cursor() as cursor:
        cursor.execute(
            _SEATS_LEFT,
            {
                "spaces": list(asked),
                "begins": [period.begins for period in asked.values()],
                "ends": [period.ends for period in asked.values()],
                "first": min(period.begins for period in asked.values()) - _WIDEST,
                "last": max(period.ends for period in asked.values()) + _WIDEST,
                "at": at,
                # no row has this number: nothing is kept for nobody
                "person": for_whom.person_id or 0,
                "organisation": for_whom.organisation_id or 0,
            },
        )
        found = {space: Left(seats, seats - busy) for space, seats, busy in cursor.fetchall()}
    return {space: found.get(space, Left(0, 0)) for space in asked}


def next_free(ask: Ask, *, at: datetime, most: int = 3) -> tuple[Period, ...]:
    """The next slots as long as what was asked, from its beginning on, within two weeks."""
    after = max(ask.period.begins, at)
    until = after + timedelta(days=SEARCHED_DAYS) + (ask.period.ends - ask.period.begins)
    setting = settings_of([ask.space_id], first=after, last=until).get(ask.space_id)
    if setting is None:
        return ()
    busy = busy_seats(ask.space_id, Period(after - _WIDEST, until + _WIDEST), at)
    found: list[Period] = []
    for slot in _slots(setting, ask.period, after, until, at):
        if found and slot.overlaps(found[-1]):
            continue
        if has_room(busy, setting.held(slot), ask):
            found.append(slot)
            if len(found) == most:
                break
    return tuple(found)


def busy_seats(
    space_id: int, during: Period, at: datetime, holder: Holder | None = None
) -> dict[int, list[Period]]:
    """The periods that each seat below a space is taken in, but by what is kept for the holder."""
    seats = Seat.objects.filter(
        space__path__contains=[space_id],
        space__removed_at=None,
        removed_at=None,
        out_of_order_since=None,
    ).values_list("pk", flat=True)
    taken: dict[int, list[Period]] = {seat: [] for seat in seats}
    rows = Occupancy.objects.filter(seat__in=taken, period__overlap=range_of(during)).filter(
        Q(hold_until=None) | Q(hold_until__gt=at)
    )
    columns = ("seat_id", "period", "block__person_id", "block__organisation_id")
    for seat, period, person_id, organisation_id in rows.values_list(*columns):
        if holder is None or not holder.is_kept_by(person_id, organisation_id):
            taken[seat].append(period_of(period))
    return taken


def has_room(taken: dict[int, list[Period]], held: Period, ask: Ask) -> bool:
    """Whether seats taken in these periods leave what is asked, buffers counted in `held`."""
    free = sum(not any(p.overlaps(held) for p in periods) for periods in taken.values())
    return free == len(taken) > 0 if ask.is_whole else free >= ask.party


def _slots(
    setting: Setting, asked: Period, after: datetime, until: datetime, at: datetime
) -> Iterator[Period]:
    """Slots of that length in opening hours, on the grain of the space, in order."""
    length = asked.ends - asked.begins
    hours = setting.hours()
    if hours is None:
        return
    earliest = max(after, at + timedelta(minutes=setting.space.notice_min))
    latest = at + timedelta(days=setting.space.horizon_days)
    spans = hours.open_periods(after, until)
    step = timedelta(minutes=setting.space.step_min)
    for span in spans:
        start = span.begins
        while start < span.ends:
            slot = Period(start, start + length)
            is_allowed = earliest <= start <= latest
            if is_allowed and any(s.begins < slot.ends <= s.ends for s in spans):
                yield slot
            start += step

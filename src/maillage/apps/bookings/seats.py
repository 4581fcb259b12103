"""The only way to a seat: lock in one order, sweep expired holds away, pick, take.

Every path that books goes through here, and so does what keeps a seat for its resident. The lock
keeps a crowd in line; below it, the exclusion constraint of `Occupancy` refuses whatever would
forget the lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet

from maillage.apps.bookings import waited
from maillage.apps.bookings.asked import period_of, range_of
from maillage.apps.bookings.kept import Holder, kept_days, kept_time
from maillage.apps.bookings.models import Block, Booking, Occupancy
from maillage.apps.bookings.notify import notify
from maillage.apps.journal.record import record
from maillage.apps.sites.models import Seat
from maillage.core.periods import Period, without

# PostgreSQL's code of an exclusion constraint that refuses
_EXCLUDED = "23P01"
# and of a row that another transaction holds
_HELD = "55P03"


class SeatsTakenError(Exception):
    """Not enough of the seats are free."""


class SeatsHeldError(Exception):
    """Somebody else is booking some of the seats at this instant."""


@dataclass(frozen=True)
class Fit:
    """Seats that may be taken.

    kept  those of them that a block keeps for whoever takes them: it makes room
    """

    seats: Sequence[int]
    kept: frozenset[int] = frozenset()


def lock(space_ids: Iterable[int]) -> dict[int, list[int]]:
    """The seats in order below each space, locked in one order until the transaction ends.

    Two acts that meet on a seat wait for each other; none waits for one that waits for it.
    """
    wanted = set(space_ids)
    return _by_space(wanted, _below(wanted).select_for_update(of=("self",), no_key=True))


def lock_at_once(space_ids: Iterable[int]) -> dict[int, list[int]]:
    """The same, without waiting; raises SeatsHeldError when somebody holds one of them."""
    wanted = set(space_ids)
    rows = _below(wanted).select_for_update(of=("self",), no_key=True, nowait=True)
    try:
        with transaction.atomic():
            return _by_space(wanted, rows)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _HELD:
            raise
    raise SeatsHeldError


def has_room(
    space_id: int,
    period: Period,
    *,
    party: int,
    is_whole: bool,
    at: datetime,
    holder: Holder | None = None,
) -> bool:
    """Whether enough seats are free at this instant, nothing being locked."""
    below = _by_space({space_id}, _below({space_id}))[space_id]
    taken, _, _ = _taken(below, period, holder, at)
    left = len(below) - len(taken)
    return left == len(below) > 0 if is_whole else left >= party


def lock_taken(bookings: Iterable[Booking]) -> None:
    """The seats of these bookings, locked in the same order."""
    taken = Occupancy.objects.filter(booking__in=list(bookings)).values("seat")
    list(
        Seat.objects.filter(pk__in=taken)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )


def lock_seats(seat_ids: Iterable[int]) -> None:
    """These seats, locked in the same order."""
    rows = Seat.objects.filter(pk__in=list(seat_ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def sweep(seat_ids: Sequence[int], *, at: datetime) -> None:
    """Free locked seats from holds that expired; their bookings say so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bookings_occupancy WHERE seat_id = ANY(%s) AND hold_until <= %s "
            "RETURNING booking_id, seat_id, period",
            [list(seat_ids), at],
        )
        gone = cursor.fetchall()
    if gone:
        _expired(sorted({booking for booking, _, _ in gone}), at)
        _freed([(seat, period_of(period)) for _, seat, period in gone])


def pick(
    seat_ids: Sequence[int],
    period: Period,
    *,
    party: int,
    is_whole: bool,
    at: datetime,
    holder: Holder | None = None,
) -> Fit:
    """The locked seats to take; raises SeatsTakenError.

    Those kept for the holder first, then seats next to each other when a party comes, else the
    first: what is left stays together. Holds that expired are swept away.
    """
    taken, kept, is_stale = _taken(seat_ids, period, holder, at)
    if is_stale:
        sweep(seat_ids, at=at)
        taken, kept, _ = _taken(seat_ids, period, holder, at)
    left = [seat for seat in seat_ids if seat not in taken]
    if len(left) < (len(seat_ids) if is_whole else party) or not left:
        raise SeatsTakenError
    if is_whole:
        return Fit(left, kept)
    own = [seat for seat in left if seat in kept][:party]
    others = [seat for seat in left if seat not in kept]
    rest = _together(seat_ids, others, party - len(own)) if len(own) < party else []
    return Fit([*own, *rest], frozenset(own))


def take(booking: Booking, fit: Fit, period: Period) -> None:
    """Write what a booking takes, buffers included; raises SeatsTakenError."""
    if fit.kept:
        _make_room(fit.kept, period)
    _write(
        Occupancy(
            seat_id=seat,
            booking=booking,
            period=range_of(period),
            hold_until=booking.hold_until,
        )
        for seat in fit.seats
    )


def leave(booking: Booking) -> None:
    """Free what a booking takes; its seats are locked by the caller."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bookings_occupancy WHERE booking_id = %s RETURNING seat_id, period",
            [booking.pk],
        )
        gone = cursor.fetchall()
    if gone:
        _freed([(seat, period_of(period)) for seat, period in gone])


def keep_days(block: Block, days: Sequence[date]) -> list[date]:
    """Keep these days of a block, as far as nobody took its seat; those that are kept, in part.

    Its seat is locked by the caller.
    """
    if not days:
        return []
    times = {on: kept_time(block, on) for on in days}
    span = Period(min(p.begins for p in times.values()), max(p.ends for p in times.values()))
    rows = Occupancy.objects.filter(seat=block.seat_id, period__overlap=range_of(span))
    others = [period_of(p) for p in rows.exclude(block=block).values_list("period", flat=True)]
    _clear(block, list(times.values()))
    left = {on: without([whole], others) for on, whole in times.items()}
    _write(
        Occupancy(seat_id=block.seat_id, block=block, period=range_of(part))
        for parts in left.values()
        for part in parts
    )
    return [on for on, parts in left.items() if parts]


def clear_days(block: Block, days: Sequence[date]) -> None:
    """Stop keeping these days of a block; its seat is locked by the caller."""
    waited.tell(_clear(block, [kept_time(block, on) for on in days]))


def _below(space_ids: set[int]) -> QuerySet[Seat]:
    return Seat.objects.filter(
        space__path__overlap=sorted(space_ids),
        space__removed_at=None,
        removed_at=None,
        out_of_order_since=None,
    ).order_by("pk")


def _by_space(space_ids: set[int], rows: QuerySet[Seat]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {space: [] for space in space_ids}
    for seat, path in rows.values_list("pk", "space__path"):
        for space in space_ids.intersection(path):
            found[space].append(seat)
    return found


def _clear(block: Block, times: Sequence[Period]) -> list[tuple[int, Period]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bookings_occupancy WHERE block_id = %s AND period && ANY("
            "SELECT tstzrange(b, e) FROM unnest(%s::timestamptz[], %s::timestamptz[]) t(b, e)) "
            "RETURNING seat_id, period",
            [block.pk, [p.begins for p in times], [p.ends for p in times]],
        )
        return [(seat, period_of(period)) for seat, period in cursor.fetchall()]


def _taken(
    seat_ids: Sequence[int], period: Period, holder: Holder | None, at: datetime
) -> tuple[set[int], frozenset[int], bool]:
    """Seats that others take, seats kept for the holder, whether a hold is over and in the way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.seat_id, o.hold_until, b.person_id, b.organisation_id "
            "FROM bookings_occupancy o LEFT JOIN bookings_block b ON b.id = o.block_id "
            "WHERE o.seat_id = ANY(%s) AND o.period && tstzrange(%s, %s)",
            [list(seat_ids), period.begins, period.ends],
        )
        rows = cursor.fetchall()
    taken: set[int] = set()
    kept: set[int] = set()
    is_stale = False
    for seat, hold_until, person_id, organisation_id in rows:
        if hold_until is not None and hold_until <= at:
            is_stale = True
            continue
        is_own = holder is not None and holder.is_kept_by(person_id, organisation_id)
        (kept if is_own else taken).add(seat)
    return taken, frozenset(kept - taken), is_stale


def _write(rows: Iterable[Occupancy]) -> None:
    """The caller's transaction ends when it is refused: nothing of the act may stay."""
    try:
        Occupancy.objects.bulk_create(rows)
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) == _EXCLUDED:
            raise SeatsTakenError from error
        raise


def _make_room(seat_ids: Iterable[int], period: Period) -> None:
    """A block keeps the rest of its day when its own holder books a part of it."""
    rows = Occupancy.objects.filter(
        seat__in=list(seat_ids), period__overlap=range_of(period), booking=None
    )
    found = list(rows)
    rows.delete()
    _write(
        Occupancy(seat_id=row.seat_id, block_id=row.block_id, period=range_of(part))
        for row in found
        for part in without([period_of(row.period)], [period])
    )


def _freed(gone: Sequence[tuple[int, Period]]) -> None:
    """What was kept for somebody before is kept again; those who wait are thought of."""
    first, last = min(p.begins for _, p in gone), max(p.ends for _, p in gone)
    seat_ids = sorted({seat for seat, _ in gone})
    for block, days in kept_days(seat_ids, Period(first, last)):
        keep_days(block, days)
    waited.tell(gone)


def _expired(booking_ids: Sequence[int], at: datetime) -> None:
    rows = Booking.objects.select_for_update(of=("self",)).select_related("site").order_by("pk")
    for row in rows.filter(pk__in=booking_ids, state="hold"):
        row.state, row.hold_until = "expired", None
        row.ended_at = row.changed_at = at
        row.version += 1
        row.save()
        waited.offer_over(row)
        record("booking.expire", ("booking", row.pk), by=None, at=at, scope=row.scopes[0])
        notify(row, "expired")


def _together(every: Sequence[int], left: Sequence[int], party: int) -> list[int]:
    rank = {seat: n for n, seat in enumerate(every)}
    for first in range(len(left) - party + 1):
        last = first + party - 1
        if rank[left[last]] - rank[left[first]] == party - 1:
            return list(left[first : last + 1])
    return list(left[:party])

"""Keep a seat for its resident or for an employer's people; give a day of it to others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import seats
from maillage.apps.bookings.asked import period_of, range_of
from maillage.apps.bookings.kept import Holder, is_of, kept_time, zone_of
from maillage.apps.bookings.models import Block, Occupancy, Release
from maillage.apps.journal.record import record
from maillage.apps.sites.models import Seat
from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period, Recurrence
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled
from maillage.report import moments

DATES_TOLD = 3
AT_A_TIME = 200


class SeatBooked(Refusal):
    """Others have it on some of these days."""

    sentence = _(
        "La place {seat} de {space} est déjà prise : {dates}. Choisissez une autre place ou "
        "d’autres dates, ou déplacez d’abord ces réservations."
    )


class SeatGone(Refusal):
    """It cannot be used any more."""

    sentence = _("Cette place n’est plus en service. Choisissez-en une autre.")


class NoDay(Refusal):
    """Nothing would be kept."""

    sentence = _("Aucun jour à venir dans ces dates. Vérifiez les jours de la semaine et la fin.")
    status = 422


class TooManyDays(Refusal):
    """More than a block may hold."""

    sentence = _("Au plus {most} jours à la fois. Choisissez une date de fin plus proche.")
    status = 422


class NotKeptThen(Refusal):
    """The day is not of the block, or it was given already."""

    sentence = _("La place n’est pas gardée le {day}. Actualisez la page.")


class DayOver(Refusal):
    """It is too late for that day."""

    sentence = _("Le {day} est passé : il n’y a plus rien à changer.")


class TakenMeanwhile(Refusal):
    """Somebody booked the day that was given."""

    sentence = _(
        "La place est déjà réservée par quelqu’un d’autre le {day}. Réservez une autre place ce "
        "jour-là."
    )


class BlockEnded(Refusal):
    """Twice."""

    sentence = _("Cette place n’est plus gardée. Actualisez la page.")


@dataclass(frozen=True)
class Keeping:
    """Which days are kept, for whom.

    holder       one of a person and a body
    release_min  unused, a day is given to others this long before it begins; None: never
    """

    holder: Holder
    weekdays: frozenset[int]
    first: date
    last: date
    release_min: int | None = None


def keep(seat: Seat, keeping: Keeping, *, by: int | None, at: datetime) -> Block:
    """Nobody else may book the seat on these days.

    Raises SeatBooked, SeatGone, NoDay, TooManyDays.
    """
    return settled(lambda: _keep(seat, keeping, by, at))


@transaction.atomic
def _keep(seat: Seat, keeping: Keeping, by: int | None, at: datetime) -> Block:
    seats.lock_seats([seat.pk])
    row = Seat.objects.select_related("space__site__territory").get(pk=seat.pk)
    if row.removed_at or row.out_of_order_since or row.space.removed_at:
        raise SeatGone
    days = _days(keeping, at, ZoneInfo(row.space.site.zone))
    seats.sweep([row.pk], at=at)
    _refuse_booked(row, days)
    block = Block.objects.create(
        seat=row,
        person_id=keeping.holder.person_id,
        organisation_id=keeping.holder.organisation_id,
        weekdays=sorted(keeping.weekdays),
        first_on=keeping.first,
        last_on=keeping.last,
        release_min=keeping.release_min,
        created_by=by,
        created_at=at,
    )
    seats.keep_days(block, days)
    _record("booking.keep_seat", block, by, at, days=len(days))
    return block


def end(block: Block, *, by: int | None, at: datetime) -> Block:
    """From now on, its days to come are everybody's; what is past stays known."""
    return settled(lambda: _end(block, by, at))


@transaction.atomic
def _end(block: Block, by: int | None, at: datetime) -> Block:
    row = _held(block)
    rows = Occupancy.objects.filter(block=row, period__endswith__gt=at)
    to_come = {
        on
        for period in rows.values_list("period", flat=True)
        for on in periods.local_days(period_of(period), zone_of(row))
    }
    seats.clear_days(row, sorted(to_come))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    _record("booking.end_block", row, by, at)
    return row


def keep_until(block: Block, last: date, *, by: int | None, at: datetime) -> Block:
    """Its last day, earlier or later: the days after an earlier one are everybody's.

    Raises SeatBooked, SeatGone, TooManyDays, BlockEnded.
    """
    return settled(lambda: _keep_until(block, last, by, at))


@transaction.atomic
def _keep_until(block: Block, last: date, by: int | None, at: datetime) -> Block:
    row = _held(block)
    zone = zone_of(row)
    if last < row.last_on:
        rows = Occupancy.objects.filter(block=row, period__endswith__gt=at)
        to_come = {
            on
            for period in rows.values_list("period", flat=True)
            for on in periods.local_days(period_of(period), zone)
        }
        seats.clear_days(row, sorted(on for on in to_come if on > last))
    elif last > row.last_on:
        if row.seat.removed_at or row.seat.out_of_order_since:
            raise SeatGone
        holder = Holder(row.person_id, row.organisation_id)
        first = row.last_on + periods.ONE_DAY
        days = _days(Keeping(holder, frozenset(row.weekdays), first, last), at, zone)
        seats.sweep([row.seat_id], at=at)
        _refuse_booked(row.seat, days)
        seats.keep_days(row, days)
    row.last_on = max(last, row.first_on)
    row.save(update_fields=["last_on"])
    _record("booking.keep_until", row, by, at, day=last.isoformat())
    return row


def release_day(block: Block, on: date, *, by: int | None, at: datetime) -> Release:
    """Give one day of it to others: its holder is away.

    Raises NotKeptThen, DayOver, BlockEnded.
    """
    return settled(lambda: _release_day(block, on, by, at))


@transaction.atomic
def _release_day(block: Block, on: date, by: int | None, at: datetime) -> Release:
    row = _held(block)
    _refuse_past(row, on, at)
    return _release(row, on, by, at, is_automatic=False)


def take_back(block: Block, on: date, *, by: int | None, at: datetime) -> None:
    """She comes after all: the day is kept again, if nobody took its seat.

    Raises NotKeptThen, DayOver, TakenMeanwhile, BlockEnded.
    """
    settled(lambda: _take_back(block, on, by, at))


@transaction.atomic
def _take_back(block: Block, on: date, by: int | None, at: datetime) -> None:
    row = _held(block)
    _refuse_past(row, on, at)
    release = row.releases.filter(on=on).first()
    if release is None:
        raise NotKeptThen(day=moments.day(on))
    seats.sweep([row.seat_id], at=at)
    if _others(row, [kept_time(row, on)]):
        raise TakenMeanwhile(day=moments.day(on))
    release.delete()
    seats.keep_days(row, [on])
    _record("booking.take_day_back", row, by, at, day=on.isoformat())


def release_unused(*, at: datetime) -> int:
    """Give to others the days that nobody used by the agreed hour; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "most": AT_A_TIME})
        due: list[tuple[int, date]] = cursor.fetchall()
    given = [settled(partial(_release_unused, block, on, at)) for block, on in due]
    return given.count(True)


@transaction.atomic
def _release_unused(block_id: int, on: date, at: datetime) -> bool:
    try:
        row = _held(Block(pk=block_id))
        if _others(row, [kept_time(row, on)]):
            return False
        _release(row, on, None, at, is_automatic=True)
    except (BlockEnded, NotKeptThen):
        # its holder was faster
        return False
    return True


# days whose agreed hour has come and which their holder has not booked
_DUE = """
SELECT DISTINCT block.id, (lower(kept.period) AT TIME ZONE site.zone)::date AS day
FROM bookings_occupancy kept
JOIN bookings_block block ON block.id = kept.block_id
JOIN sites_seat seat ON seat.id = kept.seat_id
JOIN sites_space space ON space.id = seat.space_id
JOIN sites_site site ON site.id = space.site_id
WHERE block.release_min IS NOT NULL AND block.ended_at IS NULL AND upper(kept.period) > %(at)s
  AND lower(kept.period) <= %(at)s + make_interval(mins => block.release_min)
  AND NOT EXISTS (
    SELECT FROM bookings_occupancy used
    WHERE used.seat_id = kept.seat_id AND used.booking_id IS NOT NULL
      AND used.period && tstzrange(lower(kept.period) - interval '1 day',
                                   upper(kept.period) + interval '1 day')
      AND (lower(used.period) AT TIME ZONE site.zone)::date
        = (lower(kept.period) AT TIME ZONE site.zone)::date
  )
ORDER BY day, block.id
LIMIT %(most)s
"""


def _days(keeping: Keeping, at: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """Those of the block that are to come; the day that has begun is not."""
    first = max(keeping.first, at.astimezone(zone).date() + periods.ONE_DAY)
    if keeping.last < first or not keeping.weekdays:
        raise NoDay
    try:
        return periods.occurrences(
            Recurrence("weekly", weekdays=keeping.weekdays), first, keeping.last
        )
    except BadInput as bad:
        if bad.code == "series_too_long":
            raise TooManyDays(most=periods.MOST_DATES) from bad
        raise NoDay from bad


def _refuse_booked(seat: Seat, days: Sequence[date]) -> None:
    zone = ZoneInfo(seat.space.site.zone)
    wanted = set(days)
    taken = sorted(
        {
            on
            for period in _taken(seat.pk, [periods.day(on, zone) for on in days])
            for on in periods.local_days(period, zone)
            if on in wanted
        }
    )
    if taken:
        raise SeatBooked(seat=str(seat), space=seat.space.name, dates=_listed(taken))


def _listed(days: Sequence[date]) -> str:
    said = [moments.day(on) for on in days[:DATES_TOLD]]
    if len(days) > DATES_TOLD:
        said.append(str(_("et {more} autres jours")).format(more=len(days) - DATES_TOLD))
    return ", ".join(said)


def _taken(seat_id: int, times: Sequence[Period]) -> list[Period]:
    span = Period(min(t.begins for t in times), max(t.ends for t in times))
    rows = Occupancy.objects.filter(seat=seat_id, period__overlap=range_of(span))
    found = [period_of(p) for p in rows.values_list("period", flat=True)]
    return [p for p in found if any(p.overlaps(t) for t in times)]


def _others(block: Block, times: Sequence[Period]) -> list[Period]:
    """What takes its seat besides itself."""
    span = Period(min(t.begins for t in times), max(t.ends for t in times))
    rows = Occupancy.objects.filter(seat=block.seat_id, period__overlap=range_of(span))
    return [period_of(p) for p in rows.exclude(block=block).values_list("period", flat=True)]


def _held(block: Block) -> Block:
    """The row, locked after its seat; raises BlockEnded."""
    seats.lock_seats(Block.objects.filter(pk=block.pk).values_list("seat", flat=True))
    row = (
        Block.objects.select_for_update(of=("self",))
        .select_related("seat__space__site__territory")
        .get(pk=block.pk)
    )
    if row.ended_at is not None:
        raise BlockEnded
    return row


def _refuse_past(block: Block, on: date, at: datetime) -> None:
    if kept_time(block, on).ends <= at:
        raise DayOver(day=moments.day(on))


def _release(
    block: Block, on: date, by: int | None, at: datetime, *, is_automatic: bool
) -> Release:
    if not is_of(block, on) or block.releases.filter(on=on).exists():
        raise NotKeptThen(day=moments.day(on))
    release = Release.objects.create(block=block, on=on, is_automatic=is_automatic, by=by, at=at)
    seats.clear_days(block, [on])
    _record("booking.release_day", block, by, at, day=on.isoformat(), is_automatic=is_automatic)
    return release


def _record(act: str, block: Block, by: int | None, at: datetime, **facts: Any) -> None:
    scope = block.seat.space.site.scopes[0]
    record(act, ("block", block.pk), by=by, at=at, scope=scope, seat=block.seat_id, **facts)

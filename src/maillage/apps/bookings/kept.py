"""Whole local days of a seat, kept for its resident or for the people of an employer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from maillage.apps.bookings.models import Block, Booking, Release
from maillage.core import periods
from maillage.core.periods import Period


@dataclass(frozen=True)
class Holder:
    """For whom a seat may be kept: who comes, and who pays for her."""

    person_id: int | None = None
    organisation_id: int | None = None

    def is_kept_by(self, person_id: int | None, organisation_id: int | None) -> bool:
        """Whether a block of this person, or of this body, is theirs."""
        is_hers = person_id is not None and person_id == self.person_id
        return is_hers or (organisation_id is not None and organisation_id == self.organisation_id)


def holder_of(booking: Booking) -> Holder:
    """For whom a booking is."""
    return Holder(booking.person_id, booking.payer_organisation_id)


def zone_of(block: Block) -> ZoneInfo:
    """Of the site of its seat."""
    return ZoneInfo(block.seat.space.site.zone)


def kept_time(block: Block, on: date) -> Period:
    """A local day of its site."""
    return periods.day(on, zone_of(block))


def is_of(block: Block, on: date) -> bool:
    """Whether a block keeps that day, unless it was given to others."""
    return (
        block.ended_at is None
        and block.first_on <= on <= block.last_on
        and on.weekday() in block.weekdays
    )


def kept_days(seat_ids: Sequence[int], period: Period) -> list[tuple[Block, list[date]]]:
    """The days that blocks keep on these seats among those that a period touches."""
    # a local day may be the one before or after in UTC
    first, last = period.begins.date() - periods.ONE_DAY, period.ends.date() + periods.ONE_DAY
    blocks = list(
        Block.objects.filter(
            seat__in=seat_ids, ended_at=None, first_on__lte=last, last_on__gte=first
        ).select_related("seat__space__site")
    )
    if not blocks:
        return []
    released = set(
        Release.objects.filter(block__in=blocks, on__range=(first, last)).values_list(
            "block_id", "on"
        )
    )
    return [
        (block, [on for on in days if is_of(block, on) and (block.pk, on) not in released])
        for block in blocks
        if (days := periods.local_days(period, zone_of(block)))
    ]

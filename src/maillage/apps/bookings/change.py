"""Change a booking: another time, another space, more seats, under the same rules as a new one."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import price, seats, space_rules
from maillage.apps.bookings.asked import Ask, Booker, period_of, range_of
from maillage.apps.bookings.cancel import kept_percent
from maillage.apps.bookings.charge import charge
from maillage.apps.bookings.held import held, refuse_unless
from maillage.apps.bookings.kept import holder_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.notify import notify
from maillage.apps.bookings.reserve import (
    NoSeatLeft,
    TakenError,
    hold_sites,
    no_seat_left,
    settings_for,
    standing_for,
)
from maillage.apps.bookings.space_rules import Setting
from maillage.apps.journal.record import record
from maillage.core.periods import Period
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

__all__ = ["NoSeatLeft", "TooLateToChange", "WouldNeedApproval", "change"]


class TooLateToChange(Refusal):
    """After its deadline a booking may only become longer."""

    sentence = _(
        "Le délai pour déplacer cette réservation est passé. Vous pouvez encore la prolonger."
    )


class WouldNeedApproval(Refusal):
    """A manager decides on the space she wants to move to."""

    sentence = _(
        "{space} se réserve sur demande. Annulez cette réservation, puis faites une demande."
    )


def change(
    booking: Booking, ask: Ask, booker: Booker, *, version: int | None = None, at: datetime
) -> Booking:
    """Move it; what it cost is replaced by what it costs.

    Raises NoSeatLeft, TooLateToChange, WouldNeedApproval, those of a new booking, AlreadyOver.
    """
    try:
        return settled(lambda: _change(booking, ask, booker, version, at))
    except TakenError as taken:
        raise no_seat_left(taken, at=at) from taken


@transaction.atomic
def _change(
    booking: Booking, ask: Ask, booker: Booker, version: int | None, at: datetime
) -> Booking:
    setting = settings_for([ask])[ask.space_id]
    hold_sites([setting])
    below = seats.lock({booking.space_id, ask.space_id})
    row = held(booking, version=version)
    refuse_unless(row, State.CONFIRMED)
    _check(setting, row, ask, booker, at)
    price.unsettle(row, kept_percent=0, at=at)
    seats.leave(row)
    taken = setting.held(ask.period)
    try:
        fit = seats.pick(
            below[ask.space_id],
            taken,
            party=ask.party,
            is_whole=ask.is_whole,
            at=at,
            holder=holder_of(row),
        )
        _move(row, setting, ask, at)
        seats.take(row, fit, taken)
    except seats.SeatsTakenError as error:
        raise TakenError(ask, setting) from error
    charge(row, at=at)
    record(
        "booking.change",
        ("booking", row.pk),
        by=booker.by,
        at=at,
        scope=row.scopes[0],
        reason=booker.override_reason,
        space=row.space_id,
    )
    notify(row, "changed")
    return row


def _check(setting: Setting, row: Booking, ask: Ask, booker: Booker, at: datetime) -> None:
    before = period_of(row.period)
    if not booker.override_reason:
        if setting.space.needs_approval and setting.space.pk != row.space_id:
            raise WouldNeedApproval(space=setting.space.name)
        if kept_percent(row, at) and not _is_longer(row, ask, before):
            raise TooLateToChange
        known = standing_for(setting, ask, booker)
        space_rules.check(setting, _to_check(ask, before, at), booker, known, at=at)
        space_rules.check_hours(setting, ask.period)
    space_rules.check_capacity(setting, ask, at=at, besides=row.pk)


def _is_longer(row: Booking, ask: Ask, before: Period) -> bool:
    return (
        ask.space_id == row.space_id
        and ask.period.begins == before.begins
        and ask.period.ends >= before.ends
        and ask.party >= row.party
    )


def _to_check(ask: Ask, before: Period, at: datetime) -> Ask:
    """What has begun may be longer: only the time that is added is asked for."""
    if before.begins > at or ask.period.begins != before.begins or ask.period.ends <= before.ends:
        return ask
    return replace(ask, period=Period(before.ends, ask.period.ends))


def _move(row: Booking, setting: Setting, ask: Ask, at: datetime) -> None:
    row.space, row.site = setting.space, setting.space.site
    row.is_whole, row.party = ask.is_whole, ask.party
    row.period = range_of(ask.period)
    row.free_until = ask.period.begins - timedelta(minutes=setting.space.free_cancel_min)
    row.late_kept_percent = setting.space.late_kept_percent
    row.changed_at = at
    row.version += 1
    row.save()

"""Decide on a request: approve it, refuse it; rivals that no longer fit are told at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import seats, space_rules
from maillage.apps.bookings.asked import Ask, period_of, range_of
from maillage.apps.bookings.availability import seats_left
from maillage.apps.bookings.cancel import end
from maillage.apps.bookings.charge import charge
from maillage.apps.bookings.held import held, refuse_unless
from maillage.apps.bookings.kept import holder_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.notify import notify
from maillage.apps.bookings.reserve import TakenError, hold_sites, no_seat_left, settings_for
from maillage.apps.journal.record import record
from maillage.apps.sites.models import Space
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled


class RequestPast(Refusal):
    """Its time has come before the answer."""

    sentence = _("Le créneau demandé a déjà commencé. Refusez la demande en l’expliquant.")


class NoReason(Refusal):
    """A refusal says why."""

    sentence = _("Dites en une phrase pourquoi la demande est refusée : la personne la lira.")
    status = 422


def rivals(booking: Booking) -> list[Booking]:
    """The other requests that want some of the same seats at the same time, oldest first."""
    space = booking.space
    same_seats = Space.objects.filter(path__overlap=[space.pk]).values("pk")
    return list(
        Booking.objects.filter(
            state=State.REQUESTED, period__overlap=range_of(period_of(booking.period))
        )
        .filter(space__in=[*space.path, *same_seats.values_list("pk", flat=True)])
        .exclude(pk=booking.pk)
        .select_related("space__site", "person")
        .order_by("created_at", "pk")
    )


def approve(booking: Booking, *, by: int | None, at: datetime) -> list[Booking]:
    """The seats are given, if they are still free; the rivals that were refused.

    Raises NoSeatLeft, RequestPast, AlreadyOver.
    """
    try:
        return settled(lambda: _approve(booking, by, at))
    except TakenError as taken:
        raise no_seat_left(taken, at=at) from taken


def refuse(booking: Booking, reason: str, *, by: int | None, at: datetime) -> Booking:
    """The request is not granted, and its author reads why. Raises NoReason, AlreadyOver."""
    if not reason.strip():
        raise NoReason
    with transaction.atomic():
        row = held(booking)
        refuse_unless(row, State.REQUESTED)
        _refuse(row, reason.strip(), by, at)
    return row


@transaction.atomic
def _approve(booking: Booking, by: int | None, at: datetime) -> list[Booking]:
    ask = _asked(booking)
    setting = settings_for([ask])[ask.space_id]
    hold_sites([setting])
    below = seats.lock([ask.space_id])[ask.space_id]
    row = held(booking)
    refuse_unless(row, State.REQUESTED)
    if period_of(row.period).begins < at:
        raise RequestPast
    space_rules.check_capacity(setting, ask, at=at)
    taken = setting.held(ask.period)
    try:
        fit = seats.pick(
            below,
            taken,
            party=ask.party,
            is_whole=ask.is_whole,
            at=at,
            holder=holder_of(row),
        )
        row.state, row.changed_at = State.CONFIRMED, at
        row.version += 1
        row.save()
        seats.take(row, fit, taken)
    except seats.SeatsTakenError as error:
        raise TakenError(ask, setting) from error
    charge(row, at=at)
    record("booking.approve", ("booking", row.pk), by=by, at=at, scope=row.scopes[0])
    notify(row, "confirmed")
    return _refuse_rivals(row, by, at)


def _refuse_rivals(approved: Booking, by: int | None, at: datetime) -> list[Booking]:
    """Those which no longer fit; a rival that still finds a seat waits for its own answer."""
    gone = []
    for rival in rivals(approved):
        left = seats_left([rival.space_id], period_of(rival.period), at=at)[rival.space_id]
        if left.holds(rival.party, is_whole=rival.is_whole):
            continue
        row = (
            Booking.objects.select_for_update(of=("self",)).select_related("site").get(pk=rival.pk)
        )
        if row.state == State.REQUESTED:
            why = text("Une autre demande a été retenue pour ce créneau.")
            _refuse(row, why, by, at)
            gone.append(row)
    return gone


def _refuse(row: Booking, reason: str, by: int | None, at: datetime) -> None:
    end(row, State.REFUSED, at, note=reason)
    record("booking.refuse", ("booking", row.pk), by=by, at=at, scope=row.scopes[0], reason=reason)
    notify(row, "refused")


def _asked(booking: Booking) -> Ask:
    return Ask(booking.space_id, period_of(booking.period), booking.party, booking.is_whole)

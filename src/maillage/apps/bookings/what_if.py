"""What an act would do, told before it is done: the act itself, in a transaction that is undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from maillage.apps.bookings import price
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.cancel import Cancelling, cancel_once, kept_percent
from maillage.apps.bookings.change import change
from maillage.apps.bookings.held import held
from maillage.apps.bookings.models import Booking, State
from maillage.apps.memberships.models import Use


@dataclass(frozen=True)
class Returned:
    """What a cancellation gives back now.

    kept_percent   of its price
    given_back     cents, tax included
    tickets        of carnets; `units` of plans
    """

    kept_percent: int
    given_back_cents: int
    tickets: int
    units: int


@dataclass(frozen=True)
class Moved:
    """What a change costs: cents before and after; None when nobody knows."""

    before_cents: int | None
    after_cents: int | None

    @property
    def more_cents(self) -> int | None:
        """To pay on top; below 0, given back."""
        if self.before_cents is None or self.after_cents is None:
            return None
        return self.after_cents - self.before_cents


def cancelled(booking: Booking, *, at: datetime, is_manager: bool = False) -> Returned:
    """What cancelling it now would give back; raises what the cancellation would raise."""
    how = Cancelling(is_manager=is_manager, is_told=False)
    _undone(lambda: cancel_once(booking, how, None, at))
    kept = 0 if is_manager else kept_percent(booking, at)
    if booking.state != State.CONFIRMED:
        return Returned(0, 0, 0, 0)

    def act() -> Returned:
        row = held(booking)
        before = _spent(row)
        given = price.unsettle(row, kept_percent=kept, at=at)
        after = _spent(row)
        return Returned(kept, given, before[0] - after[0], before[1] - after[1])

    return _undone(act)


def moved(booking: Booking, ask: Ask, booker: Booker, *, at: datetime) -> Moved:
    """What moving it would cost; raises what the change would raise."""
    before = booking.price_cents
    return _undone(
        lambda: Moved(before, change(booking, ask, booker, version=None, at=at).price_cents)
    )


class _Undo(Exception):  # noqa: N818
    """Leaves the transaction with nothing done."""


def _undone[Result](act: Callable[[], Result]) -> Result:
    found: list[Result] = []
    try:
        with transaction.atomic():
            found.append(act())
            raise _Undo
    except _Undo:
        return found[0]


def _spent(row: Booking) -> tuple[int, int]:
    """Tickets, and units of plans, that a booking holds."""
    uses = Use.objects.filter(origin_kind=price.ORIGIN, origin_key=str(row.pk))
    tickets = uses.filter(carnet__isnull=False).taken_in_all()
    return tickets, uses.filter(subscription__isnull=False).taken_in_all()

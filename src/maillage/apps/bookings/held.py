"""A booking held for an act: its seats locked first, in order, then its row, read again."""

from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import seats
from maillage.apps.bookings.models import Booking, State
from maillage.kit.refusal import Refusal


class AlreadyOver(Refusal):
    """Nothing more can be done with it."""

    sentence = _("Cette réservation est {state}. Actualisez la page.")


class SomebodyElseChanged(Refusal):
    """The page was read before another change."""

    sentence = _("Cette réservation a changé pendant ce temps. Relisez-la, puis recommencez.")


def held(booking: Booking, *, version: int | None = None) -> Booking:
    """The row as it is now, locked after its seats; raises SomebodyElseChanged."""
    seats.lock_taken([booking])
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("space__site__territory", "person")
        .get(pk=booking.pk)
    )
    if version is not None and row.version != version:
        raise SomebodyElseChanged
    return row


def refuse_unless(booking: Booking, *states: State) -> None:
    """Raises AlreadyOver when it is in none of these states."""
    if booking.state not in states:
        raise AlreadyOver(state=str(State(booking.state).label).lower())

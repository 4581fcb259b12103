"""Confirm a hold: whoever pays, or answers a message, in time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import waited
from maillage.apps.bookings.charge import charge
from maillage.apps.bookings.held import held, refuse_unless
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.bookings.notify import notify
from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled


class HoldOver(Refusal):
    """It was kept for a time, which is over."""

    sentence = _(
        "La place n’est plus retenue : le délai est passé. Cherchez à nouveau, elle est peut-être "
        "encore libre."
    )


def confirm(
    booking: Booking, *, by: int | None, at: datetime, person: Person | None = None
) -> Booking:
    """The seats are hers, what she owes is written.

    person  the account of a guest who has just made it
    Raises HoldOver, AlreadyOver.
    """
    return settled(lambda: confirm_once(booking, person, by, at))


@transaction.atomic
def confirm_once(booking: Booking, person: Person | None, by: int | None, at: datetime) -> Booking:
    """The same, once, in the caller's transaction if there is one."""
    row = held(booking)
    if row.state == State.EXPIRED:
        raise HoldOver
    refuse_unless(row, State.HOLD)
    if row.hold_until is None or row.hold_until <= at:
        raise HoldOver
    if person is not None and row.person_id is None:
        row.person, row.guest_name, row.guest_email = person, "", ""
    row.state, row.hold_until = State.CONFIRMED, None
    row.changed_at = at
    row.version += 1
    row.save()
    Occupancy.objects.filter(booking=row).update(hold_until=None)
    waited.offer_taken(row)
    charge(row, at=at)
    record("booking.confirm", ("booking", row.pk), by=by, at=at, scope=row.scopes[0])
    notify(row, "confirmed")
    return row

"""Charge a booking that has just been confirmed, at the price of its date."""

from datetime import datetime
from zoneinfo import ZoneInfo

from maillage.apps.bookings import price
from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.models import Booking
from maillage.apps.memberships.standing import Standing


def charge(booking: Booking, *, at: datetime, standing: Standing | None = None) -> None:
    """Spend what the person has, write what is owed: in the transaction of the act.

    standing  as whom she comes that day, when it was just read
    """
    space, period = booking.space, period_of(booking.period)
    who = price.Who(booking.person_id, booking.payer_organisation_id)
    known = price.pricing([space], who, period, lock=True)
    if standing is not None:
        on = period.begins.astimezone(ZoneInfo(space.site.zone)).date()
        known = known.knowing(space.site.territory_id, on, standing)
    found = known.quote(space, period, booking.party, booking.is_whole)
    price.settle(booking, found, at=at, known=known)

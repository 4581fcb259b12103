"""Note that somebody expected did not come, or came after all."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.journal.record import record
from maillage.apps.presence.models import Arrival, NoShow
from maillage.core import periods
from maillage.kit.refusal import Refusal
from maillage.report import moments


class StillTime(Refusal):
    """Nobody is late before the hour."""

    sentence = "La réservation commence à {begins}. Notez l’absence après cette heure."


class CameThatDay(Refusal):
    """She is there."""

    sentence = "Son arrivée est notée. Annulez-la d’abord si c’est une erreur."


class AlreadyAbsent(Refusal):
    """Noted once."""

    sentence = "Cette absence est déjà notée."


class NotExpected(Refusal):
    """No booking of that day."""

    sentence = "Cette réservation n’est pas attendue ce jour-là. Actualisez la page."


class NotAbsent(Refusal):
    """Nothing to undo."""

    sentence = "Aucune absence n’est notée. Actualisez la page."


def mark_absent(booking: Booking, *, on: date, by: int | None, at: datetime) -> NoShow:
    """She did not come; the seats stay hers until the end of the booking."""
    with transaction.atomic():
        held = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
        zone = ZoneInfo(held.site.zone)
        period = period_of(held.period)
        if held.state != State.CONFIRMED or on not in periods.local_days(period, zone):
            raise NotExpected
        begins = max(period.begins, periods.day(on, zone).begins)
        if at < begins:
            raise StillTime(begins=moments.clock(begins.astimezone(zone).time()))
        if Arrival.objects.filter(booking=held, on=on).exists():
            raise CameThatDay
        made, is_new = NoShow.objects.get_or_create(
            booking=held, on=on, defaults={"at": at, "by": by}
        )
        if not is_new:
            raise AlreadyAbsent
        _record("arrival.absent", held, by, at)
    return made


def undo_absence(booking: Booking, *, on: date, by: int | None, at: datetime) -> None:
    """Expected again."""
    with transaction.atomic():
        gone, _rows = NoShow.objects.filter(booking=booking, on=on).delete()
        if not gone:
            raise NotAbsent
        _record("arrival.not_absent", booking, by, at)


def _record(act: str, booking: Booking, by: int | None, at: datetime) -> None:
    record(act, ("booking", booking.pk), by=by, at=at, scope=booking.site.scopes[0])

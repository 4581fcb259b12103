"""Note that somebody came: at the desk, by the code at the entrance, at the kiosk."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.models import Block, Booking, Occupancy, State
from maillage.apps.journal.record import record
from maillage.apps.presence.access_codes import draw_for
from maillage.apps.presence.models import Arrival, How, NoShow
from maillage.apps.sites.models import Audience, Site
from maillage.apps.webhooks.models import Event
from maillage.apps.webhooks.tell import tell
from maillage.core import periods
from maillage.kit.refusal import Refusal
from maillage.report import moments

# how early the code at the entrance and the kiosk know somebody
EARLY = timedelta(minutes=30)
# beyond, an arrival is a figure of the place and is not undone
UNDONE_WITHIN = timedelta(days=1)
BY_HERSELF = frozenset({How.QR, How.KIOSK})
MOST_PEOPLE = 500


class NotConfirmed(Refusal):
    """A request, or something that is over."""

    sentence = "Cette réservation n’est pas confirmée : {state}. Réservez une place au comptoir."


class NotThatDay(Refusal):
    """She is expected on another day."""

    sentence = "Cette réservation n’est pas de ce jour. Cherchez-la à sa date."


class NotYet(Refusal):
    """Days to come have no arrivals."""

    sentence = "Ce jour n’est pas venu. Notez les arrivées le jour même."


class TooEarly(Refusal):
    """Before the door knows her."""

    sentence = "Votre réservation commence à {begins}. Revenez à partir de {opens}."


class TooLate(Refusal):
    """It is over."""

    sentence = "Votre réservation s’est terminée à {ends}. Réservez une autre place."


class AlreadyHere(Refusal):
    """Noted once a day."""

    sentence = "Cette arrivée est déjà notée, à {at}."


class NotTheDayOfTheBlock(Refusal):
    """The day was given to others, or is no day of the block."""

    sentence = "Cette place n’est pas gardée ce jour-là. Réservez une place au comptoir."


class TooOld(Refusal):
    """It counts already."""

    sentence = "Cette arrivée date de plus d’un jour : elle compte dans la fréquentation."


class WrongNumber(Refusal):
    """Somebody, and not a crowd."""

    sentence = "Indiquez de 1 à {most} personnes."


def arrive(
    booking: Booking, *, on: date, how: str, by: int | None, at: datetime, people: int | None = None
) -> Arrival:
    """The holder of a booking, or her party, is there that day; a code is drawn if she needs one.

    how  by the entrance or the kiosk, only in the window of the booking
    """
    with transaction.atomic():
        held = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
        zone = ZoneInfo(held.site.zone)
        if held.state != State.CONFIRMED:
            raise NotConfirmed(state=State(held.state).label.lower())
        if on not in periods.local_days(period_of(held.period), zone):
            raise NotThatDay
        _refuse_outside_window(held, on, how, at, zone)
        _refuse_double(Arrival.objects.filter(booking=held, on=on).first(), zone)
        NoShow.objects.filter(booking=held, on=on).delete()
        made = Arrival.objects.create(
            site=held.site,
            booking=held,
            person=held.person,
            audience=held.audience,
            people=_number(held.party if people is None else people),
            on=on,
            at=at,
            how=how,
            by=by,
        )
        if held.period.upper > at:
            draw_for(held, at=at)
        _record("arrival.note", made, by, at, how=how, booking=held.pk)
        _tell(held, made, at)
    return made


def arrive_on_block(
    block: Block, site: Site, *, on: date, how: str, by: int | None, at: datetime
) -> Arrival:
    """The holder of a kept seat is there that day."""
    with transaction.atomic():
        held = Block.objects.select_for_update(of=("self",), no_key=True).get(pk=block.pk)
        zone = ZoneInfo(site.zone)
        _refuse_to_come(on, at, zone)
        day = periods.day(on, zone)
        kept = Occupancy.objects.filter(
            block=held, seat__space__site=site, period__overlap=(day.begins, day.ends)
        )
        if not kept.exists():
            raise NotTheDayOfTheBlock
        _refuse_double(Arrival.objects.filter(block=held, on=on).first(), zone)
        made = Arrival.objects.create(
            site=site,
            block=held,
            person=held.person,
            audience=Audience.RESIDENT if held.person_id else Audience.MEMBER,
            on=on,
            at=at,
            how=how,
            by=by,
        )
        _record("arrival.note", made, by, at, how=how, block=held.pk)
    return made


def welcome_visitor(
    site: Site, first_name: str, people: int, *, by: int | None, at: datetime
) -> Arrival:
    """Somebody whom nobody expected."""
    on = at.astimezone(ZoneInfo(site.zone)).date()
    with transaction.atomic():
        made = Arrival.objects.create(
            site=site,
            is_visitor=True,
            first_name=first_name.strip(),
            audience=Audience.PUBLIC,
            people=_number(people),
            on=on,
            at=at,
            how=How.TAP,
            by=by,
        )
        _record("arrival.visitor", made, by, at, count=made.people)
    return made


def undo_arrival(arrival: Arrival, *, by: int | None, at: datetime) -> None:
    """It was noted by mistake: expected again."""
    with transaction.atomic():
        held = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival.pk)
        if at - held.at > UNDONE_WITHIN:
            raise TooOld
        _record("arrival.undo", held, by, at)
        held.delete()


def window_of(booking: Booking) -> tuple[datetime, datetime]:
    """From when to when the entrance knows its holder."""
    return booking.period.lower - EARLY, booking.period.upper


def _tell(booking: Booking, arrival: Arrival, at: datetime) -> None:
    """Programs that follow the territory: the booking's reference, never a name."""
    payload = {
        "reference": booking.reference,
        "site": booking.site_id,
        "space": booking.space_id,
        "on": arrival.on.isoformat(),
        "at": at.isoformat(),
        "people": arrival.people,
    }
    tell(Event.ARRIVED, booking.site.territory_id, payload, at=at)


def _refuse_outside_window(held: Booking, on: date, how: str, at: datetime, zone: ZoneInfo) -> None:
    if how not in BY_HERSELF:
        _refuse_to_come(on, at, zone)
        return
    opens, ends = window_of(held)
    if at < opens:
        begins = moments.clock(held.period.lower.astimezone(zone).time())
        raise TooEarly(begins=begins, opens=moments.clock(opens.astimezone(zone).time()))
    if at >= ends:
        raise TooLate(ends=moments.clock(ends.astimezone(zone).time()))


def _refuse_to_come(on: date, at: datetime, zone: ZoneInfo) -> None:
    if on > at.astimezone(zone).date():
        raise NotYet


def _refuse_double(noted: Arrival | None, zone: ZoneInfo) -> None:
    if noted is not None:
        raise AlreadyHere(at=moments.clock(noted.at.astimezone(zone).time()))


def _number(people: int) -> int:
    if not 1 <= people <= MOST_PEOPLE:
        raise WrongNumber(most=MOST_PEOPLE)
    return people


def _record(act: str, arrival: Arrival, by: int | None, at: datetime, **facts: Any) -> None:
    scope = arrival.site.scopes[0]
    record(act, ("arrival", arrival.pk), by=by, at=at, scope=scope, **facts)

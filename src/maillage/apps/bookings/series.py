"""Bookings that come back: preview each date, book those that fit as one thing, cancel some."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import seats, space_rules
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.cancel import (
    AlreadyBegun,
    Cancelling,
    TooLateToCancel,
    cancel_once,
)
from maillage.apps.bookings.held import AlreadyOver
from maillage.apps.bookings.models import Booking, Occurrence, OccurrenceState, Series, State
from maillage.apps.bookings.notify import notify_series
from maillage.apps.bookings.reserve import (
    TakenError,
    Terms,
    book_one,
    hold_sites,
    no_seat_left,
    settings_for,
    standing_for,
)
from maillage.apps.bookings.series_dates import (
    Dated,
    SeriesAsk,
    asks_of,
    refused,
    taken_by_others,
)
from maillage.apps.bookings.space_rules import Setting
from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.core.periods import Recurrence
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

LIVE = (State.HOLD, State.REQUESTED, State.CONFIRMED)


class NoDateLeft(Refusal):
    """None of its dates can be booked."""

    sentence = _(
        "Aucune des {count} dates ne peut être réservée. Changez les heures, l’espace ou les dates."
    )


class SomeDatesTaken(Refusal):
    """She wanted all of them; `faults` says which are not."""

    sentence = _(
        "{count} dates de la série ne peuvent pas être réservées. Réservez les autres, ou changez "
        "la série."
    )

    def __init__(self, found: Sequence[Dated]) -> None:
        super().__init__(count=len(found))
        self.faults = tuple(found)


class SeriesNeedsAccount(Refusal):
    """A series is somebody's."""

    sentence = _("Une série se réserve avec un compte. Connectez-vous, puis recommencez.")
    status = 422


class NotSkipped(Refusal):
    """That date was booked, or cancelled."""

    sentence = _("Cette date n’est plus à réserver. Actualisez la page.")


class DateStays(Refusal):
    """The only date asked for is not cancelled; the sentence is that of its booking."""

    sentence = "{why}"


class NothingToCancel(Refusal):
    """No date to come."""

    sentence = _("Aucune date à venir de cette série ne s’annule plus. Actualisez la page.")


@dataclass(frozen=True)
class Booked:
    """A series as it was made: its dates in order."""

    series: Series
    bookings: tuple[Booking, ...]
    skipped: tuple[Dated, ...]


@dataclass
class Cancelled:
    """What became of the dates to cancel; `left` keeps those that stay, with the sentence why."""

    bookings: list[Booking] = field(default_factory=list)
    left: list[tuple[Booking, str]] = field(default_factory=list)


def book(wanted: SeriesAsk, booker: Booker, *, at: datetime, skips: bool = True) -> Booked:
    """Book every date that fits; the others are kept as skipped, with why.

    skips  False: all of them or nothing
    Raises NoDateLeft, SomeDatesTaken, SeriesNeedsAccount, NoSuchSpace, UnreadableSeries.
    """
    return settled(lambda: _book(wanted, booker, at, skips))


def retry_skipped(
    occurrence: Occurrence, booker: Booker, *, at: datetime, ask: Ask | None = None
) -> Booking:
    """Add a date that was skipped, as the others or otherwise: another hour, another space.

    Raises NotSkipped, NoSeatLeft and the refusals of the space's rules and of its price.
    """
    try:
        return settled(lambda: _retry(occurrence, booker, ask, at))
    except TakenError as taken:
        raise no_seat_left(taken, at=at) from taken


def cancel_dates(
    series: Series,
    occurrences: Iterable[Occurrence] | None = None,
    *,
    by: int | None,
    at: datetime,
    how: Cancelling | None = None,
) -> Cancelled:
    """Cancel some dates, or all those to come, with one message; the rest is left alone.

    Raises NothingToCancel.
    """
    wanted = None if occurrences is None else [o.pk for o in occurrences]
    return settled(lambda: _cancel(series, wanted, how or Cancelling(), by, at))


@transaction.atomic
def _book(wanted: SeriesAsk, booker: Booker, at: datetime, skips: bool) -> Booked:  # noqa: FBT001
    if booker.person is None:
        raise SeriesNeedsAccount
    asked = asks_of(wanted)
    asks = [one.ask for one in asked if one.ask is not None]
    if not asks:
        raise NoDateLeft(count=len(asked))
    setting = settings_for(asks)[wanted.space_id]
    hold_sites([setting])
    below = seats.lock([wanted.space_id])[wanted.space_id]
    series = _written(wanted, setting, booker, booker.person, at)
    made: list[tuple[date, Booking]] = []
    skipped: list[Dated] = []
    for one in asked:
        outcome = _try(one, setting, booker, below, at, series)
        if isinstance(outcome, Booking):
            made.append((one.on, outcome))
        else:
            skipped.append(outcome)
    if not made:
        raise NoDateLeft(count=len(asked))
    if skipped and not skips:
        raise SomeDatesTaken(skipped)
    _keep_dates(series, made, skipped)
    bookings = tuple(booking for _, booking in made)
    record(
        "booking.series",
        ("series", series.pk),
        by=booker.by,
        at=at,
        scope=series.scopes[0],
        reason=booker.override_reason,
        booked=len(made),
        skipped=len(skipped),
    )
    notify_series(series, "reserved", [b.pk for b in bookings])
    return Booked(series, bookings, tuple(skipped))


def _try(
    one: Dated,
    setting: Setting,
    booker: Booker,
    below: Sequence[int],
    at: datetime,
    series: Series,
) -> Booking | Dated:
    """The booking of a date, or why it is skipped."""
    if one.ask is None:
        return one
    try:
        with transaction.atomic():
            known = standing_for(setting, one.ask, booker)
            if not booker.override_reason:
                space_rules.check(setting, one.ask, booker, known, at=at)
            space_rules.check_capacity(setting, one.ask, at=at)
            terms = Terms(series=series, is_told=False)
            return book_one(setting, one.ask, booker, known, below, at, terms)
    except TakenError:
        return taken_by_others(one, setting)
    except Refusal as refusal:
        return refused(one, setting, refusal)


@transaction.atomic
def _retry(occurrence: Occurrence, booker: Booker, ask: Ask | None, at: datetime) -> Booking:
    series = Series.objects.select_related("space").get(pk=occurrence.series_id)
    wanted = ask or _ask_again(series, occurrence.on)
    setting = settings_for([wanted])[wanted.space_id]
    hold_sites([setting])
    below = seats.lock([wanted.space_id])[wanted.space_id]
    row = Occurrence.objects.select_for_update().get(pk=occurrence.pk)
    if row.state != OccurrenceState.SKIPPED:
        raise NotSkipped
    known = standing_for(setting, wanted, booker)
    if not booker.override_reason:
        space_rules.check(setting, wanted, booker, known, at=at)
    space_rules.check_capacity(setting, wanted, at=at)
    booking = book_one(setting, wanted, booker, known, below, at, Terms(series=series))
    row.state, row.why, row.booking = OccurrenceState.BOOKED, "", booking
    row.save()
    return booking


@transaction.atomic
def _cancel(
    series: Series, wanted: Sequence[int] | None, how: Cancelling, by: int | None, at: datetime
) -> Cancelled:
    rows = Occurrence.objects.filter(series=series, booking__state__in=LIVE)
    if wanted is None:
        rows = rows.filter(booking__period__startswith__gt=at)
    else:
        rows = rows.filter(pk__in=wanted)
    bookings = [o.booking for o in rows.select_related("booking__site").order_by("on") if o.booking]
    seats.lock_taken(bookings)
    found = Cancelled()
    for booking in bookings:
        try:
            with transaction.atomic():
                quiet = replace(how, is_told=False)
                found.bookings.append(cancel_once(booking, quiet, by, at))
        except (AlreadyBegun, AlreadyOver, TooLateToCancel) as refusal:
            found.left.append((booking, str(refusal)))
    if not found.bookings:
        raise _nothing_cancelled(found)
    _note_end(series, at)
    record(
        "booking.cancel_series",
        ("series", series.pk),
        by=by,
        at=at,
        scope=series.scopes[0],
        reason=how.reason,
        cancelled=len(found.bookings),
        left=len(found.left),
    )
    notify_series(series, "cancelled", [b.pk for b in found.bookings])
    return found


def _nothing_cancelled(found: Cancelled) -> Refusal:
    """The reason of the only date that was asked for, when there is one."""
    return NothingToCancel() if len(found.left) != 1 else DateStays(why=found.left[0][1])


def _note_end(series: Series, at: datetime) -> None:
    left = Booking.objects.filter(series=series, state__in=LIVE, period__startswith__gt=at)
    if not left.exists():
        Series.objects.filter(pk=series.pk, cancelled_at=None).update(cancelled_at=at)


def _written(
    wanted: SeriesAsk, setting: Setting, booker: Booker, person: Person, at: datetime
) -> Series:
    rule = wanted.recurrence
    return Series.objects.create(
        space=setting.space,
        person=person,
        payer_organisation_id=booker.payer_organisation_id,
        is_whole=wanted.is_whole,
        party=wanted.party,
        from_time=wanted.from_time,
        to_time=wanted.to_time,
        first_on=wanted.first,
        last_on=wanted.last,
        recurrence={
            "frequency": rule.frequency,
            "every": rule.every,
            "weekdays": sorted(rule.weekdays),
            "nth": rule.nth,
        },
        purpose=booker.purpose,
        created_by=booker.by,
        created_at=at,
    )


def _keep_dates(
    series: Series, made: Iterable[tuple[date, Booking]], skipped: Iterable[Dated]
) -> None:
    booked = [
        Occurrence(series=series, on=on, state=OccurrenceState.BOOKED, booking=booking)
        for on, booking in made
    ]
    passed = [
        Occurrence(series=series, on=one.on, state=OccurrenceState.SKIPPED, why=one.code)
        for one in skipped
    ]
    Occurrence.objects.bulk_create([*booked, *passed])


def _ask_again(series: Series, on: date) -> Ask:
    """The same hours that day; a date that the clock skips is asked for otherwise."""
    wanted = SeriesAsk(
        series.space_id,
        series.from_time,
        series.to_time,
        on,
        on,
        Recurrence("daily"),
        series.party,
        series.is_whole,
    )
    ask = asks_of(wanted)[0].ask
    if ask is None:
        raise NotSkipped
    return ask

"""Series: each date told before, those that fit booked as one thing, dates added and cancelled."""

from datetime import date, time, timedelta

import pytest

from factories import bookings, members, tariffs
from factories import network_sites as sites
from factories.bookings import AT, ask, booked, booker, desk, someone, taken
from maillage.apps.bookings.asked import Booker, Guest
from maillage.apps.bookings.cancel import Cancelling, cancel
from maillage.apps.bookings.models import Booking, Occurrence, OccurrenceState, Series, State
from maillage.apps.bookings.reserve import NoSeatLeft, NoSuchSpace
from maillage.apps.bookings.series import (
    DateStays,
    NoDateLeft,
    NothingToCancel,
    NotSkipped,
    SeriesNeedsAccount,
    SomeDatesTaken,
    book,
    cancel_dates,
    retry_skipped,
)
from maillage.apps.bookings.series_dates import (
    CLOCK,
    CLOSED,
    CLOSURE,
    HOLIDAY,
    PRICE,
    TAKEN,
    SeriesAsk,
    UnreadableSeries,
    preview,
    reason,
)
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge
from maillage.apps.sites.models import Closure
from maillage.core.periods import Recurrence

pytestmark = pytest.mark.django_db
WEEKLY = Recurrence("weekly")
# Mondays: the clock changes on the 28th of March, Easter Monday is the 29th
MONDAYS = [date(2027, 3, 22), date(2027, 3, 29), date(2027, 4, 5), date(2027, 4, 12)]


def wanted(space, first=MONDAYS[0], last=MONDAYS[-1], **more) -> SeriesAsk:
    words = {"is_whole": True} | more
    hours = (words.pop("begins", time(9)), words.pop("ends", time(12)))
    return SeriesAsk(space.pk, *hours, first, last, words.pop("rule", WEEKLY), **words)


@pytest.fixture
def room():
    tariffs.voted()
    return sites.space()


@pytest.fixture
def closed_on_the_fifth(room):
    period = bookings.asked_range(sites.slot(MONDAYS[2], 8, 20))
    return Closure.objects.create(site=room.site, period=period, reason="Travaux", at=AT)


def marks(dates):
    return [(one.on, one.code) for one in dates]


def test_the_preview_marks_each_date(room, closed_on_the_fifth):
    booked(ask(room, sites.slot(MONDAYS[3], 11, 14)), booker("yanis"))

    found = preview(wanted(room), booker(), at=AT)

    assert marks(found) == [
        (MONDAYS[0], ""),
        (MONDAYS[1], HOLIDAY),
        (MONDAYS[2], CLOSURE),
        (MONDAYS[3], TAKEN),
    ]
    assert [one.cents for one in found] == [4000, None, None, None]
    assert "Travaux" in found[2].says
    assert found[3].says == "Grande salle est complet lundi 12 avril 2027, 9\u00a0h – 12\u00a0h."
    assert [reason(one.code) for one in found][1] == "Jour férié"
    assert not Booking.objects.filter(series__isnull=False).exists()


def test_nine_o_clock_stays_nine_o_clock(room):
    book(wanted(room), booker(), at=AT)

    begins = [period.begins for _, period, *_ in taken(room)]
    assert [b.astimezone(sites.PARIS).hour for b in begins] == [9, 9, 9]
    assert [b.hour for b in begins] == [8, 7, 7]


def test_what_fits_is_booked_as_one_thing_and_the_rest_is_kept(room, closed_on_the_fifth, tells):
    made = book(wanted(room), booker(), at=AT)

    states = [(o.on, o.state, o.why) for o in made.series.occurrences.order_by("on")]
    assert states == [
        (MONDAYS[0], "booked", ""),
        (MONDAYS[1], "skipped", HOLIDAY),
        (MONDAYS[2], "skipped", CLOSURE),
        (MONDAYS[3], "booked", ""),
    ]
    assert [b.state for b in made.bookings] == [State.CONFIRMED] * 2
    assert Charge.objects.total_cents() == 8000
    # one message for all of them
    assert tells() == []
    assert tells("bookings.tell_series") == [("reserved", [b.pk for b in made.bookings])]
    assert Entry.objects.get(act="booking.series").facts == {"booked": 2, "skipped": 2}


def test_all_or_nothing_says_which_dates_fail(room, closed_on_the_fifth):
    with pytest.raises(SomeDatesTaken) as refused:
        book(wanted(room), booker(), at=AT, skips=False)

    assert [one.on for one in refused.value.faults] == MONDAYS[1:3]
    assert (Booking.objects.count(), Series.objects.count()) == (0, 0)


def test_a_series_without_a_date_is_no_series(room):
    at_night = wanted(room, begins=time(21), ends=time(23))

    with pytest.raises(NoDateLeft, match="4 dates"):
        book(at_night, booker(), at=AT)
    assert marks(preview(at_night, booker(), at=AT))[0] == (MONDAYS[0], CLOSED)
    assert not Series.objects.exists()


def test_dates_that_make_no_series_are_refused(room):
    with pytest.raises(UnreadableSeries) as refused:
        preview(wanted(room, MONDAYS[1], MONDAYS[0]), booker(), at=AT)
    assert str(refused.value).strip()

    with pytest.raises(UnreadableSeries):
        book(wanted(room, last=date(2030, 1, 1), rule=Recurrence("daily")), booker(), at=AT)
    with pytest.raises(UnreadableSeries):
        book(wanted(room, begins=time(12), ends=time(9)), booker(), at=AT)


def test_a_space_that_is_gone_has_no_series(room):
    type(room).objects.update(removed_at=AT)

    with pytest.raises(NoSuchSpace):
        preview(wanted(room), booker(), at=AT)


def test_hours_that_the_clock_skips_are_not_booked():
    room = sites.space(opening_hours="24/7", step_min=30)
    sunday = date(2027, 3, 28)
    night = wanted(room, sunday - timedelta(days=7), sunday, begins=time(2), ends=time(3))

    assert marks(preview(night, booker(), at=AT))[-1] == (sunday, CLOCK)
    made = book(night, booker(), at=AT)

    assert [one.code for one in made.skipped] == [CLOCK]


def test_a_guest_has_no_series(room):
    with pytest.raises(SeriesNeedsAccount):
        book(wanted(room), Booker(None, None, Guest("Camille", "c@exemple.invalid")), at=AT)


def test_dates_of_the_series_count_for_the_limit_of_the_space():
    room = sites.space(most_ahead=2)
    dates = wanted(room, last=date(2027, 4, 26))

    codes = [code for _, code in marks(preview(dates, booker(), at=AT))]
    made = book(dates, booker(), at=AT)

    assert codes == ["", HOLIDAY, "", "too_many_ahead", "too_many_ahead", "too_many_ahead"]
    assert len(made.bookings) == 2


def test_who_may_not_pay_is_told_before_and_skipped_after(room):
    firm = members.firm()
    who = booker("yanis", payer_organisation_id=firm.pk)

    assert {code for _, code in marks(preview(wanted(room), who, at=AT))} == {PRICE, HOLIDAY}
    with pytest.raises(NoDateLeft):
        book(wanted(room), who, at=AT)


def test_what_the_preview_says_is_what_the_booking_does(room, closed_on_the_fifth):
    booked(ask(room, sites.slot(MONDAYS[3], 11, 14)), booker("yanis"))
    told = preview(wanted(room), booker(), at=AT)

    made = book(wanted(room), booker(), at=AT)

    assert [o.on for o in made.skipped] == [one.on for one in told if not one.is_free]
    assert [o.code for o in made.skipped] == [one.code for one in told if not one.is_free]


# --- a date added ---------------------------------------------------------------------------


@pytest.fixture
def series(room, closed_on_the_fifth):
    return book(wanted(room), booker(), at=AT).series


@pytest.fixture
def skipped(series):
    return Occurrence.objects.get(series=series, on=MONDAYS[2])


def test_a_skipped_date_is_added_once_it_is_free(series, skipped, closed_on_the_fifth):
    closed_on_the_fifth.delete()

    made = retry_skipped(skipped, booker(), at=AT)

    skipped.refresh_from_db()
    assert (skipped.state, skipped.why, skipped.booking_id) == ("booked", "", made.pk)
    assert made.series_id == series.pk
    with pytest.raises(NotSkipped):
        retry_skipped(skipped, booker(), at=AT)


def test_a_skipped_date_is_added_otherwise(series, skipped):
    other = sites.space(sites.site(name="Ailleurs (fictif)"), "Salle du haut")

    made = retry_skipped(skipped, booker(), at=AT, ask=ask(other, sites.slot(MONDAYS[2], 9, 12)))

    assert (made.space_id, made.series_id) == (other.pk, series.pk)


def test_a_skipped_date_that_is_taken_stays_skipped(skipped, closed_on_the_fifth, room):
    closed_on_the_fifth.delete()
    booked(ask(room, sites.slot(MONDAYS[2], 9, 12)), booker("yanis"))

    with pytest.raises(NoSeatLeft):
        retry_skipped(skipped, booker(), at=AT)
    skipped.refresh_from_db()
    assert skipped.state == OccurrenceState.SKIPPED


# --- dates cancelled ------------------------------------------------------------------------


def test_one_date_leaves_the_rest(series):
    first = series.occurrences.get(on=MONDAYS[0])

    cancel(first.booking, by=None, at=AT)

    first.refresh_from_db()
    assert first.state == OccurrenceState.CANCELLED
    assert [p.begins.date() for _, p, *_ in taken(series.space)] == [MONDAYS[3]]


def test_all_those_to_come_are_cancelled_with_one_message(series, tells):
    done = cancel_dates(series, by=None, at=AT)

    series.refresh_from_db()
    assert (len(done.bookings), done.left, series.cancelled_at) == (2, [], AT)
    assert taken(series.space) == []
    assert [event for event, _ in tells()] == []
    assert tells("bookings.tell_series")[-1] == ("cancelled", [b.pk for b in done.bookings])
    with pytest.raises(NothingToCancel):
        cancel_dates(series, by=None, at=AT)


def test_some_dates_are_cancelled_and_the_series_goes_on(series):
    some = series.occurrences.filter(on__in=[MONDAYS[0], MONDAYS[1]])

    done = cancel_dates(series, some, by=None, at=AT)

    series.refresh_from_db()
    assert (len(done.bookings), series.cancelled_at) == (1, None)
    assert Entry.objects.get(act="booking.cancel_series").facts["cancelled"] == 1


def test_a_date_that_is_too_late_stays_and_says_why(series):
    late = sites.slot(MONDAYS[0]).begins - timedelta(minutes=30)

    done = cancel_dates(series, by=None, at=late)

    assert [b.period.lower.date() for b in done.bookings] == [MONDAYS[3]]
    assert "Il est trop tard" in done.left[0][1]


def test_the_only_date_asked_for_says_why_it_stays(series):
    late = sites.slot(MONDAYS[0]).begins - timedelta(minutes=30)
    first = series.occurrences.filter(on=MONDAYS[0])

    with pytest.raises(DateStays, match="trop tard"):
        cancel_dates(series, first, by=None, at=late)
    done = cancel_dates(series, first, by=None, at=late, how=Cancelling(is_manager=True))
    assert len(done.bookings) == 1


def test_requests_of_a_series_are_cancelled_too():
    space = sites.space(needs_approval=True)
    made = book(wanted(space), booker(), at=AT)
    assert {b.state for b in made.bookings} == {State.REQUESTED}

    assert len(cancel_dates(made.series, by=None, at=AT).bookings) == 3


def test_a_party_in_an_open_space(room):
    space = sites.open_space(room.site, seats=3)
    booked(desk(space, sites.slot(MONDAYS[0]), party=2), booker("yanis"))
    two = wanted(space, is_whole=False, party=2)

    assert [code for _, code in marks(preview(two, booker(), at=AT))] == [TAKEN, HOLIDAY, "", ""]
    assert someone("elise").series.count() == 0

"""What is noted at a site: each verb with all its exits."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import network_sites as network
from factories.presence import AT, TODAY, block, booking, member, service
from maillage.apps.bookings.models import State
from maillage.apps.journal.models import Entry
from maillage.apps.people import secret as secrets
from maillage.apps.people.erase import erase
from maillage.apps.presence import access_codes as codes
from maillage.apps.presence import forget_names
from maillage.apps.presence.access_codes import (
    CodeTooLong,
    LogTooLong,
    NoCode,
    Settings,
    ShownTooEarly,
    TooManyCodes,
    draw_due,
    draw_for,
    import_codes,
    set_access,
    shown_code,
    withdraw_unused,
)
from maillage.apps.presence.apps import ACTS
from maillage.apps.presence.arrive import (
    AlreadyHere,
    NotConfirmed,
    NotThatDay,
    NotTheDayOfTheBlock,
    NotYet,
    TooEarly,
    TooLate,
    TooOld,
    WrongNumber,
    arrive,
    arrive_on_block,
    undo_arrival,
    welcome_visitor,
)
from maillage.apps.presence.connection_log import (
    CodeNotGiven,
    LogIsOff,
    forget_connections,
    note_connection,
)
from maillage.apps.presence.count_visits import (
    DayToCome,
    ServiceGone,
    TooManyVisits,
    count_visits,
)
from maillage.apps.presence.draw_entrance import draw_entrance, site_at
from maillage.apps.presence.leave import AlreadyLeft, StillHere, leave, undo_leave
from maillage.apps.presence.mark_absent import (
    AlreadyAbsent,
    CameThatDay,
    NotAbsent,
    NotExpected,
    StillTime,
    mark_absent,
    undo_absence,
)
from maillage.apps.presence.models import (
    AccessCode,
    Arrival,
    CodeSource,
    ConnectionLog,
    How,
    Kiosk,
    NoShow,
    VisitCount,
)
from maillage.apps.presence.pair_kiosk import (
    PAIRED_WITHIN,
    AlreadyRevoked,
    CodeIsOver,
    NoLabel,
    kiosk_of,
    make_kiosk,
    pair_kiosk,
    revoke_kiosk,
)
from maillage.apps.presence.report_incident import (
    AlreadyClosed,
    ElsewhereRefused,
    NoSeatChosen,
    NothingSaid,
    Told,
    close_incident,
    report_incident,
)
from maillage.apps.sites import keep_seats
from maillage.apps.sites.versions import Author
from maillage.apps.webhooks.models import Delivery, Endpoint, Event

pytestmark = pytest.mark.django_db
# AT is 9 h in Paris, the booking is from 9 to 12 h
MORNING = network.slot(TODAY)
HOUR = timedelta(hours=1)


@pytest.fixture
def desks():
    return network.open_space(seats=4)


@pytest.fixture
def mine(desks):
    return booking(desks, MORNING, member(email="elise@exemple.fr"))


def come(of, *, at=AT, how=How.TAP, on=TODAY, people=None):
    return arrive(of, on=on, how=how, by=None, at=at, people=people)


# --- arrivals ------------------------------------------------------------------------------


def test_an_arrival_is_noted_once_a_day(mine):
    made = come(mine)

    assert (made.person, made.people, made.audience, made.on) == (mine.person, 1, "public", TODAY)
    with pytest.raises(AlreadyHere, match="9\u00a0h"):
        come(mine)


def test_programs_are_told_of_an_arrival_without_a_name(mine):
    endpoint = Endpoint.objects.create(
        territory=mine.site.territory,
        url="https://exemple.fr/",
        label="Agenda",
        events=[Event.ARRIVED],
        created_at=AT,
    )

    come(mine)

    told = Delivery.objects.get(endpoint=endpoint)
    assert (told.event, told.payload["reference"]) == ("booking.arrived", mine.reference)
    assert mine.person.name not in str(told.payload)


def test_a_code_is_not_drawn_for_a_booking_that_is_over(mine):
    set_access(mine.site, settings(source=CodeSource.GENERATED), by=None, at=AT)

    come(mine, at=AT + 5 * HOUR)

    assert not AccessCode.objects.exists()


@pytest.mark.parametrize("state", [State.REQUESTED, State.HOLD, State.CANCELLED])
def test_only_who_has_a_confirmed_booking_is_expected(desks, state):
    of = booking(desks, MORNING, member(), state=state)

    with pytest.raises(NotConfirmed, match=State(state).label.lower()):
        come(of)


def test_one_arrives_on_a_day_of_the_booking_that_has_come(mine, desks):
    with pytest.raises(NotThatDay):
        come(mine, on=TODAY + timedelta(days=1))
    tomorrow = booking(desks, network.slot(TODAY + timedelta(days=1)), member())
    with pytest.raises(NotYet):
        come(tomorrow, on=TODAY + timedelta(days=1))


@pytest.mark.parametrize("how", [How.QR, How.KIOSK])
def test_the_entrance_knows_somebody_from_half_an_hour_before_until_the_end(desks, how):
    of = booking(desks, network.slot(TODAY, 11, 12), member())

    with pytest.raises(TooEarly, match="10\u00a0h\u00a030"):
        come(of, how=how, at=AT + HOUR)
    with pytest.raises(TooLate, match="12\u00a0h"):
        come(of, how=how, at=AT + 3 * HOUR)
    assert come(of, how=how, at=AT + 1.5 * HOUR).how == how


def test_the_desk_may_note_an_arrival_after_the_hour(desks):
    of = booking(desks, network.slot(TODAY, 9, 10), member())

    assert come(of, at=AT + 5 * HOUR).how == How.TAP


def test_a_party_counts_for_as_many_as_came(desks):
    of = booking(desks, MORNING, member(), party=3)

    with pytest.raises(WrongNumber):
        come(of, people=0)
    assert come(of, people=2).people == 2


def test_a_booking_of_several_days_has_an_arrival_a_day(desks):
    long = network.periods.days(TODAY - timedelta(days=1), TODAY, network.PARIS)
    of = booking(desks, long, member())

    come(of, on=TODAY - timedelta(days=1))
    come(of)

    assert Arrival.objects.filter(booking=of).count() == 2


def test_the_holder_of_a_kept_seat_arrives_on_the_days_that_are_hers(desks):
    kept = block(desks, MORNING, member())
    site = desks.site

    made = arrive_on_block(kept, site, on=TODAY, how=How.TAP, by=None, at=AT)

    assert (made.person, made.audience) == (kept.person, "resident")
    with pytest.raises(AlreadyHere):
        arrive_on_block(kept, site, on=TODAY, how=How.TAP, by=None, at=AT)
    with pytest.raises(NotTheDayOfTheBlock):
        arrive_on_block(kept, site, on=date(2027, 3, 16), how=How.TAP, by=None, at=AT)
    with pytest.raises(NotYet):
        arrive_on_block(kept, site, on=date(2027, 3, 18), how=How.TAP, by=None, at=AT)


def test_an_arrival_is_undone_within_a_day(mine):
    made = come(mine)

    with pytest.raises(TooOld):
        undo_arrival(made, by=None, at=AT + timedelta(hours=25))
    undo_arrival(made, by=None, at=AT + timedelta(minutes=5))

    assert not Arrival.objects.exists()
    assert come(mine).booking == mine


def test_a_visitor_leaves_a_first_name_that_is_forgotten_after_a_month(desks):
    made = welcome_visitor(desks.site, " Rose ", 2, by=None, at=AT)
    with pytest.raises(WrongNumber):
        welcome_visitor(desks.site, "", 0, by=None, at=AT)

    assert forget_names.forget_visitors(at=AT + timedelta(days=29)) == 0
    assert forget_names.forget_visitors(at=AT + timedelta(days=31)) == 1
    made.refresh_from_db()
    assert (made.first_name, made.people) == ("", 2)


def test_the_database_refuses_an_arrival_without_cause(desks):
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.create(site=desks.site, audience="public", on=TODAY, at=AT, how=How.TAP)


# --- departures, absences ------------------------------------------------------------------


def test_a_departure_is_noted_once_and_undone(mine):
    made = come(mine)
    with pytest.raises(StillHere):
        undo_leave(made, by=None, at=AT)
    assert leave(made, by=None, at=AT + HOUR).left_at == AT + HOUR
    with pytest.raises(AlreadyLeft):
        leave(made, by=None, at=AT + HOUR)
    assert undo_leave(made, by=None, at=AT + HOUR).left_at is None


def test_nobody_leaves_before_arriving(mine):
    made = come(mine, at=AT + HOUR)

    assert leave(made, by=None, at=AT).left_at == made.at


def test_an_absence_is_noted_after_the_hour_and_undone(mine):
    with pytest.raises(StillTime, match="9\u00a0h"):
        mark_absent(mine, on=TODAY, by=None, at=AT - HOUR)
    mark_absent(mine, on=TODAY, by=None, at=AT + HOUR)
    with pytest.raises(AlreadyAbsent):
        mark_absent(mine, on=TODAY, by=None, at=AT + HOUR)
    undo_absence(mine, on=TODAY, by=None, at=AT + HOUR)
    with pytest.raises(NotAbsent):
        undo_absence(mine, on=TODAY, by=None, at=AT + HOUR)


def test_who_comes_after_all_is_no_longer_absent(mine):
    mark_absent(mine, on=TODAY, by=None, at=AT + HOUR)
    come(mine, at=AT + HOUR)

    assert not NoShow.objects.exists()
    with pytest.raises(CameThatDay):
        mark_absent(mine, on=TODAY, by=None, at=AT + HOUR)


def test_nobody_is_absent_on_a_day_she_did_not_book(mine, desks):
    with pytest.raises(NotExpected):
        mark_absent(mine, on=TODAY - timedelta(days=1), by=None, at=AT)
    gone = booking(desks, MORNING, member(), state=State.CANCELLED)
    with pytest.raises(NotExpected):
        mark_absent(gone, on=TODAY, by=None, at=AT + HOUR)


# --- visits, incidents ---------------------------------------------------------------------


def test_visits_of_a_service_are_counted_by_day_and_replaced(desks):
    of = service(desks.site)
    count_visits(of, 12, on=TODAY, by=None, at=AT)
    count_visits(of, 14, on=TODAY, by=None, at=AT)

    assert list(VisitCount.objects.values_list("on", "count")) == [(TODAY, 14)]
    with pytest.raises(TooManyVisits):
        count_visits(of, -1, on=TODAY, by=None, at=AT)
    with pytest.raises(DayToCome):
        count_visits(of, 1, on=TODAY + timedelta(days=1), by=None, at=AT)
    of.removed_at = AT
    of.save()
    with pytest.raises(ServiceGone):
        count_visits(of, 1, on=TODAY, by=None, at=AT)


def test_an_incident_may_put_a_seat_out_of_order_until_it_is_mended(desks):
    seat = desks.seats.first()
    told = Told("Pied cassé", seat=seat, takes_seat=True)
    one = report_incident(desks.site, told, by=None, at=AT)
    seat.refresh_from_db()
    assert (one.space, one.took_seat, seat.out_of_order_since) == (desks, True, AT)

    close_incident(one, outcome="Vissé", by=None, at=AT + HOUR)

    seat.refresh_from_db()
    assert seat.out_of_order_since is None
    with pytest.raises(AlreadyClosed):
        close_incident(one, outcome="", by=None, at=AT + HOUR)


def test_a_seat_with_two_incidents_is_given_back_with_the_last(desks):
    seat = desks.seats.first()
    told = Told("Pied cassé", seat=seat, takes_seat=True)
    first = report_incident(desks.site, told, by=None, at=AT)
    second = report_incident(desks.site, told, by=None, at=AT)

    close_incident(first, outcome="", by=None, at=AT)
    seat.refresh_from_db()
    assert seat.out_of_order_since is not None
    close_incident(second, outcome="", by=None, at=AT)
    seat.refresh_from_db()
    assert seat.out_of_order_since is None


def test_a_seat_that_was_out_of_order_before_stays_so(desks):
    seat = desks.seats.first()
    keep_seats.put_out_of_order(seat, Author(None, AT))

    one = report_incident(desks.site, Told("Lampe", seat=seat, takes_seat=True), by=None, at=AT)
    close_incident(one, outcome="", by=None, at=AT)

    seat.refresh_from_db()
    assert (one.took_seat, seat.out_of_order_since) == (False, AT)


def test_an_incident_says_what_and_where(desks):
    elsewhere = network.open_space(network.site("Ailleurs"))
    for told, refusal in (
        (Told(" "), NothingSaid),
        (Told("Lampe", takes_seat=True), NoSeatChosen),
        (Told("Lampe", space=elsewhere), ElsewhereRefused),
    ):
        with pytest.raises(refusal):
            report_incident(desks.site, told, by=None, at=AT)


# --- Wi-Fi ---------------------------------------------------------------------------------


def settings(**said) -> Settings:
    asked = {"network": "Pressoir", "source": CodeSource.IMPORTED, "shown_before_min": 30}
    return Settings(**(asked | {"keeps_log": False} | said))


def test_an_imported_code_is_drawn_once_the_oldest_first(mine, desks):
    site = desks.site
    set_access(site, settings(), by=None, at=AT)
    assert import_codes(site, "alpha\n\nbeta\nalpha\n", valid_until=None, by=None, at=AT) == 2
    assert import_codes(site, "beta\ngamma", valid_until=None, by=None, at=AT) == 1
    other = booking(desks, MORNING, member())

    assert draw_due(at=AT) == 2
    assert draw_due(at=AT) == 0

    assert [mine.code.code, other.code.code] == ["alpha", "beta"]
    assert withdraw_unused(site, by=None, at=AT) == 1
    third = booking(desks, MORNING, member())
    with transaction.atomic():
        assert draw_for(third, at=AT) is None


def test_a_code_that_ends_before_the_booking_is_not_drawn(mine, desks):
    set_access(desks.site, settings(), by=None, at=AT)
    import_codes(desks.site, "alpha", valid_until=AT + HOUR, by=None, at=AT)

    assert draw_due(at=AT) == 0


def test_a_generated_code_lasts_as_the_booking(mine):
    set_access(mine.site, settings(source=CodeSource.GENERATED), by=None, at=AT)
    come(mine)

    code = AccessCode.objects.get()
    assert (code.booking, code.valid_from, code.valid_until) == (
        *(mine, mine.period.lower, mine.period.upper),
    )
    assert len(code.code) == 11


def test_a_code_is_shown_from_some_minutes_before_until_the_end(mine):
    access = set_access(mine.site, settings(source=CodeSource.GENERATED), by=None, at=AT)
    draw_due(at=AT)

    def shown(at):
        found = shown_code(mine, access, at=at)
        return found is not None

    begins, ends = mine.period.lower, mine.period.upper
    assert [shown(begins - timedelta(minutes=n)) for n in (31, 30)] == [False, True]
    assert [shown(ends - timedelta(minutes=1)), shown(ends)] == [True, False]
    assert shown_code(mine, None, at=begins) is None


def test_a_site_without_codes_draws_none(mine):
    come(mine)
    set_access(mine.site, settings(source=CodeSource.NONE), by=None, at=AT)

    assert draw_due(at=AT) == 0
    assert not AccessCode.objects.exists()


def test_access_is_set_within_bounds(desks, monkeypatch):
    with pytest.raises(LogTooLong):
        set_access(desks.site, settings(log_days=366), by=None, at=AT)
    with pytest.raises(ShownTooEarly):
        set_access(desks.site, settings(shown_before_min=2_000), by=None, at=AT)
    for text, refusal in (("  \n", NoCode), ("x" * 61, CodeTooLong)):
        with pytest.raises(refusal):
            import_codes(desks.site, text, valid_until=None, by=None, at=AT)
    monkeypatch.setattr(codes, "MOST_CODES", 2)
    with pytest.raises(TooManyCodes):
        import_codes(desks.site, "a\nb\nc", valid_until=None, by=None, at=AT)


def logged(mine, days_ago=0):
    with transaction.atomic():
        code = draw_for(mine, at=AT)
    return note_connection(code, started_at=AT - timedelta(days=days_ago), ended_at=None)


def test_connections_are_written_only_where_the_site_decided_it(mine):
    set_access(mine.site, settings(source=CodeSource.GENERATED), by=None, at=AT)
    with pytest.raises(LogIsOff):
        logged(mine)

    set_access(mine.site, settings(source=CodeSource.GENERATED, keeps_log=True), by=None, at=AT)
    assert logged(mine).person == mine.person
    import_codes(mine.site, "libre", valid_until=None, by=None, at=AT)
    with pytest.raises(CodeNotGiven):
        note_connection(AccessCode.objects.get(code="libre"), started_at=AT, ended_at=None)


def test_a_connection_log_is_forgotten_after_a_year_or_sooner(mine):
    kept = {"source": CodeSource.GENERATED, "keeps_log": True}
    set_access(mine.site, settings(**kept), by=None, at=AT)
    logged(mine, 366)
    logged(mine, 364)
    logged(mine, 10)

    assert forget_connections(at=AT) == 1
    set_access(mine.site, settings(**kept, log_days=30), by=None, at=AT)
    assert forget_connections(at=AT) == 1
    assert ConnectionLog.objects.count() == 1


def test_who_is_erased_leaves_no_connection(mine):
    set_access(mine.site, settings(source=CodeSource.GENERATED, keeps_log=True), by=None, at=AT)
    logged(mine)
    come(mine)

    erase(mine.person, by=mine.person, at=AT)

    assert (ConnectionLog.objects.count(), Arrival.objects.count()) == (0, 1)


# --- the entrance --------------------------------------------------------------------------


def test_a_tablet_is_paired_once_within_ten_minutes(desks):
    site = desks.site
    with pytest.raises(NoLabel):
        make_kiosk(site, " ", by=None, at=AT)
    _late, code = make_kiosk(site, "Entrée", by=None, at=AT)
    with pytest.raises(CodeIsOver):
        pair_kiosk(code, at=AT + PAIRED_WITHIN)
    paired, secret = pair_kiosk(code.lower().replace("-", " "), at=AT)
    with pytest.raises(CodeIsOver):
        pair_kiosk(code, at=AT)
    with pytest.raises(CodeIsOver):
        pair_kiosk("", at=AT)

    assert kiosk_of(secret, site.pk) == paired
    assert kiosk_of(secret, site.pk + 1) is None
    assert kiosk_of("", site.pk) is None
    assert bytes(Kiosk.objects.get().secret_hash) == secrets.digest(secret)


def test_a_tablet_that_is_revoked_opens_nothing(desks):
    made, code = make_kiosk(desks.site, "Entrée", by=None, at=AT)
    _paired, secret = pair_kiosk(code, at=AT)
    revoke_kiosk(made, by=None, at=AT)

    assert kiosk_of(secret, desks.site_id) is None
    with pytest.raises(AlreadyRevoked):
        revoke_kiosk(made, by=None, at=AT)
    other, code = make_kiosk(desks.site, "Salle", by=None, at=AT)
    revoke_kiosk(other, by=None, at=AT)
    with pytest.raises(CodeIsOver):
        pair_kiosk(code, at=AT)


def test_a_new_poster_replaces_the_one_before(desks):
    first = draw_entrance(desks.site, by=None, at=AT)
    second = draw_entrance(desks.site, by=None, at=AT)

    assert (site_at(first), site_at(second)) == (None, desks.site)
    assert len(second) >= 43


def test_every_act_has_its_name_and_its_site(mine):
    set_access(mine.site, settings(source=CodeSource.GENERATED), by=None, at=AT)
    made = come(mine)
    leave(made, by=None, at=AT)
    undo_arrival(made, by=None, at=AT)
    lines = Entry.objects.filter(scope_kind="site", scope_key=str(mine.site_id)).order_by("pk")

    assert [line.act for line in lines] == [
        "access.set",
        "access.draw",
        "arrival.note",
        "arrival.leave",
        "arrival.undo",
    ]
    assert {line.act for line in lines} <= set(ACTS)

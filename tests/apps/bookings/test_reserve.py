"""Reserve: everything that is asked or nothing, each refusal a sentence."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import bookings, members, people, tariffs
from factories import network_sites as sites
from factories.bookings import AT, ask, booked, booker, desk, taken
from maillage.apps.bookings.asked import Booker, Guest
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.bookings.reserve import NoSeatLeft, NoSuchSpace, Terms, reserve
from maillage.apps.bookings.space_rules import (
    InThePast,
    KeptForOthers,
    NotBookable,
    NotForYou,
    OffStep,
    SpaceClosed,
    TooFar,
    TooLong,
    TooManyAhead,
    TooManyPeople,
    TooShort,
    TooSoon,
)
from maillage.apps.journal.models import Entry
from maillage.apps.ledger.models import Charge
from maillage.apps.sites.models import Closure, RuleKind, SpaceRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return sites.space()


def test_a_room_is_taken_for_its_time_and_its_buffers():
    space = sites.space(buffer_before_min=15, buffer_after_min=30)

    made = booked(ask(space))

    assert (made.state, made.party, made.version) == (State.CONFIRMED, 1, 1)
    held = sites.slot().widened(timedelta(minutes=15), timedelta(minutes=30))
    assert taken(space) == [(1, held, made.pk, None)]


def test_one_act_one_line_one_charge_one_telling(room, tells):
    tariffs.voted()

    made = booked(ask(room))

    lines = Entry.objects.filter(object_kind="booking", object_key=str(made.pk))
    assert [line.act for line in lines] == ["booking.reserve"]
    assert [c.amount_cents for c in Charge.objects.of("booking", made.pk)] == [4000]
    assert tells() == [("reserved", made.pk)]


def test_the_last_seat_goes_once_and_the_loser_reads_the_next_slots(room):
    booked(ask(room))

    with pytest.raises(NoSeatLeft) as refused:
        booked(ask(room), booker(sites.member("yanis@exemple.invalid", "Yanis Berval (fictif)")))

    assert str(refused.value) == (
        "Grande salle est complet jeudi 18 mars 2027, 9\u00a0h – 12\u00a0h. Prochains créneaux "
        "libres : jeudi 18 mars 2027, 12\u00a0h – 15\u00a0h ; jeudi 18 mars 2027, "
        "15\u00a0h – 18\u00a0h ; vendredi 19 mars 2027, 8\u00a0h – 11\u00a0h."
    )
    assert refused.value.slots[0] == sites.slot(begins=12, ends=15)
    assert Booking.objects.count() == 1


def test_slots_that_touch_do_not_meet(room):
    booked(ask(room))
    booked(ask(room, sites.slot(begins=12, ends=14)))

    assert len(taken(room)) == 2


def test_a_buffer_keeps_others_away():
    space = sites.space(buffer_after_min=30)
    booked(ask(space))

    with pytest.raises(NoSeatLeft):
        booked(ask(space, sites.slot(begins=12, ends=14)))


def test_the_whole_takes_its_parts():
    whole, a, b = sites.halves()
    booked(ask(whole))

    for part in (a, b):
        with pytest.raises(NoSeatLeft):
            booked(ask(part))


def test_a_part_takes_the_whole_and_leaves_the_other_part():
    whole, a, b = sites.halves()
    booked(ask(a))

    with pytest.raises(NoSeatLeft):
        booked(ask(whole))
    assert booked(ask(b)).state == State.CONFIRMED


def test_seats_of_a_party_are_next_to_each_other():
    space = sites.open_space(seats=6)
    first, second = booked(desk(space)), booked(desk(space))
    Occupancy.objects.filter(booking=first).delete()

    booked(desk(space, party=3))

    assert [number for number, *_ in taken(space)] == [2, 3, 4, 5]
    assert second.party == 1


def test_an_open_space_is_full_when_its_seats_are():
    space = sites.open_space(seats=2)
    booked(desk(space, party=2))

    with pytest.raises(NoSeatLeft):
        booked(desk(space))


def test_several_demands_are_booked_together_or_not_at_all(room):
    other = sites.space(room.site, "Petite salle")
    booked(ask(other))

    with pytest.raises(NoSeatLeft) as refused:
        reserve([ask(room), ask(other)], booker(), at=AT)

    assert "Petite salle" in str(refused.value)
    assert Booking.objects.count() == 1
    later = ask(other, sites.slot(begins=14, ends=16))
    assert len(reserve([ask(room), later], booker(), at=AT)) == 2


def test_two_demands_for_the_same_seat_in_one_basket_are_refused(room):
    with pytest.raises(NoSeatLeft):
        reserve([ask(room), ask(room)], booker(), at=AT)

    assert not Booking.objects.exists()


def test_a_hold_keeps_the_seat_and_then_is_nothing(room):
    hold = booked(ask(room), terms=Terms(hold_for=bookings.HALF_AN_HOUR))
    assert hold.state == State.HOLD
    assert not Charge.objects.exists()
    with pytest.raises(NoSeatLeft):
        booked(ask(room), at=AT + timedelta(minutes=29))

    made = booked(ask(room), at=AT + timedelta(minutes=30))

    hold.refresh_from_db()
    assert (hold.state, made.state) == (State.EXPIRED, State.CONFIRMED)
    assert [booking for *_, booking, _ in taken(room)] == [made.pk]
    expired = Entry.objects.filter(act="booking.expire", object_key=str(hold.pk))
    assert expired.count() == 1


def test_where_a_manager_decides_it_is_a_request_without_a_seat():
    space = sites.space(needs_approval=True)

    made = booked(ask(space))

    assert made.state == State.REQUESTED
    assert taken(space) == []


def test_a_guest_holds_without_an_account(room):
    guest = Guest("Camille Dorvin (fictif)", "camille@exemple.invalid")
    terms = Terms(hold_for=bookings.HALF_AN_HOUR)

    made = booked(ask(room), Booker(None, None, guest), terms=terms)

    assert (made.person_id, made.guest_email) == (None, guest.email)


def test_a_manager_goes_beyond_the_rules_but_not_over_seats(room):
    manager = people.person("Sophie Lanvert (fictif)", email="sophie@exemple.invalid")
    night = sites.slot(begins=20, ends=22)
    beyond = Booker(sites.member(), manager.pk, override_reason="Réunion du conseil")

    made = booked(ask(room, night), beyond)

    assert made.override_reason == "Réunion du conseil"
    assert Entry.objects.get(act="booking.reserve").reason == "Réunion du conseil"
    with pytest.raises(NoSeatLeft):
        booked(ask(room, night), beyond)


@pytest.mark.parametrize(
    ("columns", "slot", "refusal"),
    [
        ({"is_bookable": False}, sites.slot(), NotBookable),
        ({}, sites.slot(sites.AT.date(), 8, 9), InThePast),
        ({"step_min": 60}, sites.slot().widened(timedelta(minutes=30), timedelta(0)), OffStep),
        ({"shortest_min": 240}, sites.slot(), TooShort),
        ({"longest_min": 120}, sites.slot(), TooLong),
        ({"notice_min": 2_880}, sites.slot(), TooSoon),
        ({"horizon_days": 0}, sites.slot(), TooFar),
        ({}, sites.slot(begins=6, ends=9), SpaceClosed),
        ({"opening_hours": "Mo-Fr 08:00-12:00"}, sites.slot(begins=11, ends=14), SpaceClosed),
        ({"audiences": ["resident"]}, sites.slot(), NotForYou),
        ({"most_people": 2}, sites.slot(), TooManyPeople),
    ],
)
def test_a_rule_of_the_space_refuses(columns, slot, refusal):
    space = sites.space(**columns)

    with pytest.raises(refusal) as refused:
        booked(ask(space, slot, party=3))

    assert str(refused.value).endswith(".")
    assert not Occupancy.objects.exists()


def test_a_site_that_is_not_open_yet_takes_no_booking(room):
    room.site.stages.update(stage="works")

    with pytest.raises(NotBookable):
        booked(ask(room))


def test_a_space_sold_whole_has_no_seat_to_sell(room):
    with pytest.raises(NotBookable):
        booked(desk(room))


def test_a_closure_refuses_and_says_why(room):
    period = bookings.asked_range(sites.slot(begins=8, ends=20))
    Closure.objects.create(site=room.site, period=period, reason="Travaux", at=AT)

    with pytest.raises(SpaceClosed, match="Travaux"):
        booked(ask(room))


def test_the_whole_is_closed_when_a_part_is():
    whole, a, b = sites.halves()
    period = bookings.asked_range(sites.slot(begins=8, ends=20))
    Closure.objects.create(site=whole.site, space=b, period=period, reason="Travaux", at=AT)

    with pytest.raises(SpaceClosed):
        booked(ask(whole))
    assert booked(ask(a)).state == State.CONFIRMED


def test_hours_kept_for_associations_are_theirs(room):
    SpaceRule.objects.create(
        space=room,
        kind=RuleKind.ONLY,
        audience="association",
        weekdays=[3],
        from_time=sites.time(9),
        to_time=sites.time(18),
    )
    with pytest.raises(KeptForOthers):
        booked(ask(room))

    who = sites.member("asso@exemple.invalid", "Nour Félin (fictif)")
    members.member(room.site, who, "association", organisation_id=sites.operator().pk)
    assert booked(ask(room), booker(who)).audience == "association"


def test_nobody_holds_more_than_the_space_allows():
    space = sites.space(most_ahead=1)
    who = booker()
    booked(ask(space), who)

    with pytest.raises(TooManyAhead):
        booked(ask(space, sites.slot(begins=14, ends=16)), who)


def test_an_expired_hold_counts_for_nothing():
    place = sites.site(capacity_limit=3)
    space = sites.open_space(place, seats=6, most_ahead=1)
    who = booker()
    booked(desk(space, party=3), who, terms=Terms(hold_for=bookings.HALF_AN_HOUR))
    with pytest.raises(TooManyPeople):
        booked(desk(space), booker(sites.member("a@exemple.invalid")))

    made = booked(desk(space, party=3), who, at=AT + bookings.HALF_AN_HOUR)

    assert made.state == State.CONFIRMED


def test_a_building_holds_no_more_than_its_limit():
    place = sites.site(capacity_limit=4)
    space, room = sites.open_space(place, seats=6), sites.space(place, "Salle")
    booked(desk(space, party=3))

    with pytest.raises(TooManyPeople, match="4 personnes"):
        booked(ask(room, party=2))
    assert booked(ask(room, party=1)).state == State.CONFIRMED


def test_a_removed_space_is_nowhere(room):
    type(room).objects.update(removed_at=AT)

    with pytest.raises(NoSuchSpace):
        booked(ask(room))


def test_a_seat_out_of_order_is_not_given():
    space = sites.open_space(seats=1)
    space.seats.update(out_of_order_since=AT)

    with pytest.raises(NoSeatLeft):
        booked(desk(space))


def test_a_party_costs_no_more_queries_than_one():
    tariffs.voted()
    space = sites.open_space(seats=8)
    booked(desk(space))

    counts = []
    for party in (1, 6):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            booked(desk(space, party=party))
        counts.append(len(seen))

    assert counts[0] == counts[1]

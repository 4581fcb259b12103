"""The evening before: tomorrow's sheet, sent once; small counts; the days of a certificate."""

from datetime import timedelta

import pytest

from factories import network_sites as network
from factories import people
from factories.presence import AT, TODAY, booking, member
from maillage.apps.bookings.models import State
from maillage.apps.people.models import RoleKind, ScopeKind
from maillage.apps.presence import attendance, board, free, grid, tasks
from maillage.apps.presence.arrive import arrive, welcome_visitor
from maillage.apps.presence.models import How, SheetSent
from maillage.apps.presence.next_sheet import send_due
from maillage.apps.presence.today import closed_words, read
from maillage.apps.sites.models import Closure, SiteStage, Stage
from maillage.core import periods

pytestmark = pytest.mark.django_db
# 20 h in Paris
EVENING = AT + timedelta(hours=11)
TOMORROW = network.slot(TODAY + timedelta(days=1))


@pytest.fixture
def desks():
    return network.open_space(seats=6)


def keeper(site, kind=RoleKind.HOST, email="bernard@exemple.fr"):
    return people.holder(kind, (ScopeKind.SITE, str(site.pk)), email=email)


def test_the_host_has_tomorrow_s_first_names_by_the_evening_once(desks, mails):
    keeper(desks.site)
    booking(desks, TOMORROW, member("Élise Garonval"))
    booking(desks, TOMORROW, member("Club photo"), state=State.REQUESTED)

    sent = mails(send_due, at=EVENING)

    assert [(to, subject) for to, subject, _ in sent] == [
        ("bernard@exemple.fr", "Le Pressoir (fictif) : jeudi 18 mars 2027")
    ]
    text = sent[0][2]
    assert ("Élise" in text, "Garonval" in text, "à approuver" in text) == (True, False, True)
    assert mails(send_due, at=EVENING + timedelta(minutes=10)) == []
    assert SheetSent.objects.count() == 1


def test_the_sheet_is_not_sent_before_the_evening_nor_for_a_closed_site(desks, mails):
    keeper(desks.site)
    assert mails(send_due, at=AT) == []
    SiteStage.objects.create(
        site=desks.site, stage=Stage.CLOSED, starts_on=TODAY + timedelta(days=1)
    )
    assert mails(send_due, at=EVENING) == []


def test_a_site_that_nobody_opens_has_no_sheet(desks, mails):
    booking(desks, TOMORROW, member())

    assert mails(send_due, at=EVENING) == []


def test_a_site_overseas_has_its_own_evening(mails):
    away = network.site("La Case (fictif)", zone="Indian/Reunion")
    keeper(away)

    # 19 h there, 16 h in Paris
    assert mails(send_due, at=AT + timedelta(hours=6, minutes=50)) == []
    assert len(mails(send_due, at=AT + timedelta(hours=7))) == 1


# --- what is free --------------------------------------------------------------------------


def free_of(space, at=AT):
    (found,) = [one for one in free.free_now(read(space.site, TODAY, at=at), at)
                if one.space == space]  # fmt: skip
    return found


def test_what_is_free_now_is_what_nothing_takes(desks):
    booking(desks, network.slot(TODAY, 9, 11), member(), party=2)
    booking(desks, network.slot(TODAY, 14, 15), member())

    found = free_of(desks)

    assert (found.seats, found.free, found.is_open) == (6, 4, True)
    assert found.until == periods.instant(TODAY, network.time(14), network.PARIS)


def test_a_hold_that_expired_takes_nothing(desks):
    booking(desks, network.slot(TODAY, 9, 11), member(), state=State.HOLD)

    assert free_of(desks).free == 5
    assert free_of(desks, AT + timedelta(minutes=11)).free == 6


def test_the_parts_of_a_room_are_taken_with_it():
    whole, a, b = network.halves()
    booking(whole, network.slot(TODAY, 9, 11), member(), is_whole=True)

    assert [free_of(one).free for one in (whole, a, b)] == [0, 0, 0]
    assert board.free_lines(read(whole.site, TODAY, at=AT))[0]["text"] == (
        "Pas libre avant 11\u00a0h"
    )


def test_a_seat_out_of_order_is_not_free(desks):
    desks.seats.filter(number=1).update(out_of_order_since=AT)

    assert (free_of(desks).seats, free_of(desks).free) == (5, 5)


def test_a_closed_space_is_not_free(desks):
    Closure.objects.create(
        site=desks.site, space=desks, period=(AT, AT + timedelta(hours=2)), reason="Ménage", at=AT
    )
    today = read(desks.site, TODAY, at=AT)

    assert not free_of(desks).is_open
    assert [h.free for h in free.free_by_hour(today, desks)][:4] == [6, None, None, 6]


def test_a_site_without_hours_says_so():
    site = network.site(opening_hours="")
    network.open_space(site)
    today = read(site, TODAY, at=AT)

    assert board.opening(today) == "horaires non renseignés"
    assert grid.drawn(today, seat_by_seat=True).lines


def test_the_drawing_has_a_line_a_seat_or_a_bar_an_hour(desks):
    booking(desks, network.slot(TODAY, 9, 11), member())
    today = read(desks.site, TODAY, at=AT)

    (bars,) = grid.drawn(today, seat_by_seat=False).lines
    seats = grid.drawn(today, seat_by_seat=True).lines

    assert len(bars.columns) == 12
    assert [bool(float(c.height)) for c in bars.columns][:4] == [False, True, True, False]
    assert [len(line.bars) for line in seats] == [1, 0, 0, 0, 0, 0]


def test_the_day_of_another_site_is_not_this_one(desks):
    other = network.open_space(network.site("Ailleurs"))
    booking(other, network.slot(TODAY), member())
    today = read(desks.site, TODAY, at=AT)

    assert (list(today.expected), list(today.taken)) == ([], [])


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (periods.day(TODAY, network.PARIS), "mercredi 17 mars 2027"),
        (
            periods.days(TODAY, TODAY + timedelta(days=2), network.PARIS),
            "du mercredi 17 mars 2027 au vendredi 19 mars 2027",
        ),
        (network.slot(TODAY, 13, 18), "mercredi 17 mars 2027, 13\u00a0h – 18\u00a0h"),
    ],
)
def test_closures_of_whole_days_are_told_as_days(period, words):
    assert closed_words(period, network.PARIS) == words


# --- attendance ----------------------------------------------------------------------------


def test_the_weeks_of_a_profile_that_is_too_small_are_secret(desks):
    for n in range(6):
        of = booking(desks, network.slot(TODAY, 9 + n, 10 + n), member(), audience="member")
        arrive(of, on=TODAY, how=How.TAP, by=None, at=AT)
    welcome_visitor(desks.site, "", 3, by=None, at=AT)

    (week,) = attendance.by_audience(desks.site, TODAY)

    assert week.monday.isoformat() == "2027-03-15"
    assert dict(week.counts) == {
        "member": None, "resident": 0, "association": 0, "public": None,
    }  # fmt: skip
    assert week.total == 9


def test_a_week_of_few_people_says_nothing(desks):
    welcome_visitor(desks.site, "", 3, by=None, at=AT)

    (week,) = attendance.by_audience(desks.site, TODAY)

    assert (week.counts["public"], week.total) == (None, None)


# --- late work -----------------------------------------------------------------------------


def test_the_tasks_of_the_day_call_their_verbs(desks, mails):
    keeper(desks.site)

    for task in (tasks.send_sheets, tasks.draw_codes, tasks.forget_overdue):
        mails(task.func, timestamp=0)

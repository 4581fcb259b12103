"""What is left of plans and carnets: months that neither overlap nor leave a hole, one spender."""

import itertools
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from factories import members, network_sites, people, tariffs
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.reserve import reserve
from maillage.apps.memberships.entitlements import windows_of
from maillage.apps.memberships.models import Subscription
from maillage.core import programme

AT = network_sites.AT
A_DAY = timedelta(days=1)
DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))


def held(starts_on: date, months: int) -> Subscription:
    return Subscription(starts_on=starts_on, ends_on=programme.after(starts_on, months))


@given(DAYS, st.integers(1, 24))
def test_the_months_of_a_plan_follow_each_other_from_its_first_day_to_its_last(starts_on, months):
    of = held(starts_on, months)

    windows = windows_of(of, of.starts_on, of.ends_on - A_DAY)

    assert (windows[0].first, windows[-1].last) == (of.starts_on, of.ends_on - A_DAY)
    pairs = itertools.pairwise(windows)
    assert all(before.last + A_DAY == after.first for before, after in pairs)
    assert len(windows) == months


@given(DAYS, st.integers(1, 24), st.integers(0, 800))
def test_a_day_of_a_plan_is_in_one_month_of_it(starts_on, months, offset):
    of = held(starts_on, months)
    on = starts_on + timedelta(days=offset)

    windows = windows_of(of, on, on)

    assert len(windows) == 1
    assert windows[0].holds(on) is (on < of.ends_on)


@pytest.mark.django_db(transaction=True)
def test_the_last_ticket_is_spent_once_by_bookings_at_the_same_instant():
    site = network_sites.site()
    tariffs.voted(site.operator)
    spaces = [network_sites.open_space(site, name=f"Espace {n}") for n in range(6)]
    elise = people.person()
    plan = members.carnet_plan(site.operator, tickets=1)
    carnet = members.carnet(plan, elise)
    ready, failed = threading.Barrier(len(spaces)), []

    def book(space):
        try:
            ready.wait()
            reserve([Ask(space.pk, network_sites.slot())], Booker(elise, elise.pk), at=AT)
        except Exception as fault:
            failed.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=(space,)) for space in spaces]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert failed == []
    assert carnet.uses.taken_in_all() == 1
    assert sorted(Booking.objects.values_list("price_cents", flat=True)) == [0, *[800] * 5]

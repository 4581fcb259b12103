"""A month between two bodies: what was used of each other, net, accepted by both, charged once."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from factories import network_sites, settlement
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.models import Booking
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships import spend
from maillage.apps.settlement import accept_pair, agree_bodies, pair_month
from maillage.apps.settlement.models import (
    BodyAgreement,
    PairAcceptance,
    PairLine,
    PairSettlement,
    SettledUse,
)
from maillage.apps.settlement.pair_month import Way

DAYS = (date(2027, 3, 18), date(2027, 3, 19), date(2027, 3, 22))
MAY = datetime(2027, 5, 2, 8, tzinfo=UTC)


@pytest.fixture
def sites(db):
    return settlement.two_sites()


@pytest.fixture
def agreement(sites):
    return settlement.pair(sites[0].operator, sites[1].operator)


@pytest.fixture
def elise(sites):
    return settlement.traveller(*sites)


def month_of(agreement, month=settlement.MARCH):
    return pair_month.of_pair(month, (agreement.first_body_id, agreement.second_body_id))


def test_a_member_of_an_association_at_a_commune_three_days_makes_one_line(sites, agreement, elise):
    association, commune = sites[0].operator, sites[1].operator
    settlement.used(elise, sites[1], *DAYS)

    made = settlement.settled(agreement)

    assert [
        (line.seller, line.host, line.site, line.days, line.half_days, line.due_cents)
        for line in made.lines.all()
    ] == [(association, commune, sites[1], 3, 3, 2_400)]
    charge = Charge.objects.get(pk=made.charge_id)
    assert (charge.operator, charge.payer_organisation, charge.amount_cents) == (
        commune, association, 2_400,
    )  # fmt: skip
    assert Booking.objects.filter(person=elise, price_cents=0).count() == 3
    assert SettledUse.objects.count() == 3


def test_a_use_at_home_settles_nothing(sites, agreement, elise):
    settlement.used(elise, sites[0], *DAYS)

    assert month_of(agreement) is None


@pytest.mark.parametrize(
    ("rule", "terms", "cents"),
    [
        ("public", {}, 2_400),
        ("share", {"share_bp": 3_333}, 800),
        ("half_day", {"half_day_cents": 350}, 1_050),
    ],
)
def test_each_rule_says_what_is_owed(sites, elise, rule, terms, cents):
    agreement = settlement.pair(sites[0].operator, sites[1].operator, rule, **terms)
    settlement.used(elise, sites[1], *DAYS)

    assert abs(month_of(agreement).net_cents) == cents


def test_both_ways_are_netted(sites, agreement, elise):
    paul = settlement.traveller(sites[1], sites[0], "Paul Fictif")
    settlement.used(elise, sites[1], *DAYS)
    settlement.used(paul, sites[0], DAYS[0])

    made = settlement.settled(agreement)

    assert made.lines.count() == 2
    assert Charge.objects.get(pk=made.charge_id).amount_cents == 1_600


def test_what_is_even_is_not_charged(sites, agreement, elise):
    paul = settlement.traveller(sites[1], sites[0], "Paul Fictif")
    settlement.used(elise, sites[1], DAYS[0])
    settlement.used(paul, sites[0], DAYS[0])

    made = settlement.settled(agreement)

    assert (made.net_cents, made.charge, made.lines.count()) == (0, None, 2)


def test_without_an_agreement_uses_are_listed_and_nothing_is_owed(sites, elise):
    settlement.used(elise, sites[1], *DAYS)

    found = pair_month.read(settlement.MARCH)

    assert [(one.agreement_id, one.net_cents, one.ways[0].value_cents) for one in found] == [
        (None, 0, 2_400)
    ]
    one = found[0]
    asked = accept_pair.Asked(settlement.MARCH, one.pair, one.first_id, one.digest)
    with pytest.raises(accept_pair.NoAgreement):
        accept_pair.accept(asked, by=None, at=settlement.AFTER_MARCH)


def test_one_acceptance_is_not_enough_and_does_not_stand_for_what_came_after(
    sites, agreement, elise
):
    settlement.used(elise, sites[1], DAYS[0])
    when = {"by": None, "at": settlement.AFTER_MARCH}
    first, second = agreement.first_body_id, agreement.second_body_id
    accept_pair.accept(settlement.asked(agreement, first), **when)
    stale = settlement.asked(agreement, second)
    settlement.used(elise, sites[1], DAYS[1])

    with pytest.raises(accept_pair.UsesChanged):
        accept_pair.accept(stale, **when)
    assert accept_pair.accept(settlement.asked(agreement, second), **when) is None
    made = accept_pair.accept(settlement.asked(agreement, first), **when)

    assert made is not None
    assert PairAcceptance.objects.count() == 2
    assert made.lines.get().days == 2


def test_a_settled_month_is_settled_once(sites, agreement, elise):
    settlement.used(elise, sites[1], DAYS[0])
    settlement.settled(agreement)

    with pytest.raises(accept_pair.NothingToSettle):
        settlement.settled(agreement)
    assert Charge.objects.filter(origin_kind="pair_settlement").count() == 1
    for act in (
        lambda: PairSettlement.objects.update(net_cents=1),
        lambda: PairLine.objects.all().delete(),
        lambda: SettledUse.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_month_that_runs_is_not_settled(sites, agreement, elise):
    settlement.used(elise, sites[1], DAYS[0])

    with pytest.raises(accept_pair.MonthNotOver):
        settlement.settled(agreement, at=datetime(2027, 3, 31, 12, tzinfo=UTC))


def test_what_is_given_back_late_comes_with_the_next_month(sites, agreement, elise):
    booked = settlement.used(elise, sites[1], *DAYS)
    settlement.settled(agreement)
    with transaction.atomic():
        spend.give_back("booking", booked[0].pk, at=settlement.AFTER_MARCH)

    april = month_of(agreement, date(2027, 4, 1))

    assert [(way.days, way.half_days, way.due_cents) for way in april.ways] == [(-1, -1, -800)]
    settlement.settled(agreement, date(2027, 4, 1), MAY)
    charges = Charge.objects.filter(origin_kind="pair_settlement").order_by("pk")
    commune, association = sites[1].operator, sites[0].operator
    assert [(c.operator, c.amount_cents) for c in charges] == [(commune, 2_400), (association, 800)]


def test_months_are_settled_in_order(sites, agreement, elise):
    settlement.used(elise, sites[1], DAYS[0], date(2027, 4, 2))

    with pytest.raises(accept_pair.EarlierMonthFirst):
        settlement.settled(agreement, date(2027, 4, 1), MAY)
    settlement.settled(agreement, settlement.MARCH, MAY)
    made = settlement.settled(agreement, date(2027, 4, 1), MAY)

    assert made.lines.get().days == 1


def test_the_one_who_is_owed_closes_alone_after_a_fortnight(sites, agreement, elise):
    settlement.used(elise, sites[1], DAYS[0])
    owed, owing = sites[1].operator_id, sites[0].operator_id
    late = {"by": None, "at": datetime(2027, 4, 16, 8, tzinfo=UTC)}

    with pytest.raises(accept_pair.NotYourMoney):
        accept_pair.close_alone(settlement.asked(agreement, owing), **late)
    with pytest.raises(accept_pair.StillTime):
        accept_pair.close_alone(
            settlement.asked(agreement, owed), by=None, at=settlement.AFTER_MARCH
        )
    made = accept_pair.close_alone(settlement.asked(agreement, owed), **late)

    assert made.is_closed_alone
    assert made.charge.operator_id == owed


def test_a_booking_cancelled_in_time_counts_nothing(sites, agreement, elise):
    booked = settlement.used(elise, sites[1], *DAYS)
    cancel(booked[2], by=elise.pk, at=settlement.AT)

    assert [(way.days, way.due_cents) for way in month_of(agreement).ways] == [(2, 1_600)]


def test_an_agreement_is_of_two_bodies_once_at_a_time(sites, agreement):
    with pytest.raises(agree_bodies.WithItself):
        settlement.pair(sites[0].operator, sites[0].operator)
    with pytest.raises(agree_bodies.PairAlreadyAgreed):
        settlement.pair(sites[1].operator, sites[0].operator, "half_day", half_day_cents=300)
    when = {"by": None, "at": settlement.AT}
    agree_bodies.end(agreement, date(2027, 4, 9), **when)
    with pytest.raises(agree_bodies.PairAlreadyEnded):
        agree_bodies.end(agreement, date(2027, 5, 1), **when)
    after = settlement.pair(sites[1].operator, sites[0].operator, starts_on=date(2027, 4, 20))

    assert BodyAgreement.objects.get(pk=agreement.pk).ends_on == date(2027, 4, 1)
    assert after.starts_on == date(2027, 4, 1)


def test_a_settled_month_keeps_its_agreement(sites, agreement, elise):
    settlement.used(elise, sites[1], DAYS[0])
    settlement.settled(agreement)

    with pytest.raises(agree_bodies.MonthAlreadySettled):
        agree_bodies.end(agreement, date(2027, 3, 1), by=None, at=settlement.AFTER_MARCH)


WAYS = st.lists(
    st.builds(
        lambda pair, cents: Way(*pair, 1, (), 1, 1, cents, cents),
        st.sampled_from([(1, 2), (2, 1)]),
        st.integers(-100_000, 100_000),
    )
)


@given(WAYS)
def test_what_one_is_owed_the_other_owes(ways):
    assert pair_month.net(ways, 1, 2) == -pair_month.net(ways, 2, 1)


@given(st.integers(-1_000_000, 1_000_000), st.integers(1, 10_000))
def test_what_is_given_back_undoes_what_was_owed(cents, share_bp):
    agreement = BodyAgreement(rule="share", share_bp=share_bp)

    assert pair_month.due(agreement, cents, 1) == -pair_month.due(agreement, -cents, -1)
    assert abs(pair_month.due(agreement, cents, 1)) <= abs(cents)


@pytest.mark.parametrize(("unit", "units", "half_days"), [
    ("hour", 1, 1), ("hour", 5, 1), ("hour", 6, 2), ("half_day", 3, 3), ("day", 2, 4),
])  # fmt: skip
def test_a_use_is_counted_in_half_days(unit, units, half_days):
    assert pair_month.half_days_of(unit, units) == half_days


def test_reading_a_month_costs_as_much_with_many_pairs(sites, agreement, elise):

    def cost():
        with CaptureQueriesContext(connection) as seen:
            found = pair_month.read(settlement.MARCH)
        return len(found), len(seen)

    settlement.used(elise, sites[1], DAYS[0])
    one = cost()
    for n in range(2):
        other = settlement.body(f"Commune {n} (fictif)")
        place = network_sites.site(f"Lieu {n}", operator=other, collector=other)
        who = settlement.traveller(sites[0], place, f"Personne {n} (fictif)")
        settlement.used(who, place, DAYS[0])

    assert (one[0], cost()) == (1, (3, one[1]))

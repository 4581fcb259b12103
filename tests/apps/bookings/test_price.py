"""What a booking costs, what pays it, what is given back."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from factories import members, network_sites, people, tariffs
from factories.network_sites import PARIS, slot
from maillage.apps.bookings import price
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.cancel import Cancelling, cancel
from maillage.apps.bookings.change import change
from maillage.apps.bookings.reserve import reserve
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships import employer
from maillage.apps.memberships.models import Use
from maillage.apps.sites.models import SoldBy

pytestmark = pytest.mark.django_db
AT = network_sites.AT
THURSDAY = network_sites.TOMORROW


@pytest.fixture
def place():
    site = network_sites.site()
    tariffs.voted(site.operator)
    return site


@pytest.fixture
def desks(place):
    return network_sites.open_space(place)


@pytest.fixture
def room(place):
    return network_sites.space(place, late_kept_percent=50)


@pytest.fixture
def elise():
    return people.person("Élise Fictive", "elise@exemple.fr")


def book(space, who, period=None, *, payer=None, party=1, at=AT):
    booker = Booker(who, who.pk if who else None, payer_organisation_id=payer and payer.pk)
    ask = Ask(space.pk, period or slot(), party, is_whole=space.sold_by == SoldBy.WHOLE)
    (made,) = reserve([ask], booker, at=at)
    return made


def asked(space, who, period=None, *, payer=None, party=1):
    return price.quote(
        space, period or slot(), party, space.sold_by == SoldBy.WHOLE, person_id=who and who.pk,
        payer_organisation_id=payer and payer.pk, at=AT,
    )  # fmt: skip


def owed(booking=None):
    charges = Charge.objects.all() if booking is None else Charge.objects.of("booking", booking.pk)
    return charges.total_cents()


def left(carnet):
    return carnet.tickets - carnet.uses.taken_in_all()


# --- money ---------------------------------------------------------------------------------


def test_a_stranger_pays_the_public_price_and_a_member_hers(place, desks, elise):
    assert asked(desks, elise).total_cents == 800
    members.member(place, elise)
    assert asked(desks, elise).total_cents == 500


def test_the_list_of_the_day_of_use_applies(place, desks, elise):
    tariffs.voted(place.operator, (("open_space", "half_day", "public", 900),), date(2027, 4, 1))

    assert asked(desks, elise, slot(date(2027, 3, 31))).total_cents == 800
    assert asked(desks, elise, slot(date(2027, 4, 1))).total_cents == 900


def test_a_booking_writes_what_it_costs_with_its_rate_and_its_vote(desks, elise):
    made = book(desks, elise, party=2)

    charge = Charge.objects.get()
    assert (made.price_cents, charge.amount_cents, charge.quantity) == (1600, 1600, 2)
    assert (charge.vat_rate_bp, charge.scope_kind, charge.scope_key) == (
        2_000, "site", str(desks.site_id),
    )  # fmt: skip
    assert (charge.payer_person, charge.user) == (elise, elise)
    assert charge.why["reference"] == "2026-12-10-07 (fictif)"


def test_a_space_without_a_voted_price_has_none_and_says_so(elise):
    space = network_sites.space()

    made = book(space, elise)

    quote = asked(space, elise)
    assert (made.price_cents, price.is_priced(quote)) == (None, False)
    assert [why.code for why in quote.why] == ["no_price_in_force"]
    assert not Charge.objects.exists()


def test_a_site_where_nobody_sells_says_so(elise):
    site = network_sites.site()
    space = network_sites.space(site)
    type(site).objects.update(operator=None, collector=None)
    space.refresh_from_db()

    assert [why.code for why in asked(space, elise).why] == ["nobody_sells"]


def test_what_costs_is_charged_to_somebody(desks):
    made = book(desks, people.person())
    made.person = None

    with pytest.raises(price.NobodyPays, match="8,00"):
        price.settle(made, asked(desks, None), at=AT)


def test_a_free_room_of_an_association_is_counted_in_kind(place, room, elise):
    body = network_sites.operator()
    members.member(place, elise, "association", organisation_id=body.pk)

    book(room, elise, slot(ends=11), payer=body)

    charge = Charge.objects.get()
    assert (charge.amount_cents, charge.in_kind_cents) == (0, 3000)
    assert charge.payer_organisation == body


def test_only_the_open_time_of_several_days_is_charged(place, desks, elise):
    monday, friday = date(2027, 3, 19), date(2027, 3, 22)
    week_end = replace(slot(monday), ends=slot(friday).ends)

    # Friday and Monday: the days between are closed
    assert asked(desks, elise, week_end).total_cents == 1200 + 800


# --- carnets -------------------------------------------------------------------------------


def test_a_carnet_pays_a_half_day_and_an_hour_of_a_room(place, desks, room, elise):
    carnet = members.carnet(members.carnet_plan(place.operator), elise)

    first = book(desks, elise)
    book(room, elise, slot(begins=14, ends=16))

    assert (left(carnet), first.price_cents) == (10 - 1 - 2, 0)
    (said,) = [c.label for c in Charge.objects.of("booking", first.pk)]
    assert said.replace("\u00a0", " ") == (
        "Espace ouvert, Le Pressoir (fictif), 1 ticket du carnet « Carnet de 10 tickets (fictif) »"
    )


def test_the_earliest_expiry_goes_first_and_an_expired_one_is_not_used(place, desks, elise):
    plan = members.carnet_plan(place.operator)
    late = members.carnet(plan, elise)
    early = members.carnet(plan, elise, date(2027, 1, 1))
    over = members.carnet(
        members.carnet_plan(place.operator, name="Court", validity_months=1), elise,
        date(2027, 2, 1),
    )  # fmt: skip

    book(desks, elise)

    assert [left(c) for c in (early, late, over)] == [9, 10, 10]


def test_a_ticket_comes_back_in_time_and_is_kept_when_late(place, desks, elise):
    carnet = members.carnet(members.carnet_plan(place.operator), elise)
    in_time, late = book(desks, elise), book(desks, elise, slot(begins=14, ends=17))

    cancel(in_time, by=elise.pk, at=AT)
    assert left(carnet) == 9
    assert price.unsettle(late, kept_percent=100, at=AT) == 0
    assert left(carnet) == 9
    assert price.unsettle(late, kept_percent=0, at=AT) == 0
    assert left(carnet) == 10


def test_a_ticket_is_given_back_once(place, desks, elise):
    carnet = members.carnet(members.carnet_plan(place.operator), elise)
    made = book(desks, elise)

    price.unsettle(made, kept_percent=0, at=AT)
    price.unsettle(made, kept_percent=0, at=AT)

    assert left(carnet) == 10
    assert Use.objects.count() == 2


def test_a_carnet_is_used_where_its_operator_sells_or_where_it_says(place, elise):
    other = network_sites.site(
        "Autre lieu", territory=place.territory, operator=network_sites.operator("Commune fictive")
    )
    tariffs.voted(other.operator)
    far = network_sites.open_space(other)
    here = members.carnet(members.carnet_plan(place.operator), elise)

    book(far, elise)
    assert left(here) == 10
    everywhere = members.carnet_plan(place.operator, name="Réseau", site_ids=(place.pk, other.pk))
    network = members.carnet(everywhere, elise)
    book(far, elise, slot(begins=14, ends=17))

    assert left(network) == 9
    use = network.uses.get()
    assert (use.site, use.value_cents) == (other, 800)


# --- plans ---------------------------------------------------------------------------------


def test_a_plan_pays_until_its_quota_is_spent_then_the_price_says_why(place, desks, elise):
    members.subscription(members.plan(place.operator, units=2), elise)
    for day in (18, 19):
        assert book(desks, elise, slot(date(2027, 3, day))).price_cents == 0

    after = asked(desks, elise, slot(date(2027, 3, 22)))

    assert after.total_cents == 500
    assert [(w.code, w.facts["plan"]) for w in after.why] == [("plan_spent", "Nomade (fictif)")]


def test_a_plan_counts_on_the_day_of_use_not_of_the_booking(place, desks, elise):
    members.subscription(members.plan(place.operator), elise)

    after = asked(desks, elise, slot(date(2027, 4, 2)))

    # the public price: whoever has no plan that day is no member either
    assert after.total_cents == 800
    assert [(w.code, w.facts["ended_on"]) for w in after.why] == [("plan_ended", date(2027, 3, 31))]
    assert asked(desks, elise, slot(date(2027, 3, 31))).total_cents == 0


def test_quotas_begin_again_each_month_of_the_plan(place, desks, elise):
    plan = members.plan(place.operator, units=1, every="quarter")
    members.subscription(plan, elise, date(2027, 3, 10))
    book(desks, elise, slot(date(2027, 3, 18)))

    days = (date(2027, 4, 9), date(2027, 4, 12))
    assert [asked(desks, elise, slot(on)).total_cents for on in days] == [500, 0]


def test_a_cancelled_day_gives_its_unit_back(place, desks, elise):
    members.subscription(members.plan(place.operator, units=1), elise)
    made = book(desks, elise)
    assert asked(desks, elise, slot(date(2027, 3, 19))).total_cents == 500

    cancel(made, by=elise.pk, at=AT)

    assert asked(desks, elise, slot(date(2027, 3, 19))).total_cents == 0


# --- who pays ------------------------------------------------------------------------------


def test_an_employer_pays_for_whom_it_authorised(place, desks, elise):
    firm = members.firm()
    with pytest.raises(employer.NotAuthorised, match="Atelier Corvallin"):
        book(desks, elise, payer=firm)
    members.authorised(firm, elise)

    book(desks, elise, payer=firm)

    charge = Charge.objects.get()
    assert (charge.payer_organisation, charge.user, charge.amount_cents) == (firm, elise, 500)


def test_an_employer_s_quota_counts_half_days_of_the_month(place, desks, elise):
    firm = members.firm()
    members.authorised(firm, elise, half_days=3)
    made = book(desks, elise, slot(ends=18), payer=firm)
    book(desks, elise, slot(date(2027, 3, 19)), payer=firm)

    with pytest.raises(employer.EmployerQuotaSpent, match="il en reste 0"):
        book(desks, elise, slot(date(2027, 3, 22)), payer=firm)
    book(desks, elise, slot(date(2027, 4, 1)), payer=firm)
    cancel(made, by=elise.pk, at=AT)
    book(desks, elise, slot(date(2027, 3, 22)), payer=firm)


def test_her_own_plan_does_not_pay_for_her_employer_nor_the_reverse(place, desks, elise):
    firm = members.firm()
    members.authorised(firm, elise)
    own = members.carnet(members.carnet_plan(place.operator), elise)
    theirs = members.carnet(
        members.carnet_plan(place.operator, name="Entreprise"), elise,
        payer=Payer(organisation_id=firm.pk),
    )  # fmt: skip

    book(desks, elise, payer=firm)

    assert (left(own), left(theirs)) == (10, 9)


# --- half-day to day -----------------------------------------------------------------------


def test_the_other_half_day_costs_what_is_left_of_the_day(desks, elise):
    morning = book(desks, elise)
    afternoon = book(desks, elise, slot(begins=14, ends=18))

    assert (morning.price_cents, afternoon.price_cents) == (800, 400)
    assert owed() == 1200
    label = Charge.objects.of("booking", afternoon.pk).get().label
    assert "complément : 12,00" in label.replace("\u00a0", " ")


def test_whatever_is_cancelled_first_the_rest_costs_its_own_price(desks, elise):
    for order in ((0, 1), (1, 0)):
        pair = [book(desks, elise), book(desks, elise, slot(begins=14, ends=18))]
        before = owed() - 1200

        cancel(pair[order[0]], by=elise.pk, at=AT)
        assert owed() - before == 800
        cancel(pair[order[1]], by=elise.pk, at=AT)
        assert owed() == before == 0


def test_a_day_is_counted_again_when_a_part_of_it_moves(desks, elise):
    morning = book(desks, elise)
    book(desks, elise, slot(begins=14, ends=18))

    moved = change(morning, Ask(desks.pk, slot(begins=8, ends=11)), Booker(elise, elise.pk), at=AT)
    assert owed() == 1200
    change(moved, Ask(desks.pk, slot(date(2027, 3, 19))), Booker(elise, elise.pk), at=AT)

    assert owed() == 1600


def test_two_seats_at_the_same_time_are_not_a_day(desks, elise):
    book(desks, elise)

    assert asked(desks, elise, slot(begins=10, ends=13)).total_cents == 800


def test_another_day_another_kind_another_payer_are_not_combined(place, desks, room, elise):
    firm = members.firm()
    members.authorised(firm, elise)
    book(desks, elise, payer=firm)

    assert asked(desks, elise, slot(begins=14, ends=18)).total_cents == 500
    assert asked(room, elise, slot(begins=14, ends=15), payer=firm).total_cents == 1500
    next_day = slot(date(2027, 3, 19), 14, 18)
    assert asked(desks, elise, next_day, payer=firm).total_cents == 500
    assert asked(desks, elise, slot(begins=14, ends=18), payer=firm).total_cents == 300


# --- cancellations -------------------------------------------------------------------------


def test_what_is_kept_and_given_back_are_the_price_to_the_cent(room, elise):
    made = book(room, elise, slot(ends=10))
    Charge.objects.get()

    back = price.unsettle(made, kept_percent=50, at=AT)

    reversal = Charge.objects.get(reverses__isnull=False)
    assert (back, owed(made), reversal.vat_rate_bp) == (750, 750, 2_000)
    assert reversal.amount_cents == -750


def test_a_manager_gives_all_back_whatever_the_hour(room, elise):
    made = book(room, elise, slot(ends=10))
    begins = made.period.lower

    cancel(made, by=1, at=begins - timedelta(minutes=1), how=Cancelling(is_manager=True))

    assert owed(made) == 0


def test_a_rate_that_changes_later_does_not_change_the_credit(place, desks, elise):
    made = book(desks, elise)
    tariffs.voted(place.operator, (("open_space", "half_day", "public", 900),), date(2027, 3, 18))

    cancel(made, by=elise.pk, at=AT)

    rates = set(Charge.objects.values_list("vat_rate_bp", flat=True))
    assert rates == {2_000}


# --- cost of quotes ------------------------------------------------------------------------


def test_many_spaces_are_priced_in_a_constant_number_of_queries(
    place, elise, django_assert_max_num_queries
):
    members.subscription(members.plan(place.operator), elise)
    members.carnet(members.carnet_plan(place.operator), elise)
    spaces = [network_sites.open_space(place, name=f"Espace {n}") for n in range(6)]
    who = price.Who(elise.pk)

    with django_assert_max_num_queries(20):
        known = price.pricing(spaces, who, slot())
        totals = [known.quote(space, slot(), 1, False).total_cents for space in spaces]

    assert totals == [0] * 6


def test_a_day_that_lasts_25_hours_is_one_day(desks, elise):
    long_day = date(2027, 10, 31)
    period = replace(
        slot(long_day),
        begins=datetime(2027, 10, 31, 0, 30, tzinfo=PARIS),
        ends=datetime(2027, 10, 31, 23, 30, tzinfo=PARIS),
    )

    assert asked(desks, elise, period).total_cents == 1200

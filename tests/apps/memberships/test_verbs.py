"""Members, plans sold, renewals, employers, firms: each exit of each verb."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from factories import members, network_sites, people
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships import employer, firm_path, join, keep_plan, renew, sell
from maillage.apps.memberships.models import Carnet, FirmStage, Member, Subscription, Use
from maillage.apps.memberships.standing import standing

pytestmark = pytest.mark.django_db
AT = members.AT
FIRST = members.FIRST
A_DAY = timedelta(days=1)


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def elise():
    return people.person("Élise Fictive", "elise@exemple.fr")


def at(on: date):
    return AT.replace(year=on.year, month=on.month, day=on.day)


def sums():
    return list(Charge.objects.order_by("pk").values_list("origin_kind", "line", "amount_cents"))


# --- members -------------------------------------------------------------------------------


def test_a_member_counts_from_her_day_to_her_last(site, elise, journal):
    made = members.member(site, elise)
    by = people.person()

    join.leave(made, on=date(2027, 6, 1), by=by.pk, at=AT)

    def known(on):
        return standing(elise.pk, site.territory_id, on).is_known

    days = (FIRST - A_DAY, FIRST, date(2027, 5, 31), date(2027, 6, 1))
    assert [known(on) for on in days] == [False, True, True, False]
    join.come_back(made, by=by.pk, at=AT)
    assert known(date(2027, 6, 1))
    assert journal()[1:] == ["member.join", "member.leave", "member.come_back"]


def test_one_belongs_once_and_may_come_back(site, elise):
    made = members.member(site, elise)

    with pytest.raises(join.AlreadyMember, match="Élise Fictive"):
        members.member(site, elise)
    join.leave(made, on=date(2027, 4, 1), by=elise.pk, at=AT)
    again = members.member(site, elise, starts_on=date(2027, 9, 1))

    assert (again.pk, again.ends_on) == (made.pk, None)


def test_an_association_member_has_her_association(site, elise):
    with pytest.raises(join.WithoutAssociation):
        members.member(site, elise, "association")

    members.member(site, elise, "association", organisation_id=network_sites.operator().pk)

    found = standing(elise.pk, site.territory_id, FIRST)
    assert (found.price_audience, found.audiences) == (
        "association",
        frozenset({"public", "member", "association"}),
    )


def test_a_situation_keeps_the_day_it_was_checked_and_nothing_else(site, elise, journal):
    made = members.member(site, elise)

    join.check_category(made, "job_seeker", checked_on=FIRST, until=date(2027, 8, 31), by=7, at=AT)

    def prices(on):
        return standing(elise.pk, site.territory_id, on).prices

    assert prices(date(2027, 8, 31)) == ("job_seeker", "member")
    assert prices(date(2027, 9, 1)) == ("member",)
    held = Member.objects.get()
    assert (held.category_checked_on, held.category_checked_by) == (FIRST, 7)
    with pytest.raises(join.CheckedInTheFuture):
        join.check_category(made, "youth", checked_on=AT.date() + A_DAY, by=7, at=AT)
    join.check_category(made, "standard", checked_on=FIRST, by=7, at=AT)
    held.refresh_from_db()
    assert (held.category_checked_on, held.category_checked_by) == (None, None)


def test_which_situation_is_not_in_the_journal(site, elise):
    from maillage.apps.journal.models import Entry

    made = members.member(site, elise)
    join.check_category(made, "disabled", checked_on=FIRST, by=7, at=AT)

    assert "disabled" not in str(list(Entry.objects.values()))


def test_whoever_changes_second_is_told(site, elise):
    made = members.member(site, elise)
    asked = join.Joining("resident", FIRST, site=site)
    join.change(made, asked, version=made.version, by=1, at=AT)

    with pytest.raises(join.SomebodyElseEdited):
        join.change(made, asked, version=made.version, by=2, at=AT)


def test_an_account_is_found_whatever_its_capitals(elise):
    assert join.account_of("Elise@exemple.fr ", "Autre").pk == elise.pk
    assert join.account_of("paul@exemple.fr", "Paul Fictif").name == "Paul Fictif"


def test_a_stranger_is_the_public(site, elise):
    for who in (None, elise.pk):
        found = standing(who, site.territory_id, FIRST)
        assert (found.audiences, found.is_known) == (frozenset({"public"}), False)


def test_whoever_subscribes_or_is_paid_for_is_a_member(site, elise):
    yanis = people.person("Yanis Fictif")
    members.subscription(members.plan(site.operator), elise)
    members.authorised(members.firm(), yanis)

    for who in (elise, yanis):
        assert standing(who.pk, site.territory_id, FIRST).price_audience == "member"
    assert not standing(yanis.pk, "200040905", FIRST).is_known


# --- plans and sales -----------------------------------------------------------------------


def test_a_plan_that_gives_nothing_or_takes_a_name_is_refused():
    held = members.plan()
    terms = keep_plan.Terms("subscription", held.name, 1, 0, "x", FIRST, every="month")

    with pytest.raises(keep_plan.GivesNothing):
        keep_plan.enter(held.operator, terms, keep_plan.Gives(), by=None, at=AT)
    with pytest.raises(keep_plan.NameTaken):
        members.plan()


def test_a_plan_changes_until_it_is_sold(elise):
    held = members.plan()
    terms = keep_plan.Terms("subscription", "Nomade", 5_000, 2_000, "x", FIRST, every="month")
    gives = keep_plan.Gives(quotas=(keep_plan.Quota(("open_space",), "day", 4),))

    keep_plan.correct(held, terms, gives, by=1, at=AT)
    held.refresh_from_db()
    assert (held.price_cents, held.quotas.get().units) == (5_000, 4)
    members.subscription(held, elise)
    with pytest.raises(keep_plan.AlreadySold):
        keep_plan.correct(held, terms, gives, by=1, at=AT)


def test_a_withdrawn_plan_is_no_longer_sold(elise):
    held = members.plan()
    keep_plan.withdraw(held, on=FIRST, by=1, at=AT)
    held.refresh_from_db()

    with pytest.raises(sell.NotOnSale, match="Nomade"):
        members.subscription(held, elise)
    with pytest.raises(keep_plan.AlreadyWithdrawn):
        keep_plan.withdraw(held, on=FIRST, by=1, at=AT)
    assert not Subscription.objects.exists()


def test_what_is_sold_is_charged_in_the_same_act(elise, journal):
    subscription = members.subscription(members.plan(), elise)
    carnet = members.carnet(members.carnet_plan(), elise)

    assert sums() == [("subscription", 1, 4_500), ("carnet", 1, 6_000)]
    assert (subscription.ends_on, subscription.renews) == (date(2027, 4, 1), False)
    assert (carnet.tickets, carnet.expires_on) == (10, date(2027, 8, 31))
    assert [act for act in journal() if act.endswith("sell")] == [
        "subscription.sell", "carnet.sell",
    ]  # fmt: skip


def test_the_payer_is_not_the_user(elise):
    firm = members.firm()
    members.subscription(members.plan(), elise, payer=Payer(organisation_id=firm.pk))

    charge = Charge.objects.get()
    assert (charge.payer_organisation, charge.payer_person, charge.user) == (firm, None, elise)


def test_the_same_plan_is_not_sold_twice_at_once(elise):
    plan = members.plan()
    members.subscription(plan, elise)

    with pytest.raises(sell.AlreadySubscribed, match="31/03/2027"):
        members.subscription(plan, elise, date(2027, 3, 31))
    members.subscription(plan, elise, date(2027, 4, 1))


def test_each_kind_has_its_own_sale(elise):
    with pytest.raises(sell.OfAnotherKind):
        members.carnet(members.plan(), elise)
    with pytest.raises(sell.OfAnotherKind):
        sell.sell_day_pass(members.sold(members.carnet_plan(), elise), on=FIRST, at=AT)
    assert not Carnet.objects.exists()


def test_a_day_pass_is_good_for_its_day(elise):
    plan = members.carnet_plan(
        kind="day_pass", name="Pass", tickets=2, validity_months=None, price_cents=900
    )

    made = sell.sell_day_pass(members.sold(plan, elise), on=FIRST, at=AT)

    assert (made.begins_on, made.expires_on, made.tickets) == (FIRST, FIRST, 2)


# --- renewals ------------------------------------------------------------------------------


def test_nothing_renews_unless_it_was_asked(elise):
    members.subscription(members.plan(), elise)

    assert renew.announce_renewals(at=at(date(2027, 3, 31))) == 0
    assert renew.renew_due(at=at(date(2027, 4, 1))) == 0
    assert len(sums()) == 1


def test_a_renewal_is_announced_with_its_price_then_charged_once(elise, mails):
    held = members.subscription(members.plan(), elise, renews=True)

    assert mails(renew.announce_renewals, at=at(date(2027, 3, 16))) == []
    (told,) = mails(renew.announce_renewals, at=at(date(2027, 3, 17)))
    assert told == (
        "elise@exemple.fr",
        "Votre abonnement « Nomade (fictif) » se renouvelle le 1er avril 2027",
    )
    assert mails(renew.announce_renewals, at=at(date(2027, 3, 18))) == []
    assert renew.renew_due(at=at(date(2027, 3, 31))) == 0
    assert renew.renew_due(at=at(date(2027, 4, 1))) == 1
    assert renew.renew_due(at=at(date(2027, 4, 1))) == 0
    held.refresh_from_db()
    assert held.ends_on == date(2027, 5, 1)
    assert sums() == [("subscription", 1, 4_500), ("subscription", 2, 4_500)]


def test_what_was_not_announced_is_not_charged(elise, mails):
    held = members.subscription(members.plan(), elise, renews=True)

    told = mails(renew.renew_due, at=at(date(2027, 4, 1)))

    held.refresh_from_db()
    assert (held.renews, held.ends_on, len(sums())) == (False, date(2027, 4, 1), 1)
    assert "s'arrête" in told[0][1]


def test_nobody_is_renewed_at_a_price_that_was_withdrawn(elise, mails):
    held = members.subscription(members.plan(), elise, renews=True)
    keep_plan.withdraw(held.plan, on=date(2027, 3, 10), by=1, at=AT)

    (told,) = mails(renew.announce_renewals, at=at(date(2027, 3, 17)))

    held.refresh_from_db()
    assert (held.renews, "s'arrête" in told[1]) == (False, True)
    with pytest.raises(renew.NotRenewed):
        renew.resume(held, by=1, at=AT)
    with pytest.raises(renew.NotRenewed):
        renew.renew(held, by=1, at=AT)


def test_a_renewal_is_stopped_in_one_act_and_asked_again(elise):
    held = members.subscription(members.plan(), elise, renews=True)
    renew.announce_renewals(at=at(date(2027, 3, 17)))

    renew.stop(held, by=elise.pk, at=AT)

    assert renew.renew_due(at=at(date(2027, 4, 1))) == 0
    held.refresh_from_db()
    assert (held.renews, held.stopped_at) == (False, AT)
    renew.resume(held, by=elise.pk, at=AT)
    held.refresh_from_db()
    assert (held.renews, held.stopped_at) == (True, None)


def test_what_is_over_is_neither_stopped_nor_renewed(elise):
    held = members.subscription(members.plan(), elise)

    for act in (renew.stop, renew.resume, renew.renew):
        with pytest.raises(renew.AlreadyOver, match="01/04/2027"):
            act(held, by=elise.pk, at=at(date(2027, 4, 1)))


def test_a_period_paid_ahead_counts_from_the_first_day(elise):
    held = members.subscription(members.plan(), elise, date(2027, 1, 31))

    ends = []
    for _ in range(3):
        held = renew.renew(held, by=elise.pk, at=at(date(2027, 2, 1)))
        ends.append(held.ends_on)

    assert ends == [date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


# --- employers and firms -------------------------------------------------------------------


def test_an_employer_authorises_once_at_a_time(elise, journal):
    firm = members.firm()
    seat = members.authorised(firm, elise)

    with pytest.raises(employer.AlreadyAuthorised, match="Élise Fictive"):
        members.authorised(firm, elise)
    employer.withdraw(seat, on=date(2027, 4, 1), by=1, at=AT)
    employer.authorise(firm, elise, employer.Authorised(date(2027, 4, 1)), by=1, at=AT)

    assert journal() == ["employer.authorise", "employer.withdraw", "employer.authorise"]


def test_a_firm_s_path_goes_forward_and_keeps_its_outcome(site, journal):
    firm, by = members.firm(), people.person()

    def step(stage, on, **more):
        asked = firm_path.Step(stage, on, **more)
        return firm_path.record_stage(firm, site.territory, asked, by=by.pk, at=AT)

    step("nomad", date(2026, 1, 1))
    step("resident", date(2026, 9, 1), site_id=site.pk)
    with pytest.raises(firm_path.BeforeTheLast, match="01/09/2026"):
        step("own_premises", date(2026, 9, 1))
    with pytest.raises(firm_path.SameStage):
        step("resident", date(2026, 10, 1))
    step("own_premises", date(2027, 1, 1), outcome="here", jobs=4)

    assert list(FirmStage.objects.order_by("starts_on").values_list("stage", "outcome")) == [
        ("nomad", ""), ("resident", ""), ("own_premises", "here"),
    ]  # fmt: skip
    for _ in range(3):
        firm_path.remove_last(firm, site.territory, by=by.pk, at=AT)
    with pytest.raises(firm_path.NothingToRemove):
        firm_path.remove_last(firm, site.territory, by=by.pk, at=AT)


@pytest.mark.parametrize(
    "sql", ["UPDATE memberships_use SET taken = 1", "DELETE FROM memberships_use"]
)
def test_a_use_is_never_changed(site, elise, sql):
    made = members.carnet(members.carnet_plan(site.operator), elise)
    Use.objects.create(
        carnet=made, origin_kind="booking", origin_key="1", site=site, on=FIRST,
        unit="half_day", units=1, taken=1, at=AT,
    )  # fmt: skip

    with (
        pytest.raises((InternalError, ProgrammingError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)

"""The share of a shop: computed from the ledger, issued once, corrected by the next."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from factories import network_sites, people, settlement
from maillage.apps.ledger.models import Charge
from maillage.apps.settlement import agree_host, host_share, issue_host, pay_host
from maillage.apps.settlement.models import HostAgreement, HostCharge, HostStatement
from maillage.kit import files

JULY = datetime(2027, 7, 2, 8, tzinfo=UTC)


@pytest.fixture
def shop(db):
    return settlement.hosted()


def share(agreement, quarter=settlement.QUARTER):
    row = HostAgreement.objects.select_related("site").get(pk=agreement.pk)
    return host_share.read(row, quarter)


def test_a_share_is_of_receipts_before_tax_reversals_taken_away(shop):
    agreement = settlement.host(*shop)
    settlement.sold(shop[0], 12_000)
    settlement.given_back(settlement.sold(shop[0], 6_000))

    found = share(agreement)

    assert (found.receipts_gross_cents, found.receipts_cents) == (12_000, 10_000)
    assert (found.computed_cents, found.due_cents, found.tax_cents) == (3_000, 3_000, 0)
    assert len(found.charges) == 3


def test_half_days_are_counted_a_long_day_twice(shop):
    agreement = settlement.host(*shop, half_day_cents=250)
    who = people.person()
    settlement.used(who, shop[0], date(2027, 3, 18))
    settlement.used(who, shop[0], date(2027, 3, 19), hours=(9, 17))

    found = share(agreement)

    assert (found.days, found.half_days, found.due_cents) == (2, 3, 750)


def test_a_minimum_is_of_the_days_covered(shop):
    agreement = settlement.host(*shop, minimum_cents=9_000, starts_on=date(2027, 3, 2))

    found = share(agreement)

    assert (found.first, found.minimum_cents, found.due_cents) == (
        date(2027, 3, 2), 3_000, 3_000,
    )  # fmt: skip


def test_what_the_shop_adds_of_tax_is_said(shop):
    agreement = settlement.host(*shop, vat_rate_bp=2_000)
    settlement.sold(shop[0], 12_000)

    found = share(agreement)

    assert (found.due_cents, found.tax_cents) == (3_000, 600)


def test_a_statement_is_issued_once_numbered_and_kept(shop):
    agreement = settlement.host(*shop)
    settlement.sold(shop[0], 12_000)

    made = settlement.statement(agreement)

    assert (made.number, made.due_cents, made.charge) == ("REL-2027-000001", 3_000, None)
    assert HostCharge.objects.filter(statement=made).count() == 1
    assert files.read(made.folder, issue_host.PDF).startswith(b"%PDF")
    with pytest.raises(issue_host.QuarterNotOver):
        settlement.statement(agreement)


def test_each_line_of_the_ledger_is_shared_once_late_ones_by_the_next_statement(shop):
    agreement = settlement.host(*shop)
    charge = settlement.sold(shop[0], 12_000)
    settlement.sold(shop[0], 24_000)
    settlement.statement(agreement)
    settlement.given_back(charge, settlement.AFTER_MARCH)

    later = settlement.statement(agreement, JULY)

    assert (later.quarter, later.receipts_cents) == (date(2027, 4, 1), -10_000)
    assert (later.computed_cents, later.due_cents, later.carried_out_cents) == (-3_000, 0, -3_000)
    settlement.sold(shop[0], 36_000, JULY)
    last = settlement.statement(agreement, datetime(2027, 10, 2, 8, tzinfo=UTC))
    assert (last.carried_in_cents, last.computed_cents, last.due_cents) == (-3_000, 9_000, 6_000)


def test_self_billing_writes_what_the_shop_sells_in_the_ledger(shop):
    agreement = settlement.host(*shop, mandated_on=settlement.QUARTER, vat_rate_bp=2_000)
    settlement.sold(shop[0], 12_000)

    made = settlement.statement(agreement)

    charge = Charge.objects.get(pk=made.charge_id)
    assert (charge.operator, charge.payer_organisation) == (shop[1], shop[0].collector)
    assert (charge.amount_cents, charge.includes_tax, charge.vat_rate_bp) == (3_000, False, 2_000)
    assert share(agreement, date(2027, 4, 1)).receipts_cents == 0


def test_a_statement_that_was_not_read_is_not_issued(shop):
    agreement = settlement.host(*shop)
    read = share(agreement)
    settlement.sold(shop[0], 12_000)

    with pytest.raises(issue_host.ChangedMeanwhile):
        issue_host.issue(agreement, shown=read.digest, by=None, at=settlement.AFTER_MARCH)
    assert not HostStatement.objects.exists()


def test_an_issued_statement_never_changes(shop):
    made = settlement.statement(settlement.host(*shop))

    for act in (lambda: HostStatement.objects.filter(pk=made.pk).update(due_cents=1), made.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert HostStatement.objects.get(pk=made.pk).due_cents == 0


def test_two_agreements_of_a_site_are_refused_until_the_first_ends(shop):
    agreement = settlement.host(*shop)
    with pytest.raises(agree_host.AlreadyAgreed):
        settlement.host(*shop)
    with pytest.raises(agree_host.AgreedWithItself):
        settlement.host(network_sites.site("Autre"), shop[0].collector)
    settlement.statement(agreement)
    with pytest.raises(agree_host.EndsBeforeStatement):
        agree_host.end(agreement, date(2027, 3, 31), by=None, at=settlement.AFTER_MARCH)
    agree_host.end(agreement, date(2027, 4, 1), by=None, at=settlement.AFTER_MARCH)
    with pytest.raises(agree_host.AlreadyEnded):
        agree_host.end(agreement, date(2027, 5, 1), by=None, at=settlement.AFTER_MARCH)
    with pytest.raises(issue_host.NothingDue):
        settlement.statement(agreement, JULY)

    assert settlement.host(*shop, starts_on=date(2027, 4, 1)).pk != agreement.pk


def test_a_payment_is_noted_once_and_taken_back(shop):
    agreement = settlement.host(*shop)
    settlement.sold(shop[0], 12_000)
    made = settlement.statement(agreement)
    when = {"by": None, "at": settlement.AFTER_MARCH}

    pay_host.pay(made, date(2027, 4, 5), "VIR 12", **when)
    with pytest.raises(pay_host.AlreadyPaid):
        pay_host.pay(made, date(2027, 4, 6), "", **when)
    pay_host.unpay(made, **when)
    with pytest.raises(pay_host.NotPaid):
        pay_host.unpay(made, **when)
    again = pay_host.pay(made, date(2027, 4, 6), "", **when)

    assert again.paid_on == date(2027, 4, 6)


CENTS = st.integers(-1_000_000, 1_000_000)


@given(st.lists(st.tuples(CENTS, st.booleans(), st.sampled_from([0, 550, 1_000, 2_000]))))
def test_receipts_given_back_whole_come_to_nothing(lines):
    back = [(-cents, includes, rate) for cents, includes, rate in lines]

    assert host_share.totals([*lines, *back]) == (0, 0)


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=8), st.integers(1, 10_000))
def test_the_shares_of_all_shops_are_those_of_the_ledger_within_a_cent_each(receipts, share_bp):
    rules = [HostAgreement(share_bp=share_bp) for _one in receipts]

    parts = [
        host_share.by_rule(rule, cents, 0) for rule, cents in zip(rules, receipts, strict=True)
    ]

    exact = sum(receipts) * share_bp / 10_000
    assert abs(sum(parts) - exact) <= len(parts) / 2
    assert all(0 <= part <= cents for part, cents in zip(parts, receipts, strict=True))


def test_statements_of_a_quarter_share_the_whole_ledger_of_the_shops(db):
    places = [settlement.hosted(f"Commerce {n} (fictif)") for n in range(3)]
    agreements = [settlement.host(*place, share_bp=10_000) for place in places]
    for n, (site, _shop) in enumerate(places):
        settlement.sold(site, 1_201 * (n + 1))
        settlement.sold(site, 703 * (n + 1), rate_bp=550)
    settlement.sold(network_sites.site("Sans commerce"), 99_900)

    made = [settlement.statement(one) for one in agreements]

    sites = [str(site.pk) for site, _shop in places]
    whole = Charge.objects.filter(scope_kind="site", scope_key__in=sites)
    per_site = [
        host_share.totals(
            whole.filter(scope_key=key).values_list("amount_cents", "includes_tax", "vat_rate_bp")
        )
        for key in sites
    ]
    assert [(m.receipts_cents, m.receipts_gross_cents) for m in made] == per_site
    assert sum(m.due_cents for m in made) == sum(net for net, _gross in per_site)
    assert [m.n for m in made] == [1, 2, 3]
    assert HostCharge.objects.count() == whole.count()


def test_reading_a_share_costs_as_much_with_many_lines(shop, django_assert_num_queries):
    agreement = settlement.host(*shop)
    row = HostAgreement.objects.select_related("site").get(pk=agreement.pk)
    settlement.sold(shop[0], 100)
    with django_assert_num_queries(3):
        host_share.read(row, settlement.QUARTER)
    for n in range(5):
        settlement.sold(shop[0], 200 + n)

    with django_assert_num_queries(3):
        host_share.read(row, settlement.QUARTER)

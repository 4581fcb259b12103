"""Costs of a site shared by key: to the cent, once, with who owes whom."""

from datetime import date

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from factories import members, network_sites, people, settlement
from maillage.apps.ledger.models import Charge
from maillage.apps.settlement import charge_part, clearing, cost_share, issue_costs, keep_costs
from maillage.apps.settlement.models import ChargedTransfer, CostLine, CostStatement
from maillage.kit import files

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)
WHEN = {"by": None, "at": settlement.AFTER_MARCH}


@pytest.fixture
def site(db):
    return network_sites.site()


@pytest.fixture
def epci():
    return settlement.body("CC d’Ambre (fictif)", "epci")


@pytest.fixture
def park():
    return settlement.body("Parc naturel (fictif)", "pnr")


def read(site):
    return cost_share.read(site, FIRST, LAST)


def issued(site, body):
    return issue_costs.issue(site, read(site), body, **WHEN)


def test_fixed_parts_share_to_the_cent_and_who_paid_is_given_back(site, epci, park):
    settlement.key(site, {epci.pk: 6_667, park.pk: 3_333})
    settlement.cost(site, epci, 10_001)

    found = read(site)

    assert found.by_body == {epci.pk: (6_668, 10_001), park.pk: (3_333, 0)}
    assert [(t.debtor_id, t.creditor_id, t.cents) for t in found.transfers] == [
        (park.pk, epci.pk, 3_333)
    ]


def test_a_corpoworking_is_shared_by_the_seats_that_employers_committed(site, epci):
    firms = [members.firm(f"Entreprise {n} (fictif)") for n in range(2)]
    settlement.key(site, {epci.pk: 2, firms[0].pk: 4, firms[1].pk: 6}, "seats")
    settlement.cost(site, epci, 120_000)
    settlement.cost(site, firms[0], 12_000, label="Café (fictif)")

    found = read(site)

    assert found.by_body == {
        epci.pk: (22_000, 120_000),
        firms[0].pk: (44_000, 12_000),
        firms[1].pk: (66_000, 0),
    }
    assert sum(t.cents for t in found.transfers) == 98_000


def test_days_used_are_those_of_whose_plan_or_place_was_used(sites_of_two):
    home, away, agreement_of = sites_of_two
    settlement.used(agreement_of, away, date(2027, 3, 18), date(2027, 3, 19))
    neighbour = settlement.traveller(away, home, "Paul Fictif")
    settlement.used(neighbour, away, date(2027, 3, 18))
    settlement.key(away, {home.operator_id: 0, away.operator_id: 0}, "days")
    settlement.cost(away, away.operator, 9_000)

    found = cost_share.read(away, FIRST, LAST)

    assert found.by_body == {home.operator_id: (6_000, 0), away.operator_id: (3_000, 9_000)}


@pytest.fixture
def sites_of_two(db):
    home, away = settlement.two_sites()
    return home, away, settlement.traveller(home, away)


def test_days_that_nobody_used_share_nothing_and_are_refused(site, epci):
    settlement.key(site, {epci.pk: 0}, "days")
    settlement.cost(site, epci)

    assert len(read(site).unshared) == 1
    with pytest.raises(issue_costs.WithoutKey):
        issued(site, epci)


def test_a_commune_pays_the_investment_and_the_intercommunality_the_operation(site, epci):
    commune = settlement.body()
    settlement.key(site, {commune.pk: 10_000}, kind="investment")
    settlement.key(site, {epci.pk: 10_000}, kind="operation")
    settlement.cost(site, commune, 500_000, kind="investment", label="Travaux (fictif)")
    settlement.cost(site, epci, 80_000)

    made = issued(site, epci)

    paid = {
        (line.kind, line.payer_id, part.organisation_id): part.part_cents
        for line in made.lines.all()
        for part in line.parts.all()
    }
    assert paid == {
        ("investment", commune.pk, commune.pk): 500_000,
        ("operation", epci.pk, epci.pk): 80_000,
    }
    assert not made.transfers.exists()


def test_the_key_of_the_first_day_of_a_cost_shares_it(site, epci, park):
    settlement.key(site, {epci.pk: 10_000})
    settlement.key(site, {park.pk: 10_000}, starts_on=date(2027, 3, 15))
    settlement.cost(site, epci, 1_000, last_on=date(2027, 3, 20))
    settlement.cost(site, epci, 500, first_on=date(2027, 3, 15))

    found = read(site)

    assert found.by_body == {epci.pk: (1_000, 1_500), park.pk: (500, 0)}


def test_a_statement_is_numbered_kept_and_shares_each_cost_once(site, epci, park):
    settlement.key(site, {epci.pk: 5_000, park.pk: 5_000})
    settlement.cost(site, epci, 10_001)
    made = issued(site, epci)

    assert (made.number, made.total_cents) == ("DEC-2027-000001", 10_001)
    assert files.read(made.folder, issue_costs.PDF).startswith(b"%PDF")
    csv = files.read(made.folder, issue_costs.CSV).decode("utf-8-sig")
    assert csv.count("Électricité (fictif)") == 2
    assert read(site).lines == ()
    with pytest.raises(issue_costs.NothingToShare):
        issued(site, epci)
    for act in (
        lambda: CostStatement.objects.update(total_cents=1),
        lambda: CostLine.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_what_was_not_read_is_not_issued(site, epci):
    settlement.key(site, {epci.pk: 10_000})
    settlement.cost(site, epci)
    shown = read(site)
    settlement.cost(site, epci, 1)

    with pytest.raises(issue_costs.CostsChanged):
        issue_costs.issue(site, shown, epci, **WHEN)


def test_a_cost_is_taken_back_until_it_is_shared(site, epci):
    settlement.key(site, {epci.pk: 10_000})
    item = settlement.cost(site, epci)
    keep_costs.remove(item, **WHEN)
    assert read(site).lines == ()
    with pytest.raises(keep_costs.AlreadyRemoved):
        keep_costs.remove(item, **WHEN)
    keep_costs.restore(item, **WHEN)
    issued(site, epci)

    with pytest.raises(keep_costs.AlreadyShared):
        keep_costs.remove(item, **WHEN)


def test_a_key_is_the_whole_and_begins_once_a_day(site, epci, park):
    with pytest.raises(keep_costs.PartsAreNotTheWhole):
        settlement.key(site, {epci.pk: 5_000, park.pk: 4_999})
    with pytest.raises(keep_costs.NoPartner):
        settlement.key(site, {epci.pk: 0}, "seats")
    with pytest.raises(keep_costs.NoPartner):
        settlement.key(site, {})
    with pytest.raises(keep_costs.EndsBeforeItBegins):
        settlement.cost(site, epci, last_on=date(2027, 2, 1))
    first = settlement.key(site, {epci.pk: 10_000})
    with pytest.raises(keep_costs.KeyOfThatDay):
        settlement.key(site, {park.pk: 10_000})
    second = settlement.key(site, {park.pk: 10_000}, starts_on=date(2027, 2, 1))

    assert (first.version, second.version) == (1, 2)


def test_a_part_is_charged_once_when_asked(site, epci, park):
    settlement.key(site, {epci.pk: 5_000, park.pk: 5_000})
    settlement.cost(site, epci, 10_001)
    transfer = issued(site, epci).transfers.get()
    assert not Charge.objects.exists()

    made = charge_part.charge(transfer, vat_rate_bp=0, **WHEN)

    charge = Charge.objects.get(pk=made.charge_id)
    assert (charge.operator, charge.payer_organisation, charge.amount_cents) == (
        epci, park, 5_000,
    )  # fmt: skip
    with pytest.raises(charge_part.AlreadyCharged):
        charge_part.charge(transfer, vat_rate_bp=0, **WHEN)
    assert ChargedTransfer.objects.count() == 1


def test_sharing_costs_as_much_with_many_costs(site, epci, park, django_assert_num_queries):
    settlement.key(site, {epci.pk: 5_000, park.pk: 5_000})
    settlement.cost(site, epci)
    with django_assert_num_queries(3):
        read(site)
    for _n in range(3):
        settlement.cost(site, people.organisation("Autre (fictif)"))

    with django_assert_num_queries(3):
        read(site)


PARTS = st.dictionaries(st.integers(1, 9), st.integers(0, 1_000_000), min_size=1)


@given(PARTS, st.randoms(use_true_random=False))
def test_transfers_leave_nobody_with_anything_to_pay(parts, chance):
    total = sum(parts.values())
    payers = sorted(parts)
    cuts = sorted(chance.randint(0, total) for _one in payers[1:])
    paid = {
        pk: end - begin for pk, begin, end in zip(payers, [0, *cuts], [*cuts, total], strict=True)
    }

    owed = clearing.balances(parts, paid)
    found = clearing.transfers(owed)

    for one in found:
        assert one.cents > 0
        owed[one.debtor_id] -= one.cents
        owed[one.creditor_id] += one.cents
    assert set(owed.values()) <= {0}
    assert len(found) < max(len(owed), 2)


def test_what_is_shared_is_what_was_paid():
    with pytest.raises(ValueError, match="what was paid"):
        clearing.balances({1: 10}, {2: 9})
    with pytest.raises(ValueError, match="others are owed"):
        clearing.transfers({1: 10, 2: -9})

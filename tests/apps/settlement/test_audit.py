"""What must never be: a sound base shows nothing, a planted fault shows."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection

from factories import people, settlement
from maillage.apps.ledger.charge import Payer
from maillage.apps.settlement import (
    audit,
    charge_part,
    copies_plan,
    cost_share,
    import_copies,
    issue_costs,
    keep_copies,
)
from maillage.apps.settlement.models import CostStatement, HostStatement, PairSettlement

WHEN = {"by": None, "at": settlement.AFTER_MARCH}
CSV = b"code;mois;noir et blanc;couleur\n1001;2027-03;10;2\n"


@contextmanager
def unguarded():
    """As somebody who owns the database might write."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def lived(db):
    """One of everything that shares and settles."""
    home, away = settlement.two_sites()
    pair = settlement.pair(home.operator, away.operator)
    settlement.used(settlement.traveller(home, away), away, date(2027, 3, 18))
    settlement.settled(pair)
    place = settlement.hosted()
    agreement = settlement.host(*place, mandated_on=settlement.QUARTER)
    settlement.sold(place[0], 12_000)
    settlement.statement(agreement)
    settlement.key(home, {home.operator_id: 5_000, away.operator_id: 5_000})
    settlement.cost(home, home.operator, 10_001)
    shared = cost_share.read(home, date(2027, 3, 1), date(2027, 3, 31))
    made = issue_costs.issue(home, shared, home.operator, **WHEN)
    charge_part.charge(made.transfers.get(), vat_rate_bp=0, **WHEN)
    keep_copies.set_price(home, keep_copies.PagePrice(date(2027, 1, 1), 5, 20, 2_000), **WHEN)
    keep_copies.match(home, "1001", Payer(person_id=people.person().pk), **WHEN)
    of = import_copies.receive(home, "c.csv", CSV, **WHEN)
    plan = copies_plan.plan_of(home, of.name, of.text)
    return import_copies.import_copies(of, shown=plan.digest, **WHEN)


def shown():
    return {one.name for one in audit.forbidden(at=settlement.AFTER_MARCH) if one.found}


def test_a_sound_base_shows_nothing(lived):
    assert (HostStatement.objects.count(), PairSettlement.objects.count()) == (1, 1)
    assert CostStatement.objects.count() == 1
    assert shown() == set()


PLANTED = [
    ("UPDATE settlement_costpart SET part_cents = part_cents + 1",
     {"settlement.parts", "settlement.balances"}),
    ("UPDATE settlement_coststatement SET total_cents = total_cents + 1", {"settlement.totals"}),
    ("UPDATE settlement_costtransfer SET cents = cents + 1",
     {"settlement.balances", "settlement.transfers"}),
    ("UPDATE settlement_pairline SET due_cents = due_cents + 1", {"settlement.nets"}),
    ("DELETE FROM settlement_settleduse", {"settlement.uses"}),
    ("UPDATE settlement_pairsettlement SET net_cents = -net_cents",
     {"settlement.nets", "settlement.pair_charges"}),
    ("UPDATE ledger_charge SET amount_cents = amount_cents + 1 WHERE origin_kind = 'cost_transfer'",
     {"settlement.transfers"}),
    ("INSERT INTO ledger_charge (operator_id, payer_organisation_id, scope_kind, scope_key, "
     "origin_kind, origin_key, line, label, service, quantity, unit, unit_cents, amount_cents, "
     "includes_tax, vat_rate_bp, in_kind_cents, why, at) SELECT operator_id, "
     "payer_organisation_id, scope_kind, scope_key, origin_kind, origin_key, 2, label, service, "
     "quantity, unit, unit_cents, amount_cents, includes_tax, vat_rate_bp, in_kind_cents, why, at "
     "FROM ledger_charge WHERE origin_kind = 'pair_settlement'", {"settlement.charged_twice"}),
    ("UPDATE settlement_hoststatement SET due_cents = due_cents + 1", {"settlement.shares"}),
    ("UPDATE settlement_hoststatement SET n = 2", {"settlement.numbers"}),
    ("UPDATE ledger_charge SET amount_cents = 1 WHERE origin_kind = 'test'",
     {"settlement.receipts"}),
    ("DELETE FROM settlement_hostcharge", {"settlement.receipts"}),
    ("UPDATE settlement_copyline SET charged_at = NULL", {"settlement.copies"}),
    ("UPDATE settlement_copyimport SET state = 'undone'", {"settlement.undone_copies"}),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "names"), PLANTED, ids=[str(n) for n in range(len(PLANTED))])
def test_each_planted_fault_shows(lived, sql, names):
    with unguarded() as cursor:
        cursor.execute(sql)

    assert shown() == names


def test_every_query_is_planted():
    planted = set().union(*(names for _sql, names in PLANTED))

    assert planted == {*audit.QUERIES, "settlement.receipts"}

"""Each defect of money planted once is counted once, by the command that people run."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.db import connection

from factories import members, network_sites, people
from maillage.apps.accounts.audit import GUARDED
from maillage.apps.ledger.models import Charge, Credit
from maillage.cli.audit import command

pytestmark = pytest.mark.django_db
AT = datetime(2027, 4, 1, 8, tzinfo=UTC)


def counted(what: str = "money") -> tuple[int, dict[str, int]]:
    """The status of the command, and what it counted above 0."""
    done = CliRunner().invoke(command, [what], catch_exceptions=False)
    lines = [line.partition("  ") for line in map(str.strip, done.output.splitlines())]
    found = {says.partition(" : ")[0]: int(count) for count, _, says in lines}
    assert found, done.output
    return done.exit_code, {says: count for says, count in found.items() if count}


def planted(query: str, *facts: object) -> None:
    """What the product never does, by SQL, with its guards away."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(query, facts)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture
def sold():
    """An abonnement really sold, with its charge."""
    place = network_sites.site()
    members.subscription(members.plan(), people.person(), site=place)
    return Charge.objects.get()


def reversal(of: Charge, cents: int, **columns) -> Charge:
    """Give back some cents of a charge, as the ledger writes it."""
    copied = {
        name: getattr(of, name)
        for name in (
            "operator_id", "payer_person_id", "user_id", "scope_kind", "scope_key", "origin_kind",
            "origin_key", "service", "unit", "unit_cents", "includes_tax", "vat_rate_bp", "at",
        )
    }  # fmt: skip
    made = {"line": 9, "label": "Rendu", "quantity": Decimal(-1), "amount_cents": -cents}
    return Charge.objects.create(**(copied | made | columns), reverses=of)


def test_a_sound_base_gives_zero(sold):
    assert counted() == (0, {})


def test_a_charge_of_something_that_does_not_exist_is_found(sold):
    planted("UPDATE ledger_charge SET origin_key = '0'")

    assert counted() == (1, {"vente de ce qui n'existe pas": 1})


def test_a_charge_of_an_unknown_kind_is_found(sold):
    planted("UPDATE ledger_charge SET origin_kind = 'gift'")

    assert counted() == (1, {"vente d'une origine inconnue": 1})


def test_what_is_given_back_in_part_is_sound_and_more_than_all_is_found(sold):
    reversal(sold, sold.amount_cents - 1)
    assert counted() == (0, {})

    reversal(sold, 2, line=10)
    assert counted() == (1, {"vente rendue au-delà de son montant": 1})


@pytest.mark.parametrize("column", ["vat_rate_bp", "operator_id", "payer_person_id"])
def test_what_is_given_back_at_another_rate_or_to_another_is_found(sold, column):
    others = {
        "vat_rate_bp": lambda: 550,
        "operator_id": lambda: people.organisation().pk,
        "payer_person_id": lambda: people.person().pk,
    }
    reversal(sold, 1, **{column: others[column]()})

    assert counted() == (1, {"vente rendue à un autre taux ou tiers": 1})


def test_a_credit_used_beyond_what_is_owed_is_found(sold):
    credit = {
        "operator": sold.operator,
        "payer_person": sold.payer_person,
        "origin_kind": "payment",
        "label": "Avoir",
        "at": AT,
    }
    Credit.objects.create(**credit, origin_key="1", amount_cents=500)
    Credit.objects.create(**credit, origin_key="2", amount_cents=-500)
    assert counted() == (0, {})

    Credit.objects.create(**credit, origin_key="3", amount_cents=-1)
    assert counted() == (1, {"avoir utilisé au-delà de ce qui est dû": 1})


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize("guard", ["never_changes", "is_never_emptied"])
def test_a_ledger_that_could_be_rewritten_is_found(db, table, guard):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_{guard}")

    assert counted() == (1, {"protection du grand livre absente": 1})

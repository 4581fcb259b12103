"""Each forbidden thing is found once planted, by somebody who can do everything in the database."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from factories import billing, network_sites
from maillage.apps.billing import audit, close_month, credit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound():
    """Two invoices, a credit note, a closed month; (first, second, credit note)."""
    body = network_sites.operator()
    first = billing.issued(body)
    second = billing.issued(body)
    note = credit.credit(first, {1: 100}, "Essai (fictif)", by=None, at=billing.AT)
    close_month.close(
        body, first.issued_on.replace(day=1), by=None, at=billing.AT + timedelta(days=40)
    )
    return first, second, note


def found():
    return {one.name: one.found for one in audit.forbidden(at=billing.AT) if one.found}


def as_owner(*orders, **facts):
    """What somebody with every power over the database may do behind our back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for order in orders:
            cursor.execute(order, facts)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_a_sound_base_has_nothing_forbidden(sound):
    assert found() == {}


PLANTED = {
    "billing.gap": ["UPDATE billing_document SET n = 9 WHERE id = %(second)s"],
    "billing.backwards": [
        "UPDATE billing_document SET issued_on = issued_on - 3 WHERE id = %(second)s"
    ],
    "billing.unnumbered": ["UPDATE billing_document SET number = '' WHERE id = %(second)s"],
    "billing.beyond_series": ["UPDATE billing_series SET last_number = 1 WHERE kind = 'invoice'"],
    "billing.sums": [
        "UPDATE billing_documenttax SET tax_cents = 1 WHERE document_id = %(first)s"
    ],
    "billing.other_than_sold": [
        "UPDATE ledger_charge SET amount_cents = 7 WHERE reverses_id IS NULL"
    ],
    "billing.other_payer": [
        "UPDATE billing_document SET payer_person_id = %(someone)s WHERE id = %(second)s"
    ],
    "billing.overcredited": [
        "UPDATE billing_document SET gross_cents = 5000, net_cents = 5000, tax_cents = 0 "
        "WHERE id = %(note)s"
    ],
    "billing.untold": [
        "DELETE FROM journal_entry WHERE object_kind = 'document' AND object_key = %(second)s::text"
    ],
    "billing.without_files": ["UPDATE billing_document SET files = '[]' WHERE id = %(second)s"],
    "billing.altered_month": ["UPDATE billing_closedmonth SET totals = '{}'"],
    "billing.unguarded": [
        "ALTER TABLE billing_document DISABLE TRIGGER billing_document_never_changes"
    ],
    "billing.duplicate": [
        "ALTER TABLE billing_document DROP CONSTRAINT a_number_is_given_once",
        "UPDATE billing_document SET number = (SELECT number FROM billing_document "
        "WHERE id = %(first)s) WHERE id = %(second)s",
    ],
    "billing.invoiced_twice": [
        "ALTER TABLE billing_invoicedcharge DROP CONSTRAINT billing_invoicedcharge_charge_id_key",
        "INSERT INTO billing_invoicedcharge (charge_id, line_id) "
        "SELECT charge_id, line_id FROM billing_invoicedcharge LIMIT 1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_each_forbidden_thing_is_found_once_planted(sound, name):
    first, second, note = sound
    someone = billing.person_payer().person_id
    as_owner(*PLANTED[name], first=first.pk, second=second.pk, note=note.pk, someone=someone)
    assert name in found()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE billing_document SET reason = 'autre' WHERE id = %(first)s",
        'UPDATE billing_document SET buyer = buyer || \'{"name": "X"}\' WHERE id = %(first)s',
        "UPDATE billing_documentline SET label = 'autre' WHERE document_id = %(first)s",
        "UPDATE billing_documentline SET ends_on = ends_on + 1 WHERE document_id = %(first)s",
        "UPDATE billing_documenttax SET exemption = 'autre' WHERE document_id = %(first)s",
        "DELETE FROM billing_invoicedcharge WHERE line_id IN "
        "(SELECT id FROM billing_documentline WHERE document_id = %(first)s)",
    ],
)
def test_one_altered_column_breaks_the_chain(sound, change):
    first, _second, _note = sound
    as_owner(change, first=first.pk)
    assert found()["billing.broken_chain"] == (first.number,)


def test_the_last_document_taken_away_is_found(sound):
    _first, second, _note = sound
    as_owner(
        "DELETE FROM billing_invoicedcharge WHERE line_id IN "
        "(SELECT id FROM billing_documentline WHERE document_id = %(second)s)",
        "DELETE FROM billing_documentline WHERE document_id = %(second)s",
        "DELETE FROM billing_documenttax WHERE document_id = %(second)s",
        "DELETE FROM billing_document WHERE id = %(second)s",
        "UPDATE billing_series SET last_number = 1 WHERE kind = 'invoice'",
        second=second.pk,
    )
    assert found()["billing.broken_chain"] == (f"{second.operator_id} invoice",)


@pytest.mark.parametrize("rank", [0, 1])
def test_an_altered_or_missing_file_is_found(sound, rank):
    first, second, _note = sound
    path = Path(default_storage.path(f"{first.folder}/{first.files[rank]['name']}"))
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    default_storage.delete(f"{second.folder}/{second.files[rank]['name']}")
    assert found() == {"billing.altered_file": (first.number, second.number)}

"""The journal: one line an act, in its transaction, never changed."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import OutsideTransactionError, record

AT = datetime(2027, 3, 17, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_a_line_says_who_did_what_where_and_when():
    with transaction.atomic():
        record("role.end", ("role", 12), by=7, at=AT, scope=("territory", "200067817"), day="2027")

    line = Entry.objects.get()
    assert (line.act, line.object_kind, line.object_key, line.actor_id) == (
        "role.end",
        "role",
        "12",
        7,
    )
    assert (line.scope_kind, line.scope_key, line.facts) == (
        "territory",
        "200067817",
        {"day": "2027"},
    )


@pytest.mark.django_db(transaction=True)
def test_a_line_is_never_written_outside_the_transaction_of_its_act():
    with pytest.raises(OutsideTransactionError):
        record("role.end", ("role", 12), by=None, at=AT)

    assert Entry.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_entry SET act = 'x'",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(change):
    record("role.end", ("role", 12), by=7, at=AT)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(change)

    assert Entry.objects.get().act == "role.end"


@pytest.mark.django_db
def test_the_database_refuses_to_empty_the_journal():
    record("role.end", ("role", 12), by=7, at=AT)
    cursor = connection.cursor()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute("TRUNCATE journal_entry")

    assert Entry.objects.count() == 1

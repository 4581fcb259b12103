"""What must never be among shares and settlements, counted on live data."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection

from maillage.apps.bookings.audit import Forbidden
from maillage.apps.settlement import host_share
from maillage.apps.settlement.models import HostStatement

_PARTS = """
SELECT line.id::text FROM settlement_costline line
LEFT JOIN settlement_costpart part ON part.line_id = line.id
GROUP BY line.id HAVING coalesce(sum(part.part_cents), 0) <> line.amount_cents
ORDER BY line.id
"""
_TOTALS = """
SELECT statement.number FROM settlement_coststatement statement
LEFT JOIN settlement_costline line ON line.statement_id = statement.id
GROUP BY statement.id HAVING coalesce(sum(line.amount_cents), 0) <> statement.total_cents
ORDER BY statement.id
"""
# each body ends with nothing to pay: its part, less what it paid, less what it gives
_BALANCES = """
WITH moved AS (
    SELECT line.statement_id, part.organisation_id AS body, part.part_cents AS cents
    FROM settlement_costpart part JOIN settlement_costline line ON line.id = part.line_id
    UNION ALL SELECT statement_id, payer_id, -amount_cents FROM settlement_costline
    UNION ALL SELECT statement_id, debtor_id, -cents FROM settlement_costtransfer
    UNION ALL SELECT statement_id, creditor_id, cents FROM settlement_costtransfer
)
SELECT statement_id || '-' || body FROM moved
GROUP BY statement_id, body HAVING sum(cents) <> 0 ORDER BY statement_id, body
"""
_NETS = """
SELECT pair.id::text FROM settlement_pairsettlement pair
LEFT JOIN settlement_pairline line ON line.settlement_id = pair.id
GROUP BY pair.id
HAVING coalesce(sum(CASE WHEN line.host_id = pair.first_body_id THEN line.due_cents
                         ELSE -line.due_cents END), 0) <> pair.net_cents
ORDER BY pair.id
"""
_USES = """
SELECT line.id::text FROM settlement_pairline line
LEFT JOIN settlement_settleduse settled ON settled.line_id = line.id
LEFT JOIN memberships_use spent ON spent.id = settled.use_id
GROUP BY line.id HAVING coalesce(sum(spent.value_cents), 0) <> line.value_cents
ORDER BY line.id
"""
# what a statement, a month or a transfer charged is its amount, once
_PAIR_CHARGES = """
SELECT pair.id::text FROM settlement_pairsettlement pair
JOIN ledger_charge charge ON charge.id = pair.charge_id
WHERE charge.amount_cents <> abs(pair.net_cents) OR charge.operator_id <>
    CASE WHEN pair.net_cents > 0 THEN pair.first_body_id ELSE pair.second_body_id END
ORDER BY pair.id
"""
_TWICE = """
SELECT charge.id::text FROM ledger_charge charge
WHERE charge.origin_kind IN ('pair_settlement', 'cost_transfer', 'host_statement')
  AND charge.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM settlement_pairsettlement WHERE charge_id = charge.id)
  AND NOT EXISTS (SELECT FROM settlement_chargedtransfer WHERE charge_id = charge.id)
  AND NOT EXISTS (SELECT FROM settlement_hoststatement WHERE charge_id = charge.id)
ORDER BY charge.id
"""
_TRANSFERS = """
SELECT done.id::text FROM settlement_chargedtransfer done
JOIN settlement_costtransfer transfer ON transfer.id = done.transfer_id
JOIN ledger_charge charge ON charge.id = done.charge_id
WHERE charge.amount_cents <> transfer.cents OR charge.operator_id <> transfer.creditor_id
   OR charge.payer_organisation_id IS DISTINCT FROM transfer.debtor_id
ORDER BY done.id
"""
_SHARES = """
SELECT number FROM settlement_hoststatement
WHERE due_cents <> greatest(computed_cents + carried_in_cents, minimum_cents, 0)
   OR carried_out_cents <> least(computed_cents + carried_in_cents, 0)
ORDER BY id
"""
_HOLES = """
SELECT collector_id::text FROM settlement_hoststatement
GROUP BY collector_id HAVING max(n) <> count(*) ORDER BY collector_id
"""
_COPIES = """
SELECT line.id::text FROM settlement_copyline line
WHERE (line.charged_at IS NULL) <> NOT EXISTS (
    SELECT FROM ledger_charge charge
    WHERE charge.origin_kind = 'copies' AND charge.origin_key = line.id::text)
  AND line.mono_pages + line.colour_pages > 0
ORDER BY line.id
"""
_UNDONE = """
SELECT line.id::text FROM settlement_copyline line
JOIN settlement_copyimport of ON of.id = line.of_id AND of.state = 'undone'
JOIN ledger_charge charge ON charge.origin_kind = 'copies' AND charge.origin_key = line.id::text
GROUP BY line.id HAVING sum(charge.amount_cents) <> 0 ORDER BY line.id
"""

QUERIES: Mapping[str, tuple[str, str]] = {
    "settlement.parts": ("parts qui ne font pas la dépense", _PARTS),
    "settlement.totals": ("dépenses qui ne font pas le décompte", _TOTALS),
    "settlement.balances": ("organisme qui n'a pas payé sa part après transferts", _BALANCES),
    "settlement.nets": ("lignes qui ne font pas le net entre organismes", _NETS),
    "settlement.uses": ("journées qui ne font pas leur ligne", _USES),
    "settlement.pair_charges": ("vente contraire au mois entre organismes", _PAIR_CHARGES),
    "settlement.charged_twice": ("vente d'un règlement sans lui, ou deux fois", _TWICE),
    "settlement.transfers": ("vente contraire à la part de frais", _TRANSFERS),
    "settlement.shares": ("part de commerce contraire à sa règle", _SHARES),
    "settlement.numbers": ("numéro de relevé manquant", _HOLES),
    "settlement.copies": ("copies facturées sans vente, ou vendues sans l'être", _COPIES),
    "settlement.undone_copies": ("copies annulées encore vendues", _UNDONE),
}


def forbidden(*, at: datetime) -> tuple[Forbidden, ...]:
    """Every forbidden thing, with what shows it: nothing on a sound base."""
    del at  # nothing here depends on the instant
    found = [Forbidden(name, says, _run(sql)) for name, (says, sql) in QUERIES.items()]
    receipts = Forbidden(
        "settlement.receipts", "relevé contraire au grand livre", tuple(_changed_receipts())
    )
    return (*found, receipts)


def _changed_receipts() -> Iterable[str]:
    """Statements whose charges no longer come to what they say."""
    for statement in HostStatement.objects.order_by("pk"):
        said = (statement.receipts_cents, statement.receipts_gross_cents)
        if host_share.of_statement(statement) != said:
            yield statement.number


def _run(sql: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return tuple(str(row[0]) for row in cursor.fetchall())

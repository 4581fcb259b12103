"""What must never be among contracts, counted on live data; a sound base has none of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from maillage.apps.contracts import papers
from maillage.apps.contracts.events import broken
from maillage.apps.contracts.models import SIGNED, Event, Paper

# the nightly work may be late by a night
ENDED_WITHIN = timedelta(days=2)
GUARDED = (
    "contracts_event", "contracts_depositmovement", "contracts_houserules", "contracts_wording",
    "contracts_paper",
)  # fmt: skip


@dataclass(frozen=True)
class Forbidden:
    """One forbidden thing: references of what shows it, never a name."""

    name: str
    says: str
    found: tuple[str, ...]


_UNCHARGED = """
SELECT period.id::text FROM contracts_chargedperiod period
WHERE NOT EXISTS (SELECT FROM ledger_charge charge WHERE charge.origin_kind = 'contract_period'
                  AND charge.origin_key = period.id::text)
ORDER BY period.id
"""
_OTHER_SUM = """
SELECT period.id::text FROM contracts_chargedperiod period
JOIN ledger_charge charge ON charge.origin_kind = 'contract_period'
    AND charge.origin_key = period.id::text
GROUP BY period.id HAVING sum(charge.amount_cents) <> period.amount_cents ORDER BY period.id
"""
_ORPHANS = """
SELECT charge.id::text FROM ledger_charge charge
WHERE charge.origin_kind = 'contract_period'
  AND NOT EXISTS (SELECT FROM contracts_chargedperiod WHERE id::text = charge.origin_key)
ORDER BY charge.id
"""
_OVERDRAWN = """
SELECT contract.reference FROM contracts_contract contract
JOIN contracts_deposit deposit ON deposit.contract_id = contract.id
JOIN contracts_depositmovement moved ON moved.deposit_id = deposit.id
GROUP BY contract.id, deposit.id
HAVING sum(CASE moved.kind WHEN 'received' THEN moved.amount_cents ELSE -moved.amount_cents END) < 0
    OR sum(CASE moved.kind WHEN 'received' THEN moved.amount_cents ELSE 0 END) > deposit.due_cents
ORDER BY contract.reference
"""
_SEATS_OF_THE_DEAD = """
SELECT contract.reference FROM contracts_contract contract
JOIN contracts_keptseat kept ON kept.contract_id = contract.id
JOIN bookings_block block ON block.id = kept.block_id
WHERE block.ended_at IS NULL
  AND (contract.state IN ('withdrawn', 'refused')
       OR (contract.state = 'ended' AND block.last_on >= contract.ends_on))
ORDER BY contract.reference
"""
_LIVING_ON = """
SELECT reference FROM contracts_contract
WHERE state IN ('signed', 'running', 'notice') AND ends_on < %(long_ago)s ORDER BY reference
"""
_COUNTED: Mapping[str, tuple[str, str]] = {
    "contracts.uncharged_period": ("période de contrat sans ligne de vente", _UNCHARGED),
    "contracts.other_sum": ("période dont les lignes font un autre montant", _OTHER_SUM),
    "contracts.orphan_charge": ("ligne de vente d'une période absente", _ORPHANS),
    "contracts.deposit_overdrawn": ("dépôt rendu ou gardé au-delà du reçu", _OVERDRAWN),
    "contracts.seat_not_freed": ("place gardée par un contrat terminé", _SEATS_OF_THE_DEAD),
    "contracts.not_ended": ("contrat en cours après son dernier jour", _LIVING_ON),
}


def forbidden(*, at: datetime) -> tuple[Forbidden, ...]:
    """Each forbidden thing with what shows it."""
    values = {"long_ago": (at - ENDED_WITHIN).date()}
    found = [
        Forbidden(name, says, _references(query, values))
        for name, (says, query) in _COUNTED.items()
    ]
    return (
        *found,
        Forbidden("contracts.altered", "contrat ou preuve absent ou modifié", _altered()),
        Forbidden("contracts.no_paper", "contrat signé sans document ni preuve", _without_paper()),
        Forbidden("contracts.broken_chain", "suite d'événements rompue", _broken_chains()),
        Forbidden("contracts.unguarded", "table sans sa protection", _unguarded()),
    )


def _references(query: str, values: Mapping[str, date]) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return tuple(str(reference) for (reference,) in cursor.fetchall())


def _altered() -> tuple[str, ...]:
    found = []
    for paper in Paper.objects.select_related("contract").order_by("pk").iterator():
        try:
            papers.data_of(paper)
        except papers.Altered:
            found.append(f"{paper.contract.reference}/{paper.name}")
    return tuple(found)


def _without_paper() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contract.reference FROM contracts_contract contract "
            "WHERE contract.state = ANY(%s) AND contract.signatory_name <> 'Personne oubliée' "
            "AND (SELECT count(*) FROM contracts_paper WHERE contract_id = contract.id) < 2 "
            "ORDER BY contract.reference",
            [[str(state) for state in SIGNED]],
        )
        return tuple(reference for (reference,) in cursor.fetchall())


def _broken_chains() -> tuple[str, ...]:
    by_contract: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.order_by("contract", "number").iterator():
        by_contract[event.contract_id].append(event)
    return tuple(str(pk) for pk, events in by_contract.items() if broken(events))


def _unguarded() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        there = {name for (name,) in cursor.fetchall()}
    return tuple(table for table in GUARDED if f"{table}_never_changes" not in there)

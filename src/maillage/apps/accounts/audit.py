"""What must never be in the ledger and in closed accounts, counted on live data."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from maillage.apps.accounts.archives import broken
from maillage.apps.bookings.audit import Forbidden

# kind of origin -> the table that holds what was sold, by its identifier
ORIGINS = {"carnet": "memberships_carnet", "subscription": "memberships_subscription"}
# kinds whose charges are checked by the audit of their own app
CHECKED_THERE = (
    "booking", "contract_period", "copies", "cost_transfer", "host_statement", "pair_settlement",
)  # fmt: skip
GUARDED = ("accounts_archive", "ledger_charge", "ledger_credit", "ledger_payment")

_ORPHANS = """
SELECT charge.id::text FROM ledger_charge charge
WHERE charge.origin_kind = '{kind}'
  AND NOT EXISTS (SELECT FROM {table} sold WHERE sold.id::text = charge.origin_key)
ORDER BY charge.id
"""
_UNKNOWN = """
SELECT charge.id::text FROM ledger_charge charge
WHERE charge.origin_kind <> ALL(%(kinds)s) ORDER BY charge.id
"""
_GIVEN_BACK_TWICE = """
SELECT sold.id::text FROM ledger_charge sold
JOIN ledger_charge back ON back.reverses_id = sold.id
GROUP BY sold.id HAVING sold.amount_cents + sum(back.amount_cents) < 0
ORDER BY sold.id
"""
_GIVEN_BACK_OTHERWISE = """
SELECT back.id::text FROM ledger_charge back JOIN ledger_charge sold ON sold.id = back.reverses_id
WHERE (back.operator_id, back.vat_rate_bp, back.includes_tax)
      IS DISTINCT FROM (sold.operator_id, sold.vat_rate_bp, sold.includes_tax)
   OR back.payer_person_id IS DISTINCT FROM sold.payer_person_id
   OR back.payer_organisation_id IS DISTINCT FROM sold.payer_organisation_id
ORDER BY back.id
"""
_OVERDRAWN = """
SELECT operator_id || '-' || coalesce('p' || payer_person_id, 'o' || payer_organisation_id)
FROM ledger_credit GROUP BY operator_id, payer_person_id, payer_organisation_id
HAVING sum(amount_cents) < 0 ORDER BY 1
"""
_AFTER_CLOSING = """
SELECT document.number FROM billing_document document
JOIN billing_closedmonth closed ON closed.operator_id = document.operator_id
    AND closed.month = date_trunc('month', document.issued_on)::date
WHERE document.at > closed.at ORDER BY document.id
"""
_OUT_OF_ORDER = """
SELECT DISTINCT later.id::text FROM billing_closedmonth later
JOIN billing_closedmonth earlier ON earlier.operator_id = later.operator_id
    AND earlier.month < later.month AND earlier.at > later.at
ORDER BY 1
"""
QUERIES: Mapping[str, tuple[str, str]] = {
    "ledger.unknown_origin": ("vente d'une origine inconnue", _UNKNOWN),
    "ledger.given_back_twice": ("vente rendue au-delà de son montant", _GIVEN_BACK_TWICE),
    "ledger.given_back_otherwise": ("vente rendue à un autre taux ou tiers", _GIVEN_BACK_OTHERWISE),
    "ledger.overdrawn_credit": ("avoir utilisé au-delà de ce qui est dû", _OVERDRAWN),
    "accounts.after_closing": ("document émis dans un mois déjà clôturé", _AFTER_CLOSING),
    "accounts.out_of_order": ("mois clôturé avant un mois plus ancien", _OUT_OF_ORDER),
}
_GUARDS = """
SELECT guarded.relname FROM pg_class guarded WHERE guarded.relname = ANY(%(tables)s)
  AND 2 = (SELECT count(*) FROM pg_trigger WHERE tgrelid = guarded.oid AND tgenabled IN ('O', 'A')
           AND tgname IN (guarded.relname || '_never_changes',
                          guarded.relname || '_is_never_emptied'))
"""


def forbidden(*, at: datetime) -> tuple[Forbidden, ...]:
    """Every forbidden thing, with what shows it: nothing on a sound base."""
    del at  # nothing here depends on the instant
    orphans: list[str] = []
    with connection.cursor() as cursor:

        def keys(query: str) -> tuple[str, ...]:
            cursor.execute(query, {"kinds": [*ORIGINS, *CHECKED_THERE], "tables": list(GUARDED)})
            return tuple(key for (key,) in cursor.fetchall())

        for kind, table in ORIGINS.items():
            orphans += keys(_ORPHANS.format(kind=kind, table=table))
        found = [Forbidden(name, says, keys(query)) for name, (says, query) in QUERIES.items()]
        guarded = set(keys(_GUARDS))
    return (
        Forbidden("ledger.orphan_charge", "vente de ce qui n'existe pas", tuple(orphans)),
        *found,
        Forbidden("accounts.broken_archive", "archive annuelle dont le sceau est faux", broken()),
        Forbidden(
            "ledger.unguarded",
            "protection du grand livre absente",
            tuple(sorted(set(GUARDED) - guarded)),
        ),
    )

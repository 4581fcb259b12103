"""What must never be among money received, counted on live data; a sound base has none of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import connection

from maillage.apps.collecting import receipt_chain
from maillage.apps.collecting.models import DebitBatch, Receipt, Reminder, RevenueBatch
from maillage.apps.people.models import Organisation


@dataclass(frozen=True)
class Forbidden:
    """One forbidden thing: identifiers of what shows it, never a name."""

    name: str
    says: str
    found: tuple[str, ...]


_BEYOND_RECEIPT = """
SELECT receipt.id::text FROM collecting_receipt receipt
JOIN collecting_allocation part ON part.receipt_id = receipt.id
WHERE receipt.amount_cents > 0
GROUP BY receipt.id HAVING sum(part.amount_cents) > receipt.amount_cents
    OR sum(part.amount_cents) < 0
ORDER BY receipt.id
"""
# what it pays and the avoir that it left make the whole sum, or nothing once it is undone
_LOST = """
SELECT receipt.id::text FROM collecting_receipt receipt
LEFT JOIN collecting_receipt back ON back.reverses_id = receipt.id
WHERE receipt.amount_cents > 0 AND
    coalesce((SELECT sum(amount_cents) FROM collecting_allocation WHERE receipt_id = receipt.id), 0)
  + coalesce((SELECT sum(amount_cents) FROM ledger_credit WHERE origin_kind = 'receipt'
              AND origin_key LIKE receipt.id || '.%%'), 0)
  <> CASE WHEN back.id IS NULL THEN receipt.amount_cents ELSE 0 END
ORDER BY receipt.id
"""
_BEYOND_DOCUMENT = """
SELECT document.number FROM billing_document document
JOIN collecting_allocation part ON part.document_id = document.id
WHERE document.kind = 'invoice'
GROUP BY document.id HAVING sum(part.amount_cents) > document.gross_cents - document.paid_cents
ORDER BY document.id
"""
_OTHER_PAYER = """
SELECT part.id::text FROM collecting_allocation part
JOIN billing_document document ON document.id = part.document_id
JOIN collecting_receipt receipt ON receipt.id = part.receipt_id
WHERE document.operator_id <> receipt.operator_id
   OR document.payer_person_id IS DISTINCT FROM receipt.payer_person_id
   OR document.payer_organisation_id IS DISTINCT FROM receipt.payer_organisation_id
ORDER BY part.id
"""
_IN_CLOSED_MONTH = """
SELECT receipt.id::text FROM collecting_receipt receipt
JOIN billing_closedmonth closed ON closed.operator_id = receipt.operator_id
    AND closed.month = date_trunc('month', receipt.received_on)::date
WHERE receipt.at > closed.at ORDER BY receipt.id
"""
_UNSETTLED = """
SELECT debit.end_to_end FROM collecting_debit debit
LEFT JOIN collecting_receipt receipt ON receipt.id = debit.receipt_id
LEFT JOIN collecting_receipt back ON back.reverses_id = receipt.id
WHERE debit.state = 'settled'
  AND (receipt.id IS NULL OR back.id IS NOT NULL OR receipt.amount_cents <> debit.amount_cents)
ORDER BY debit.id
"""
_REVERSED_MATCH = """
SELECT line.id::text FROM collecting_bankline line
LEFT JOIN collecting_receipt back ON back.reverses_id = line.receipt_id
WHERE line.state = 'matched' AND (back.id IS NOT NULL
   OR (line.receipt_id IS NULL AND line.batch_id IS NULL))
ORDER BY line.id
"""
_REMINDED_OUT_OF_ORDER = """
SELECT later.id::text FROM collecting_reminder later
WHERE later.step > 1 AND NOT EXISTS (SELECT FROM collecting_reminder before
    WHERE before.document_id = later.document_id AND before.step = later.step - 1
      AND before.sent_at <= later.sent_at)
ORDER BY later.id
"""
_DECIDED_EARLY = """
SELECT decision.id::text FROM collecting_decision decision
WHERE (SELECT count(*) FROM collecting_reminder reminder
       WHERE reminder.document_id = decision.document_id
         AND reminder.sent_at <= decision.at) < 3
ORDER BY decision.id
"""
_TILL_DAY = """
SELECT receipt.id::text FROM collecting_receipt receipt
JOIN collecting_means means ON means.id = receipt.means_id AND means.kind = 'cash'
JOIN collecting_tillclosing closing ON closing.operator_id = receipt.operator_id
    AND closing."on" >= receipt.received_on AND closing.at < receipt.at
GROUP BY receipt.id ORDER BY receipt.id
"""
_QUESTIONS: Mapping[str, tuple[str, str]] = {
    "beyond_receipt": ("un encaissement paie plus que sa somme", _BEYOND_RECEIPT),
    "lost_cents": ("un encaissement n’est ni réparti ni en avoir", _LOST),
    "beyond_document": ("une facture a reçu plus que son total", _BEYOND_DOCUMENT),
    "other_payer": ("un encaissement paie la facture d’un autre", _OTHER_PAYER),
    "closed_month": ("un encaissement est entré dans un mois clôturé", _IN_CLOSED_MONTH),
    "debit_without_receipt": ("un prélèvement encaissé n’a pas d’encaissement", _UNSETTLED),
    "match_undone": ("une ligne de banque rapprochée n’a plus d’encaissement", _REVERSED_MATCH),
    "reminder_skipped": ("une relance est partie sans la précédente", _REMINDED_OUT_OF_ORDER),
    "decided_early": ("une décision a précédé les trois relances", _DECIDED_EARLY),
    "till_day": ("des espèces sont entrées dans une journée arrêtée", _TILL_DAY),
}


def forbidden(at: datetime) -> list[Forbidden]:
    """Every question with what it found; `at` leaves out what comes later."""
    found = []
    with connection.cursor() as cursor:
        for name, (says, sql) in _QUESTIONS.items():
            cursor.execute(sql, {"at": at})
            found.append(Forbidden(name, says, tuple(str(row[0]) for row in cursor.fetchall())))
    found.append(Forbidden("chain", "le journal des encaissements a été altéré", _broken()))
    found.append(Forbidden("file_missing", "un fichier gardé manque", _missing()))
    return found


def _broken() -> tuple[str, ...]:
    keys = Receipt.objects.order_by().values_list("operator", flat=True).distinct()
    bodies = Organisation.objects.filter(pk__in=keys).order_by("pk")
    return tuple(f"{body.pk} {n}" for body in bodies for n in receipt_chain.broken(body))


def _missing() -> tuple[str, ...]:
    """Files that a row names and that are not there, or not of their size."""
    named = [
        (folder, file)
        for rows in (
            DebitBatch.objects.exclude(folder=""),
            Reminder.objects.all(),
            RevenueBatch.objects.all(),
        )
        for folder, files in rows.order_by("pk").values_list("folder", "files")
        for file in files
    ]
    return tuple(f"{folder}/{file['name']}" for folder, file in named if _is_gone(folder, file))


def _is_gone(folder: str, file: Mapping[str, object]) -> bool:
    path = f"{folder}/{file['name']}"
    return not default_storage.exists(path) or default_storage.size(path) != file["size_bytes"]

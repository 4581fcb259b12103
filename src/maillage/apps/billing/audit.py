"""What must never be among invoices, counted on live data; a sound base has none of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from maillage.apps.billing import chain
from maillage.apps.billing.close_month import digest, totals_of
from maillage.apps.billing.models import ClosedMonth, Document, InvoicedCharge, Series
from maillage.kit import files

GUARDED = (
    "billing_document", "billing_documentline", "billing_documenttax", "billing_invoicedcharge",
    "billing_closedmonth",
)  # fmt: skip
CONSTRAINTS = (
    "a_rank_is_given_once",
    "a_number_is_given_once",
    "a_document_adds_up",
    "a_document_is_not_below_0",
    "billing_invoicedcharge_charge_id_key",
)
AT_ONCE = 200


@dataclass(frozen=True)
class Forbidden:
    """One forbidden thing: numbers of what shows it, never a name."""

    name: str
    says: str
    found: tuple[str, ...]


_GAPS = """
SELECT series.operator_id || ' ' || series.kind || ' ' || rank.n
FROM billing_series series
CROSS JOIN LATERAL generate_series(1, series.last_number) AS rank(n)
WHERE rank.n > series.starts_after AND NOT EXISTS (
    SELECT FROM billing_document doc WHERE doc.operator_id = series.operator_id
    AND doc.kind = series.kind AND doc.n = rank.n)
ORDER BY series.id, rank.n
"""
_DUPLICATES = """
SELECT operator_id || ' ' || number FROM billing_document
GROUP BY operator_id, number HAVING count(*) > 1
UNION ALL
SELECT operator_id || ' ' || kind || ' ' || n FROM billing_document
GROUP BY operator_id, kind, n HAVING count(*) > 1
"""
_BACKWARDS = """
SELECT number FROM (
    SELECT id, number, issued_on, lag(issued_on) OVER (
        PARTITION BY operator_id, kind ORDER BY n, id) AS before
    FROM billing_document) doc
WHERE issued_on < before ORDER BY id
"""
_UNNUMBERED = "SELECT id::text FROM billing_document WHERE number = '' OR n < 1 ORDER BY id"
_BEYOND = """
SELECT doc.number FROM billing_document doc
LEFT JOIN billing_series series ON series.operator_id = doc.operator_id AND series.kind = doc.kind
WHERE doc.n > coalesce(series.last_number, 0) ORDER BY doc.id
"""
_SUMS = """
SELECT doc.number FROM billing_document doc
WHERE doc.net_cents + doc.tax_cents <> doc.gross_cents
   OR doc.net_cents <> (SELECT coalesce(sum(net_cents), 0) FROM billing_documentline line
                        WHERE line.document_id = doc.id)
   OR (doc.net_cents, doc.tax_cents) <> (
       SELECT coalesce(sum(base_cents), 0), coalesce(sum(tax_cents), 0)
       FROM billing_documenttax tax WHERE tax.document_id = doc.id)
   OR EXISTS (
       SELECT FROM billing_documenttax tax WHERE tax.document_id = doc.id
       AND tax.base_cents <> (SELECT coalesce(sum(net_cents), 0) FROM billing_documentline line
           WHERE line.document_id = doc.id AND line.vat_rate_bp = tax.vat_rate_bp
           AND line.category = tax.category))
ORDER BY doc.id
"""
# where every price is listed with its tax, the total is the sum of what the ledger says
_LEDGER = """
SELECT doc.number FROM billing_document doc
JOIN billing_documentline line ON line.document_id = doc.id
JOIN billing_invoicedcharge invoiced ON invoiced.line_id = line.id
JOIN ledger_charge charge ON charge.id = invoiced.charge_id
GROUP BY doc.id
HAVING bool_and(charge.includes_tax) AND abs(sum(charge.amount_cents)) <> doc.gross_cents
ORDER BY doc.id
"""
_TWICE = """
SELECT charge_id::text FROM billing_invoicedcharge GROUP BY charge_id HAVING count(*) > 1
"""
_OTHER_PAYER = """
SELECT doc.number FROM billing_document doc
JOIN billing_documentline line ON line.document_id = doc.id
JOIN billing_invoicedcharge invoiced ON invoiced.line_id = line.id
JOIN ledger_charge charge ON charge.id = invoiced.charge_id
WHERE charge.operator_id <> doc.operator_id
   OR charge.payer_person_id IS DISTINCT FROM doc.payer_person_id
   OR charge.payer_organisation_id IS DISTINCT FROM doc.payer_organisation_id
GROUP BY doc.id ORDER BY doc.id
"""
_OVERCREDITED = """
SELECT doc.number FROM billing_document doc JOIN billing_document note ON note.corrects_id = doc.id
GROUP BY doc.id HAVING sum(note.gross_cents) > doc.gross_cents ORDER BY doc.id
"""
_UNTOLD = """
SELECT doc.number FROM billing_document doc
WHERE NOT EXISTS (SELECT FROM journal_entry entry WHERE entry.object_kind = 'document'
    AND entry.object_key = doc.id::text AND entry.act IN ('billing.issue', 'billing.credit'))
ORDER BY doc.id
"""
_FILELESS = "SELECT number FROM billing_document WHERE jsonb_array_length(files) < 2 ORDER BY id"

QUERIES: Mapping[str, tuple[str, str]] = {
    "billing.gap": ("numéro absent d'une série", _GAPS),
    "billing.duplicate": ("numéro donné deux fois", _DUPLICATES),
    "billing.backwards": ("date antérieure à celle du numéro précédent", _BACKWARDS),
    "billing.unnumbered": ("document sans numéro", _UNNUMBERED),
    "billing.beyond_series": ("document au-delà de la fin de sa série", _BEYOND),
    "billing.sums": ("document dont les montants ne s'additionnent pas", _SUMS),
    "billing.other_than_sold": ("document contraire aux ventes qu'il facture", _LEDGER),
    "billing.invoiced_twice": ("vente facturée deux fois", _TWICE),
    "billing.other_payer": ("vente facturée à un autre payeur", _OTHER_PAYER),
    "billing.overcredited": ("facture créditée au-delà de son montant", _OVERCREDITED),
    "billing.untold": ("document sans ligne au journal", _UNTOLD),
    "billing.without_files": ("document sans PDF ou sans XML", _FILELESS),
}


def forbidden(*, at: datetime) -> tuple[Forbidden, ...]:
    """Every forbidden thing, with what shows it: nothing on a sound base."""
    del at
    found = []
    with connection.cursor() as cursor:
        for name, (says, query) in QUERIES.items():
            cursor.execute(query)
            found.append(Forbidden(name, says, tuple(key for (key,) in cursor.fetchall())))
    return (
        *found,
        Forbidden("billing.broken_chain", "document modifié après son émission", _broken()),
        Forbidden("billing.altered_file", "PDF ou XML absent ou modifié", _altered()),
        Forbidden("billing.altered_month", "mois clôturé qui a changé", _changed_months()),
        Forbidden("billing.unguarded", "protection de la base absente", _unguarded()),
    )


def _documents() -> Iterator[Document]:
    rows = Document.objects.order_by("operator", "kind", "n", "pk")
    return rows.prefetch_related("lines", "taxes").iterator(chunk_size=AT_ONCE)


def _broken() -> tuple[str, ...]:
    """Those whose content is not what was hashed, or that do not bind the one before."""
    charges: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = InvoicedCharge.objects.values_list("line__document_id", "line__rank", "charge_id")
    for document_id, rank, charge_id in rows.iterator():
        charges[document_id][rank].append(charge_id)
    found = []
    before: dict[tuple[int, str], bytes] = {}
    for one in _documents():
        series = (one.operator_id, one.kind)
        said = chain.digest(one, list(one.lines.all()), list(one.taxes.all()), charges[one.pk])
        is_bound = bytes(one.previous_hash) == before.get(series, b"")
        if said != bytes(one.hash) or not is_bound:
            found.append(one.number)
        before[series] = bytes(one.hash)
    for row in Series.objects.order_by("pk"):
        if bytes(row.last_hash) != before.get((row.operator_id, row.kind), b""):
            found.append(f"{row.operator_id} {row.kind}")
    return tuple(found)


def _altered() -> tuple[str, ...]:
    rows = Document.objects.order_by("pk").values_list("number", "folder", "files")
    return tuple(
        number
        for number, folder, stored in rows.iterator()
        if not all(files.is_intact(folder, one) for one in stored)
    )


def _changed_months() -> tuple[str, ...]:
    rows = ClosedMonth.objects.select_related("operator").order_by("operator", "month")
    return tuple(
        str(row)
        for row in rows
        if totals_of(row.operator, row.month) != row.totals
        or digest(row.operator, row.month, row.totals) != bytes(row.hash)
    )


def _unguarded() -> tuple[str, ...]:
    """Triggers and constraints that somebody took away."""
    expected = {f"{table}_never_changes" for table in GUARDED}
    expected |= {f"{table}_is_never_emptied" for table in GUARDED}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE convalidated "
            "UNION SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique"
        )
        there |= {name for (name,) in cursor.fetchall()}
    return tuple(sorted((expected | set(CONSTRAINTS)) - there))

"""The journal of a closed day of the till, to print and sign."""

from datetime import datetime

from maillage.apps.collecting.models import MeansKind, Receipt, TillClosing
from maillage.report import french, statement


def pdf(closing: TillClosing, *, at: datetime) -> bytes:
    """Receipts of the day in order, by means, cash expected and counted."""
    rows = Receipt.objects.filter(
        operator=closing.operator_id, received_on=closing.on
    ).select_related("means", "payer_person", "payer_organisation")
    kinds = dict(MeansKind.choices)
    journal = statement.Table(
        "Journal du jour",
        ("Reçu", "Payeur", "Moyen", "Montant"),
        tuple(_line(one) for one in rows.order_by("n")),
        ("Total", "", "", french.cents(sum(closing.totals.values()))),
    )
    means = statement.Table(
        "Par moyen de paiement",
        ("Moyen", "Total"),
        tuple((str(kinds[kind]), french.cents(cents)) for kind, cents in closing.totals.items()),
    )
    words = statement.Statement(
        title="Journal de la régie",
        number=f"Journée du {french.day(closing.on)}",
        period=french.day(closing.on),
        from_=closing.operator.name,
        to="",
        sentence=closing.why or "Espèces comptées égales aux espèces attendues.",
        figures=(
            ("Espèces attendues en caisse", french.cents(closing.expected_cents)),
            ("Espèces comptées", french.cents(closing.counted_cents)),
            ("Écart", french.cents(closing.counted_cents - closing.expected_cents)),
        ),
        tables=(journal, means),
        notes=("Date et signature du régisseur :",),
        issued=french.day(closing.at.date()),
    )
    return statement.pdf(words, at=at)


def _line(one: Receipt) -> tuple[str, ...]:
    payer = one.payer_person or one.payer_organisation
    return (
        str(one.n),
        str(payer.name if payer else ""),
        one.means.label,
        french.cents(one.amount_cents),
    )

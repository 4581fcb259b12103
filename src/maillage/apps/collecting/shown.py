"""Plain values of the pages of collecting: sections, buttons, tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.apps.collecting.balance import Owed
from maillage.apps.collecting.models import Receipt
from maillage.kit.components import Document, Link, Text
from maillage.kit.tables import Column, Row, Table, money
from maillage.report import french

WIDTH = 640


@dataclass(frozen=True)
class Button:
    """Words that lead to a page, or post an act at once with these fields."""

    text: Text
    href: str
    is_post: bool = False
    is_main: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    detail: Text = ""


@dataclass(frozen=True)
class Bar:
    """A part of a bar, in the units of its drawing."""

    x: float
    width: float
    level: int


@dataclass(frozen=True)
class Section:
    """A part of a page: a finding, a table, what can be done."""

    id: str
    title: Text
    text: Text = ""
    table: Table | None = None
    buttons: Sequence[Button] = ()
    documents: Sequence[Document] = ()
    bars: Sequence[Bar] = ()
    bars_words: str = ""


def table(
    key: str,
    caption: Text,
    columns: Sequence[tuple[str, Text]],
    rows: Iterable[Mapping[str, Any]],
    *,
    empty: Text = "",
) -> Table:
    """A table whose sums are aligned; keys that end in `_cents` or `_days` are numbers."""
    drawn = tuple(
        Column(name, label, is_numeric=name.endswith(("_cents", "_days")))
        for name, label in columns
    )
    return Table(
        key,
        caption,
        drawn,
        [Row(cells) for cells in rows],
        empty=empty or _("Rien pour l’instant."),
    )


def payer_name(row: object) -> str:
    """Who pays, of a row whose payer is loaded."""
    person, body = row.payer_person, row.payer_organisation  # type: ignore[attr-defined]
    return str(person.name if person else body.name)


def owed_table(owed: Sequence[Owed], on: date) -> Table:
    """Invoices owed, the oldest first."""
    columns = (
        ("number", _("Facture")),
        ("payer", _("Payeur")),
        ("due", _("Échéance")),
        ("late_days", _("Retard, en jours")),
        ("owed_cents", _("Reste dû")),
    )
    rows = [
        {
            "number": Link(
                one.document.number, reverse("document_payments", args=(one.document.pk,))
            ),
            "payer": payer_name(one.document),
            "due": french.day(one.document.due_on),
            "late_days": max((on - one.document.due_on).days, 0),
            "owed_cents": money(one.cents),
        }
        for one in owed
    ]
    return table(
        "reste-du", _("Factures qui ne sont pas réglées"), columns, rows,
        empty=_("Tout est réglé."),
    )  # fmt: skip


def receipts_table(key: str, caption: Text, receipts: Sequence[Receipt]) -> Table:
    """Receipts, whose payer and means are loaded."""
    columns = (
        ("n", _("Reçu n°")),
        ("on", _("Jour")),
        ("payer", _("Payeur")),
        ("means", _("Moyen")),
        ("reference", _("Référence")),
        ("amount_cents", _("Montant")),
    )
    rows = [
        {
            "n": Link(str(one.n), reverse("receipt", args=(one.pk,))),
            "on": french.day(one.received_on),
            "payer": payer_name(one),
            "means": one.means.label,
            "reference": one.reason or one.reference or "–",
            "amount_cents": money(one.amount_cents),
        }
        for one in receipts
    ]
    return table(key, caption, columns, rows, empty=_("Aucun encaissement."))


AGES = {
    "not_due": _("Pas encore dû"),
    "days_30": _("Jusqu’à 30 jours de retard"),
    "days_60": _("De 31 à 60 jours"),
    "days_90": _("De 61 à 90 jours"),
    "older": _("Plus de 90 jours"),
}


def bars(ages: Mapping[str, int]) -> tuple[list[Bar], str]:
    """A bar of what is owed by age, and what it shows in words."""
    total = sum(ages.values())
    drawn, x = [], 0.0
    for level, cents in enumerate(ages.values()):
        width = WIDTH * cents / total if total else 0.0
        drawn.append(Bar(round(x, 1), round(width, 1), level))
        x += width
    words = " ; ".join(
        f"{AGES[name]} : {french.cents(cents)}" for name, cents in ages.items() if cents
    )
    return [bar for bar in drawn if bar.width], words

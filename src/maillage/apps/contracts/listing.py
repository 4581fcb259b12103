"""The list of contracts: filtered, with what asks for an act."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.contracts import deposit, pass_time, shipped, words
from maillage.apps.contracts.models import ChargedPeriod, Contract, Side, State
from maillage.apps.people.models import Organisation
from maillage.core.contract_terms import ONE_DAY
from maillage.kit.components import Link
from maillage.kit.tables import Column, Number, Row, Table, money
from maillage.report import french

UNSIGNED_FOR = timedelta(days=7)
SHOWN = ("operator", "site", "party_person", "party_organisation")


def filtered(
    rows: QuerySet[Contract], asked: dict[str, Any], operators: list[Organisation], at: datetime
) -> QuerySet[Contract]:
    """Those that the filters ask for."""
    if asked.get("lieu"):
        rows = rows.filter(site=asked["lieu"])
    if asked.get("q"):
        q = asked["q"]
        rows = rows.filter(
            Q(reference__icontains=q)
            | Q(signatory_name__icontains=q)
            | Q(party_organisation__name__icontains=q)
        )
    code = asked.get("etat", "")
    if code in State.values:
        return rows.filter(state=code)
    if code == "preavis":
        return rows.filter(state=State.NOTICE)
    if code == "sans-signature":
        return unsigned(rows, at)
    if code == "a-renouveler":
        return rows.filter(pk__in=[one.pk for one in renewing(rows, at.date())])
    if code == "depots":
        own = deposit.lines(operators)
        return rows.filter(pk__in=[line.contract.pk for line in own if line.is_to_return])
    return rows


def unsigned(rows: QuerySet[Contract], at: datetime) -> QuerySet[Contract]:
    """Sent a week ago and not signed by the party."""
    waiting = rows.filter(state=State.SENT, sent_at__lte=at - UNSIGNED_FOR)
    return waiting.filter(
        pk__in=waiting.filter(signatures__side=Side.PARTY, signatures__signed_at=None).values("pk")
    )


def renewing(rows: QuerySet[Contract], on: date) -> list[Contract]:
    """Those whose notice must be given soon or never."""
    running = rows.filter(state=State.RUNNING, renewal_months__gt=0, ends_on=None)
    return [one for one in running if pass_time.renewal(one, on) is not None]


def to_do(rows: QuerySet[Contract], operators: list[Organisation], at: datetime) -> list[Link]:
    """What asks for an act, each with its number and its filter."""
    counts = (
        ("a-renouveler", len(renewing(rows, at.date())), _("à renouveler"), _("à renouveler")),
        (
            "preavis", rows.filter(state=State.NOTICE).count(),
            _("préavis en cours"), _("préavis en cours"),
        ),
        (
            "sans-signature", unsigned(rows, at).count(),
            _("sans signature depuis 7 jours"), _("sans signature depuis 7 jours"),
        ),
        (
            "depots", sum(line.is_to_return for line in deposit.lines(operators)),
            _("dépôt à rendre"), _("dépôts à rendre"),
        ),
    )  # fmt: skip
    return [
        Link(french.count(count, one, many), f"?etat={code}")
        for code, count, one, many in counts
        if count
    ]


def table(rows: Iterable[Contract], on: date, *, with_operator: bool) -> Table:
    """The contracts of a page; their parties are loaded."""
    columns = [
        Column("reference", _("Contrat")),
        Column("party", _("Cocontractant")),
        Column("kind", _("Modèle")),
        Column("site", _("Lieu")),
        Column("price", _("Prix"), is_numeric=True),
        Column("term", _("Terme")),
        Column("state", _("État")),
    ]
    if with_operator:
        columns.insert(1, Column("operator", _("Organisme")))
    return Table("contrats", _("Contrats"), columns, [_row(one, on) for one in rows])


def _row(one: Contract, on: date) -> Row:
    return Row(
        {
            "reference": Link(one.reference, reverse("contract", args=(one.pk,))),
            "operator": one.operator.name,
            "party": one.party_name,
            "kind": shipped.templates()[one.kind].title,
            "site": one.site.name if one.site else "",
            "price": Number(one.price_cents, words.price(one)),
            "term": words.term(one, on),
            "state": words.state(one),
        },
        key=str(one.pk),
    )


def periods_table(rows: Iterable[ChargedPeriod]) -> Table:
    """What was charged."""
    columns = (
        Column("period", _("Période")),
        Column("days", _("Jours"), is_numeric=True),
        Column("amount", _("Montant"), is_numeric=True),
    )
    return Table(
        "periodes",
        _("Ce qui a été facturé"),
        columns,
        [
            Row(
                {
                    "period": _("du {first} au {last}").format(
                        first=french.day(one.first_on), last=french.day(one.end_on - ONE_DAY)
                    ),
                    "days": (one.end_on - one.first_on).days,
                    "amount": money(one.amount_cents),
                }
            )
            for one in rows
        ],
    )


def movements_table(contract: Contract) -> Table:
    """What moved on its deposit."""
    columns = (
        Column("what", _("Mouvement")),
        Column("on", _("Date")),
        Column("how", _("Moyen ou motif")),
        Column("amount", _("Montant"), is_numeric=True),
    )
    rows = [
        Row(words.movement(one) | {"amount": money(one.amount_cents)})
        for one in contract.deposit.movements.order_by("pk")
    ]
    return Table(
        "depot", _("Mouvements du dépôt"), columns, rows, empty=_("Rien n’a encore été reçu.")
    )

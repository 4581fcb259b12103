"""Members, what they hold, what was sold: as tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.ledger.models import Charge
from maillage.apps.memberships import words
from maillage.apps.memberships.entitlements import Holdings
from maillage.apps.memberships.models import BELONGING, EmployerSeat, Member, Subscription, Use
from maillage.apps.memberships.settlement import Line
from maillage.apps.tariffs.money_fields import shown as rate
from maillage.core.money import with_tax
from maillage.core.periods import PARIS
from maillage.kit.components import Link
from maillage.kit.tables import Cell, Column, Number, Row, Table, money
from maillage.report import files, french
from maillage.report import shown as reported

CENTS = 100
UNITS = {
    **{unit: one for unit, (one, _many) in words.UNITS.items()},
    "ticket": "ticket",
    "quarter": "trimestre",
    "year": "année",
    "carnet": "carnet",
    "day_pass": "pass",
}


def members_table(rows: Iterable[Member], held: Mapping[int, Sequence[str]]) -> Table:
    """Members, with the plans that each holds today."""
    columns = (
        Column("name", _("Nom")),
        Column("audience", _("Vient comme")),
        Column("plans", _("Formules en cours")),
        Column("site", _("Lieu d’adhésion")),
        Column("since", _("Depuis")),
    )
    names = dict(BELONGING)
    lines = [
        Row(
            {
                "name": Link(row.person.name, reverse("member", args=(row.pk,))),
                "audience": names[row.audience],
                "plans": ", ".join(held.get(row.person_id, ())) or _("Aucune"),
                "site": row.site.name if row.site else _("Tout le territoire"),
                "since": french.day(row.starts_on),
            },
            key=str(row.pk),
        )
        for row in rows
    ]
    return Table("adherents", _("Personnes du réseau"), columns, lines)


def plans_of(subscriptions: Iterable[Subscription]) -> dict[int, list[str]]:
    """person -> the names of her abonnements."""
    found: dict[int, list[str]] = {}
    for held in subscriptions:
        found.setdefault(held.user_id, []).append(held.plan.name)
    return found


def subscriptions_table(holdings: Holdings, on: date) -> Table:
    """Abonnements with what is left of each, and how they end."""
    columns = (
        Column("plan", _("Abonnement")),
        Column("left", _("Ce qui reste")),
        Column("end", _("Ensuite")),
    )
    rows = [
        Row(
            {
                "plan": held.plan.name,
                "left": " ; ".join(words.left(holdings, held, on)),
                "end": words.renewal(held, on),
            },
            key=str(held.pk),
        )
        for held in holdings.subscriptions
    ]
    return Table("abonnements", _("Abonnements"), columns, rows)


def carnets_table(holdings: Holdings, on: date) -> Table:
    """Carnets, the earliest expiry first: the order in which they are used."""
    columns = (
        Column("plan", _("Carnet")),
        Column("left", _("Tickets restants"), is_numeric=True),
        Column("until", _("Validité")),
    )
    carnets = sorted(holdings.carnets, key=lambda c: (c.expires_on < on, c.expires_on, c.pk))
    rows = [
        Row(
            {
                "plan": held.plan.name,
                "left": Number(
                    holdings.book_of(held).left,
                    _("{left} sur {all}").format(
                        left=holdings.book_of(held).left, all=held.tickets
                    ),
                ),
                "until": words.expiry(held, on),
            },
            key=str(held.pk),
        )
        for held in carnets
    ]
    return Table("carnets", _("Carnets, tickets restants"), columns, rows)


def uses_table(uses: Iterable[Use]) -> Table:
    """What was used, the latest first."""
    columns = (
        Column("on", _("Jour")),
        Column("site", _("Lieu")),
        Column("what", _("Formule")),
        Column("taken", _("Décompté")),
    )
    rows = [
        Row(
            {
                "on": french.day(use.on),
                "site": use.site.name,
                "what": use.carnet.plan.name
                if use.carnet
                else use.subscription.plan.name
                if use.subscription
                else "",
                "taken": french.count(use.taken, "ticket")
                if use.carnet
                else words.units(use.taken, use.unit),
            },
            key=str(use.pk),
        )
        for use in uses
    ]
    return Table("usages", _("Usages, jour par jour"), columns, rows)


def sales_table(charges: Sequence[Charge], sites: Mapping[str, str]) -> Table:
    """Charges as they were written, gifts and credits too."""
    columns = (
        Column("label", _("Vente")),
        Column("at", _("Écrite le")),
        Column("payer", _("Payeur")),
        Column("site", _("Lieu")),
        Column("quantity", _("Quantité"), is_numeric=True),
        Column("tax", _("TVA"), is_numeric=True),
        Column("amount", _("Montant TTC"), is_numeric=True),
    )
    rows = [
        Row(
            {
                "label": one.label,
                "at": french.day(one.at.astimezone(PARIS).date()),
                "payer": payer_of(one),
                "site": sites.get(one.scope_key, _("Tout le territoire")),
                "quantity": quantity(one),
                "tax": f"{rate(one.vat_rate_bp)} %",
                "amount": money(to_pay(one)),
            },
            key=str(one.pk),
        )
        for one in charges
    ]
    return Table("ventes", _("Ventes et avoirs"), columns, rows)


def payer_of(charge: Charge) -> str:
    """Who pays."""
    payer = charge.payer_organisation or charge.payer_person
    return payer.name if payer else ""


def quantity(charge: Charge) -> str:
    """« 2 × journée »."""
    unit = UNITS.get(charge.unit, charge.unit)
    return f"{french.number(float(charge.quantity), _decimals(charge.quantity))} × {unit}"


def _decimals(value: Decimal) -> int:
    return 0 if value == value.to_integral_value() else 3


def to_pay(charge: Charge) -> int:
    """Cents, tax included."""
    if charge.includes_tax:
        return charge.amount_cents
    sign = -1 if charge.amount_cents < 0 else 1
    return sign * with_tax(abs(charge.amount_cents), charge.vat_rate_bp)


def before_tax(charge: Charge) -> int:
    """Cents, without tax."""
    if not charge.includes_tax:
        return charge.amount_cents
    sign = -1 if charge.amount_cents < 0 else 1
    whole = abs(charge.amount_cents)
    return sign * round(Decimal(whole) * 10_000 / (10_000 + charge.vat_rate_bp))


def sales_grid(charges: Iterable[Charge], sites: Mapping[str, str]) -> reported.Grid:
    """The same as a file."""
    columns = (
        reported.Column("charge", "Numéro", is_numeric=True),
        reported.Column("written_on", "Écrite le"),
        reported.Column("service_from", "Début du service"),
        reported.Column("service_to", "Fin du service"),
        reported.Column("operator", "Organisme qui vend"),
        reported.Column("site", "Lieu"),
        reported.Column("label", "Vente"),
        reported.Column("payer", "Payeur"),
        reported.Column("quantity", "Quantité", is_numeric=True),
        reported.Column("unit", "Unité"),
        reported.Column("before_tax_euros", "Montant HT", is_numeric=True),
        reported.Column("vat_percent", "TVA en %", is_numeric=True),
        reported.Column("amount_euros", "Montant TTC", is_numeric=True),
        reported.Column("in_kind_euros", "Soutien en nature", is_numeric=True),
        reported.Column("reverses", "Avoir sur la vente", is_numeric=True),
    )
    return reported.Grid("", columns, tuple(_line(one, sites) for one in charges))


def _line(one: Charge, sites: Mapping[str, str]) -> tuple[reported.Cell, ...]:
    texts = (_day(one.at), _day(one.service.lower), _day(one.service.upper), one.operator.name,
             sites.get(one.scope_key, ""), one.label, payer_of(one))  # fmt: skip
    return (
        _number(one.pk),
        *(reported.words(text) for text in texts),
        _number(float(one.quantity)),
        reported.words(UNITS.get(one.unit, one.unit)),
        _number(before_tax(one) / CENTS),
        _number(one.vat_rate_bp / CENTS),
        _number(to_pay(one) / CENTS),
        _number(one.in_kind_cents / CENTS),
        _number(one.reverses_id),
    )


def _number(value: float | None) -> reported.Cell:
    return reported.Cell("" if value is None else f"{value:g}", value)


def _day(at: datetime) -> str:
    return at.astimezone(PARIS).date().isoformat()


def as_files(grid: reported.Grid) -> dict[str, bytes]:
    """Open data, and a French spreadsheet."""
    return {"csv": files.grid_csv(grid), "excel": files.grid_excel(grid)}


def settlement_table(lines: Sequence[Line]) -> Table:
    """What bodies settle between them."""
    columns = (
        Column("sold_by", _("Formule vendue par")),
        Column("used_at", _("Utilisée dans un lieu de")),
        Column("days", _("Journées"), is_numeric=True),
        Column("taken", _("Tickets et unités"), is_numeric=True),
        Column("value", _("Valeur au tarif public"), is_numeric=True),
    )
    rows = [
        Row(
            {
                "sold_by": line.sold_by,
                "used_at": line.used_at,
                "days": line.days,
                "taken": line.taken,
                "value": money(line.value_cents),
            }
        )
        for line in lines
    ]
    return Table("reversements", _("À régler entre organismes"), columns, rows)


def employer_table(
    seats: Sequence[EmployerSeat], days: Mapping[int, Sequence[tuple[date, int]]], on: date
) -> Table:
    """For whom a body pays, with the days of a month: days, never places nor reasons."""
    columns = (
        Column("name", _("Personne")),
        Column("taken", _("Demi-journées du mois"), is_numeric=True),
        Column("most", _("Au plus par mois"), is_numeric=True),
        Column("days", _("Jours réservés")),
        Column("until", _("Autorisation")),
        Column("act", _("Acte")),
    )
    rows: list[Row] = []
    for seat in seats:
        booked = days.get(seat.pk, ())
        is_over = seat.ends_on is not None and seat.ends_on <= on
        act: Cell = (
            ""
            if is_over
            else Link(_("Retirer l’autorisation"), reverse("employer_withdraw", args=(seat.pk,)))
        )
        rows.append(
            Row(
                {
                    "name": seat.person.name,
                    "taken": sum(half_days for _on, half_days in booked),
                    "most": seat.half_days_a_month
                    if seat.half_days_a_month is not None
                    else Number(0, _("Sans limite")),
                    "days": ", ".join(_short(day) for day, _n in booked) or _("Aucun"),
                    "until": _period(seat),
                    "act": act,
                },
                key=str(seat.pk),
            )
        )
    return Table("personnes", _("Personnes autorisées"), columns, rows)


def _short(on: date) -> str:
    return french.day(on).rpartition(" ")[0]


def _period(seat: EmployerSeat) -> str:
    since = french.day(seat.starts_on)
    if seat.ends_on is None:
        return _("Depuis le {day}").format(day=since)
    return _("Du {first} au {last}, exclu").format(first=since, last=french.day(seat.ends_on))

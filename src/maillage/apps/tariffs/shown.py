"""Price lists as pages show them: a grid, alerts, where a list stands."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.sites.models import SpaceKind
from maillage.apps.tariffs.models import PRICED, ListState, Price, PriceList, Unit
from maillage.apps.tariffs.money_fields import shown as rate
from maillage.kit.components import Link, Message
from maillage.kit.tables import Cell, Column, Number, Row, Table
from maillage.report import french


def grid(price_list: PriceList, prices: Sequence[Price], *, may_edit: bool = False) -> Table:
    """One line a resource and a unit, one column an audience that has a price."""
    audiences = [code for code, _l in PRICED if any(p.audience == code for p in prices)]
    names = dict(PRICED)
    columns = (
        Column("resource", _("Espace")),
        Column("unit", _("Durée")),
        *(Column(code, names[code], is_numeric=True) for code in audiences),
        Column("tax", _("TVA")),
    )
    lines: dict[tuple[str, int, str], dict[str, Cell]] = {}
    units = list(Unit.values)
    order = sorted(
        prices,
        key=lambda p: (list(SpaceKind.values).index(p.space_kind), p.space_id or 0,
                       units.index(p.unit)),
    )  # fmt: skip
    for price in order:
        key = (price.space_kind, price.space_id or 0, price.unit)
        line = lines.setdefault(key, _line(price_list, price, may_edit=may_edit))
        line[price.audience] = _amount(price)
    rows = [
        Row(dict.fromkeys(audiences, "") | line, key=f"{kind}-{space}-{unit}")
        for (kind, space, unit), line in lines.items()
    ]
    caption = _("Tarifs : {name}").format(name=price_list.name)
    return Table("tarifs", caption, columns, rows, note=_free_times(prices))


def _line(price_list: PriceList, price: Price, *, may_edit: bool) -> dict[str, Cell]:
    name = resource_name(price)
    href = reverse("price_grid", args=(price_list.pk, resource_key(price)))
    tax = _("comprise") if price.includes_tax else _("en plus")
    return {
        "resource": Link(name, href) if may_edit else name,
        "unit": Unit(price.unit).label,
        "tax": f"{rate(price.vat_rate_bp)} %, {tax}",
    }


def _amount(price: Price) -> Number:
    said = french.cents(price.cents) if price.cents else _("gratuit")
    if price.free_until:
        said = _("gratuit, puis {price}").format(price=said)
    return Number(price.cents, said)


def _free_times(prices: Sequence[Price]) -> str:
    """Until when what is free is free, and why."""
    names = dict(PRICED)
    return " ".join(
        _("{resource}, {unit}, {audience} : gratuit jusqu’au {day} ({reason}).").format(
            resource=resource_name(price),
            unit=Unit(price.unit).label.lower(),
            audience=str(names[price.audience]).lower(),
            day=french.day(price.free_until),
            reason=price.free_reason,
        )
        for price in prices
        if price.free_until
    )


def resource_name(price: Price) -> str:
    """A kind of spaces, or one of them with its site."""
    if price.space is not None:
        return f"{price.space.name}, {price.space.site.name}"
    return str(SpaceKind(price.space_kind).label)


def resource_key(price: Price) -> str:
    """As addresses name it."""
    return f"espace-{price.space_id}" if price.space_id else price.space_kind


def standing(price_list: PriceList, on: date) -> str:
    """Where a list stands on a day, in words."""
    if price_list.state == ListState.DRAFT:
        return _("Brouillon, pour le {day}").format(day=french.day(price_list.starts_on))
    if price_list.starts_on > on:
        return _("Voté, s’applique le {day}").format(day=french.day(price_list.starts_on))
    if price_list.ends_on and price_list.ends_on <= on:
        last = price_list.ends_on - timedelta(days=1)
        return _("Remplacé, valable jusqu’au {day}").format(day=french.day(last))
    return _("En vigueur depuis le {day}").format(day=french.day(price_list.starts_on))


def lists_table(lists: Sequence[PriceList], on: date) -> Table:
    """The lists of several operators."""
    columns = (
        Column("name", _("Grille")),
        Column("operator", _("Organisme")),
        Column("state", _("État")),
        Column("vote", _("Délibération")),
    )
    rows = [
        Row(
            {
                "name": Link(one.name, reverse("price_list", args=(one.pk,))),
                "operator": one.operator.name,
                "state": standing(one, on),
                "vote": vote_of(one) or _("Pas encore votée"),
            },
            key=str(one.pk),
        )
        for one in lists
    ]
    return Table("grilles", _("Grilles tarifaires"), columns, rows)


def vote_of(price_list: PriceList) -> str:
    """« 2026-12-10-07, votée le 10 décembre 2026 »."""
    if price_list.voted_on is None:
        return ""
    return _("{reference}, votée le {day}").format(
        reference=price_list.deliberation_ref, day=french.day(price_list.voted_on)
    )


def ends(prices: Sequence[Price]) -> list[Message]:
    """Free times that end soon, each with its list."""
    return [
        Message(
            "warning",
            _(
                "{operator}, {resource}, {unit}, {audience} : "
                "la gratuité finit le {day} ({reason})."
            ).format(
                operator=price.price_list.operator.name,
                resource=resource_name(price),
                unit=Unit(price.unit).label.lower(),
                audience=dict(PRICED)[price.audience].lower(),
                day=french.day(price.free_until) if price.free_until else "",
                reason=price.free_reason,
            ),
            Link(_("Voir la grille"), reverse("price_list", args=(price.price_list_id,))),
        )
        for price in prices
    ]


def resources(price_list: PriceList, spaces: Sequence[Any]) -> list[Link]:
    """What prices may be written for: each kind, then each space of the operator's sites."""
    kinds = [
        Link(label, reverse("price_grid", args=(price_list.pk, kind)))
        for kind, label in SpaceKind.choices
        if kind != SpaceKind.BUILDING
    ]
    one_by_one = [
        Link(
            f"{space.name}, {space.site.name}",
            reverse("price_grid", args=(price_list.pk, f"espace-{space.pk}")),
        )
        for space in spaces
    ]
    return [*kinds, *one_by_one]

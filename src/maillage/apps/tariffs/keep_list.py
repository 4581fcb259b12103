"""Prepare a price list: begin one, copy one, write its prices, withdraw a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people.models import Organisation, Person
from maillage.apps.tariffs.models import ListState, Price, PriceList
from maillage.kit.refusal import Refusal

COPIED = (
    "space_kind", "space_id", "unit", "audience", "cents", "includes_tax", "vat_rate_bp",
    "free_until", "free_reason",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """What a list says before its prices; `half_day_min` None: as the method proposes."""

    name: str
    starts_on: date
    half_day_min: int | None = None


@dataclass(frozen=True)
class Resource:
    """What prices are for: a kind of spaces, or one space of that kind."""

    space_kind: str
    space_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """One price of a resource, as typed."""

    unit: str
    audience: str
    cents: int
    free_until: date | None = None


@dataclass(frozen=True)
class Terms:
    """What the prices of a resource share."""

    vat_rate_bp: int
    includes_tax: bool = True
    free_reason: str = ""


class AlreadyVoted(Refusal):
    """What was voted never changes."""

    sentence = (
        "Ces tarifs sont votés : ils ne changent plus. Copiez-les, puis faites voter la copie."
    )


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = "{who} a modifié ces tarifs pendant votre saisie. Relisez-les, puis enregistrez."


class FreeWithoutReason(Refusal):
    """Free of charge is said why."""

    sentence = "Dites pourquoi c'est gratuit, par exemple : accueil des nouveaux arrivants."


def draft(operator: Organisation, head: Head, *, by: Person | None, at: datetime) -> PriceList:
    """An empty list."""
    with transaction.atomic():
        made = PriceList.objects.create(
            operator=operator,
            name=head.name,
            starts_on=head.starts_on,
            half_day_min=head.half_day_min,
            created_at=at,
        )
        _record("tariffs.draft", made, by, at)
    return made


def copy(of: PriceList, head: Head, *, by: Person | None, at: datetime) -> PriceList:
    """A draft with the same prices."""
    with transaction.atomic():
        made = draft(of.operator, head, by=by, at=at)
        Price.objects.bulk_create(
            Price(price_list=made, **{name: getattr(price, name) for name in COPIED})
            for price in of.prices.order_by("pk")
        )
    return made


def correct(price_list: PriceList, head: Head, *, version: int, by: Person, at: datetime) -> None:
    """Change the name of a draft, the day it begins, its half-day."""
    with transaction.atomic():
        held = _held(price_list, version)
        held.name, held.starts_on, held.half_day_min = head.name, head.starts_on, head.half_day_min
        _saved("tariffs.correct", held, by, at)


def write_prices(
    price_list: PriceList,
    resource: Resource,
    asked: Sequence[Asked],
    terms: Terms,
    *,
    version: int,
    by: Person | None,
    at: datetime,
) -> None:
    """Replace the prices of a resource in a draft; none removes it from the list."""
    if any(price.free_until for price in asked) and not terms.free_reason:
        raise FreeWithoutReason
    with transaction.atomic():
        held = _held(price_list, version)
        _of(held, resource).delete()
        Price.objects.bulk_create(_price(held, resource, one, terms) for one in asked)
        _saved("tariffs.price", held, by, at, prices=len(asked), space_kind=resource.space_kind)


def withdraw(price_list: PriceList, *, by: Person, at: datetime) -> None:
    """Remove a draft."""
    with transaction.atomic():
        held = _held(price_list, None)
        _record("tariffs.withdraw", held, by, at)
        held.delete()


def _of(held: PriceList, resource: Resource) -> QuerySet[Price]:
    prices = held.prices.filter(space_kind=resource.space_kind)
    if resource.space_id is None:
        return prices.filter(space=None)
    return prices.filter(space_id=resource.space_id)


def _price(of: PriceList, resource: Resource, asked: Asked, terms: Terms) -> Price:
    return Price(
        price_list=of,
        space_kind=resource.space_kind,
        space_id=resource.space_id,
        unit=asked.unit,
        audience=asked.audience,
        cents=asked.cents,
        includes_tax=terms.includes_tax,
        vat_rate_bp=terms.vat_rate_bp,
        free_until=asked.free_until,
        free_reason=terms.free_reason if asked.free_until else "",
    )


def _held(price_list: PriceList, version: int | None) -> PriceList:
    held = PriceList.objects.select_for_update().filter(pk=price_list.pk).first()
    if held is None or held.state != ListState.DRAFT:
        raise AlreadyVoted
    if version is not None and held.version != version:
        raise SomebodyElseEdited(who=_last_editor(held))
    return held


def _last_editor(price_list: PriceList) -> str:
    lines = Entry.objects.filter(object_kind="price_list", object_key=str(price_list.pk))
    last = lines.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    person = Person.objects.filter(pk=last or 0).first()
    return person.name if person else "Une autre personne"


def _saved(act: str, held: PriceList, by: Person | None, at: datetime, **facts: Any) -> None:
    held.version += 1
    held.save()
    _record(act, held, by, at, **facts)


def _record(act: str, held: PriceList, by: Person | None, at: datetime, **facts: Any) -> None:
    record(
        act,
        ("price_list", held.pk),
        by=by.pk if by else None,
        at=at,
        scope=held.scopes[0],
        **facts,
    )

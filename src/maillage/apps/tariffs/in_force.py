"""The voted prices of an operator, as the calculation reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maillage.apps.sites.models import Audience, Site, Space
from maillage.apps.tariffs.models import ListState, Price, PriceList
from maillage.core import tariffs
from maillage.kit.refusal import Refusal

A_DAY = timedelta(days=1)


class NobodySells(Refusal):
    """A site without an operator has no price."""

    sentence = (
        "Ce lieu n'a pas encore d'organisme qui encaisse. "
        "Demandez à la personne qui gère le lieu de compléter sa fiche."
    )


def seller_of(site: Site) -> int:
    """The body that sells and collects for a site, else the one that runs it."""
    found = site.collector_id or site.operator_id
    if found is None:
        raise NobodySells
    return found


@dataclass(frozen=True)
class Voted:
    """The voted lists of some operators with their prices, read at once."""

    lists: tuple[PriceList, ...]
    prices: Mapping[int, tuple[Price, ...]]

    def of(
        self, space: Space, audiences: Sequence[str], *, operator_id: int
    ) -> tuple[tariffs.PriceList, ...]:
        """The lists of an operator, with the prices of one space for one person.

        audiences  those whose prices she has, best first, without the public; each unit takes the
                   first that has a price, under the name of the first of all
        """
        return tuple(
            _list(one, _of_space(self.prices.get(one.pk, ()), space), audiences)
            for one in self.lists
            if one.operator_id == operator_id
        )


def read(operators: Iterable[int]) -> Voted:
    """Every voted list of some operators."""
    lists = tuple(PriceList.objects.voted().filter(operator_id__in=set(operators)))
    found: dict[int, list[Price]] = {}
    for price in Price.objects.filter(price_list__in=lists).order_by("pk"):
        found.setdefault(price.price_list_id, []).append(price)
    return Voted(lists, {pk: tuple(prices) for pk, prices in found.items()})


def _of_space(prices: Sequence[Price], space: Space) -> list[Price]:
    """The prices of the space itself when it has some, else those of its kind."""
    own = [price for price in prices if price.space_id == space.pk]
    return own or [p for p in prices if p.space_id is None and p.space_kind == space.kind]


def _list(one: PriceList, prices: list[Price], audiences: Sequence[str]) -> tariffs.PriceList:
    named = {(price.unit, price.audience): price for price in prices}
    held = [_price(p, Audience.PUBLIC) for p in prices if p.audience == Audience.PUBLIC]
    if audiences:
        for unit in dict.fromkeys(price.unit for price in prices):
            best = next((named[unit, a] for a in audiences if (unit, a) in named), None)
            if best is not None:
                held.append(_price(best, audiences[0]))
    words = {"half_day_minutes": one.half_day_min} if one.half_day_min else {}
    return tariffs.PriceList(
        id=str(one.pk),
        voted_reference=one.deliberation_ref,
        valid=tariffs.Validity(one.starts_on, one.ends_on - A_DAY if one.ends_on else None),
        prices=tuple(held),
        **words,
    )


def _price(price: Price, audience: str) -> tariffs.Price:
    return tariffs.Price(
        id=str(price.pk),
        space_kind=price.space_kind,
        unit=price.unit,
        cents=price.cents,
        vat_rate_bp=price.vat_rate_bp,
        audience=audience,
        includes_tax=price.includes_tax,
        free_until=price.free_until,
    )


def voted_on(operators: Iterable[int], on: date) -> dict[int, PriceList]:
    """operator -> its list of a day."""
    lists = PriceList.objects.filter(
        state=ListState.VOTED, operator_id__in=list(operators), starts_on__lte=on
    ).order_by("starts_on")
    return {one.operator_id: one for one in lists if one.ends_on is None or one.ends_on > on}


def free_ends(operators: Iterable[int], on: date, *, within_days: int) -> list[Price]:
    """The prices in force whose free time ends soon, the soonest first."""
    lists = voted_on(operators, on)
    return list(
        Price.objects.filter(
            price_list__in=lists.values(),
            free_until__gte=on,
            free_until__lte=on + timedelta(days=within_days),
        )
        .select_related("price_list__operator", "space__site")
        .order_by("free_until", "pk")
    )

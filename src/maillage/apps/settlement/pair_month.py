"""What two bodies owe each other for a month: the uses behind it, net of both ways."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from maillage.apps.memberships.models import Use
from maillage.apps.memberships.settlement import crossing
from maillage.apps.settlement.models import BodyAgreement, PairSettlement, Rule
from maillage.apps.sites.models import ALL_BP
from maillage.apps.tariffs.models import Unit
from maillage.core import money, programme

# as prices count them, see `host_share`
HALF_DAY_HOURS = 5
Pair = tuple[int, int]
Uses = QuerySet[Use]


@dataclass(frozen=True)
class Way:
    """Plans of a seller used at a site of a host; see `PairLine`.

    due_cents  0 without an agreement
    """

    seller_id: int
    host_id: int
    site_id: int
    uses: tuple[int, ...]
    days: int
    half_days: int
    value_cents: int
    due_cents: int


@dataclass(frozen=True)
class Month:
    """A month between two bodies, the first one's number being the lower.

    agreement_id  None: nothing says what is owed
    net_cents     what the second owes to the first; below 0 the other way
    """

    month: date
    first_id: int
    second_id: int
    agreement_id: int | None
    ways: tuple[Way, ...]
    net_cents: int

    @property
    def pair(self) -> Pair:
        """Both numbers, in order."""
        return self.first_id, self.second_id

    @property
    def digest(self) -> str:
        """Names what was read, so that nothing else is accepted."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def in_order(one: int, other: int) -> Pair:
    """A pair is named once."""
    return (one, other) if one < other else (other, one)


def read(month: date, pairs: Iterable[Pair] | None = None) -> list[Month]:
    """The months of pairs that have something to settle, as the uses are now.

    pairs  None: all
    """
    wanted = None if pairs is None else set(pairs)
    found = _uses(month, wanted)
    agreements = in_force(month, found)
    return [_month(month, pair, uses, agreements.get(pair)) for pair, uses in sorted(found.items())]


def of_pair(month: date, pair: Pair) -> Month | None:
    """One of them."""
    return next(iter(read(month, [pair])), None)


def before_it(month: date, pair: Pair) -> date | None:
    """The first month before this one whose uses are not settled, under the same agreement."""
    agreement = in_force(month, [pair]).get(pair)
    if agreement is None:
        return None
    unsettled = _of_pairs(crossing().filter(settled=None), {pair})
    late = unsettled.filter(on__lt=month, on__gte=agreement.starts_on).order_by("on")
    frozen = set(
        PairSettlement.objects.filter(first_body=pair[0], second_body=pair[1]).values_list(
            "month", flat=True
        )
    )
    months = (on.replace(day=1) for on in late.values_list("on", flat=True))
    return next((one for one in months if one not in frozen), None)


def in_force(month: date, pairs: Iterable[Pair]) -> Mapping[Pair, BodyAgreement]:
    """The agreement of each pair in a month: they begin and end with months."""
    wanted = set(pairs)
    rows = BodyAgreement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=month), starts_on__lte=month
    )
    found = {(one.first_body_id, one.second_body_id): one for one in rows}
    return {pair: one for pair, one in found.items() if pair in wanted}


def net(ways: Sequence[Way], one: int, other: int) -> int:
    """What `other` owes to `one`, what `one` owes taken away."""
    to_one = sum(way.due_cents for way in ways if (way.seller_id, way.host_id) == (other, one))
    to_other = sum(way.due_cents for way in ways if (way.seller_id, way.host_id) == (one, other))
    return to_one - to_other


def half_days_of(unit: str, units: int) -> int:
    """Half-days of a use."""
    if unit == Unit.HALF_DAY:
        return units
    if unit == Unit.HOUR:
        return -(-units // HALF_DAY_HOURS)
    return 2 * units


def due(agreement: BodyAgreement | None, value_cents: int, half_days: int) -> int:
    """By the rule, tax included; below 0 when more was given back than used."""
    if agreement is None:
        return 0
    if agreement.rule == Rule.PUBLIC:
        return value_cents
    if agreement.rule == Rule.HALF_DAY:
        return (agreement.half_day_cents or 0) * half_days
    part = money.between_marks(abs(value_cents), 0, agreement.share_bp or 0, ALL_BP)
    return part if value_cents >= 0 else -part


def _uses(month: date, pairs: set[Pair] | None) -> dict[Pair, list[Use]]:
    """The unsettled uses of the month, and late ones of months that are settled."""
    follows = programme.after(month, 1)
    rows = crossing().filter(settled=None, on__lt=follows)
    if pairs is not None:
        rows = _of_pairs(rows, pairs)
    settled = set(
        PairSettlement.objects.filter(month__lt=month).values_list(
            "first_body", "second_body", "month"
        )
    )
    frozen = set(
        PairSettlement.objects.filter(month=month).values_list("first_body", "second_body")
    )
    found: dict[Pair, list[Use]] = defaultdict(list)
    for use in rows.order_by("pk"):
        pair = in_order(_seller(use), _host(use))
        is_late = (*pair, use.on.replace(day=1)) in settled
        if pair not in frozen and (use.on >= month or is_late):
            found[pair].append(use)
    return found


def _of_pairs(rows: Uses, pairs: set[Pair]) -> Uses:
    wanted = Q(pk__in=[])
    for one, other in pairs:
        wanted |= Q(seller=one, host=other) | Q(seller=other, host=one)
    return rows.filter(wanted)


def _month(month: date, pair: Pair, uses: list[Use], agreement: BodyAgreement | None) -> Month:
    by_way: dict[tuple[int, int, int], list[Use]] = defaultdict(list)
    for use in uses:
        by_way[_seller(use), _host(use), use.site_id].append(use)
    ways = tuple(_way(key, of, agreement) for key, of in sorted(by_way.items()))
    first, second = pair
    return Month(
        month,
        first,
        second,
        agreement.pk if agreement else None,
        ways,
        net(ways, first, second),
    )


def _way(key: tuple[int, int, int], uses: list[Use], agreement: BodyAgreement | None) -> Way:
    seller, host, site = key
    taken: dict[tuple[str, str, date], int] = defaultdict(int)
    for use in uses:
        taken[use.origin_kind, use.origin_key, use.on] += use.taken
    half_days = sum(
        half_days_of(use.unit, use.units) * (1 if use.taken > 0 else -1) for use in uses
    )
    value = sum(use.value_cents for use in uses)
    return Way(
        seller,
        host,
        site,
        tuple(use.pk for use in uses),
        sum((total > 0) - (total < 0) for total in taken.values()),
        half_days,
        value,
        due(agreement, value, half_days),
    )


def _seller(use: Use) -> int:
    return int(use.seller)  # type: ignore[attr-defined]


def _host(use: Use) -> int:
    return int(use.host)  # type: ignore[attr-defined]

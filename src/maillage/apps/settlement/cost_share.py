"""The costs of a site over a time, shared by the keys in force: parts, then who owes whom."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.db.models.functions import Coalesce

from maillage.apps.memberships.models import Use
from maillage.apps.settlement import clearing
from maillage.apps.settlement.clearing import Transfer
from maillage.apps.settlement.models import Basis, CostItem, CostKey, CostWeight
from maillage.apps.settlement.pair_month import half_days_of
from maillage.apps.sites.models import Site
from maillage.core import sharing


@dataclass(frozen=True)
class Part:
    """The part of a partner in a line, and what it weighs there."""

    organisation_id: int
    weight: int
    part_cents: int


@dataclass(frozen=True)
class Line:
    """A cost and its parts; without a key in force, or any weight, it has none."""

    item_id: int
    key_id: int | None
    kind: str
    label: str
    payer_id: int
    amount_cents: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Shared:
    """Every cost of a time that no statement shared yet.

    total_cents  of the lines that are shared
    """

    first: date
    last: date
    lines: tuple[Line, ...]
    transfers: tuple[Transfer, ...]
    total_cents: int

    @property
    def digest(self) -> str:
        """Names what was read, so that nothing else is issued."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def unshared(self) -> tuple[Line, ...]:
        """The costs that nothing says how to share."""
        return tuple(line for line in self.lines if not line.parts)

    @property
    def by_body(self) -> Mapping[int, tuple[int, int]]:
        """body -> (its part, what it paid), cents."""
        shared = [line for line in self.lines if line.parts]
        return by_body(
            [(p.organisation_id, p.part_cents) for line in shared for p in line.parts],
            [(line.payer_id, line.amount_cents) for line in shared],
        )


def by_body(
    parts: Sequence[tuple[int, int]], paid: Sequence[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """body -> (sum of its parts, sum of what it paid)."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for pk, cents in parts:
        found[pk][0] += cents
    for pk, cents in paid:
        found[pk][1] += cents
    return {pk: (part, own) for pk, (part, own) in sorted(found.items())}


def read(site: Site, first: date, last: date) -> Shared:
    """The costs whose days are all in a time, as written now."""
    items = list(
        CostItem.objects.filter(
            site=site, removed_at=None, shared=None, first_on__gte=first, last_on__lte=last
        ).order_by("first_on", "pk")
    )
    keys = keys_of(site)
    weights = _Weights(site)
    lines = tuple(_line(item, in_force(keys, item.kind, item.first_on), weights) for item in items)
    shared = [line for line in lines if line.parts]
    parts: dict[int, int] = defaultdict(int)
    paid: dict[int, int] = defaultdict(int)
    for line in shared:
        paid[line.payer_id] += line.amount_cents
        for part in line.parts:
            parts[part.organisation_id] += part.part_cents
    owed = clearing.balances(parts, paid)
    return Shared(
        first,
        last,
        lines,
        tuple(clearing.transfers(owed)),
        sum(line.amount_cents for line in shared),
    )


def keys_of(site: Site) -> list[CostKey]:
    """Every version of every key of a site, the latest first."""
    weights = Prefetch(
        "weights", CostWeight.objects.select_related("organisation").order_by("organisation")
    )
    rows = CostKey.objects.filter(site=site).prefetch_related(weights)
    return list(rows.order_by("kind", "-starts_on"))


def in_force(keys: Sequence[CostKey], kind: str, on: date) -> CostKey | None:
    """The key of a kind on a day, among those of a site, the latest first."""
    return next((key for key in keys if key.kind == kind and key.starts_on <= on), None)


def _line(item: CostItem, key: CostKey | None, weights: "_Weights") -> Line:
    weighed = weights.of(key, item.first_on, item.last_on) if key else {}
    parts: tuple[Part, ...] = ()
    if key and sum(weighed.values()):
        cents = sharing.shared(item.amount_cents, weighed, sharing.Basis(key.basis))
        parts = tuple(Part(pk, weighed[pk], part) for pk, part in cents.items())
    return Line(
        item.pk,
        key.pk if key else None,
        item.kind,
        item.label,
        item.payer_id,
        item.amount_cents,
        parts,
    )


class _Weights:
    """What partners weigh: voted, or counted once for each time asked."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.counted: dict[tuple[date, date], Mapping[int, int]] = {}

    def of(self, key: CostKey, first: date, last: date) -> dict[int, int]:
        """partner -> weight, by number."""
        partners = list(key.weights.all())
        if key.basis != Basis.DAYS:
            return {one.organisation_id: one.weight for one in partners}
        span = (first, last)
        if span not in self.counted:
            self.counted[span] = half_days_by_body(self.site, first, last)
        found = self.counted[span]
        return {one.organisation_id: found.get(one.organisation_id, 0) for one in partners}


def half_days_by_body(site: Site, first: date, last: date) -> dict[int, int]:
    """Half-days used at a site by those whose plan, or place, a body sold or pays for."""
    rows = (
        Use.objects.filter(site=site, on__gte=first, on__lte=last, reverses=None, given_back=None)
        .annotate(
            body=Coalesce(
                "employer_seat__organisation",
                "subscription__plan__operator",
                "carnet__plan__operator",
            )
        )
        .values_list("body", "unit", "units")
    )
    found: dict[int, int] = defaultdict(int)
    for body, unit, units in rows:
        found[body] += half_days_of(unit, units)
    return dict(found)

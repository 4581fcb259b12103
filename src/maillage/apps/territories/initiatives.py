"""The initiatives that a person reads, where they stand, and which serve the same people."""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db.models import Count, Max, OuterRef, Subquery

from maillage.apps.territories import communes_file, parts, reading, streets
from maillage.apps.territories.models import (
    Initiative,
    InitiativeQuerySet,
    InitiativeStatus,
    Portrait,
    StatusChange,
    Territory,
)
from maillage.apps.territories.parts import Json, Shown
from maillage.apps.territories.rules import may_read_initiatives
from maillage.core import assumptions, overlap
from maillage.core.assumptions import Assumptions
from maillage.core.overlap import Travels

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """An initiative with its rank in the list and its place.

    since   the day of its status
    at      None when neither its position nor the town of its commune is known
    """

    row: Initiative
    number: int
    since: date
    at: LonLat | None

    @property
    def is_in_town(self) -> bool:
        """Whether its place is the town of its commune, for want of a better one."""
        return self.row.lon is None and self.at is not None


@dataclass(frozen=True)
class Workplace:
    """A shared workplace that the portrait knows."""

    name: str
    commune_name: str
    at: LonLat


@dataclass(frozen=True)
class Near:
    """Two things that serve the same people: one initiative, and another or a workplace."""

    one: Placed
    other: Placed | Workplace
    times: overlap.Overlap


@dataclass(frozen=True)
class Listed:
    """What the pages of initiatives show of a territory; `of` is None without its tables."""

    territory: Territory
    of: Shown | None
    placed: Sequence[Placed]
    near: Sequence[Near]
    rule_min: float

    def of_commune(self, code: str) -> list[Placed]:
        """Those of one commune."""
        return [p for p in self.placed if p.row.commune_code == code]

    def near_commune(self, code: str) -> list[Near]:
        """Where one of them is concerned."""
        return [n for n in self.near if code in {n.one.row.commune_code, commune_of(n.other)}]


def commune_of(thing: Placed | Workplace) -> str:
    """The commune of an initiative, "" for a workplace."""
    return thing.row.commune_code if isinstance(thing, Placed) else ""


def visible(person: Any, territory: Territory) -> InitiativeQuerySet:
    """What this person reads: everything in her territory, elsewhere what is public."""
    every = Initiative.objects.filter(territory=territory)
    return every.present() if may_read_initiatives(person, territory) else every.public()


def listed(person: Any, territory: Territory) -> Listed:
    """The initiatives of a territory as a person reads them, with those that are too near."""
    latest = territory.portraits.order_by("-loaded_at").first()
    return _listed(visible(person, territory), territory, latest)


def public(territory: Territory) -> Listed:
    """The same as a stranger reads it."""
    latest = territory.portraits.order_by("-loaded_at").first()
    return _listed(Initiative.objects.filter(territory=territory).public(), territory, latest)


def public_edits(sirens: Collection[str]) -> dict[str, datetime]:
    """When the public initiatives of each territory last changed; absent where none is public."""
    found = Initiative.objects.public().filter(territory_id__in=sirens)
    latest = found.values_list("territory_id").annotate(at=Max("edited_at"))
    return dict(latest.order_by("territory_id"))


def version(siren: str) -> str:
    """What changes when any initiative of a territory does."""
    seen = Initiative.objects.filter(territory_id=siren).aggregate(
        n=Count("pk"), at=Max("edited_at")
    )
    return f"{seen['n']} {seen['at']}"


def _listed(found: InitiativeQuerySet, territory: Territory, latest: Portrait | None) -> Listed:
    of = parts.shown(latest) if latest else None
    return _with_near(_placed(found, of), territory, of)


def _placed(found: InitiativeQuerySet, of: Shown | None) -> list[Placed]:
    latest = StatusChange.objects.filter(initiative=OuterRef("pk")).order_by("-on")
    rows = (
        found.select_related("carrier")
        .annotate(since=Subquery(latest.values("on")[:1]))
        .order_by("commune_name", "title", "pk")
    )
    towns = _towns(of)
    return [Placed(row, number, _since(row), _at(row, towns)) for number, row in enumerate(rows, 1)]


def _since(row: Any) -> date:
    """The day of its status, which the query brings."""
    found: date = row.since
    return found


def _at(row: Initiative, towns: Mapping[str, LonLat]) -> LonLat | None:
    if row.lon is not None and row.lat is not None:
        return row.lon, row.lat
    return towns.get(row.commune_code)


def _towns(of: Shown | None) -> dict[str, LonLat]:
    """Where the town of each commune is; portraits of before did not keep it."""
    if of is None or not of.has(communes_file.NAME):
        return {}
    around = reading.document(of.folder, communes_file.NAME)
    found = {code: known.get("town") for code, known in around.items()}
    return {code: (town[0], town[1]) for code, town in found.items() if town and None not in town}


def _with_near(placed: Sequence[Placed], territory: Territory, of: Shown | None) -> Listed:
    assumed = _assumed()
    travels = _travels(of)
    near = [*_near_one_another(placed, travels), *_near_workplaces(placed, of, travels)]
    near.sort(key=lambda n: n.times.minutes)
    return Listed(territory, of, placed, near, assumed.value(overlap.RULE))


def _travels(of: Shown | None) -> Travels:
    """By the roads that the portrait keeps, else by distance."""
    has_streets = of is not None and of.has(streets.NAME)
    return streets.travels(of.folder if of and has_streets else None, _assumed())


def _near_one_another(placed: Sequence[Placed], travels: Travels) -> list[Near]:
    """Two that are done are past deciding: they are left out."""
    known = [p for p in placed if p.at]
    pairs = overlap.within(_points([p.at for p in known if p.at]), _assumed(), travels)
    return [
        Near(known[pair.i], known[pair.j], pair)
        for pair in pairs
        if not (_is_done(known[pair.i]) and _is_done(known[pair.j]))
    ]


def _near_workplaces(placed: Sequence[Placed], of: Shown | None, travels: Travels) -> list[Near]:
    known = [p for p in placed if p.at and not _is_done(p)]
    places = workplaces(of)
    starts, ends = [p.at for p in known if p.at], [w.at for w in places]
    pairs = overlap.between(_points(starts), _points(ends), _assumed(), travels)
    return [Near(known[pair.i], places[pair.j], pair) for pair in pairs]


def workplaces(of: Shown | None) -> list[Workplace]:
    """The shared workplaces of the portrait."""
    access: Json | None = of.numbers["access"] if of else None
    return [
        Workplace(place["name"], place["commune_name"], (place["lon"], place["lat"]))
        for place in (access or {"places": ()})["places"]
    ]


def near_town(of: Listed, code: str) -> list[tuple[Placed, overlap.Overlap]]:
    """The initiatives closer than the rule to the town of a commune, the nearest first."""
    town = _towns(of.of).get(code)
    known = [p for p in of.placed if p.at]
    if town is None:
        return []
    pairs = overlap.between(
        _points([town]), _points([p.at for p in known if p.at]), _assumed(), _travels(of.of)
    )
    return [(known[pair.j], pair) for pair in pairs]


def _is_done(placed: Placed) -> bool:
    return placed.row.status == InitiativeStatus.DONE


def _points(at: Sequence[LonLat]) -> Any:
    return np.array(at, dtype=np.float64).reshape(-1, 2)


@functools.cache
def _assumed() -> Assumptions:
    return assumptions.load()

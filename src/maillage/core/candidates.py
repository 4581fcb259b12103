"""Places that could become sites: town centres, village hosts, business parks, given premises.

method  docs/method/siting.md
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import geo
from maillage.core.assumptions import Assumptions, baskets, load
from maillage.core.bad_input import BadInput
from maillage.core.sources.notes import Note
from maillage.core.sources.premises import ExistingPlace, Premises
from maillage.core.territory import Territory


@dataclass(frozen=True)
class Host:
    """A kind of shop or service that could host a mini-cowork, and how many there are."""

    kind: str
    count: int


@dataclass(frozen=True)
class Candidate:
    """A place that may hold a site of some tiers.

    premises     the real building, where one is known
    is_existing  a shared workplace that is open today and stays open
    """

    id: str
    commune_code: str
    commune_name: str
    lon: float
    lat: float
    tiers: frozenset[str]
    hosts: tuple[Host, ...] = ()
    basket_share: float = 0.0
    premises: Premises | None = None
    is_existing: bool = False

    @property
    def name(self) -> str:
        """The building's name where one is known, else the commune's."""
        return self.premises.name if self.premises else self.commune_name

    def pays_rent(self, tier: str) -> bool:
        """Municipal premises are lent; a corporate space in a business park pays a rent."""
        return self.premises.rented if self.premises else tier == "corpo"


@dataclass(frozen=True)
class Candidates:
    """Every candidate, in a fixed order: axis j.

    others  places that the rules leave out (no known host, out of a town centre): the search
            never opens them, a person may
    """

    every: tuple[Candidate, ...]
    corpo_basis: str
    notes: tuple[Note, ...] = ()
    others: tuple[Candidate, ...] = ()

    @property
    def anywhere(self) -> tuple[Candidate, ...]:
        """Every place that a person may open a site at: the candidates first, the same j."""
        return self.every + self.others

    @property
    def xy(self) -> NDArray[np.float64]:
        """Lambert-93 metres [j, 2] of `anywhere`."""
        return geo.project(np.array([[c.lon, c.lat] for c in self.anywhere]))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {c.id: j for j, c in enumerate(self.anywhere)}

    def number_of(self, candidate_id: str) -> int:
        """The j of a candidate; KeyError when there is none."""
        return self._numbers[candidate_id]

    def opened(self, candidate_ids: Iterable[str]) -> "Candidates":
        """The same, with some of the others among the candidates, still without any tier."""
        wanted = set(candidate_ids)
        moved = tuple(c for c in self.others if c.id in wanted)
        left = tuple(c for c in self.others if c.id not in wanted)
        return replace(self, every=self.every + moved, others=left)

    def of_tier(self, tier: str) -> list[int]:
        """The candidates j that may hold a tier."""
        return [j for j, candidate in enumerate(self.every) if tier in candidate.tiers]


def find(
    territory: Territory,
    assumptions: Assumptions,
    premises: tuple[Premises, ...] = (),
    kept_places: pl.DataFrame | None = None,
) -> Candidates:
    """The candidates of a territory: its equipment, known premises, places that stay open.

    kept_places  open shared workplaces (columns of the places table); one inside a town centre
                 becomes its structuring site
    """
    shares = _basket_shares(territory)
    hosts = _hosts(territory)
    communes, notes = _with_a_town_centre(
        [
            _commune(row, shares, hosts, assumptions)
            for row in territory.communes.iter_rows(named=True)
        ],
        territory,
    )
    town_centres = frozenset(c.commune_code for c in communes if "hub" in c.tiers)
    buildings = [
        _in_town_centre(_building(p, territory), town_centres)
        for p in premises
        if p.kind != "business_park"
    ]
    existing = _existing(territory, kept_places, town_centres)
    corpos, basis = _corpos(territory, premises)
    known = {b.commune_code for b in buildings if "hub" in b.tiers}
    communes = [
        replace(c, tiers=c.tiers - {"hub"}) if c.commune_code in known else c for c in communes
    ]
    found = (*communes, *existing, *buildings, *corpos)
    every = tuple(c for c in found if c.tiers)
    if existing:
        notes.append(Note("existing_hubs", {"names": [c.name for c in existing]}))
    notes += _unusual_minis(assumptions)
    outside = [c.name for c in buildings if not c.tiers]
    if outside:
        notes.append(Note("premises_outside_town_centres", {"names": outside}))
    return Candidates(every, basis, tuple(notes), tuple(c for c in found if not c.tiers))


def _with_a_town_centre(
    communes: list[Candidate], territory: Territory
) -> tuple[list[Candidate], list[Note]]:
    """The communes; where none is a town centre, the best equipped stands in, and it is said."""
    if any("hub" in c.tiers for c in communes):
        return communes, []
    population = dict(territory.communes.select("commune_code", "population").iter_rows())
    best = max(communes, key=lambda c: (c.basket_share, population[c.commune_code] or 0))
    stand_in = replace(best, tiers=best.tiers | {"hub"})
    note = Note("no_town_centre", {"commune": best.commune_name})
    return [stand_in if c is best else c for c in communes], [note]


def _commune(
    row: dict[str, object],
    shares: dict[str, float],
    hosts: dict[str, tuple[Host, ...]],
    assumptions: Assumptions,
) -> Candidate:
    code = str(row["commune_code"])
    tiers = set()
    if _is_town_centre(shares.get(code, 0.0), row["population"], assumptions):
        tiers.add("hub")
    if hosts.get(code):
        tiers.add("mini")
    return Candidate(
        id=code,
        commune_code=code,
        commune_name=str(row["name"]),
        lon=float(row["lon"]),  # type: ignore[arg-type]
        lat=float(row["lat"]),  # type: ignore[arg-type]
        tiers=frozenset(tiers),
        hosts=hosts.get(code, ()),
        basket_share=shares.get(code, 0.0),
    )


def _is_town_centre(share: float, population: object, assumptions: Assumptions) -> bool:
    inhabitants = population if isinstance(population, int) else 0
    return share >= assumptions.value(
        "places.town_centre_share"
    ) and inhabitants >= assumptions.value("places.town_centre_inhabitants")


def _basket_shares(territory: Territory) -> dict[str, float]:
    """Share of the town-centre basket that each commune offers, by commune code."""
    basket = baskets("town_centre")
    present = territory.equipment.select(
        "commune_code", kind=_kind_of(basket, pl.col("equipment_code"))
    ).drop_nulls()
    counts = present.group_by("commune_code").agg(pl.col("kind").n_unique())
    return {code: count / len(basket) for code, count in counts.iter_rows()}


def _hosts(territory: Territory) -> dict[str, tuple[Host, ...]]:
    """Possible hosts by commune: shops of the basket, France services."""
    counted = (
        territory.equipment.with_columns(kind=_kind_of(baskets("hosts"), pl.col("equipment_code")))
        .drop_nulls("kind")
        .group_by("commune_code", "kind")
        .agg(pl.col("count").sum().cast(pl.Int64))
    )
    houses = (
        territory.services.filter(pl.col("kind") == "service_house")
        .group_by("commune_code", "kind")
        .agg(pl.len().cast(pl.Int64).alias("count"))
    )
    hosts: dict[str, list[Host]] = {}
    for code, kind, count in pl.concat([counted, houses]).sort("commune_code", "kind").iter_rows():
        hosts.setdefault(code, []).append(Host(kind, count))
    return {code: tuple(found) for code, found in hosts.items()}


def _kind_of(basket: dict[str, frozenset[str]], code: pl.Expr) -> pl.Expr:
    kinds = {c: kind for kind, codes in basket.items() for c in codes}
    return code.replace_strict(kinds, default=None, return_dtype=pl.String)


def _building(premises: Premises, territory: Territory) -> Candidate:
    names = dict(territory.communes.select("commune_code", "name").iter_rows())
    if premises.commune_code not in names:
        raise BadInput("premises_elsewhere", name=premises.name, code=premises.commune_code)
    tier = {"building": "hub", "shop": "mini", "business_park": "corpo"}[premises.kind]
    return Candidate(
        id=premises.id,
        commune_code=premises.commune_code,
        commune_name=names[premises.commune_code],
        lon=premises.lon,
        lat=premises.lat,
        tiers=frozenset({tier}),
        premises=premises,
    )


def _in_town_centre(building: Candidate, town_centres: frozenset[str]) -> Candidate:
    """A structuring site stands in a town centre; elsewhere a building is no candidate for it."""
    if building.commune_code in town_centres:
        return building
    return replace(building, tiers=building.tiers - {"hub"})


def _unusual_minis(assumptions: Assumptions) -> list[Note]:
    """A mini-cowork of another size than the shipped rule is allowed, and said."""
    shipped = load()
    sizes = [
        (a.value("siting.mini_seats_min"), a.value("siting.mini_seats_max"))
        for a in (shipped, assumptions)
    ]
    if sizes[0][0] <= sizes[1][0] and sizes[1][1] <= sizes[0][1]:
        return []
    facts: dict[str, object] = {"fewest": int(sizes[1][0]), "most": int(sizes[1][1])}
    return [Note("mini_seats_outside_rule", facts)]


def refuse_far_from_town(
    places: Sequence[Premises | ExistingPlace], territory: Territory, assumptions: Assumptions
) -> None:
    """A place far from the town of the commune written on its line is a mistake.

    Raises BadInput `place_far_from_commune`.
    """
    far_km = assumptions.value("places.far_from_town_km")
    towns = {
        code: (name, lon, lat)
        for code, name, lon, lat in territory.communes.select(
            "commune_code", "name", "lon", "lat"
        ).iter_rows()
    }
    for place in places:
        if place.commune_code not in towns:
            continue
        name, lon, lat = towns[place.commune_code]
        points = geo.project(np.array([[place.lon, place.lat], [lon, lat]]))
        km = float(np.hypot(*(points[0] - points[1])) / 1000)
        if km > far_km:
            raise BadInput("place_far_from_commune", name=place.name, commune=name, km=round(km))


def _existing(
    territory: Territory, kept_places: pl.DataFrame | None, town_centres: frozenset[str]
) -> list[Candidate]:
    """One structuring site for each town centre that has an open workplace."""
    if kept_places is None:
        return []
    names = dict(territory.communes.select("commune_code", "name").iter_rows())
    workplaces = (
        kept_places.filter(pl.col("commune_code").is_in(list(town_centres)))
        .sort("commune_code", "kind", "name")
        .unique("commune_code", keep="first", maintain_order=True)
    )
    return [
        Candidate(
            id=f"existing-{row['commune_code']}",
            commune_code=row["commune_code"],
            commune_name=names[row["commune_code"]],
            lon=row["lon"],
            lat=row["lat"],
            tiers=frozenset({"hub"}),
            premises=Premises(
                id=f"existing-{row['commune_code']}",
                name=row["name"],
                commune_code=row["commune_code"],
                kind="building",
                lon=row["lon"],
                lat=row["lat"],
                area_m2=None,
                rented=False,
            ),
            is_existing=True,
        )
        for row in workplaces.iter_rows(named=True)
    ]


def _corpos(territory: Territory, premises: tuple[Premises, ...]) -> tuple[list[Candidate], str]:
    """Business parks when some are known, else the commune with most jobs: which, and why."""
    parks = [p for p in premises if p.kind == "business_park"]
    if parks:
        return [_building(park, territory) for park in parks], "business_park"
    with_jobs = territory.communes.drop_nulls("jobs").sort(
        "jobs", "commune_code", descending=[True, False]
    )
    if with_jobs.is_empty():
        return [], "none"
    most = with_jobs.row(0, named=True)
    corpo = Candidate(
        id=f"corpo-{most['commune_code']}",
        commune_code=most["commune_code"],
        commune_name=most["name"],
        lon=most["lon"],
        lat=most["lat"],
        tiers=frozenset({"corpo"}),
    )
    return [corpo], "most_jobs"

"""What does not depend on the sites chosen: laid once, every network is then judged on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core import candidates, commuting, on_the_way
from maillage.core.assumptions import Assumptions
from maillage.core.candidates import Candidate, Candidates
from maillage.core.commuting import Commuting
from maillage.core.demand import DemandModel
from maillage.core.money import Range
from maillage.core.on_the_way import Passing
from maillage.core.scenario import nearest
from maillage.core.scenario.request import Request
from maillage.core.siting_problem import Reach, reach
from maillage.core.territory import Territory
from maillage.core.travel import by_case


@dataclass(frozen=True)
class Ground:
    """A territory ready for any network.

    times       travel case -> minutes to every candidate of `options.anywhere`
    flows       who goes to work where
    demand      who would come, ready for any minutes
    passing     who passes by every candidate of `options.anywhere` on the way to work
    per_worker  persons who could stop at a place, of one commuter who passes by
    open_today  places open today, inside and around
    """

    territory: Territory
    request: Request
    assumptions: Assumptions
    options: Candidates
    times: dict[str, Reach]
    flows: Commuting
    demand: DemandModel
    passing: Passing
    per_worker: Range
    open_today: pl.DataFrame

    @property
    def weight(self) -> NDArray[np.int64]:
        """Inhabitants [i] of each cell."""
        return self.territory.cells["population"].to_numpy().astype(np.int64)

    @property
    def within_min(self) -> float:
        """The minutes within which an inhabitant is covered."""
        return self.assumptions.value("siting.coverage_minutes")

    def commuters(self, covering: Sequence[int]) -> Range:
        """Persons who could stop at some places j on their way to work, each counted once."""
        return self.per_worker.scaled(self.passing.by_any(covering))

    @cached_property
    def town_minutes(self) -> NDArray[np.float32] | None:
        """Minutes [c, j] from the towns to `options.anywhere` by road; None without roads."""
        central = self.territory.travel(self.assumptions)["central"]
        return nearest.town_minutes(self.territory, self.options.anywhere, central)

    def commune_name(self, code: str) -> str:
        """The name of a member commune; raises KeyError when it is not one."""
        names = dict(self.territory.communes.select("commune_code", "name").iter_rows())
        return str(names[code])

    def place(self, candidate_id: str) -> int:
        """The number j of a candidate; raises KeyError when there is none of that name."""
        return self.options.number_of(candidate_id)

    def candidate(self, candidate_id: str) -> Candidate:
        """A candidate by its name."""
        return self.options.anywhere[self.place(candidate_id)]


def lay(territory: Territory, request: Request, assumptions: Assumptions) -> Ground:
    """The ground of a request.

    Raises BadInput where a place of the request stands far from the commune written beside it.
    """
    candidates.refuse_far_from_town(
        (*request.premises, *(request.existing or ())), territory, assumptions
    )
    open_today, kept = existing_places(territory, request)
    members = territory.communes["commune_code"].to_list()
    inside = kept.filter(pl.col("commune_code").is_in(members))
    options = candidates.find(territory, assumptions, request.premises, inside)
    # before any time is measured: opening a place changes its number
    options = options.opened(site.candidate_id for site in request.network or ())
    # a kept place that is a site of the plan counts as that site, not twice
    as_sites = pl.DataFrame(
        [(c.name, c.commune_code) for c in options.every if c.is_existing],
        schema={"name": pl.String, "commune_code": pl.String},
        orient="row",
    )
    others = kept.join(as_sites, on=["name", "commune_code"], how="anti", maintain_order="left")
    travels = territory.travel(assumptions)
    flows = commuting.of_territory(territory, assumptions)
    model = DemandModel(territory, assumptions, request.seed)
    return Ground(
        territory=territory,
        request=request,
        assumptions=assumptions,
        options=options,
        times={
            case: reach(territory, options, open_today, others, travel)
            for case, travel in travels.items()
        },
        flows=flows,
        demand=model,
        passing=on_the_way.find(
            on_the_way.trips(territory, flows),
            options.xy,
            [travels["central"], by_case(assumptions)["central"]],
            on_the_way.rule(assumptions),
        ),
        per_worker=on_the_way.persons(flows, model.teleworkers(), assumptions),
        open_today=open_today,
    )


def existing_places(territory: Territory, request: Request) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The workplaces open today (inside and around), and those that stay open after the plan."""
    members = territory.communes["commune_code"].to_list()
    is_inside = pl.col("commune_code").is_in(members)
    open_today = territory.workplaces
    if request.existing is not None:
        own = pl.DataFrame(
            [
                {
                    "kind": "coworking",
                    "name": p.name,
                    "commune_code": p.commune_code,
                    "lon": p.lon,
                    "lat": p.lat,
                }
                for p in request.existing
                if p.state == "open"
            ],
            schema=open_today.schema,
        )
        open_today = pl.concat([open_today.filter(~is_inside), own])
    kept = open_today if request.keep_existing else open_today.filter(~is_inside)
    return open_today, kept

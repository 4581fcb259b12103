"""All the plans together: who is within reach once the neighbours' sites count too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from maillage.core.national.planned import Planned
from maillage.core.scenario.assess import COVERING


@dataclass(frozen=True)
class Neighboured:
    """A plan among its neighbours'.

    covered_with_neighbours  inhabitants within reach, counting the sites that neighbours plan
    """

    plan: Planned
    covered_with_neighbours: int

    @property
    def share_with_neighbours(self) -> float:
        """The same as a share of the inhabitants of the cells."""
        return self.covered_with_neighbours / self.plan.inhabitants


@dataclass(frozen=True)
class Country:
    """Every plan, largest population first, and their sums.

    value  inhabitants within reach, neighbours' sites counted, minus the price of the minis
    bound  no set of networks of these intercommunalities, under the same rules, has a higher
           value, whatever the others open
    """

    places: tuple[Neighboured, ...]
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """|bound - value| / max(1, |value|)."""
        return abs(self.bound - self.value) / max(1, abs(self.value))


def country_of(plans: Collection[Planned]) -> Country:
    """The plans together.

    A neighbour's site counts where it stands at the town of its commune; a place that is open
    today counts already in each plan.
    """
    opened = _opened(plans)
    found = [Neighboured(p, p.covered_after + _added(p, opened)) for p in plans]
    found.sort(key=lambda n: (-n.plan.population, n.plan.siren))
    return Country(
        places=tuple(found),
        value=sum(n.plan.value + n.covered_with_neighbours - n.plan.covered_after for n in found),
        bound=sum(n.plan.halo_bound for n in found),
    )


def _opened(plans: Collection[Planned]) -> Mapping[str, str]:
    """Commune code -> SIREN of the plan that opens a site open to all at its town."""
    return {
        site.id: plan.siren
        for plan in plans
        for site in plan.sites
        if site.tier in COVERING and site.id == site.commune_code
    }


def _added(plan: Planned, opened: Mapping[str, str]) -> int:
    """Inhabitants beyond reach of their own plan and within reach of a neighbour's site."""
    return sum(
        pattern.inhabitants
        for pattern in plan.halo
        if any(opened.get(code, plan.siren) != plan.siren for code in pattern.communes)
    )

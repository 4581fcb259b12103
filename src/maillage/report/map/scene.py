"""What a map shows, whoever computed it: a plan before or after, or the portrait."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from maillage.core.scenario import Judged, Outcome, Site, Zones
from maillage.core.territory import Territory
from maillage.report import french
from maillage.report.layers import FULL_CELL_INHABITANTS, Flow, Link, flows, links


@dataclass(frozen=True)
class Scene:
    """A territory and what is drawn on it.

    minutes      [i] by car to the nearest place, central case
    sites        the sites of a plan; none of them: the map of today
    places       open places that are not sites of the plan: name, lon, lat
    named        communes whose names are wanted, the most populous first: name, lon, lat,
                 population, commune_code
    links        each town and the site that its people would use
    within_min   the rule of the plan, drawn in the legend
    alternative  the finding in one sentence, for those who do not see the map
    flows        who goes to work where; with any, the map shows them in the place of the cells
    zones        land within the minutes of the rule by case, Lambert-93: shown over plain cells
    """

    territory: Territory
    minutes: NDArray[np.float32]
    sites: tuple[Site, ...]
    places: pl.DataFrame
    named: pl.DataFrame
    within_min: float
    alternative: str
    flows: tuple[Flow, ...] = ()
    links: tuple[Link, ...] = ()
    zones: Mapping[str, shapely.MultiPolygon] = field(default_factory=dict)


def of_outcome(outcome: Judged, when: str) -> Scene:
    """The scene before or after the plan ("before", "after")."""
    coverage, communes = outcome.coverage, outcome.territory.communes
    is_after = when == "after"
    ours = [s.candidate.name for s in outcome.sites if s.candidate.is_existing and is_after]
    left = [code for code, n in coverage.uncovered.items() if n >= FULL_CELL_INHABITANTS]
    return Scene(
        territory=outcome.territory,
        minutes=coverage.minutes_after if is_after else coverage.minutes_before,
        sites=outcome.sites if is_after else (),
        places=outcome.open_today.filter(~pl.col("name").is_in(ours)),
        named=communes.filter(pl.col("commune_code").is_in(left)) if is_after else communes,
        within_min=coverage.within_min,
        alternative=alternative(outcome, when),
        links=tuple(links(outcome)) if is_after else (),
    )


def of_flows(outcome: Outcome) -> Scene:
    """The strongest commuting flows, over the communes of today."""
    found = flows(outcome.territory, outcome.commuting)
    ends = {name for flow in found for name in (flow.home_name, flow.work_name)}
    communes = outcome.territory.communes
    return Scene(
        territory=outcome.territory,
        minutes=outcome.coverage.minutes_before,
        sites=(),
        places=outcome.open_today.clear(),
        named=communes.filter(pl.col("name").is_in(list(ends))),
        within_min=outcome.coverage.within_min,
        alternative=flows_words(outcome, found),
        flows=found,
    )


def of_zones(outcome: Outcome, found: Zones) -> Scene:
    """The land within the minutes of the rule by car, over cells that say only who lives there."""
    after = of_outcome(outcome, "after")
    return replace(
        after,
        minutes=np.full(len(after.minutes), np.nan, dtype=np.float32),
        zones=found.land,
        alternative=zones_words(found),
    )


def zones_words(found: Zones) -> str:
    """The finding of the map of zones, in one sentence."""
    slow, central = (french.number(found.land[case].area / 1e6) for case in ("low", "central"))
    return (
        f"Carte des zones à {found.within_min:.0f} minutes en voiture d'un lieu : {central} km² "
        f"dans le cas central, {slow} km² dans le cas lent."
    )


def flows_words(outcome: Outcome, found: tuple[Flow, ...]) -> str:
    """The finding of the map of flows, in one sentence."""
    if not found:
        return "Aucun trajet domicile-travail entre deux communes n'est connu."
    below = outcome.assumptions.value("flows.order_of_magnitude_below")
    most = found[0]
    return (
        f"Carte des {len(found)} plus forts trajets domicile-travail : "
        f"{french.magnitude(most.workers, below)} actifs vont de {most.home_name} à "
        f"{most.work_name}."
    )


def alternative(outcome: Judged, when: str) -> str:
    """The map's finding in one sentence, for those who do not see it."""
    coverage = outcome.coverage
    within = f"{coverage.within_min:.0f} minutes"
    if when == "before":
        share = french.share(coverage.before.central)
        return f"Carte d'aujourd'hui : {share} des habitants sont à {within} d'un lieu."
    share = french.share(coverage.after.central)
    names = french.listed(sorted({s.candidate.commune_name for s in outcome.sites}))
    return f"Carte du plan : {share} des habitants à {within} d'un lieu. Lieux : {names}."

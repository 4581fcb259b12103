"""What a map shows, whoever computed it: a plan before or after, or the portrait."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core.scenario import Judged, Site
from maillage.core.territory import Territory
from maillage.report import french
from maillage.report.layers import FULL_CELL_INHABITANTS


@dataclass(frozen=True)
class Scene:
    """A territory and what is drawn on it.

    minutes      [i] by car to the nearest place, central case
    sites        the sites of a plan; none of them: the map of today
    places       open places that are not sites of the plan: name, lon, lat
    named        communes whose names are wanted, the most populous first: name, lon, lat,
                 population, commune_code
    within_min   the rule of the plan, drawn in the legend
    alternative  the finding in one sentence, for those who do not see the map
    """

    territory: Territory
    minutes: NDArray[np.float32]
    sites: tuple[Site, ...]
    places: pl.DataFrame
    named: pl.DataFrame
    within_min: float
    alternative: str


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

"""What one commune is among the others: which touch it, where its residents work."""

import polars as pl
import shapely

from maillage.core import geo
from maillage.core.commuting import Commuting
from maillage.core.sources.outlines import Outlines

# Outlines are simplified one by one: common borders may part by a few metres
TOUCH_M = 50.0


def neighbours(outlines: Outlines) -> dict[str, tuple[str, ...]]:
    """The communes of the territory whose outline touches each one's, by code."""
    codes = sorted(outlines)
    flat = shapely.transform([outlines[code] for code in codes], geo.project)
    near, far = shapely.STRtree(flat).query(flat, predicate="dwithin", distance=TOUCH_M)
    return {
        code: tuple(codes[m] for m in sorted(far[near == n]) if m != n)
        for n, code in enumerate(codes)
    }


def workplaces(
    commuting: Commuting | None, *, at_least: float, most: int
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Where the residents of each commune work, name and workers, the largest first.

    Empty when trips are modelled: a model says nothing of a single commune.
    at_least  workers below which an observed flow is an order of magnitude, left out
    """
    if commuting is None or commuting.origin != "observed":
        return {}
    kept = (
        commuting.flows.filter(pl.col("work_name").is_not_null() & (pl.col("workers") >= at_least))
        .sort("workers", "work_code", descending=[True, False])
        .group_by("home_code", maintain_order=True)
        .head(most)
    )
    found: dict[str, list[tuple[str, float]]] = {}
    for home, name, workers in kept.select("home_code", "work_name", "workers").rows():
        found.setdefault(home, []).append((name, workers))
    return {home: tuple(places) for home, places in found.items()}

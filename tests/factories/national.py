"""Invented plans of intercommunalities that nobody computed."""

from dataclasses import replace

import shapely

from maillage.core.money import Range
from maillage.core.national import HaloPattern, Planned, PlannedSite, Read, Record

NOTHING = Range(0.0, 0.0, 0.0)


def site(code: str, tier: str) -> PlannedSite:
    """A site at the town of a commune."""
    return PlannedSite(code, tier, code, code, code, 0, 0, 6, 2027, 100, is_existing=False)


def plan(
    siren: str, sites: list[PlannedSite], halo: tuple[HaloPattern, ...] = (), **changed: object
) -> Planned:
    """Half of a thousand inhabitants within reach."""
    found = Planned(
        siren=siren,
        name=f"CC {siren} (fictive)",
        kind="CC",
        population=1000,
        inhabitants=1000,
        communes=3,
        cells=10,
        candidates=4,
        status="proved",
        covered_today=100,
        covered_after=500,
        before=Range(0.05, 0.1, 0.2),
        after=Range(0.4, 0.5, 0.6),
        worst_commune_share=0.0,
        investment_eur=Range(80_000.0, 100_000.0, 150_000.0),
        operation_eur=Range(9_000.0, 10_000.0, 12_000.0),
        yearly_net_eur=Range(4_000.0, 5_000.0, 8_000.0),
        gap=0.0,
        value=450,
        bound=450,
        halo_bound=600,
        is_by_road=False,
        sites=tuple(sites),
        halo=halo,
        read=(Read("grid", "grille_1km_recensement2021_france.parquet", "2021"),),
    )
    return replace(found, **changed)


def record(planned: Planned) -> Record:
    """What is kept of a plan."""
    return Record("01", planned, "digest", "whole", 1.5, 1.25, 300.0)


def square(west_m: float) -> shapely.Polygon:
    """A land of twenty kilometres, in Lambert-93 metres."""
    return shapely.box(west_m, 6_600_000, west_m + 20_000, 6_620_000)

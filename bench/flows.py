"""The commuting model against observed flows, out of sample: ./run bench flows [--calibrate].

Calibrated on one half of the Orne's intercommunalities (RP 2012), judged on the other half.
"""

import sys
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl

from maillage.core import assumptions, commuting, territory
from maillage.core.commuting import Commuting, Kernel
from maillage.core.sources.gather import gather
from maillage.core.territory import Territory

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SIZES = ((0, 50), (50, 200), (200, np.inf))
BEYOND_KM = 30
SHOWN_FROM, DESTINATIONS = 200, 10
RADII_KM = (60.0, 90.0)
# A tail that never fades fits the Orne slightly better and would not transfer elsewhere
LEAST_FAR_DECAY = 0.01


@dataclass(frozen=True)
class Pairs:
    """Observed and modelled workers of the same home-work pairs, rows scaled to the observed."""

    table: pl.DataFrame

    @property
    def common_share(self) -> float:
        """Common part of commuters: shared workers over all of them."""
        shared = self.table.select(pl.min_horizontal("observed", "modelled").sum()).item()
        return shared / self.table["observed"].sum()

    def beyond(self, column: str) -> float:
        """Share of a column's workers beyond 30 straight km (and out of the model's reach)."""
        far = (pl.col("straight_km") > BEYOND_KM) | pl.col("straight_km").is_null()
        return self.table.filter(far)[column].sum() / self.table[column].sum()

    def mean_km(self, column: str) -> float:
        """Mean straight-line distance of a column's workers, km."""
        known = self.table.drop_nulls("straight_km")
        return (known[column] * known["straight_km"]).sum() / known[column].sum()

    def error_by_size(self) -> list[tuple[str, int, float, float]]:
        """Flows between two communes by observed size: count, mean absolute error, correlation."""
        between = self.table.filter(pl.col("home_code") != pl.col("work_code"))
        rows = []
        for low, high in SIZES:
            size = between.filter((pl.col("observed") > low) & (pl.col("observed") <= high))
            error = (size["observed"] - size["modelled"]).abs().sum() / size["observed"].sum()
            name = f"{low} à {high:.0f}" if np.isfinite(high) else f"plus de {low}"
            rows.append(
                (name, len(size), error, size.select(pl.corr("observed", "modelled")).item())
            )
        return rows

    def deviance(self) -> float:
        """Minus log-likelihood per worker of the observed flows under the model's shares."""
        inside = self.table.filter((pl.col("observed") > 0) & (pl.col("modelled") > 0))
        totals = inside.with_columns(share=pl.col("modelled") / pl.col("total"))
        return -(totals["observed"] * totals["share"].log()).sum() / totals["observed"].sum()


def main() -> None:
    """Print the tables of docs/method/flows.md."""
    shipped = commuting.kernel(assumptions.load())
    for radius_km in RADII_KM:
        places = orne(radius_km)
        halves = places[0::2], places[1::2]
        if "--calibrate" in sys.argv and radius_km == RADII_KM[0]:
            shipped = calibrate(halves[0], shipped)
            print("noyau calé sur la première moitié :", shipped)
        for name, half in zip(("calage", "épreuve"), halves, strict=True):
            report(f"rayon {radius_km:.0f} km, {name}", compare(half, shipped))
            if radius_km == RADII_KM[0]:
                published_errors(name, half, shipped)
        single = replace(shipped, far_weight=0.0)
        report(
            f"rayon {radius_km:.0f} km, épreuve, une seule exponentielle",
            compare(halves[1], single),
        )


def orne(radius_km: float) -> list[Territory]:
    """The intercommunalities that the Orne's flows cover entirely, by SIREN."""
    shipped = assumptions.load().with_values({"places.surroundings_km": radius_km})
    communes = pl.read_parquet(DATA / "communes_2026.parquet", columns=["siren_epci", "dep"])
    inside = communes.group_by("siren_epci").agg(pl.col("dep").unique())
    sirens = inside.filter(pl.col("dep") == ["61"])["siren_epci"].sort().to_list()
    tables = [gather(DATA, siren, shipped) for siren in sirens]
    return [territory.assemble(t, shipped) for t in tables if not t.flows.is_empty()]


def compare(places: list[Territory], kernel: Kernel) -> Pairs:
    """Observed and modelled flows of some territories, pair by pair."""
    tolerance = assumptions.load().value("flows.tolerance")
    tables = []
    for place in places:
        seen = commuting.observed(place).flows.select(
            "home_code", "work_code", "workers", "straight_km"
        )
        model = commuting.modelled(place, kernel, tolerance).flows
        seen = seen.rename({"workers": "observed"})
        model = model.select("home_code", "work_code", modelled="workers", km="straight_km")
        tables.append(seen.join(model, on=["home_code", "work_code"], how="full", coalesce=True))
    table = pl.concat(tables).with_columns(
        pl.col("observed", "modelled").fill_null(0.0),
        straight_km=pl.coalesce("straight_km", "km"),
    )
    by_home = pl.col("observed").sum().over("home_code") / pl.col("modelled").sum().over(
        "home_code"
    )
    table = table.with_columns(modelled=pl.col("modelled") * by_home)
    return Pairs(table.with_columns(total=pl.col("modelled").sum().over("home_code")))


def calibrate(places: list[Territory], start: Kernel) -> Kernel:
    """The kernel of highest likelihood on some territories, by coordinate search."""
    best, value = start, compare(places, start).deviance()
    for factor in (1.5, 1.2, 1.08):
        improved = True
        while improved:
            improved = False
            for name, step in product(start.__dataclass_fields__, (factor, 1 / factor)):
                value_tried = getattr(best, name) * step
                if name == "far_decay" and value_tried < LEAST_FAR_DECAY:
                    continue
                tried = replace(best, **{name: value_tried})
                deviance = compare(places, tried).deviance()
                if deviance < value - 1e-6:
                    best, value, improved = tried, deviance, True
    return best


def report(name: str, pairs: Pairs) -> None:
    """One block of figures."""
    print(f"\n{name}")
    print(f"  navetteurs en commun : {pairs.common_share:.1%}")
    for column, word in (("observed", "observé"), ("modelled", "modélisé")):
        print(
            f"  {word} : {pairs.beyond(column):.1%} au-delà de {BEYOND_KM} km ou hors rayon, "
            f"{pairs.mean_km(column):.1f} km en moyenne"
        )
    for size, count, error, correlation in pairs.error_by_size():
        print(f"  flux de {size} : {count}, erreur absolue {error:.0%}, r = {correlation:.2f}")
    print(f"  écart de vraisemblance par actif : {pairs.deviance():.4f}")


def published_errors(name: str, places: list[Territory], kernel: Kernel) -> None:
    """How far the published shares and destinations are from the observed ones."""
    tolerance = assumptions.load().value("flows.tolerance")
    gaps: list[float] = []
    ratios: list[float] = []
    for place in places:
        seen, model = commuting.observed(place), commuting.modelled(place, kernel, tolerance)
        gaps += [abs(a - b) for a, b in zip(shares(seen, place), shares(model, place), strict=True)]
        large = model.by_workplace().filter(pl.col("workers") >= SHOWN_FROM).head(DESTINATIONS)
        observed = dict(seen.by_workplace().select("work_code", "workers").iter_rows())
        scale = model.workers / seen.workers
        ratios += [scale * observed.get(code, 0.0) / n for code, _, n, _ in large.iter_rows()]
    low, high = np.quantile(ratios, [0.1, 0.9])
    print(f"\n{name}, chiffres publiés")
    print(f"  parts : plus grand écart {100 * max(gaps):.1f} points")
    print(f"  {len(ratios)} destinations : observé sur modélisé de {low:.2f} à {high:.2f}")


def shares(trips: Commuting, place: Territory) -> list[float]:
    """Beyond 10, 20 and 30 km or out of reach, outside the perimeter, outside the commune."""
    members = place.communes["commune_code"].to_list()
    conditions = [
        *((pl.col("straight_km") > km) | pl.col("straight_km").is_null() for km in (10, 20, 30)),
        ~pl.col("work_code").is_in(members),
        pl.col("work_code") != pl.col("home_code"),
    ]
    return [trips.flows.filter(c)["workers"].sum() / trips.workers for c in conditions]


if __name__ == "__main__":
    main()

"""Our minutes beside Valhalla's, on random pairs of real streets, for each mode."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factories.oracle import COSTINGS, Oracle, doorsteps
from maillage.core.assumptions import Assumptions
from maillage.core.travel.roads import Roads
from travel_places import Place

# A hundred draws of ten points by ten: neither engine sees one street too often
DRAWS, SIDE = 100, 10
SEED = 1
SHORTEST_MIN = 1.0
WITHIN = (0.20, 0.15, 0.10)
LENGTHS_MIN = ((1, 3), (3, 5), (5, 10), (10, np.inf))
MODES = {"car": "voiture", "bike": "vélo", "walk": "marche"}


@dataclass(frozen=True)
class Both:
    """Minutes of the same pairs; ours infinite and theirs NaN without a route."""

    name: str
    mode: str
    ours: NDArray[np.float64]
    theirs: NDArray[np.float64]

    @property
    def compared(self) -> NDArray[np.bool_]:
        """Pairs with two answers and more than a minute."""
        return np.isfinite(self.ours) & (self.theirs > SHORTEST_MIN)

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Ours over theirs, of the pairs compared."""
        return self.ours[self.compared] / self.theirs[self.compared]

    def row(self) -> str:
        """The line of a table."""
        low, middle, high = np.quantile(self.ratio, [0.05, 0.5, 0.95])
        shares = (f"{(np.abs(self.ratio - 1) <= w).mean() * 100:.1f}" for w in WITHIN)
        cells = (
            *(self.name, MODES[self.mode], f"{len(self.ratio)}", f"{middle:.3f}"),
            *(f"{low:.2f} à {high:.2f}", *shares),
            f"{(self.theirs <= SHORTEST_MIN).sum()}",
            f"{(~np.isfinite(self.ours)).sum()}, {np.isnan(self.theirs).sum()}",
            f"{np.median(self.theirs[self.compared]):.0f}",
        )
        return f"| {' | '.join(cells)} |"

    def row_by_length(self, within: float) -> str:
        """The line of a table: pairs close enough, by minutes of Valhalla's."""
        theirs = self.theirs[self.compared]
        cells = []
        for low, high in LENGTHS_MIN:
            gaps = np.abs(self.ratio - 1)[(theirs > low) & (theirs <= high)]
            cells.append(f"{(gaps <= within).mean() * 100:.1f}" if len(gaps) else "–")
        return f"| {self.name} | {MODES[self.mode]} | {' | '.join(cells)} |"


def compare(place: Place, mode: str, oracle: Oracle, assumed: Assumptions) -> Both:
    """Ten thousand pairs of one mode."""
    roads = place.roads(mode, assumed)
    travel = roads.travel(assumed, "central")
    chance = np.random.default_rng(SEED)
    ours, theirs = [], []
    for origins, sites in _draws(roads, chance):
        ours.append(travel.minutes(origins, sites).ravel().astype(np.float64))
        theirs.append(oracle.minutes(origins, sites, mode).ravel())
    return Both(place.name, mode, np.concatenate(ours), np.concatenate(theirs))


def _draws(
    roads: Roads, chance: np.random.Generator
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    points = doorsteps(roads, 2 * DRAWS * SIDE, chance).reshape(DRAWS, 2, SIDE, 2)
    return [(origins, sites) for origins, sites in points]


def report(places: list[Place], assumed: Assumptions) -> None:
    """One line for each extract and mode, then the same by length of trip."""
    every = [both for place in places if place.extract for both in _by_mode(place, assumed)]
    print(f"\n## Accord avec Valhalla, {DRAWS * SIDE * SIDE} paires au hasard\n")
    print(
        "| extrait | mode | paires | rapport médian | 5e à 95e centile | à 20 % | à 15 % | à 10 % "
        "| sous 1 min | sans route ici, chez Valhalla | minutes, médiane |"
    )
    print("|---|---|" + "---:|" * 9)
    for both in every:
        print(both.row())
    close = WITHIN[1]
    print(f"\nPaires à {close:.0%} près, selon la durée pour Valhalla, %\n")
    titles = (f"{low} à {high} min" for low, high in LENGTHS_MIN[:-1])
    print(f"| extrait | mode | {' | '.join(titles)} | plus de {LENGTHS_MIN[-1][0]} min |")
    print("|---|---|" + "---:|" * len(LENGTHS_MIN))
    for both in every:
        print(both.row_by_length(close))


def _by_mode(place: Place, assumed: Assumptions) -> Iterator[Both]:
    with tempfile.TemporaryDirectory() as folder:
        oracle = Oracle(place.extract, Path(folder))
        for mode in COSTINGS:
            yield compare(place, mode, oracle, assumed)

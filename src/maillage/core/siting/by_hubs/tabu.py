"""A good network around a set of structuring sites: minis added, dropped and swapped.

Each round takes the best move that undoes no recent one, even when it loses (Glover 1989).
"""

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting.by_hubs.sets import Flags
from maillage.core.siting.problem import Patterns

Singles = NDArray[np.float32]

# rounds without a better network before giving up, and rounds during which a move is not undone
PATIENCE = 60
KEEP_CLOSED, KEEP_OPEN = 12, 4


class Neighbourhood:
    """The patterns that open sites may gain, and what each move would bring.

    price  inhabitants that a mini must bring
    """

    def __init__(self, patterns: Patterns, price: int) -> None:
        beyond = ~patterns.covered_today
        self.near = patterns.near[beyond]
        self.weight = patterns.weight[beyond].astype(np.float32)
        self.by_site = np.ascontiguousarray(self.near.T, dtype=np.float32)
        self.price = price
        self.base = int(patterns.weight[~beyond].sum())

    def value(self, hubs: NDArray[np.int64], minis: Flags) -> int:
        """Inhabitants covered less the price of the minis."""
        opened = np.concatenate([hubs, np.flatnonzero(minis)])
        covered = self.near[:, opened].any(axis=1)
        return self.base + round(float(self.weight[covered].sum())) - self.price * int(minis.sum())

    def improved(
        self, hubs: NDArray[np.int64], allowed: Flags, kept: Flags, minis: Flags
    ) -> tuple[int, Flags]:
        """The best network found from one: its value, its minis [j].

        allowed  [j] a mini may open there; kept [j], one must
        """
        minis = (minis & allowed) | kept
        best, best_minis = self.value(hubs, minis), minis.copy()
        free_from = np.zeros(len(minis), dtype=np.int64)
        turn = last_better = 0
        while turn - last_better < PATIENCE:
            turn += 1
            free_from[kept] = turn + 1
            self._move(hubs, allowed, minis, free_from, turn)
            value = self.value(hubs, minis)
            if value > best:
                best, best_minis, last_better = value, minis.copy(), turn
        return best, best_minis

    def _move(
        self,
        hubs: NDArray[np.int64],
        allowed: Flags,
        minis: Flags,
        free_from: NDArray[np.int64],
        turn: int,
    ) -> None:
        """Make the best allowed move: rows are sites that enter, columns sites that leave."""
        opened = np.flatnonzero(minis)
        gain = self._gains(hubs, opened)
        gain[~(allowed & ~minis & (free_from <= turn))] = -np.inf
        gain = np.vstack([gain, np.concatenate([[-np.inf], self._lost + self.price])])
        gain[:, 1:][:, free_from[opened] > turn] = -np.inf
        entering, leaving = np.unravel_index(int(np.argmax(gain)), gain.shape)
        if not np.isfinite(gain[entering, leaving]):
            return
        if leaving > 0:
            gone = opened[leaving - 1]
            minis[gone], free_from[gone] = False, turn + KEEP_CLOSED
        if entering < len(minis):
            minis[entering], free_from[entering] = True, turn + KEEP_OPEN

    def _gains(self, hubs: NDArray[np.int64], opened: NDArray[np.int64]) -> Singles:
        """What each site [j] brings: alone, then in place of each open mini [j, 1 + k]."""
        near = self.near[:, opened]
        count = near.sum(axis=1) + self.near[:, hubs].sum(axis=1)
        nobody = np.where(count == 0, self.weight, 0)
        alone = np.where(count == 1, self.weight, 0)
        only = near * alone[:, None]
        brought = self.by_site @ np.concatenate([nobody[:, None], only], axis=1)
        self._lost = -only.sum(axis=0)
        gain = brought.copy()
        gain[:, 0] -= self.price
        gain[:, 1:] += brought[:, :1] + self._lost
        return np.asarray(gain)

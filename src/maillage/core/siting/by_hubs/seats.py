"""Seats as a few cuts in place of a million arcs.

The seats used in a scenario are a flow from people to places; any group of people can be given no
more seats than they ask for, nor than the places near them hold. Each flow found names the group
that limits it: one more row of the model.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from maillage.core.siting.by_hubs.sets import Flags
from maillage.core.siting.problem import SeatPatterns

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]

# the places of the flow: a site as a structuring site, then as a mini-cowork
SEATED = ("hub", "mini")


@dataclass(frozen=True)
class SeatCut:
    """Seats used in a scenario are at most `outside` + the capacity of the places of `inside`.

    outside  seats wanted by those who are not in the group, thousandths
    inside   tier -> [j] places that may seat the group
    """

    scenario: int
    outside: int
    inside: dict[str, Flags]


class SeatFlow:
    """How many seats given places can fill, by scenario."""

    def __init__(self, patterns: SeatPatterns) -> None:
        mini = patterns.can_seat["mini"]
        self.reach = {"hub": patterns.can_seat["hub"] | mini, "mini": mini}
        self.demand = patterns.demand

    def used(self, capacity: dict[str, Whole], scenario: int) -> tuple[int, SeatCut]:
        """Seats used, and the cut that says why no more, thousandths.

        capacity  tier -> [j] seats, thousandths
        """
        held = np.concatenate([capacity[t] for t in SEATED])
        places = np.flatnonzero(held)
        reach = np.concatenate([self.reach[t] for t in SEATED], axis=1)[:, places]
        signature, group = _alike(reach)
        wanted = np.bincount(group, self.demand[scenario], minlength=len(signature))
        wanted = np.round(wanted).astype(np.int64)
        graph, source, sink = _graph(signature, wanted, held[places])
        found = maximum_flow(graph, source, sink)
        limited = _reached(graph, found.flow, source)[1 : 1 + len(signature)]
        return int(found.flow_value), self._cut(scenario, limited[group])

    def served(self, capacity: dict[str, Whole], scenario: int) -> int:
        """Seats used, thousandths."""
        return self.used(capacity, scenario)[0]

    def _cut(self, scenario: int, people: Flags) -> SeatCut:
        outside = int(self.demand[scenario][~people].sum())
        return SeatCut(scenario, outside, {t: self.reach[t][people].any(axis=0) for t in SEATED})


def _alike(reach: Flags) -> tuple[Flags, Whole]:
    """The distinct rows, and which one each row is."""
    packed = np.packbits(reach, axis=1)
    _, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return reach[first], group.ravel()


def _graph(reach: Flags, wanted: Whole, held: Whole) -> tuple[csr_array, int, int]:
    """Source, groups of people, places, sink."""
    group, place = np.nonzero(reach)
    people, places = len(reach), len(held)
    sink = 1 + people + places
    tail = np.concatenate([np.zeros(people, np.int64), 1 + group, 1 + people + np.arange(places)])
    head = np.concatenate([1 + np.arange(people), 1 + people + place, np.full(places, sink)])
    most = np.concatenate([wanted, wanted[group], held]).astype(np.int32)
    return csr_array((most, (tail, head)), shape=(sink + 1, sink + 1)), 0, sink


def _reached(graph: csr_array, flow: csr_array, source: int) -> Flags:
    """The nodes that the source still reaches where the flow leaves room."""
    room = csr_array(graph - flow)
    room.eliminate_zeros()
    order = breadth_first_order(room, source, return_predecessors=False)
    reached = np.zeros(graph.shape[0], dtype=np.bool_)
    reached[order] = True
    return reached

"""The hierarchy answers as Dijkstra does, on any graph, and after any change of speeds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from maillage.core.travel.roads import hierarchy


def drawn(seed, count, streets):
    """Crossings, and streets between some of them, one-way for a third."""
    draw = np.random.default_rng(seed)
    xy = draw.random((count, 2)) * 10_000
    tail, head = draw.integers(0, count, streets), draw.integers(0, count, streets)
    apart = tail != head
    return draw, xy, tail[apart], head[apart]


def weighed(draw, tail, head):
    ms = draw.integers(1, 100_000, 2 * len(tail)).astype(np.float32)
    ms[draw.random(len(ms)) < 0.15] = np.inf
    return np.concatenate([tail, head]), np.concatenate([head, tail]), ms


def by_dijkstra(count, tail, head, ms):
    least = {}
    for a, b, t in zip(tail.tolist(), head.tolist(), ms.tolist(), strict=True):
        if np.isfinite(t):
            least[a, b] = min(t, least.get((a, b), np.inf))
    ends = np.array(list(least), dtype=np.int64).reshape(-1, 2)
    graph = coo_array((list(least.values()), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return dijkstra(graph.tocsr())


def by_hierarchy(found, origins, sites):
    shape = found.hierarchy
    deepest = int(shape.depth.max()) + 1

    def lines(points, ms):
        low = shape.rank[points]
        zero = np.zeros(len(points), dtype=np.float32)
        reached = np.empty((len(points), deepest), dtype=np.float32)
        line = np.full((len(points), deepest), -1, dtype=np.int32)
        ends = hierarchy.Ends(low, zero, low, zero)
        hierarchy.climb(shape, ms, ends, reached, line)
        return reached, line, shape.depth[low]

    out = np.empty((len(origins), len(sites)), dtype=np.float32)
    anywhere = hierarchy.near(np.zeros((len(origins), 2)), np.zeros((len(sites), 2)), np.inf)
    hierarchy.meet(*lines(origins, found.upward), *lines(sites, found.downward), anywhere, out)
    return out


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 40), streets=st.integers(1, 90))
def test_every_pair_of_any_graph_is_that_of_dijkstra(seed, count, streets):
    draw, xy, tail, head = drawn(seed, count, streets)
    if not len(tail):
        return
    shape = hierarchy.contract(xy, tail, head)
    arcs = weighed(draw, tail, head)
    everyone = np.arange(count)

    found = by_hierarchy(hierarchy.customise(shape, *arcs), everyone, everyone)

    assert found == pytest.approx(by_dijkstra(count, *arcs))


def test_other_speeds_need_no_other_hierarchy():
    draw, xy, tail, head = drawn(7, 300, 700)
    shape = hierarchy.contract(xy, tail, head)
    origins, sites = np.arange(0, 300, 3), np.arange(0, 300, 7)
    for _ in range(3):
        arcs = weighed(draw, tail, head)

        found = by_hierarchy(hierarchy.customise(shape, *arcs), origins, sites)

        assert found == pytest.approx(by_dijkstra(300, *arcs)[np.ix_(origins, sites)])


def test_an_upper_end_is_an_ancestor():
    """What lets two lines of ancestors meet: a street joins no two branches."""
    _, xy, tail, head = drawn(11, 200, 420)
    shape = hierarchy.contract(xy, tail, head)
    for v in range(len(shape)):
        ancestors, above = set(), shape.parent[v]
        while above >= 0:
            ancestors.add(int(above))
            above = shape.parent[above]
        assert set(shape.up[shape.first[v] : shape.first[v + 1]].tolist()) <= ancestors
        assert shape.depth[v] == len(ancestors)

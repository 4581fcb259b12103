"""Published optima of location problems, each found again and proved."""

import numpy as np
import pytest

from factories import instances
from maillage.core.siting import Points, max_cover, p_center, p_median
from shared import needs_instances

pytestmark = needs_instances


@pytest.mark.parametrize("number", range(1, 21))
def test_the_median_of_a_published_graph_is_proved(number):
    read = instances.pmed(number)

    found = p_median(read.cost, read.p)

    assert (found.status, found.objective) == ("proved", read.median)


# the whole series is measured by `./run bench siting center`
@pytest.mark.parametrize("number", [1, 4, 5, 8, 10, 15, 20])
def test_the_center_of_a_published_graph_is_proved(number):
    read = instances.pmed(number)

    found = p_center(read.cost, read.p)

    assert (found.status, found.objective) == ("proved", read.center)


def test_the_median_of_a_large_drawing_is_proved():
    read = next(one for one in instances.tsplib("rl1304") if one.p == 50)

    found = p_median(read.cost, read.p)

    assert (found.status, found.objective) == ("proved", read.median)


def test_the_greatest_covering_published_is_proved():
    read = instances.covering()

    found = max_cover(Points(read.origins, read.sites), 10, within=5.5, weights=read.weight)

    assert (found.status, found.objective) == ("proved", 441_545)
    reached = np.hypot(*(read.origins[:, None] - read.sites[found.open_sites]).transpose(2, 0, 1))
    assert read.weight[(reached <= 5.5).any(axis=1)].sum() == 441_545

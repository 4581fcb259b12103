"""One commune among the others."""

import polars as pl
from shapely.geometry import box

from maillage.core import sample
from maillage.core.commuting import Commuting
from maillage.core.portrait.communes import neighbours, workplaces


def test_communes_that_share_a_border_are_neighbours_both_ways():
    near = neighbours(sample.load().outlines)

    assert "69161" in near["69016"]
    assert all(code in near[other] for code, others in near.items() for other in others)
    assert all(code not in others for code, others in near.items())


def test_a_commune_across_a_gap_is_no_neighbour():
    west, touching = box(4.5, 46.0, 4.6, 46.1), box(4.6, 46.0, 4.7, 46.1)
    apart = box(4.702, 46.0, 4.8, 46.1)

    near = neighbours({"a": west, "b": touching, "c": apart})

    assert near == {"a": ("b",), "b": ("a",), "c": ()}


def trips(origin: str) -> Commuting:
    flows = pl.DataFrame(
        {
            "home_code": ["a", "a", "a", "b", "a"],
            "work_code": ["a", "x", "y", "x", "z"],
            "work_name": ["Ambre", "Xoul", "Yon", "Xoul", None],
            "workers": [300.0, 500.0, 90.0, 250.0, 900.0],
            "straight_km": [0.0, 5.0, 9.0, 3.0, None],
        }
    )
    return Commuting(flows, origin)


def test_the_first_workplaces_of_a_commune_without_small_or_unplaced_flows():
    found = workplaces(trips("observed"), at_least=200, most=2)

    assert found == {"a": (("Xoul", 500.0), ("Ambre", 300.0)), "b": (("Xoul", 250.0),)}


def test_a_model_says_nothing_of_one_commune():
    assert workplaces(trips("modelled"), at_least=200, most=2) == {}
    assert workplaces(None, at_least=200, most=2) == {}

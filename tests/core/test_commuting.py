"""Commuting: margins hold, workers are conserved, distances are counted."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.core import commuting
from maillage.core.commuting import Kernel


@given(seed=st.integers(0, 10_000), size=st.integers(2, 25))
@settings(max_examples=60)
def test_the_model_meets_workers_and_jobs(seed, size):
    rng = np.random.default_rng(seed)
    places = rng.random((size, 2)) * 60
    km = np.linalg.norm(places[:, None] - places[None], axis=2)
    workers, jobs = rng.uniform(1, 5000, size), rng.uniform(1, 5000, size)

    flows = commuting.balance(Kernel(0.2, 0.006, 0.03, 3).of(km), workers, jobs, 1e-6)

    assert flows.sum(axis=1) == pytest.approx(workers)
    assert flows.sum(axis=0) == pytest.approx(jobs * workers.sum() / jobs.sum(), rel=1e-3)


def test_a_place_without_workers_or_jobs_sends_or_receives_nobody():
    attraction = np.ones((3, 3))

    flows = commuting.balance(attraction, np.array([0.0, 10, 20]), np.array([5.0, 0, 5]), 1e-9)

    assert flows[0].tolist() == [0, 0, 0]
    assert flows[:, 1].tolist() == [0, 0, 0]


def test_every_employed_resident_goes_to_one_workplace(outcome, place):
    assert outcome.commuting.origin == "modelled"
    assert outcome.commuting.workers == pytest.approx(place.employed)
    by_home = outcome.commuting.flows.group_by("home_code").agg(pl.col("workers").sum())
    expected = dict(place.communes.select("commune_code", "employed").iter_rows())
    assert dict(by_home.iter_rows()) == pytest.approx(expected)


def test_farther_bands_hold_fewer_workers(outcome):
    shares = [outcome.commuting.beyond(km) for km in (0, 10, 20, 30)]

    assert shares == sorted(shares, reverse=True)
    assert 0 < shares[-1] < shares[0] <= 1


def test_working_at_home_in_ones_commune_is_more_likely_than_distance_says():
    km = np.zeros((2, 2))

    attraction = Kernel(0.2, 0.0, 0.03, 3).of(km)

    assert attraction.tolist() == [[3, 1], [1, 3]]

"""The score of premises: bounded, monotone, the same whatever the scale of the weights."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core import assumptions, fitness
from maillage.core.bad_input import BadInput
from maillage.core.fitness import CRITERIA, Facts
from maillage.core.money import Range

ASSUMED = assumptions.load()
DEFAULT = fitness.default_weights(ASSUMED)

shares = st.floats(0, 1)
ranges = st.lists(shares, min_size=3, max_size=3).map(lambda three: Range(*sorted(three)))
points = st.fixed_dictionaries({criterion: st.none() | ranges for criterion in CRITERIA})
weights = st.fixed_dictionaries(
    {criterion: st.floats(0, 10).map(lambda w: round(w, 1)) for criterion in CRITERIA}
).filter(lambda found: any(found.values()))


@given(points, weights)
def test_a_score_lies_between_its_worst_and_its_best(found, chosen):
    score = fitness.score(found, chosen)

    assert 0 <= score.low <= score.high <= 1
    assert 0 <= score.known_share <= 1
    if score.value is not None:
        assert score.low <= score.value <= score.high


@given(points, weights, st.sampled_from([0.5, 2.0, 3.0, 100.0]))
def test_only_the_ratios_of_the_weights_count(found, chosen, factor):
    first = fitness.score(found, chosen)
    scaled = fitness.score(found, {c: w * factor for c, w in chosen.items()})

    assert (first.value is None) == (scaled.value is None)
    for name in ("value", "low", "high", "known_share"):
        assert (getattr(scaled, name) or 0) == pytest.approx(getattr(first, name) or 0, abs=1e-9)


@given(points, weights, st.sampled_from(CRITERIA), ranges, ranges)
def test_a_better_criterion_never_lowers_the_score(found, chosen, criterion, one, other):
    worse = Range(*map(min, zip(_three(one), _three(other), strict=True)))
    better = Range(*map(max, zip(_three(one), _three(other), strict=True)))
    low = fitness.score(found | {criterion: worse}, chosen)
    high = fitness.score(found | {criterion: better}, chosen)

    assert (low.value or 0) <= (high.value or 0) + 1e-12
    assert low.low <= high.low + 1e-12
    assert low.high <= high.high + 1e-12


@given(points, weights, st.sampled_from(CRITERIA), ranges)
def test_what_is_learnt_keeps_the_score_within_what_was_said(found, chosen, criterion, learnt):
    before = fitness.score(found | {criterion: None}, chosen)
    after = fitness.score(found | {criterion: learnt}, chosen)

    assert before.low <= after.low + 1e-9
    assert after.high <= before.high + 1e-9
    assert after.known_share >= before.known_share - 1e-12


@given(points, weights, st.sampled_from(CRITERIA), ranges)
def test_a_criterion_without_weight_changes_nothing(found, chosen, criterion, other):
    chosen = chosen | {criterion: 0.0}
    if not any(chosen.values()):
        return

    assert fitness.score(found, chosen) == fitness.score(found | {criterion: other}, chosen)


def _three(found):
    return (found.low, found.central, found.high)


def test_nothing_known_is_no_score_at_all():
    score = fitness.score(fitness.points(Facts(), ASSUMED), DEFAULT)

    assert (score.value, score.low, score.high, score.known_share) == (None, 0.0, 1.0, 0.0)


def test_unknown_criteria_are_left_out_and_said():
    found = dict.fromkeys(CRITERIA) | {"fibre": Range(1, 1, 1), "step_free": Range(0, 0, 0)}
    chosen = dict.fromkeys(CRITERIA, 0.0) | {"fibre": 3.0, "step_free": 1.0, "area": 1.0}

    score = fitness.score(found, chosen)

    assert (score.value, score.low, score.high, score.known_share) == (0.75, 0.6, 0.8, 0.8)


@pytest.mark.parametrize(
    ("changes", "criterion", "expected"),
    [
        ({"area_m2": 18.0}, "area", 0.0),
        ({"area_m2": 114.0}, "area", 0.5),
        ({"area_m2": 5000.0}, "area", 1.0),
        ({"fibre": True}, "fibre", 1.0),
        ({"fibre": False}, "fibre", 0.0),
        ({"works": "none"}, "works", 1.0),
        ({"works": "light"}, "works", 0.7),
        ({"works": "heavy"}, "works", 0.2),
        ({"owner": "epci"}, "owner", 1.0),
        ({"owner": "private"}, "owner", 0.4),
        ({"business_park": True}, "business_park", 1.0),
        ({"motorway": Range(5, 5, 5)}, "motorway", 1.0),
        ({"motorway": Range(12.5, 12.5, 12.5)}, "motorway", 0.5),
        ({"station": Range(40, 40, 40)}, "station", 0.0),
    ],
)
def test_each_fact_has_its_points(changes, criterion, expected):
    found = fitness.points(replace(Facts(), **changes), ASSUMED)

    assert found[criterion] == pytest.approx(Range(expected, expected, expected))
    assert [c for c, value in found.items() if value is not None] == [criterion]


def test_more_minutes_give_fewer_points_in_the_right_order():
    found = fitness.points(Facts(services=Range(4, 6, 9)), ASSUMED)["services"]

    assert found.low < found.central < found.high


@given(st.floats(1, 1000), st.floats(1, 1000))
def test_a_larger_area_never_has_fewer_points(one, other):
    small, large = sorted((one, other))
    few, many = (fitness.points(Facts(area_m2=m2), ASSUMED)["area"] for m2 in (small, large))

    assert few.central <= many.central


def test_weights_that_are_negative_or_all_zero_are_refused():
    found = fitness.points(Facts(fibre=True), ASSUMED)

    with pytest.raises(BadInput, match="weights_all_zero"):
        fitness.score(found, dict.fromkeys(CRITERIA, 0.0))
    with pytest.raises(BadInput, match="weight_negative"):
        fitness.score(found, DEFAULT | {"fibre": -1.0})

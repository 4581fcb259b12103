"""plan.json: true to its published schema, to the outcome, and to itself."""

import copy
import json
from importlib import resources

import jsonschema
import pytest

from maillage.report.plan import document

SCHEMA = json.loads(
    resources.files("maillage.report").joinpath("plan.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def plan(outcome):
    return document(outcome)


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_plan_obeys_its_schema(plan):
    assert [e.message for e in VALIDATOR.iter_errors(plan)] == []


@pytest.mark.parametrize(
    "path",
    [("territory", "siren"), ("coverage", "range"), ("certificate", "status"), ("money", "unit")],
)
def test_a_plan_without_a_part_breaks_its_schema(plan, path):
    broken = copy.deepcopy(plan)
    del broken[path[0]][path[1]]

    assert not VALIDATOR.is_valid(broken)


def test_an_unknown_tier_breaks_the_schema(plan):
    broken = copy.deepcopy(plan)
    broken["sites"][0]["tier"] = "cafe"

    assert not VALIDATOR.is_valid(broken)


def test_json_has_no_infinity_and_no_not_a_number(plan):
    json.dumps(plan, allow_nan=False)


def test_exactly_three_hubs_one_corpo_and_minis_of_two_or_three_seats(plan):
    tiers = [site["tier"] for site in plan["sites"]]

    assert tiers.count("hub") == 3
    assert tiers.count("corpo") == 1
    assert {s["seats"] for s in plan["sites"] if s["tier"] == "mini"} <= {2, 3}


def test_the_covered_share_is_the_curve_at_the_plan(plan):
    point = next(p for p in plan["curve"] if p["is_plan"])

    assert point["share"] == pytest.approx(plan["coverage"]["population_share_after"], abs=1e-9)
    uncovered = sum(c["inhabitants"] for c in plan["coverage"]["uncovered"])
    assert plan["territory"]["population_in_cells"] - uncovered == point["inhabitants"]


def test_minis_open_after_their_hubs(plan):
    years = {
        tier: [s["opening_year"] for s in plan["sites"] if s["tier"] == tier]
        for tier in ("hub", "mini")
    }

    assert max(years["hub"]) < min(years["mini"])


def test_every_modelled_figure_comes_as_a_range(plan):
    assert plan["coverage"]["range"]["after"]["low"] <= plan["coverage"]["population_share_after"]
    assert plan["money"]["investment"]["low"] < plan["money"]["investment"]["high"]
    assert plan["demand"]["seats_per_day"]["p10"] < plan["demand"]["seats_per_day"]["p90"]
    assert plan["impact"]["curve"][0]["avoided_tco2e"]["low"] < 0

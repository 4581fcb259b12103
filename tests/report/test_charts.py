"""Charts: drawn as SVG with real text, from zero, saying the plan's numbers."""

import re

import pytest

from maillage.report import charts, french

SPECS = {
    "destinations": charts.destinations,
    "bands": charts.distance_bands,
    "publics": charts.demand_by_public,
    "tornado": lambda outcome: charts.tornado(outcome, french.PARAMETERS),
    "curve": charts.coverage_curve,
    "front": charts.euros_curve,
    "payers": charts.payers,
    "carbon": charts.carbon_curve,
}


@pytest.mark.parametrize("name", SPECS)
def test_a_chart_is_drawn_with_real_text_and_no_style_attribute(outcome, name):
    svg = charts.draw(SPECS[name](outcome))

    assert svg.startswith("<svg")
    assert "<text" in svg
    assert not re.search(r'style="|<style|<script', svg)


def test_small_flows_are_an_order_of_magnitude(outcome):
    rows = charts.destinations(outcome)["data"]["values"]

    below = outcome.assumptions.value("flows.order_of_magnitude_below")
    for row in rows:
        if row["workers"] < below:
            assert row["label"] == french.magnitude(row["workers"], below)
    assert french.magnitude(37, below) == "moins de 50"
    assert french.magnitude(150, below) == "de 100 à 200"
    assert french.magnitude(1234, below) == "1\u202f230"


def test_the_bands_hold_everyone(outcome):
    rows = charts.distance_bands(outcome)["data"]["values"]

    assert sum(row["share"] for row in rows) == pytest.approx(1)


def test_the_plan_is_the_one_yellow_point_of_the_curve(outcome):
    rows = charts.coverage_curve(outcome)["data"]["values"]

    minis = sum(site.tier == "mini" for site in outcome.sites)
    assert [row["minis"] for row in rows if row["plan"]] == [minis]


def test_no_network_of_the_plan_s_cost_covers_more_than_the_curve_of_euros(outcome):
    front, _, marked, _ = charts.euros_curve(outcome)["layer"]
    (plan,) = marked["data"]["values"]

    affordable = [p for p in front["data"]["values"] if p["euros"] <= plan["euros"]]
    assert max(p["share"] for p in affordable) >= plan["share"]
    shares = [p["share"] for p in front["data"]["values"]]
    assert shares == sorted(set(shares))


def test_every_uncertain_parameter_of_demand_has_a_label(outcome):
    assert {i.key for i in outcome.demand.influence} == set(french.PARAMETERS)

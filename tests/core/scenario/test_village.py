"""What a place in a village costs: the same search with one rule more, told against the plan."""

from dataclasses import replace

import pytest

from maillage.core import scenario
from maillage.core.bad_input import BadInput
from maillage.core.scenario import NoNetwork
from maillage.core.siting_problem import Choices

# a place there is possible; the plan does without
ARDILLATS, AZOLETTE, AIGUEPERSE, BEAUJEU = "69012", "69016", "69002", "69018"


@pytest.fixture(scope="module")
def ground(outcome):
    return scenario.lay(outcome.territory, outcome.request, outcome.assumptions)


def test_imposing_a_village_gives_what_a_study_that_requires_it_gives(ground, outcome):
    steps = []

    found = scenario.impose(ground, outcome.network, ARDILLATS, steps.append)

    asked = replace(outcome.request, choices=Choices(required_communes=(ARDILLATS,)))
    whole = scenario.evaluate(outcome.territory, asked, outcome.assumptions)
    assert found.network == whole.network
    assert found.is_proved
    assert found.inhabitants == (whole.coverage.inhabitants, outcome.coverage.inhabitants)
    assert found.euros == (whole.least_yearly_cost_eur, outcome.least_yearly_cost_eur)
    now, was = ({s.candidate_id for s in o.network} for o in (whole, outcome))
    assert (set(found.enter), set(found.leave)) == (now - was, was - now)
    assert ground.candidate(found.enter[0]).commune_code == ARDILLATS
    # one more mini-cowork, no cheaper way of keeping everybody
    assert found.is_keeping_proved
    assert found.keeping_euros == found.euros[0] - found.euros[1]
    assert tuple(steps) == scenario.VILLAGE_STEPS[1:]


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (BEAUJEU, "village_served"),
        (AZOLETTE, "village_without_candidate"),
        ("01004", "unknown_commune"),
    ],
)
def test_a_question_without_object_is_refused(ground, outcome, code, refusal):
    with pytest.raises(BadInput) as told:
        scenario.impose(ground, outcome.network, code)

    assert told.value.code == refusal


def test_a_village_that_the_rules_leave_out_is_refused(ground, outcome):
    choices = Choices(forbidden_communes=(ARDILLATS,))
    closed = replace(ground, request=replace(ground.request, choices=choices))

    with pytest.raises(BadInput) as told:
        scenario.refuse_village(closed, outcome.network, ARDILLATS)

    assert told.value.code == "village_forbidden"


def test_a_village_too_far_from_any_hub_has_no_network(ground, outcome):
    with pytest.raises(NoNetwork) as told:
        scenario.impose(ground, outcome.network, AIGUEPERSE)

    assert {r.rule for r in told.value.relaxations} == {"required"}

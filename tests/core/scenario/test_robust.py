"""A network for slower trips: never worse when they are slow, never better when they are not."""

from maillage.core import scenario
from maillage.core.scenario.search import problem_of


def test_the_network_for_slow_trips_holds_more_when_slow_and_costs_some_when_not(outcome):
    ground = scenario.lay(outcome.territory, outcome.request, outcome.assumptions)

    found = scenario.robust(ground, outcome.siting)

    theta = outcome.problem.rules.min_gain_per_mini

    def net(people, plan):
        return people - theta * int(plan.open_sites["mini"].sum())

    assert found.siting.status == "proved"
    assert net(found.when_slow[0], found.siting) >= net(found.when_slow[1], outcome.siting)
    assert net(found.centrally[0], found.siting) <= net(found.centrally[1], outcome.siting)
    assert found.when_slow[0] == problem_of(ground, "low").inhabitants(found.siting.covering)
    assert found.when_slow[0] <= found.centrally[0]


def test_a_study_says_it_only_when_asked_and_its_moves_lead_to_that_network(outcome):
    ground = scenario.lay(outcome.territory, outcome.request, outcome.assumptions)
    found = scenario.robust(ground, outcome.siting)

    moves = scenario.between(outcome.network, found.network)

    assert outcome.robust is None
    reached = scenario.after(ground, outcome.network, moves)
    assert {(s.candidate_id, s.tier, s.seats) for s in reached} == {
        (s.candidate_id, s.tier, s.seats) for s in found.network
    }
    assert moves != ()
    assert scenario.between(outcome.network, outcome.network) == ()

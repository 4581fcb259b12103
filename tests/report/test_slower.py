"""The words of the network for slower trips: said when asked for, honest when there is none."""

from dataclasses import replace

from maillage.core import scenario
from maillage.report import french, slower


def plain(words):
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def test_it_is_silent_unless_asked_and_says_when_no_network_holds(outcome):
    asked = replace(outcome, request=replace(outcome.request, slower_trips=True))

    assert slower.of_outcome(outcome) is None
    assert slower.of_outcome(asked) == slower.Slower(slower.NONE, (), None, ())


def test_it_gives_both_networks_under_both_cases_and_what_prudence_costs(outcome):
    ground = scenario.lay(outcome.territory, outcome.request, outcome.assumptions)
    found = scenario.robust(ground, outcome.siting)
    request = replace(outcome.request, slower_trips=True)

    said = slower.of_outcome(replace(outcome, request=request, robust=found))

    kept = found.when_slow[0] - found.when_slow[1]
    assert plain(said.title).startswith(
        f"Un réseau plus prudent garderait {plain(french.number(kept))} hab"
    )
    _, plan, prudent = zip(*said.table.rows, strict=True)
    assert [c.value for c in prudent] == [
        p[0] for p in (found.centrally, found.when_slow, found.euros)
    ]
    assert [c.value for c in plan] == [
        p[1] for p in (found.centrally, found.when_slow, found.euros)
    ]
    entering = {s.candidate_id for s in found.network} - {s.candidate_id for s in outcome.network}
    names = {c.id: c.name for c in outcome.candidates.anywhere}
    changes = said.lines[0].partition(". Sortent")[0]
    assert all(names[place] in changes for place in entering)
    assert said.lines[-1].startswith("Prouvé")

"""What a tried network says: figures, loss, who gains and loses, the rules it leaves."""

import pytest

from maillage.core import scenario
from maillage.core.scenario import Close, OpenSite, Request, Resize
from maillage.report import french, on_the_way, what_if
from maillage.report.what_if import RULES


@pytest.fixture(scope="module")
def ground(place, assumed):
    return scenario.lay(place, Request(first_year=2027), assumed)


@pytest.fixture(scope="module")
def saved(ground, outcome):
    return scenario.assess(ground, outcome.network)


def tried(ground, outcome, *moves):
    return scenario.assess(ground, scenario.after(ground, outcome.network, moves))


def test_the_figures_of_the_saved_network_are_those_of_the_plan(saved, outcome):
    share, minutes, sites, investment, left, passing = what_if.keys(saved, saved)

    assert share.value == french.share(outcome.coverage.after.central)
    assert share.interval == french.share_between(
        outcome.coverage.after.low, outcome.coverage.after.high
    )
    assert minutes.value == f"{french.number(outcome.coverage.mean_after.central, 1)}\u00a0min"
    seats = sum(site.seats for site in outcome.sites)
    assert (sites.value, sites.unit) == ("11", f"lieux, {french.count(seats, 'place')}")
    assert investment.value == french.planned_euros(outcome.money.investment.central)
    assert left.value == french.planned_euros(outcome.money.mature_year.central)
    assert passing.value == french.number(round(outcome.commuters.central, -1))
    assert passing.interval == on_the_way.between(outcome.commuters)
    assert {key.was for key in (share, minutes, sites, investment, left, passing)} == {""}


def test_a_figure_that_changes_says_what_was_saved(ground, saved, outcome):
    mini = next(s for s in outcome.sites if s.tier == "mini")
    now = tried(ground, outcome, Close(mini.candidate.id))

    share, _minutes, sites, _investment, _left, passing = what_if.keys(now, saved)

    assert passing.was == french.number(round(outcome.commuters.central, -1))
    assert share.was == french.share(outcome.coverage.after.central)
    assert sites.was.startswith("11 ")


def test_the_mean_trip_is_shorter_for_fast_travel_and_weighted_by_inhabitants(saved, place):
    mean = saved.coverage.mean_after
    weights = place.cells["population"].to_list()
    minutes = saved.coverage.minutes_after.tolist()

    assert mean.low < mean.central < mean.high
    by_hand = sum(w * m for w, m in zip(weights, minutes, strict=True)) / sum(weights)
    assert mean.central == pytest.approx(by_hand)


def test_the_loss_is_told_against_as_many_minis(ground, saved, outcome):
    curve = outcome.curve
    minis = [s for s in outcome.sites if s.tier == "mini"]
    moved = tried(ground, outcome, Close(minis[0].candidate.id))

    assert what_if.loss(saved, curve).inhabitants == 0
    assert what_if.loss(saved, curve).text.startswith("Aucune perte")
    lost = what_if.loss(moved, curve)
    six = next(p for p in curve if p.minis == len(minis) - 1)
    assert lost.inhabitants == six.inhabitants - moved.coverage.inhabitants
    assert lost.text.endswith("contre l'optimum prouvé de 6 mini-coworks.")


def test_a_network_out_of_the_rules_may_do_better_and_it_is_said(ground, outcome):
    everywhere = tuple(OpenSite(c.id, "hub", 3) for c in ground.options.anywhere[:20])
    now = scenario.assess(ground, everywhere)

    found = what_if.loss(now, outcome.curve)

    assert found.inhabitants < 0
    assert "s'écarte des règles" in found.text


def test_gains_and_losses_by_commune_add_up_to_the_change(ground, saved, outcome):
    mini = next(s for s in outcome.sites if s.tier == "mini")
    now = tried(ground, outcome, Close(mini.candidate.id))

    (line,) = what_if.changes(now, saved)

    assert line.startswith("Perdent des habitants à 10 minutes : ")
    assert what_if.changes(saved, saved) == ()


def test_every_rule_that_can_be_left_has_its_words(ground, outcome):
    minis = [s.candidate.id for s in outcome.sites if s.tier == "mini"]
    now = tried(ground, outcome, Resize(minis[0], 9))

    (found,) = scenario.broken(ground, now)

    assert what_if.rule(found).endswith(": 9 places, la règle d'un mini-cowork est de 2 à 3.")
    assert set(RULES) == {
        "hubs_count", "minis_count", "required_left_out", "forbidden_used", "existing_closed",
        "commune_budget", "epci_budget", "seats_outside_rule", "premises_too_small",
        "mini_far_from_hubs", "mini_before_its_hub", "mini_without_host",
        "hub_outside_town_centre", "two_hubs_in_a_commune",
    }  # fmt: skip


def test_without_any_site_no_figure_is_invented(ground, saved):
    now = scenario.assess(ground, ())

    share, minutes, sites, _investment, _left, _passing = what_if.keys(now, saved)

    assert sites.value == "0"
    assert what_if.sites(now) == ()
    assert share.value == french.share(now.coverage.after.central)
    assert "inf" not in minutes.value + minutes.interval


def test_the_key_of_a_corporate_space_shares_its_whole_cost(saved, assumed):
    corpo = next(s for s in saved.sites if s.tier == "corpo")
    hub = next(s for s in saved.sites if s.tier == "hub")
    cost = next(c for c in saved.money.sites if c.id == corpo.candidate.id).operation
    share = assumed.value("costs.corpo_employers_share")

    employers, epci = what_if.cost_key(saved, corpo.candidate.id)

    assert f"soit {french.planned_euros(cost.central * share)} par an" in employers
    assert f"soit {french.planned_euros(cost.central * (1 - share))} par an" in epci
    assert what_if.cost_key(saved, hub.candidate.id) == ()


def test_the_sites_say_what_removal_loses(saved, outcome):
    by_id = {site.id: site for site in what_if.sites(saved)}

    for site in outcome.sites:
        lost = None if site.why is None else site.why.lost_if_removed
        assert by_id[site.candidate.id].lost == lost

"""A network moved by hand is judged as if everything had been computed again."""

import random
from dataclasses import replace

import numpy as np
import pytest

from maillage.core import scenario
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Close, Date, Open, OpenSite, Request, Resize, Shift
from maillage.core.siting_problem import Choices
from maillage.core.sources import kept

MOVES = 200
REQUEST = Request(first_year=2027)


@pytest.fixture(scope="module")
def small(place):
    """The territory with few neighbours, whose flows are quick to model."""
    return replace(place, surroundings=place.surroundings.head(60))


@pytest.fixture(scope="module")
def quick(assumed):
    return assumed.with_values({"demand.draws": 100, "impact.draws": 100})


@pytest.fixture(scope="module")
def ground(place, assumed):
    return scenario.lay(place, REQUEST, assumed)


def random_move(ground, network, chance):
    opened = [s.candidate_id for s in network]
    free = [c.id for c in ground.options.anywhere if c.id not in opened]
    kind = chance.choice([Open, Close, Shift, Resize, Date] if len(network) > 2 else [Open])
    return {
        Open: lambda: Open(chance.choice(free), chance.choice(["hub", "mini", "corpo"])),
        Close: lambda: Close(chance.choice(opened)),
        Shift: lambda: Shift(chance.choice(opened), chance.choice(free)),
        Resize: lambda: Resize(chance.choice(opened), chance.randint(1, 30)),
        Date: lambda: Date(chance.choice(opened), chance.randint(2027, 2035)),
    }[kind]()


def comparable(judged):
    """Everything that was computed, without the ground it was computed on."""
    coverage = judged.coverage
    return (
        judged.network,
        judged.sites,
        {name: _plain(value) for name, value in vars(coverage).items()},
        judged.demand,
        judged.money,
        judged.impact,
        judged.commuters,
    )


def _plain(value):
    """Arrays as lists, in mappings too: lists compare."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def test_two_hundred_moves_give_what_a_whole_recomputation_gives(small, quick):
    chance = random.Random(4)  # noqa: S311  (test moves, not secrets)
    ground = scenario.lay(small, REQUEST, quick)
    network = (OpenSite(ground.options.every[0].id, "mini", 2),)
    for _ in range(MOVES):
        network = scenario.after(ground, network, [random_move(ground, network, chance)])
        again = scenario.lay(small, replace(REQUEST, network=network), quick)

        assert comparable(scenario.assess(ground, network)) == comparable(
            scenario.assess(again, network)
        )


def test_coverage_is_that_of_a_cell_by_cell_count(ground, place):
    chance = random.Random(5)  # noqa: S311  (test moves, not secrets)
    network = ()
    central = ground.times["central"]
    for _ in range(40):
        network = scenario.after(ground, network, [random_move(ground, network, chance)])
        numbers = [ground.place(s.candidate_id) for s in network if s.tier != "corpo"]
        people = 0
        for i, inhabitants in enumerate(place.cells["population"]):
            minutes = [central.cells[i, j] for j in numbers] + [central.kept[i]]
            people += inhabitants if min(minutes) <= 10 else 0

        assert scenario.assess(ground, network).coverage.inhabitants == people


def test_the_network_of_a_plan_drawn_by_hand_gives_the_plan_again(outcome, place, assumed):
    drawn = scenario.evaluate(place, replace(REQUEST, network=outcome.network), assumed)

    assert drawn.sites == outcome.sites
    assert drawn.money == outcome.money
    assert drawn.demand == outcome.demand
    assert drawn.curve == outcome.curve
    assert drawn.siting.status == "drawn"
    (stage,) = drawn.siting.stages
    assert stage.objective == stage.bound == outcome.coverage.inhabitants


def test_a_drawn_network_is_compared_with_the_best_of_as_many_minis(outcome, place, assumed):
    mini = next(s for s in outcome.sites if s.tier == "mini")
    less = tuple(s for s in outcome.network if s.candidate_id != mini.candidate.id)

    drawn = scenario.evaluate(place, replace(REQUEST, network=less), assumed)

    (stage,) = drawn.siting.stages
    six = next(p for p in outcome.curve if p.minis == 6)
    assert stage.bound == six.inhabitants
    assert stage.objective == outcome.coverage.inhabitants - mini.why.lost_if_removed


def test_a_place_out_of_the_rules_opens_by_hand_and_leaves_the_optimum_alone(
    outcome, place, assumed, ground
):
    elsewhere = ground.options.others[0]
    more = (*outcome.network, OpenSite(elsewhere.id, "mini", 2))

    drawn = scenario.evaluate(place, replace(REQUEST, network=more), assumed)

    assert elsewhere.id in {s.candidate.id for s in drawn.sites}
    assert drawn.curve == outcome.curve


def test_each_place_out_of_the_rules_is_judged_where_it_stands(outcome, place, assumed, ground):
    """Opening one changes the number of the others: none is judged at the place of another."""
    for elsewhere in ground.options.others:
        more = (*outcome.network, OpenSite(elsewhere.id, "mini", 2))

        drawn = scenario.evaluate(place, replace(REQUEST, network=more), assumed)

        judged = scenario.assess(ground, more)
        assert drawn.coverage.inhabitants == judged.coverage.inhabitants
        assert drawn.commuters == judged.commuters


def test_removal_and_replacement_say_what_the_proved_reasons_say(outcome, ground):
    for site in outcome.sites:
        if site.why is None:
            continue
        found = scenario.here(ground, outcome.network, site.candidate.id)
        lost = scenario.losses(ground, outcome.network)

        assert found.lost_if_removed == site.why.lost_if_removed == lost[site.candidate.id]
        every = ground.options.every
        best = [(every[a.candidate].id, a.loss) for a in site.why.alternatives]
        assert [i.loss for i in found.replacements] == [loss for _, loss in best]


def test_gains_are_those_of_opening_each_place(outcome, ground):
    found = scenario.gains(ground, outcome.network)
    now = outcome.coverage.inhabitants
    for place_id in list(found)[:12]:
        more = (*outcome.network, OpenSite(place_id, "mini", 2))
        assert scenario.assess(ground, more).coverage.inhabitants - now == found[place_id]


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (Close("nowhere"), "unknown_place"),
        (Open("nowhere", "mini"), "unknown_place"),
        (Resize("{site}", 0), "seats_out_of_bounds"),
        (Resize("{site}", 201), "seats_out_of_bounds"),
        (Date("{site}", 2026), "year_out_of_bounds"),
        (Date("{site}", 2058), "year_out_of_bounds"),
        (Open("{free}", "garden"), "unknown_tier"),
        (Close("{free}"), "site_not_open"),
        (Open("{site}", "mini"), "site_already_open"),
        (Shift("{site}", "{other}"), "site_already_open"),
    ],
)
def test_a_move_that_cannot_be_made_is_refused(outcome, ground, move, code):
    taken = {s.candidate_id for s in outcome.network}
    words = {
        "site": outcome.network[0].candidate_id,
        "other": outcome.network[1].candidate_id,
        "free": next(c.id for c in ground.options.anywhere if c.id not in taken),
    }
    named = {k: v.format(**words) if isinstance(v, str) else v for k, v in vars(move).items()}

    with pytest.raises(BadInput) as refusal:
        scenario.after(ground, outcome.network, [type(move)(**named)])

    assert refusal.value.code == code


def codes(ground, network):
    return [b.code for b in scenario.broken(ground, scenario.assess(ground, network))]


def test_the_plan_breaks_no_rule_and_each_departure_is_said(outcome, ground):
    network = outcome.network
    hub, mini = (next(s for s in network if s.tier == tier) for tier in ("hub", "mini"))
    free = next(c.id for c in ground.options.others)

    assert codes(ground, network) == []
    assert codes(ground, scenario.after(ground, network, [Resize(mini.candidate_id, 4)])) == [
        "seats_outside_rule"
    ]
    assert codes(ground, scenario.after(ground, network, [Date(hub.candidate_id, 2030)]))[:1] == [
        "mini_before_its_hub"
    ]
    assert "mini_without_host" in codes(
        ground, scenario.after(ground, network, [Open(free, "mini")])
    )
    assert "hubs_count" in codes(ground, scenario.after(ground, network, [Close(hub.candidate_id)]))


def test_budgets_and_communes_of_the_request_are_watched(place, assumed, outcome):
    names = {s.candidate.commune_code for s in outcome.sites if s.tier == "mini"}
    wanted = next(
        c
        for c in place.communes["commune_code"]
        if c not in {s.candidate.commune_code for s in outcome.sites}
    )
    choices = Choices(
        required_communes=(wanted,),
        forbidden_communes=(sorted(names)[0],),
        minis_max=1,
        commune_budget_eur=1000,
        epci_budget_eur=-10_000_000,
    )
    ground = scenario.lay(place, replace(REQUEST, choices=choices), assumed)

    found = set(codes(ground, outcome.network))

    assert found >= {
        "required_left_out", "forbidden_used", "minis_count", "commune_budget", "epci_budget",
    }  # fmt: skip


def test_a_network_without_any_site_is_judged_too(ground):
    judged = scenario.assess(ground, ())

    assert judged.sites == ()
    assert np.array_equal(judged.coverage.minutes_after, ground.times["central"].kept)
    assert judged.money.investment.high == 0


def test_tables_come_back_from_their_archive_as_they_were(place, assumed, outcome):
    from maillage.core import territory

    data = kept.to_bytes(place.tables)

    assert kept.to_bytes(kept.from_bytes(data)) == data
    again = territory.assemble(kept.from_bytes(data), assumed)
    ground = scenario.lay(again, REQUEST, assumed)
    assert scenario.assess(ground, outcome.network).sites == tuple(
        replace(s, why=None) for s in outcome.sites
    )

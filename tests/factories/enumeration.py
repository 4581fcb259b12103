"""Every network that obeys the rules of a small problem, and what it is worth: brute force."""

from collections import defaultdict, deque
from itertools import product

import numpy as np

from maillage.core.siting import NetworkProblem

CLOSED = (None, 0)


def lawful_networks(problem: NetworkProblem):
    """Every network that obeys the rules, by enumeration: per site, its tier and its seats."""
    choices = []
    for j in range(problem.sites):
        options = [CLOSED]
        for tier in ("hub", "mini"):
            if problem.may_hold[tier][j] and j not in problem.rules.forbidden:
                sizes = range(problem.seats_min[tier][j], problem.seats_max[tier][j] + 1)
                options += [(tier, seats) for seats in sizes]
        choices.append(options)
    return (network for network in product(*choices) if is_lawful(problem, network))


def is_lawful(problem: NetworkProblem, network) -> bool:
    rules = problem.rules
    hubs = [j for j, (tier, _) in enumerate(network) if tier == "hub"]
    minis = [j for j, (tier, _) in enumerate(network) if tier == "mini"]
    spent = sum(euros_of(problem.investment, j, *site) for j, site in enumerate(network) if site[0])
    return (
        rules.hubs[0] <= len(hubs) <= rules.hubs[1]
        and (rules.minis_max is None or len(minis) <= rules.minis_max)
        and all(any(problem.links[j, hub] for hub in hubs) for j in minis)
        and all(any(network[j][0] for j in group) for group in rules.required)
        and (rules.commune_budget_eur is None or spent <= rules.commune_budget_eur * problem.sites)
    )


def euros_of(amounts, j, tier, seats) -> int:
    return int(amounts[tier].fixed[j] + amounts[tier].per_seat[j] * seats)


def value_of(problem: NetworkProblem, network) -> tuple[int, float, int, int]:
    """The four objectives of a network, each to be as large as possible."""
    opened = _opened(network)
    allowed = [
        j
        for j in range(problem.sites)
        if j not in problem.rules.forbidden
        and (problem.may_hold["hub"][j] or problem.may_hold["mini"][j])
    ]
    covered = problem.covered_today | problem.near[:, opened].any(axis=1)
    reachable = problem.covered_today | problem.near[:, allowed].any(axis=1)
    shares = [
        problem.weight[inside & covered].sum() / problem.weight[inside].sum()
        for c in np.unique(problem.commune)
        if (inside := problem.commune == c).any() and (inside & reachable).any()
    ]
    served = sum(
        int(weight) * largest_flow(problem, network, wanted)
        for weight, wanted in zip(problem.probability, problem.demand, strict=True)
    )
    intercepted = problem.passes[:, opened].any(axis=1)
    served += int(problem.probability.sum()) * int(problem.passing[intercepted].sum())
    cost = sum(euros_of(problem.yearly_cost, j, *site) for j, site in enumerate(network) if site[0])
    return coverage_of(problem, network), min(shares, default=0.0), served, -cost


def coverage_of(problem: NetworkProblem, network) -> int:
    """The first of them alone: no flow to compute."""
    covered = problem.covered_today | problem.near[:, _opened(network)].any(axis=1)
    minis = sum(tier == "mini" for tier, _ in network)
    return int(problem.weight[covered].sum()) - problem.rules.min_gain_per_mini * minis


def _opened(network) -> np.ndarray:
    return np.array([tier is not None for tier, _ in network])


def largest_flow(problem: NetworkProblem, network, wanted) -> int:
    """Seats used at most, in thousandths: augmenting paths from cells to sites."""
    cells, sites = len(wanted), problem.sites
    source, sink = cells + sites, cells + sites + 1
    room = {}
    for i in range(cells):
        room[source, i] = int(wanted[i])
        for j, (tier, _) in enumerate(network):
            reach = {"hub": problem.hub_near, "mini": problem.near}.get(tier)
            if reach is not None and reach[i, j]:
                room[i, cells + j] = int(wanted[i])
    for j, (_, seats) in enumerate(network):
        room[cells + j, sink] = 1000 * seats
    beside = defaultdict(list)
    for a, b in list(room):
        room[b, a] = 0
        beside[a].append(b)
        beside[b].append(a)
    total = 0
    while path := augmenting_path(room, beside, source, sink):
        step = min(room[edge] for edge in path)
        for a, b in path:
            room[a, b] -= step
            room[b, a] += step
        total += step
    return total


def augmenting_path(room, beside, source, sink):
    came_from, queue = {source: None}, deque([source])
    while queue and sink not in came_from:
        here = queue.popleft()
        for other in beside[here]:
            if room[here, other] > 0 and other not in came_from:
                came_from[other] = here
                queue.append(other)
    path, here = [], sink
    while came_from.get(here) is not None:
        path.append((came_from[here], here))
        here = came_from[here]
    return path[::-1] if here == source and path else None

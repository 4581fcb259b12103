"""The bound of a choice of sites by Lagrange multipliers, and the multipliers that tighten it.

With 0 <= u_i <= w_i on "an origin is covered only if one of its sites opens", the weight covered
by p sites is at most

    sum_i (w_i - u_i) + the sum of the greatest rho_j,   rho_j = sum over the i near j of u_i

over the allowed sites up to p, those that must open included, quotas respected. Whatever u, the
bound is true.

Source: Galvao and ReVelle, EJOR 88 (1996); steps of Polyak deflected as in Camerini, Fratta and
Maffioli (1975).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled
from maillage.core.siting.cover.swap import Flags, Table
from maillage.core.siting.inputs import Numbers

States = NDArray[np.int8]
FREE, OPEN, CLOSED = 0, 1, -1

# Half the step after so many rounds without a better bound; a step this short helps no more
_PATIENCE = 12
_SHORTEST = 1e-4
# share of the last direction kept where it points against the new one
_DEFLECTION = 1.5
# weight of the newest choice in the average of choices
_NEWEST = 0.1


class Dual(NamedTuple):
    """Where the descent stands.

    u      [r] the multipliers of the best bound
    often  [j] how often each site was chosen of late, 0 to 1
    best   [j] the best choice met
    """

    u: Numbers
    often: Numbers
    best: Flags


@compiled
def rewards(table: Table, u: Numbers, state: States) -> Numbers:
    """What each site takes from the multipliers [j], -1 where it is closed."""
    rho = np.empty(len(state))
    for j in range(len(state)):
        if state[j] == CLOSED:
            rho[j] = -1.0
            continue
        total = 0.0
        for k in range(table.of_site[j], table.of_site[j + 1]):
            total += u[table.pattern[k]]
        rho[j] = total
    return rho


@compiled
def chosen(table: Table, rho: Numbers, state: States) -> NDArray[np.int64]:
    """The sites of greatest reward, up to p: those that must open first, quotas respected."""
    left = table.most.copy()
    found = np.empty(table.p, np.int64)
    count = 0
    for j in range(len(state)):
        if state[j] == OPEN:
            found[count] = j
            left[table.group[j]] -= 1
            count += 1
    order = np.argsort(rho)
    for k in range(len(order) - 1, -1, -1):
        j = order[k]
        if count == table.p or state[j] == CLOSED:
            break
        if state[j] == FREE and left[table.group[j]] > 0:
            found[count] = j
            left[table.group[j]] -= 1
            count += 1
    return found[:count]


@compiled
def bound_at(table: Table, u: Numbers, state: States) -> float:
    """The bound of the given multipliers."""
    rho = rewards(table, u, state)
    total = (table.weight - u).sum()
    for j in chosen(table, rho, state):
        total += rho[j]
    return float(total)


@compiled
def completed(table: Table, state: States) -> Numbers:
    """Multipliers exact when at most one site is left to choose: the weight not yet covered."""
    u = table.weight.copy()
    for j in range(len(state)):
        if state[j] == OPEN:
            for k in range(table.of_site[j], table.of_site[j + 1]):
                u[table.pattern[k]] = 0.0
    return u


@compiled
def descend(
    table: Table, state: States, dual: Dual, needed: float, goal: float, rounds: int
) -> tuple[float, float]:
    """Better multipliers: the best bound and the best value met, `dual` kept up to date.

    needed  stop below this bound, or at a choice worth as much
    goal    value that the steps aim at
    """
    patterns = len(table.weight)
    u = dual.u.copy()
    last = np.zeros(patterns)
    step = np.empty(patterns)
    times = np.empty(patterns, np.int32)
    bound, value, length, idle = np.inf, -1.0, 1.0, 0
    for _ in range(rounds):
        rho = rewards(table, u, state)
        sites = chosen(table, rho, state)
        times[:] = 0
        here = 0.0
        dual.often[:] *= 1 - _NEWEST
        for j in sites:
            here += rho[j]
            dual.often[j] += _NEWEST
            for k in range(table.of_site[j], table.of_site[j + 1]):
                times[table.pattern[k]] += 1
        covers = 0.0
        for r in range(patterns):
            here += table.weight[r] - u[r]
            if times[r] > 0:
                covers += table.weight[r]
        if covers > value:
            value = covers
            dual.best[:] = False
            dual.best[sites] = True
        idle += 1
        if here < bound:
            idle = idle if here > bound - 1e-4 * (bound - goal) else 0
            bound = here
            dual.u[:] = u
        if bound < needed or value >= needed or length < _SHORTEST:
            break
        if idle >= _PATIENCE:
            idle, length = 0, length / 2
            u[:] = dual.u
        across, along = 0.0, 0.0
        for r in range(patterns):
            slope = times[r] - 1.0
            if (slope > 0 and u[r] <= 0) or (slope < 0 and u[r] >= table.weight[r]):
                slope = 0.0
            step[r] = slope
            across += table.weight[r] * slope * last[r]
            along += table.weight[r] * last[r] * last[r]
        kept = -_DEFLECTION * across / along if across < 0 else 0.0
        norm = 0.0
        for r in range(patterns):
            last[r] = step[r] + kept * last[r]
            norm += table.weight[r] * last[r] * last[r]
        if norm == 0:
            break
        move = length * max(here - goal, 0.0) / norm
        for r in range(patterns):
            # heavy patterns move further: as a share of their weight, all move alike
            change = move * table.weight[r] * last[r]
            u[r] = min(max(u[r] - change, 0.0), table.weight[r])
    return bound, value

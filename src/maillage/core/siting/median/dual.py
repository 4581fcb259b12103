"""The Lagrangian bound: relax "each origin has one site", pay multipliers u for it.

For multipliers u, a site is worth rho_j = sum_i min(0, c_ij - u_i), and no choice of p sites costs
less than L(u) = sum_i u_i + the p smallest rho. Only the arcs with c_ij < u_i count: a short
beginning of each origin's list when sorted.

source  Cornuejols, Fisher, Nemhauser 1977; deflected steps: Camerini, Fratta, Maffioli 1975
"""

import numpy as np
from numpy.typing import NDArray

from maillage.core.compiled import compiled

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Short = NDArray[np.int32]
States = NDArray[np.int8]

FREE, OPEN, CLOSED = 0, 1, -1


@compiled
def worths(start: Indices, site: Short, cost: Numbers, u: Numbers, rho: Numbers) -> None:
    """Fill rho [j] for multipliers u [i].

    start, site, cost  the arcs of each origin, cheapest first: those of i are start[i]:start[i + 1]
    """
    rho[:] = 0.0
    for i in range(u.size):
        ui = u[i]
        for a in range(start[i], start[i + 1]):
            d = cost[a] - ui
            if d >= 0.0:
                break
            rho[site[a]] += d


@compiled
def choose(
    rho: Numbers, state: States, p: int, group: Indices, most: Indices, is_chosen: NDArray[np.bool_]
) -> float:
    """Choose the p best sites that the states and the quotas allow; the sum of their rho.

    returns inf when p sites cannot be chosen
    """
    m = rho.size
    room = most.copy()
    total = 0.0
    left = p
    free = np.empty(m, np.int64)
    count = 0
    for j in range(m):
        is_chosen[j] = state[j] == OPEN
        if state[j] == OPEN:
            total += rho[j]
            left -= 1
            room[group[j]] -= 1
        elif state[j] == FREE:
            free[count] = j
            count += 1
    if left < 0 or left > count or room.min() < 0:
        return np.inf
    free = free[:count]
    if room.size > 1:
        free = free[np.argsort(rho[free])]
    else:
        _smallest_first(rho, free, left)
    for k in range(count):
        if left == 0:
            break
        j = free[k]
        if room[group[j]] > 0:
            room[group[j]] -= 1
            is_chosen[j] = True
            total += rho[j]
            left -= 1
    return total if left == 0 else np.inf


@compiled
def _smallest_first(rho: Numbers, index: Indices, count: int) -> None:
    """Put the `count` smallest in front, in any order (quickselect)."""
    low, high = 0, index.size - 1
    while low < high:
        pivot = rho[index[(low + high) // 2]]
        a, b = low, high
        while a <= b:
            while rho[index[a]] < pivot:
                a += 1
            while rho[index[b]] > pivot:
                b -= 1
            if a <= b:
                index[a], index[b] = index[b], index[a]
                a += 1
                b -= 1
        if count <= b + 1:
            high = b
        elif count > a:
            low = a
        else:
            return


@compiled
def climb(
    start: Indices,
    site: Short,
    cost: Numbers,
    floor: Numbers,
    ceiling: Numbers,
    state: States,
    p: int,
    group: Indices,
    most: Indices,
    u: Numbers,
    heading: Numbers,
    often: Numbers,
    target: float,
    aim: float,
    scale: float,
    patience: int,
    rounds: int,
) -> tuple[float, float, int]:
    """Climb from multipliers u by deflected subgradient steps; u becomes the best found.

    floor, ceiling  [i] where multipliers stay
    heading         [i] the direction kept from one call to the next
    often           [j] how often each site was chosen of late (0-1), updated
    target          stop once the bound reaches this
    aim             value that the step length aims at
    scale           step length, halved after `patience` rounds without gain
    returns         best bound, scale at the end, rounds done
    """
    n = u.size
    m = state.size
    rho = np.empty(m)
    is_chosen = np.zeros(m, np.bool_)
    here = u.copy()
    best = -np.inf
    idle = 0
    done = 0
    for _ in range(rounds):
        done += 1
        total = choose_at(start, site, cost, here, state, p, group, most, rho, is_chosen)
        if total > best:
            if total > best + 1e-7 * abs(best):
                idle = 0
            best = total
            u[:] = here
            if best >= target:
                break
        else:
            idle += 1
        if idle >= patience:
            scale *= 0.6
            idle = 0
            here[:] = u
            heading[:] = 0.0
            total = choose_at(start, site, cost, here, state, p, group, most, rho, is_chosen)
        for j in range(m):
            often[j] += 0.05 * ((1.0 if is_chosen[j] else 0.0) - often[j])
        norm = 0.0
        for i in range(n):
            g = 1.0
            ui = here[i]
            for a in range(start[i], start[i + 1]):
                if cost[a] >= ui:
                    break
                if is_chosen[site[a]]:
                    g -= 1.0
            if (g < 0.0 and ui <= floor[i]) or (g > 0.0 and ui >= ceiling[i]):
                g = 0.0
            heading[i] = 0.6 * heading[i] + g
            norm += heading[i] * heading[i]
        if norm == 0.0:
            break
        step = scale * (aim - total) / norm
        for i in range(n):
            here[i] = min(max(here[i] + step * heading[i], floor[i]), ceiling[i])
    return best, scale, done


@compiled
def choose_at(
    start: Indices,
    site: Short,
    cost: Numbers,
    u: Numbers,
    state: States,
    p: int,
    group: Indices,
    most: Indices,
    rho: Numbers,
    is_chosen: NDArray[np.bool_],
) -> float:
    """The bound L(u), with the worths and the choice that give it."""
    worths(start, site, cost, u, rho)
    return u.sum() + choose(rho, state, p, group, most, is_chosen)


@compiled
def fixings(
    rho: Numbers,
    is_chosen: NDArray[np.bool_],
    state: States,
    group: Indices,
    most: Indices,
    bound: float,
    cutoff: float,
    loss: Numbers,
) -> int:
    """Decide each free site whose other case is bounded by `cutoff` or more; their number.

    state  [j] updated
    loss   [j] filled with what the bound gains when the choice about a free site is turned over
    """
    m = rho.size
    room = most.copy()
    cheapest = np.full(most.size, np.inf)
    dearest = np.full(most.size, -np.inf)
    for j in range(m):
        if is_chosen[j]:
            room[group[j]] -= 1
        if state[j] != FREE:
            continue
        c = group[j]
        if is_chosen[j]:
            dearest[c] = max(dearest[c], rho[j])
        else:
            cheapest[c] = min(cheapest[c], rho[j])
    least = np.inf
    for c in range(most.size):
        if room[c] > 0:
            least = min(least, cheapest[c])
    greatest = dearest.max()
    count = 0
    for j in range(m):
        loss[j] = 0.0
        if state[j] != FREE:
            continue
        c = group[j]
        if is_chosen[j]:
            loss[j] = min(least, cheapest[c]) - rho[j]
        else:
            loss[j] = rho[j] - (greatest if room[c] > 0 else dearest[c])
        if bound + loss[j] >= cutoff:
            state[j] = OPEN if is_chosen[j] else CLOSED
            count += 1
    return count

"""The certificate of a three-tier plan: its instance, its sites, who sits where, its bounds.

method  docs/method/certificates.md
"""

import numpy as np
from numpy.typing import NDArray

from maillage.core.siting import archive
from maillage.core.siting.archive import Arrays, Header
from maillage.core.siting.plan import Siting
from maillage.core.siting.problem import SEAT_SCALE, TIERS, NetworkProblem
from maillage.core.siting.solution import Shares
from maillage.core.siting.solver import INFINITY, Model, maximise

CERTIFIED = ("proved", "gap")


def certify_network(problem: NetworkProblem, siting: Siting) -> dict[str, bytes]:
    """The files `certificate.npz` and `instance.npz`, as bytes by name.

    Nothing for a plan that was not searched for: nothing is proved of it.
    """
    if siting.status not in CERTIFIED:
        return {}
    return archive.files(_asked(problem), _answered(problem, siting))


def _asked(problem: NetworkProblem) -> tuple[Header, Arrays]:
    rules = problem.rules
    header: Header = {
        "kind": "network",
        "origins": len(problem.weight),
        "sites": problem.sites,
        "hubs_min": rules.hubs[0],
        "hubs_max": rules.hubs[1],
        "corpos_min": rules.corpos[0],
        "corpos_max": rules.corpos[1],
        "minis_max": rules.minis_max,
        "min_gain_per_mini": rules.min_gain_per_mini,
        "commune_budget_eur": rules.commune_budget_eur,
        "epci_budget_eur": rules.epci_budget_eur,
    }
    groups = [_flags(group, problem.sites) for group in rules.required]
    arrays: dict[str, NDArray[np.generic]] = {
        "forbidden": _flags(rules.forbidden, problem.sites),
        "required": np.array(groups, dtype=np.bool_).reshape(-1, problem.sites),
        "may_hold": np.array([problem.may_hold[t] for t in TIERS]),
        "income_eur": problem.income_eur.astype(np.float64),
    }
    for name in ("near", "hub_near", "links", "covered_today", "passes"):
        arrays[name] = getattr(problem, name)
    for name in ("weight", "commune", "candidate_commune", "demand", "probability", "passing"):
        arrays[name] = getattr(problem, name).astype(np.int64)
    for name in ("seats_min", "seats_max"):
        arrays[name] = np.array([getattr(problem, name)[t] for t in TIERS], dtype=np.int64)
    euros = {"investment": problem.investment, "operation": problem.operation}
    for name, amounts in (euros | {"yearly": problem.yearly_cost}).items():
        arrays[f"{name}_fixed"] = np.array([amounts[t].fixed for t in TIERS], dtype=np.int64)
        arrays[f"{name}_per_seat"] = np.array([amounts[t].per_seat for t in TIERS], dtype=np.int64)
    return header, arrays


def _flags(sites: frozenset[int], count: int) -> NDArray[np.bool_]:
    flags = np.zeros(count, dtype=np.bool_)
    flags[list(sites)] = True
    return flags


def _answered(problem: NetworkProblem, siting: Siting) -> tuple[Header, Arrays]:
    stages = [
        {"name": s.name, "objective": float(s.objective), "bound": float(s.bound)}
        for s in siting.stages
    ]
    tier = np.full(problem.sites, -1)
    for number, name in enumerate(TIERS):
        tier[siting.open_sites[name]] = number
    seated = [_seated(problem, siting, s) for s in range(len(problem.demand))]
    scenario = np.repeat(np.arange(len(seated)), [len(shares.origin) for shares in seated])
    return {"kind": "network", "status": siting.status, "method": "solver", "stages": stages}, {
        "tier": tier.astype(np.int64),
        "seats": siting.seats.astype(np.int64),
        "share_scenario": scenario.astype(np.int64),
        "share_cell": np.concatenate([shares.origin for shares in seated]),
        "share_site": np.concatenate([shares.site for shares in seated]),
        "share_amount": np.concatenate([shares.amount for shares in seated]),
    }


def _seated(problem: NetworkProblem, siting: Siting, scenario: int) -> Shares:
    """Who sits where in one scenario, in thousandths of a seat: as many at each site as planned.

    Cells that the same open sites may seat are one group, shared out by their demand.
    """
    sites = np.flatnonzero(siting.covering)
    reach = _reach(problem, siting)[:, sites]
    signature, group = np.unique(reach, axis=0, return_inverse=True)
    demand = problem.demand[scenario].astype(np.float64)
    wanted = np.bincount(group, demand, minlength=len(signature))
    used = np.minimum(siting.served[scenario], siting.seats)[sites] * SEAT_SCALE
    of_group, of_site, amount = _shared_out(signature, wanted, used)
    part = np.divide(demand, wanted[group], out=np.zeros_like(demand), where=demand > 0)
    rows = [np.flatnonzero((group == g) & (demand > 0)) for g in of_group]
    counts = [len(cells) for cells in rows]
    cell = np.concatenate([*rows, np.zeros(0, np.int64)])
    return Shares(cell, np.repeat(sites[of_site], counts), np.repeat(amount, counts) * part[cell])


def _reach(problem: NetworkProblem, siting: Siting) -> NDArray[np.bool_]:
    """Who may sit where [i, j], among the open sites."""
    near = problem.near & problem.may_hold["mini"]
    return np.asarray(near & siting.covering | problem.hub_near & siting.open_sites["hub"][None, :])


def _shared_out(
    reach: NDArray[np.bool_], wanted: NDArray[np.float64], used: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Amounts from groups to sites that fill every site as said: a small transport problem."""
    group, site = np.nonzero(reach)
    model = Model()
    columns = np.array(model.add_columns(len(group), upper=float(wanted.max(initial=0.0))))
    limits = [(columns[group == g], wanted[g]) for g in range(len(wanted))]
    limits += [(columns[site == j], used[j]) for j in range(len(used))]
    for members, most in limits:
        model.add_row(members.tolist(), [1.0] * len(members), -INFINITY, float(most))
    amount = maximise(model, dict.fromkeys(columns.tolist(), 1.0)).values
    keep = amount > 0
    return group[keep], site[keep], amount[keep]

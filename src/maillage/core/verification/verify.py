"""The whole verification of a certificate against its instance."""

from typing import BinaryIO

import numpy as np

from maillage.core.verification import network
from maillage.core.verification.archive import Archive, read
from maillage.core.verification.bounds import Relaxed, is_whole, least, relaxed
from maillage.core.verification.feasibility import opened, value_of
from maillage.core.verification.question import KINDS, MAXIMISED, SUMS, Question, question
from maillage.core.verification.verdict import GAP, PROVED, SOLVER, WRONG, Verdict, Wrong

# what rounding may take from the bound of a problem in whole numbers
ROUNDING = 1e-6


def verify(certificate: BinaryIO, instance: BinaryIO) -> Verdict:
    """What a certificate is worth, everything recomputed from the instance.

    Never raises for what the files hold: a file that cannot be believed is a verdict "wrong".
    method  docs/method/certificates.md
    """
    kind = ""
    try:
        asked = read(instance, "instance")
        given = read(certificate, "certificate")
        kind = asked.text("kind")
        if given.text("kind") != kind or kind not in (*KINDS, network.KIND):
            raise Wrong("other_kind")
        if given.text("instance") != asked.digest:
            raise Wrong("digest")
        if kind == network.KIND:
            return network.verify(given, asked)
        return _location(given, question(asked))
    except Wrong as wrong:
        return Verdict(WRONG, kind, reason=wrong.reason, facts=wrong.facts)
    except MemoryError:
        return Verdict(WRONG, kind, reason="too_large", facts={"file": "instance"})


def _location(certificate: Archive, asked: Question) -> Verdict:
    is_open = opened(asked, certificate)
    value = value_of(asked, certificate, is_open)
    slack = asked.tolerance * max(1.0, abs(value))
    stated, bound = certificate.number("objective"), certificate.number("bound")
    if abs(stated - value) > slack:
        raise Wrong("objective_misstated", stated=stated, found=value)
    is_met = abs(bound - value) <= slack
    if (certificate.text("status") == PROVED) != is_met:
        raise Wrong("status_misstated")
    by_solver = _is_by_solver(certificate)
    limit = _limit(asked, certificate, value, bound)
    for most in (value,) if by_solver else (value, limit):
        if _as_cost(asked, bound) > _as_cost(asked, most) + slack:
            raise Wrong("bound_misstated", stated=bound, found=most)
    gap = abs(limit - value) / max(1.0, abs(value))
    status = GAP
    if gap <= asked.tolerance:
        status, gap = PROVED, 0.0
    elif by_solver and is_met:
        status = SOLVER
    return Verdict(status, asked.kind, value, limit, bound, gap, int(is_open.sum()))


def _is_by_solver(certificate: Archive) -> bool:
    method = certificate.text("method")
    if method not in ("multipliers", "solver"):
        raise Wrong("header", file="certificate", name="method")
    return method == "solver"


def _limit(asked: Question, certificate: Archive, value: float, stated: float) -> float:
    """What no choice can pass, recomputed: from the multipliers, or every site open at once."""
    u = certificate.array("multipliers", "<f8", (-1, -1))
    tree = certificate.array("tree", "<i4", (-1,))
    if _is_by_solver(certificate) and len(u) == 0:
        return _all_open(asked)
    if u.shape[1] != asked.origins:
        raise Wrong("multipliers")
    found: Relaxed = relaxed(asked, u, below=stated)
    bound = least(asked, found, tree)
    if asked.kind == "p_center":
        # no choice of p sites has everybody nearer than the bound stated
        assert asked.p is not None  # noqa: S101
        return stated if bound > asked.p + SUMS else _all_open(asked)
    bound = min(bound, _as_cost(asked, value))
    if is_whole(asked) and bound > _as_cost(asked, value) - 1 + ROUNDING:
        bound = _as_cost(asked, value)
    elif is_whole(asked):
        bound = float(np.ceil(bound - ROUNDING))
    return -bound if asked.kind in MAXIMISED else bound


def _as_cost(asked: Question, value: float) -> float:
    return -value if asked.kind in MAXIMISED else value


def _all_open(asked: Question) -> float:
    """What every allowed site open at once is worth: no choice does better."""
    if asked.kind == "set_cover":
        return float(asked.price[asked.fixed].sum())
    sign = -1.0 if asked.kind == "max_benefit" else 1.0
    best = np.full(asked.origins, np.inf)
    for arcs in asked.arcs():
        keep = arcs.kept(~asked.forbidden[arcs.site])
        np.minimum.at(best, keep.origin, sign * keep.value)
    if asked.kind == "p_center":
        return float(best.max())
    counts = np.isfinite(best) & (asked.weight > 0)
    if asked.within is not None:
        return float(asked.weight[counts].sum())
    return float((asked.weight[counts] * np.abs(best[counts])).sum())

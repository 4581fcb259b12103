"""Are the sites allowed, is everybody served as said, and what does it cost?"""

from dataclasses import dataclass

import numpy as np

from maillage.core.verification.archive import Archive
from maillage.core.verification.question import (
    CAPACITATED,
    SHARED,
    SUMS,
    Flags,
    Numbers,
    Question,
    Whole,
)
from maillage.core.verification.verdict import Wrong


@dataclass(frozen=True)
class Service:
    """Which site serves which origin, how much of it: one row per part.

    origin, site  [n]
    amount        [n] units of demand, or 1 where a site serves an origin whole
    """

    origin: Whole
    site: Whole
    amount: Numbers


def opened(question: Question, certificate: Archive) -> Flags:
    """The open sites [j], once every rule about them holds. Raises Wrong."""
    sites = certificate.array("open_sites", "<i8", (-1,))
    in_range = sites.min(initial=0) >= 0 and sites.max(initial=-1) < question.sites
    if not in_range or (np.diff(sites) <= 0).any():
        raise Wrong("open_sites")
    is_open = np.zeros(question.sites, dtype=np.bool_)
    is_open[sites] = True
    if question.p is not None and len(sites) != question.p:
        raise Wrong("count_of_sites", given=len(sites), asked=question.p)
    for flags, reason in ((is_open & question.forbidden, "forbidden_open"),
                          (question.fixed & ~is_open, "fixed_closed")):  # fmt: skip
        if flags.any():
            raise Wrong(reason, site=int(np.argmax(flags)))
    count = np.bincount(question.group[is_open], minlength=len(question.most))
    if (count > question.most).any():
        raise Wrong("quota_broken", group=int(np.argmax(count > question.most)))
    total = float(question.spent[is_open].sum())
    if total > question.budget * (1 + SUMS):
        raise Wrong("budget_broken", spent=total, budget=question.budget)
    return is_open


def value_of(question: Question, certificate: Archive, is_open: Flags) -> float:
    """What the open sites are worth, everything recomputed. Raises Wrong."""
    service = _service(question, certificate)
    if not is_open[service.site].all():
        raise Wrong("closed_site_used", site=int(service.site[np.argmin(is_open[service.site])]))
    value = _values(question, service)
    if question.kind == "p_center":
        return float(value.max(initial=0.0))
    if question.kind == "set_cover":
        _refuse_uncovered(question, is_open)
        return float(question.price[is_open].sum())
    weight = service.amount
    if question.kind not in CAPACITATED:
        weight = question.weight[service.origin]
    return float(weight.sum() if question.within is not None else (weight * value).sum())


def _service(question: Question, certificate: Archive) -> Service:
    """Who goes where. Raises Wrong where somebody is left out who must not be."""
    if question.capacity is not None:
        return _shares(question, certificate, question.capacity)
    assignment = certificate.array("assignment", "<i8", (question.origins,))
    if assignment.min(initial=0) < -1 or assignment.max(initial=-1) >= question.sites:
        raise Wrong("assignment")
    origin = np.flatnonzero(assignment >= 0)
    left_out = assignment < 0
    if question.kind == "p_median":
        # an origin without weight counts nowhere
        left_out &= question.weight > 0
    if question.kind in ("p_median", "p_center", "set_cover") and left_out.any():
        raise Wrong("origin_unserved", origin=int(np.argmax(left_out)))
    return Service(origin, assignment[origin], np.ones(len(origin)))


def _shares(question: Question, certificate: Archive, capacity: Numbers) -> Service:
    origin = certificate.array("share_origin", "<i8", (-1,))
    site = certificate.array("share_site", "<i8", origin.shape)
    amount = certificate.array("share_amount", "<f8", origin.shape)
    is_known = (origin >= 0) & (origin < question.origins) & (site >= 0) & (site < question.sites)
    pairs = origin * question.sites + site
    if not is_known.all() or len(np.unique(pairs)) < len(pairs):
        raise Wrong("assignment")
    if not np.isfinite(amount).all() or amount.min(initial=0.0) < 0:
        raise Wrong("assignment")
    served = np.bincount(origin, amount, minlength=question.origins)
    slack = SHARED * (1.0 + question.weight)
    is_short = question.kind == "capacitated_p_median" and served < question.weight - slack
    off = (served > question.weight + slack) | is_short
    if off.any():
        raise Wrong("demand_misserved", origin=int(np.argmax(off)))
    used = np.bincount(site, amount, minlength=question.sites)
    over = used > capacity + SHARED * (1.0 + capacity)
    if over.any():
        raise Wrong("capacity_broken", site=int(np.argmax(over)))
    return Service(origin, site, amount)


def _values(question: Question, service: Service) -> Numbers:
    """The cost or benefit of each part. Raises Wrong for a site out of reach of its origin."""
    key = service.origin * question.sites + service.site
    order = np.argsort(key)
    ordered = key[order]
    found = np.full(len(key), np.nan)
    for arcs in question.arcs():
        pair = arcs.origin * question.sites + arcs.site
        place = np.searchsorted(ordered, pair)
        hit = place < len(ordered)
        hit[hit] = ordered[place[hit]] == pair[hit]
        found[order[place[hit]]] = arcs.value[hit]
    out = np.isnan(found)
    if question.kind == "max_benefit":
        # a pair that the instance does not name brings nothing
        found[out] = 0.0
    elif out.any():
        row = int(np.argmax(out))
        raise Wrong("out_of_reach", origin=int(service.origin[row]), site=int(service.site[row]))
    return found


def _refuse_uncovered(question: Question, is_open: Flags) -> None:
    count = np.zeros(question.origins)
    for arcs in question.arcs():
        count += np.bincount(arcs.origin[is_open[arcs.site]], minlength=question.origins)
    if (count < question.times).any():
        raise Wrong("origin_unserved", origin=int(np.argmax(count < question.times)))

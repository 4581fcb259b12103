"""One site of any network: who depends on it, and what would replace it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.core.scenario.assess import COVERING
from maillage.core.scenario.ground import Ground
from maillage.core.scenario.request import Network, OpenSite


@dataclass(frozen=True)
class Instead:
    """Another place for a site, the others unchanged.

    loss  inhabitants fewer within reach; negative when more are
    """

    place: str
    loss: int


@dataclass(frozen=True)
class Here:
    """A site under a network.

    lost_if_removed  inhabitants beyond reach without it, the others unchanged
    replacements     places of the same tier, the least loss first
    """

    lost_if_removed: int
    replacements: tuple[Instead, ...]


def here(ground: Ground, network: Network, place: str, *, most: int = 5) -> Here:
    """What a site brings, by removal and by replacement; a corporate space covers nobody.

    most  how many replacements to keep
    """
    site = next(s for s in network if s.candidate_id == place)
    if site.tier not in COVERING:
        return Here(0, ())
    left = _covered(ground, tuple(s for s in network if s is not site))
    weight = ground.weight
    without = int(weight[left].sum())
    gains = _gains(ground, left)
    now = without + int(gains[ground.place(place)])
    taken = {s.candidate_id for s in network}
    found = [
        Instead(candidate.id, now - without - int(gains[j]))
        for j, candidate in enumerate(ground.options.every)
        if site.tier in candidate.tiers
        and candidate.id not in taken
        and _keeps_its_hubs(ground, network, site, j)
    ]
    ranked = sorted(found, key=lambda i: (i.loss, ground.place(i.place)))
    return Here(now - without, tuple(ranked[:most]))


def losses(ground: Ground, network: Network) -> dict[str, int]:
    """Inhabitants beyond reach without each site, the others unchanged, by place.

    Those whom one site alone brings within reach; a corporate space covers nobody.
    """
    central = ground.times["central"]
    covering = [s.candidate_id for s in network if s.tier in COVERING]
    numbers = [ground.place(place) for place in covering]
    near = central.cells[:, numbers] <= ground.within_min
    is_alone = (near.sum(axis=1) == 1) & (central.kept > ground.within_min)
    lost = ground.weight[is_alone] @ near[is_alone]
    return dict(zip(covering, lost.tolist(), strict=True))


def gains(ground: Ground, network: Network) -> dict[str, int]:
    """Inhabitants one more site would bring within reach, by place that has none."""
    found = _gains(ground, _covered(ground, network))
    taken = {s.candidate_id for s in network}
    return {c.id: int(found[j]) for j, c in enumerate(ground.options.anywhere) if c.id not in taken}


def _covered(ground: Ground, network: Network) -> NDArray[np.bool_]:
    central = ground.times["central"]
    numbers = [ground.place(s.candidate_id) for s in network if s.tier in COVERING]
    minutes = np.minimum(central.cells[:, numbers].min(axis=1, initial=np.inf), central.kept)
    return np.asarray(minutes <= ground.within_min)


def _gains(ground: Ground, covered: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Inhabitants [j] that each place would add to those already within reach."""
    near = ground.times["central"].cells[~covered] <= ground.within_min
    return np.asarray(ground.weight[~covered] @ near)


def _keeps_its_hubs(ground: Ground, network: Network, site: OpenSite, to: int) -> bool:
    """Whether every mini still hangs on a hub once the site has moved."""
    links = ground.times["central"].links <= ground.assumptions.value("siting.link_minutes")
    hubs = [ground.place(s.candidate_id) for s in network if s.tier == "hub" and s is not site]
    minis = [ground.place(s.candidate_id) for s in network if s.tier == "mini" and s is not site]
    hubs += [to] if site.tier == "hub" else []
    minis += [to] if site.tier == "mini" else []
    return all(bool(links[j, hubs].any()) for j in minis)

"""Milliseconds of every stretch, both ways, under the speeds of a case.

method  docs/method/travel.md
"""

import numpy as np
from numpy.typing import NDArray

from maillage.core.assumptions import Assumptions
from maillage.core.travel.roads import rules
from maillage.core.travel.roads.network import DELAYS, Network

Real = NDArray[np.float64]
Milliseconds = NDArray[np.float32]


def milliseconds(network: Network, assumptions: Assumptions, case: str) -> Milliseconds:
    """Whole milliseconds [e, 2] to the head and to the tail; infinite against a one-way street."""
    pace = assumptions[f"roads.{network.mode}_pace"].at(case)
    seconds = network.metres / (kmh(network, assumptions) * pace / 3.6)
    both = seconds[:, None] + _delays(network, assumptions)
    both[~network.forward, 0] = np.inf
    both[~network.backward, 1] = np.inf
    return np.round(both * 1000).astype(np.float32)


def kmh(network: Network, assumptions: Assumptions) -> Real:
    """Speed [e] between two crossings, central case."""
    if network.mode == "car":
        return _car(network, assumptions)
    if network.mode == "bike":
        of_ground = [assumptions.value(f"roads.bike_{name}") for name in rules.GROUNDS]
        return np.array(of_ground)[network.ground]
    return np.full(len(network.metres), assumptions.value("roads.walk_speed"))


def _car(network: Network, assumptions: Assumptions) -> Real:
    # a path that a car may follow is a track
    names = [*rules.CLASSES[:-1], "track"]
    of_class = np.array([assumptions.value(f"roads.car_{name}") for name in names])[network.rank]
    in_town = np.where(
        network.in_town, np.minimum(of_class, assumptions.value("roads.car_town")), of_class
    )
    slip = np.where(network.is_link, assumptions.value("roads.car_link_share"), 1.0)
    posted = np.where(np.isnan(network.limit_kmh), in_town * slip, network.limit_kmh)
    share = assumptions.value("roads.car_roundabout_share")
    round_about = np.where(network.is_roundabout, share, 1.0)
    # a track is slow already
    is_slowed = (network.ground > 0) & (network.rank < rules.CLASSES.index("track"))
    loose = np.where(is_slowed, assumptions.value("roads.car_unpaved_share"), 1.0)
    return np.asarray(posted * round_about * loose)


def _delays(network: Network, assumptions: Assumptions) -> Real:
    """Seconds [e, 2] lost at crossings on the way to the head, to the tail."""
    if network.mode == "walk":
        return np.zeros((len(network.metres), 2))
    total = np.zeros((len(network.metres), 2))
    for name in DELAYS:
        if network.mode == "car":
            seconds = assumptions.value(f"roads.car_{name}")
        elif name == "signals":
            seconds = assumptions.value("roads.bike_signals")
        else:
            seconds = assumptions.value("roads.bike_turn")
        total += network.delays[name] * seconds
    return total

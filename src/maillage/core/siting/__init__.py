"""Where to open: the three-tier network, its proof and its reasons."""

from maillage.core.siting.explain import (
    Alternative,
    CurvePoint,
    Why,
    chosen_for_commuters,
    curve,
    gains_if_added,
    why,
)
from maillage.core.siting.infeasible import Relaxation, relaxations
from maillage.core.siting.network import STAGES, Stage
from maillage.core.siting.plan import Siting, plan_network
from maillage.core.siting.problem import TIERS, NetworkProblem, Rules

__all__ = [
    "STAGES",
    "TIERS",
    "Alternative",
    "CurvePoint",
    "NetworkProblem",
    "Relaxation",
    "Rules",
    "Siting",
    "Stage",
    "Why",
    "chosen_for_commuters",
    "curve",
    "gains_if_added",
    "plan_network",
    "relaxations",
    "why",
]

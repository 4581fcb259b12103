"""Where to open: the three-tier network, its proof and its reasons; location problems on their own.

The location problems are compiled (extra `siting`): they are loaded when first asked for, so that
the plan of a network needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

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
from maillage.core.siting.network_certificate import certify_network
from maillage.core.siting.pareto import ParetoPoint, Price, pareto, price_of
from maillage.core.siting.plan import Siting, plan_network
from maillage.core.siting.problem import TIERS, NetworkProblem, Rules

if TYPE_CHECKING:
    from maillage.core.siting.capacitated import capacitated_max_cover as capacitated_max_cover
    from maillage.core.siting.capacitated import capacitated_p_median as capacitated_p_median
    from maillage.core.siting.center import p_center as p_center
    from maillage.core.siting.certificate import Question as Question
    from maillage.core.siting.certificate import certify as certify
    from maillage.core.siting.cover import max_cover as max_cover
    from maillage.core.siting.cover import set_cover as set_cover
    from maillage.core.siting.median import max_benefit as max_benefit
    from maillage.core.siting.median import p_median as p_median
    from maillage.core.siting.median import saved_km as saved_km

# name -> the module that it comes from, loaded at its first use
_COMPILED = {
    "Budget": "inputs",
    "Points": "inputs",
    "Question": "certificate",
    "Quotas": "inputs",
    "capacitated_max_cover": "capacitated",
    "capacitated_p_median": "capacitated",
    "certify": "certificate",
    "max_benefit": "median",
    "max_cover": "cover",
    "p_center": "center",
    "p_median": "median",
    "saved_km": "median",
    "set_cover": "cover",
}

__all__ = [
    "STAGES",
    "TIERS",
    "Alternative",
    "CurvePoint",
    "NetworkProblem",
    "ParetoPoint",
    "Price",
    "Relaxation",
    "Rules",
    "Siting",
    "Stage",
    "Why",
    "certify_network",
    "chosen_for_commuters",
    "curve",
    "gains_if_added",
    "pareto",
    "plan_network",
    "price_of",
    "relaxations",
    "why",
]


def __getattr__(name: str) -> object:
    if name in _COMPILED:
        return getattr(import_module(f"{__name__}.{_COMPILED[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""What a study was asked, as a row keeps it and as core takes it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Network, OpenSite, Request
from maillage.core.siting_problem import Choices
from maillage.core.sources.premises import ExistingPlace, Premises

Json = dict[str, Any]
_PAIRS = ("hubs", "required_communes", "forbidden_communes")


def to_json(request: Request, values: Mapping[str, float] | None = None) -> Json:
    """A request as plain values.

    values  the assumptions that this computation fixes, by key
    """
    return {
        "first_year": request.first_year,
        "keep_existing": request.keep_existing,
        "seed": request.seed,
        "time_limit_s": request.time_limit_s,
        "choices": asdict(request.choices),
        "premises": [asdict(p) for p in request.premises],
        "existing": None if request.existing is None else [asdict(p) for p in request.existing],
        "network": None if request.network is None else [asdict(s) for s in request.network],
        "slower_trips": request.slower_trips,
        "assumptions": dict(sorted((values or {}).items())),
    }


def from_json(asked: Json) -> Request:
    """The request that a row keeps."""
    choices = dict(asked["choices"])
    for name in _PAIRS:
        if choices[name] is not None:
            choices[name] = tuple(choices[name])
    existing, network = asked.get("existing"), asked.get("network")
    return Request(
        first_year=asked["first_year"],
        keep_existing=asked["keep_existing"],
        seed=asked["seed"],
        time_limit_s=asked["time_limit_s"],
        choices=Choices(**choices),
        premises=tuple(Premises(**p) for p in asked.get("premises", ())),
        existing=None if existing is None else tuple(ExistingPlace(**p) for p in existing),
        network=None if network is None else tuple(OpenSite(**s) for s in network),
        slower_trips=asked.get("slower_trips", False),
    )


def values_of(asked: Json) -> dict[str, float]:
    """The assumptions that a row fixes."""
    return dict(asked.get("assumptions", {}))


def fixed(assumptions: Assumptions) -> dict[str, float]:
    """The assumptions that somebody fixed, by key."""
    return {key: a.value for key, a in assumptions.by_key.items() if a.is_chosen}


def digest(asked: Json) -> str:
    """The same question has the same digest."""
    text = json.dumps(asked, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()


def with_network(asked: Json, network: Network) -> Request:
    """The same question of a network drawn by hand."""
    return replace(from_json(asked), network=network)

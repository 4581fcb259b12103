"""What a study was asked, as a row keeps it and as core takes it."""

from dataclasses import asdict
from typing import Any

from maillage.core.scenario import Request
from maillage.core.siting_problem import Choices

Json = dict[str, Any]
_PAIRS = ("hubs", "required_communes", "forbidden_communes")


def to_json(request: Request) -> Json:
    """A request without premises nor places of its own, as plain values."""
    return {
        "first_year": request.first_year,
        "keep_existing": request.keep_existing,
        "seed": request.seed,
        "time_limit_s": request.time_limit_s,
        "choices": asdict(request.choices),
    }


def from_json(asked: Json) -> Request:
    """The request that a row keeps."""
    choices = dict(asked["choices"])
    for name in _PAIRS:
        if choices[name] is not None:
            choices[name] = tuple(choices[name])
    return Request(
        first_year=asked["first_year"],
        keep_existing=asked["keep_existing"],
        seed=asked["seed"],
        time_limit_s=asked["time_limit_s"],
        choices=Choices(**choices),
    )

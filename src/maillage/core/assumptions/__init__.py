"""Dated, sourced parameters: the only place where a number of the method may live."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources

from maillage.core.bad_input import BadInput

# The source of a parameter that the person fixed
CHOSEN = "choice of this study"

FILES = (
    *("travel", "roads", "places", "demand", "siting", "costs", "impact", "flows"),
    *("fitness", "fit_out"),
)
# parameters of the places that run, which no study fixes nor prints
RUNNING = ("tariffs",)


@dataclass(frozen=True)
class Assumption:
    """One parameter: central value, its range where it has one, unit, date, source, reason."""

    key: str
    value: float
    low: float
    high: float
    unit: str
    since: date
    source: str
    why: str

    @property
    def is_chosen(self) -> bool:
        """Whether the person who runs the study fixed it."""
        return self.source == CHOSEN

    @property
    def is_range(self) -> bool:
        """Whether the parameter is uncertain."""
        return self.low != self.high

    def at(self, case: str) -> float:
        """The value in a case: "low", "central" or "high"."""
        return {"low": self.low, "central": self.value, "high": self.high}[case]


@dataclass(frozen=True)
class Bounds:
    """The values that a parameter can hold without the calculation losing its meaning."""

    least: float
    most: float
    is_whole: bool = False


SHARE = Bounds(0, 1)
ANY = Bounds(0, 10_000_000)
BOUNDS = {
    # a neighbour at no minute is nobody's; beyond an hour and a half it is no neighbour
    "min": Bounds(1, 90),
    "km/h": Bounds(5, 150),
    "road km": Bounds(0.1, 500),
    "road km per straight km": Bounds(1, 5),
    "s": Bounds(0, 120),
    "m": Bounds(1, 100_000),
    "half distances": Bounds(0.1, 20),
    "factor": Bounds(0.1, 20),
    "persons per car": Bounds(1, 9),
    "m2 per seat": Bounds(1, 200),
    "years": Bounds(1, 60, is_whole=True),
    "seats": Bounds(1, 200, is_whole=True),
    "sites": Bounds(0, 50, is_whole=True),
    "sites per year": Bounds(1, 50, is_whole=True),
    "year of the plan": Bounds(1, 10, is_whole=True),
    "steps": Bounds(2, 200, is_whole=True),
    "draws": Bounds(100, 100_000, is_whole=True),
    "days per week": Bounds(0.1, 7),
    "days per year": Bounds(1, 366),
    "siting.hubs": Bounds(1, 50, is_whole=True),
    "siting.min_gain_per_mini": Bounds(0, 1_000_000, is_whole=True),
    "costs.grant_rate": Bounds(0, 0.8),
}


@dataclass(frozen=True)
class Assumptions:
    """Every parameter in force on a day, by key ("demand.telework_share_executives")."""

    by_key: Mapping[str, Assumption]

    def __getitem__(self, key: str) -> Assumption:
        return self.by_key[key]

    def value(self, key: str) -> float:
        """The central value of a parameter."""
        return self.by_key[key].value

    def with_values(self, values: Mapping[str, float]) -> "Assumptions":
        """The same parameters with some of them fixed by the person who runs the study.

        Raises BadInput `unknown_assumption`, `assumption_out_of_bounds`, `assumption_not_whole`.
        """
        changed = dict(self.by_key)
        for key, value in values.items():
            if key not in changed:
                raise BadInput("unknown_assumption", key=key)
            _refuse_out_of_bounds(changed[key], value)
            changed[key] = replace(changed[key], value=value, low=value, high=value, source=CHOSEN)
        return Assumptions(changed)

    def section(self, name: str) -> dict[str, Assumption]:
        """The parameters of one file, without the file's prefix."""
        prefix = f"{name}."
        return {k.removeprefix(prefix): a for k, a in self.by_key.items() if k.startswith(prefix)}


def load() -> Assumptions:
    """The parameters of a study shipped with the product."""
    return _read(FILES)


@lru_cache(maxsize=1)
def load_running() -> Assumptions:
    """What the product proposes to places that run: each may decide otherwise."""
    return _read(RUNNING)


def _read(names: Sequence[str]) -> Assumptions:
    by_key: dict[str, Assumption] = {}
    for name in names:
        text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
        for key, entry in tomllib.loads(text).items():
            by_key[f"{name}.{key}"] = _assumption(f"{name}.{key}", entry)
    return Assumptions(by_key)


def _assumption(key: str, entry: Mapping[str, object]) -> Assumption:
    value = float(entry["value"])  # type: ignore[arg-type]
    since = entry["from"]
    assert isinstance(since, date), key  # noqa: S101  (our own files)
    return Assumption(
        key=key,
        value=value,
        low=float(entry.get("low", value)),  # type: ignore[arg-type]
        high=float(entry.get("high", value)),  # type: ignore[arg-type]
        unit=str(entry["unit"]),
        since=since,
        source=str(entry["source"]),
        why=str(entry["why"]),
    )


def bounds_of(assumption: Assumption) -> Bounds:
    """What a person may write for a parameter: by its key, else by its unit."""
    if assumption.unit.startswith("share"):
        return SHARE
    return BOUNDS.get(assumption.key) or BOUNDS.get(assumption.unit, ANY)


def _refuse_out_of_bounds(assumption: Assumption, value: float) -> None:
    bounds = bounds_of(assumption)
    if not bounds.least <= value <= bounds.most:
        raise BadInput(
            "assumption_out_of_bounds",
            key=assumption.key,
            value=value,
            least=bounds.least,
            most=bounds.most,
        )
    if bounds.is_whole and not float(value).is_integer():
        raise BadInput("assumption_not_whole", key=assumption.key, value=value)


def baskets(name: str) -> dict[str, frozenset[str]]:
    """The equipment types of a basket: type -> BPE codes that count as one."""
    text = resources.files(__name__).joinpath("baskets.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)[name]
    return {kind: frozenset(codes) for kind, codes in entries.items() if kind != "source"}

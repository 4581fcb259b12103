"""A number that carries where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maillage.core.sources.registry import Source


@dataclass(frozen=True)
class Measured:
    """A value with its unit, origin and sources; a modelled one always has its range.

    origin  "observed", "modelled" or "declared"
    """

    value: float
    unit: str
    origin: str
    sources: tuple[Source, ...]
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.origin == "modelled" and (self.low is None or self.high is None):
            raise ValueError(f"a modelled number needs its range: {self.value} {self.unit}")


@dataclass(frozen=True)
class Band:
    """What falls from `above` (excluded) to `up_to`: how many, and their share of all."""

    above: float
    up_to: float
    count: Measured
    share: Measured


@dataclass(frozen=True)
class Gap:
    """Something the tables do not hold: a code, who could say it, and the facts."""

    code: str
    who: tuple[str, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


def observed(value: float, unit: str, sources: tuple[Source, ...]) -> Measured:
    """A counted number."""
    return Measured(value, unit, "observed", sources)


def modelled(
    value: float, unit: str, sources: tuple[Source, ...], others: tuple[float, ...]
) -> Measured:
    """A modelled number; its range holds it and the same number under other assumptions."""
    every = (value, *others)
    return Measured(value, unit, "modelled", sources, min(every), max(every))

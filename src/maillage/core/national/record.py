"""What is kept of each place between two runs: its plan, its fingerprints, what it took."""

from dataclasses import asdict, dataclass
from typing import Any

from maillage.core.money import Range
from maillage.core.national.planned import HaloPattern, Planned, PlannedSite, Read

# Of what is written: another edition is computed again
EDITION = 1
_RANGES = ("before", "after", "investment_eur", "operation_eur", "yearly_net_eur")


@dataclass(frozen=True)
class Record:
    """A plan as it is kept.

    digest     of what this plan depends on; `whole` of everything the run read
    seconds    of the clock; `cpu_s` of the processor
    memory_mb  of the worker, tables of the country included, at the worst moment
    """

    department: str
    plan: Planned
    digest: str
    whole: str
    seconds: float
    cpu_s: float
    memory_mb: float


def to_document(record: Record) -> dict[str, Any]:
    """A record as plain values."""
    return {"edition": EDITION, **asdict(record)}


def from_document(found: dict[str, Any]) -> Record | None:
    """The record of plain values, None when they are of another edition or not whole."""
    try:
        return _record(found) if found["edition"] == EDITION else None
    except (KeyError, TypeError):
        return None


def _record(found: dict[str, Any]) -> Record:
    plan = found["plan"]
    ranges = {name: Range(**plan[name]) for name in _RANGES}
    halo = tuple(HaloPattern(tuple(p["communes"]), p["inhabitants"]) for p in plan["halo"])
    sites = tuple(PlannedSite(**site) for site in plan["sites"])
    read = tuple(Read(**file) for file in plan["read"])
    planned = Planned(**{**plan, **ranges, "sites": sites, "halo": halo, "read": read})
    own = {name: found[name] for name in Record.__dataclass_fields__ if name != "plan"}
    return Record(plan=planned, **own)

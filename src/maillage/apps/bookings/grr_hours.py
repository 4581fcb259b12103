"""The hours of GRR's areas in OpenStreetMap's syntax."""

from collections.abc import Sequence

from maillage.apps.sites.hours import CODES
from maillage.core.sources.grr_export import Area

HOUR_MIN = 60


def hours_of(areas: Sequence[Area]) -> str:
    """« Mo-Fr 08:00-19:00 »; "" when they are unknown, or not the same for all these areas."""
    said = {_text(area) for area in areas}
    return said.pop() if len(said) == 1 else ""


def _text(area: Area) -> str:
    if area.opens_min is None or area.closes_min is None:
        return ""
    runs: list[list[int]] = []
    for day in sorted(area.days):
        if runs and runs[-1][1] == day - 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    days = ",".join(
        CODES[first - 1] if first == last else f"{CODES[first - 1]}-{CODES[last - 1]}"
        for first, last in runs
    )
    return f"{days} {_clock(area.opens_min)}-{_clock(area.closes_min)}"


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, HOUR_MIN)
    return f"{hours:02d}:{rest:02d}"

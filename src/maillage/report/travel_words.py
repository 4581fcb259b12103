"""Which kind of travel times a result shows, in words: the one place that says it.

Both kinds are modelled: roads are real, the speeds driven on them are assumptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maillage.core.sources.registry import Source
from maillage.core.territory import Territory
from maillage.report import french

DATASET = "roads"
# asked by the licence of OpenStreetMap wherever its streets were used
CREDIT = "© les contributeurs d'OpenStreetMap"
LICENCE = "ODbL 1.0"

BY_DISTANCE = "modelled"
BY_ROAD = "roads"


@dataclass(frozen=True)
class Times:
    """The kind of times of a result, and the extracts it was computed from: file, vintage."""

    kind: str
    extracts: tuple[tuple[str, str], ...] = ()

    @property
    def is_by_road(self) -> bool:
        """Whether streets were followed."""
        return self.kind == BY_ROAD

    @property
    def extract(self) -> str:
        """extrait corse-latest.osm.pbf du 1er novembre 2026; "" by distance."""
        if not self.extracts:
            return ""
        return f"{'extrait' if len(self.extracts) < 2 else 'extraits'} {self.files}"

    @property
    def files(self) -> str:
        """corse-latest.osm.pbf du 1er novembre 2026; "" by distance."""
        return french.listed([f"{file}{_dated(vintage)}" for file, vintage in self.extracts])

    @property
    def how(self) -> str:
        """How a trip was measured, after « Temps de trajet »."""
        if not self.is_by_road:
            return "modélisés d'après la distance"
        inside = f", {self.extract}" if self.extract else ""
        return f"par la route (OpenStreetMap{inside}), vitesses modélisées"

    @property
    def short(self) -> str:
        """The same in a few words, for a legend."""
        return "par la route, vitesses modélisées" if self.is_by_road else "d'après la distance"

    @property
    def short_modelled(self) -> str:
        """The same where nothing else says that they are modelled."""
        return self.short if self.is_by_road else f"modélisé {self.short}"

    @property
    def credit(self) -> str:
        """The mention that the licence asks for; "" where no street was used."""
        return f"{CREDIT} ({LICENCE})" if self.is_by_road else ""

    @property
    def streets(self) -> str:
        """Whose streets they are, of which day, under which licence; "" by distance."""
        if not self.is_by_road:
            return ""
        parts = ("OpenStreetMap", self.extract, LICENCE, CREDIT)
        return ", ".join(part for part in parts if part)

    @property
    def sentence(self) -> str:
        """One sentence with the mention, for a page, a sheet, a note."""
        said = f"Temps de trajet {self.how}."
        return f"{said} {CREDIT}." if self.is_by_road else said

    @property
    def limits(self) -> str:
        """What these times do not know."""
        if self.is_by_road:
            return (
                f"Les temps de trajet sont calculés {self.how} : ni heure de pointe, ni neige, ni "
                f"travaux, ni stationnement. {CREDIT}."
            )
        return (
            "Les temps de trajet sont modélisés d'après la distance : ni relief, ni rivière, ni "
            "autoroute."
        )

    @property
    def origin(self) -> str:
        """What is modelled of them, inside a list of what is."""
        how = "par la route, vitesses supposées" if self.is_by_road else "d'après la distance"
        return f"temps de trajet ({how})"


def of_territory(territory: Territory) -> Times:
    """The kind of times of what is computed on a territory."""
    if territory.roads is None:
        return Times(BY_DISTANCE)
    return of_sources(territory.tables.sources)


def of_sources(sources: Sequence[Source]) -> Times:
    """The same from what was read: an extract is named where its streets were used, only."""
    used = tuple((s.file, s.vintage) for s in sources if s.dataset.id == DATASET)
    return Times(BY_ROAD if used else BY_DISTANCE, used)


def of_plan(plan: Mapping[str, Any]) -> Times:
    """The same from a stored plan.json."""
    used = tuple((s["file"], s["vintage"]) for s in plan["sources"] if s["id"] == DATASET)
    return Times(plan["travel"]["kind"], used)


def document(times: Times) -> dict[str, Any]:
    """The same as the values of a JSON document."""
    if not times.is_by_road:
        return {"kind": times.kind}
    extracts = [{"file": file, "vintage": vintage} for file, vintage in times.extracts]
    return {"kind": times.kind, "credit": times.credit, "extracts": extracts}


def _dated(vintage: str) -> str:
    on = french.read_day(vintage)
    return f" du {on}" if on else ""

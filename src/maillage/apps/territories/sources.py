"""Where the tables of a territory come from: the operator's folder, or the embedded territory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from maillage.core import sample
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.sources import registry
from maillage.core.sources.gather import Tables, gather
from maillage.kit.refusal import Refusal
from maillage.report import refusals

TablesSource = Callable[[Assumptions], Tables]


class NoTablesFolder(Refusal):
    """The server reads no folder of official tables."""

    sentence = (
        "Ce serveur ne lit aucun dossier de tables officielles. La personne qui l'administre "
        "l'indique par MAILLAGE_DATA, voir docs/operating.md."
    )


class UnusableTables(Refusal):
    """The official tables refuse to be read; the sentence says which one and what to do."""

    sentence = "{why}"


@contextmanager
def reading() -> Iterator[None]:
    """Turn what core refuses into a refusal of the product."""
    try:
        yield
    except BadInput as error:
        raise UnusableTables(why=refusals.for_page(refusals.sentence(error))) from error


@dataclass(frozen=True)
class Roads:
    """Where the server finds extracts of OpenStreetMap.

    places  folders or files; none: the folder of tables
    cache   folder where streets already cut are kept, "" keeps nothing
    """

    places: tuple[str, ...] = ()
    cache: str = ""

    def files(self) -> tuple[Path, ...]:
        """The extracts; raises BadInput `missing_file` where nothing is at an address."""
        found: list[Path] = []
        for place in map(Path, self.places):
            if not place.exists():
                raise BadInput("missing_file", path=place)
            found += registry.find_all(place, "roads") if place.is_dir() else [place]
        return tuple(found)


FROM_THE_TABLES = Roads()


def source_of(siren: str, data_folder: str, roads: Roads = FROM_THE_TABLES) -> TablesSource:
    """The operator's folder when there is one, else the embedded tables of their own territory.

    roads  what covers another territory is left aside, and its note says so
    """
    if data_folder:
        return lambda assumed: gather(
            Path(data_folder),
            siren,
            assumed,
            road_files=roads.files(),
            are_roads_chosen=False,
            cache=Path(roads.cache) if roads.cache else None,
        )
    if siren == sample.SIREN:
        return lambda _: sample.load()
    raise NoTablesFolder


def can_load(siren: str, data_folder: str) -> bool:
    """Whether this server has tables for a territory, as far as it can tell without reading."""
    return bool(data_folder) or siren == sample.SIREN

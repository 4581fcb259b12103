"""Where the tables of a territory come from: the operator's folder, or the embedded territory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from maillage.core import sample
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
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


def source_of(siren: str, data_folder: str) -> TablesSource:
    """The operator's folder when there is one, else the embedded tables of their own territory."""
    if data_folder:
        return lambda assumed: gather(Path(data_folder), siren, assumed)
    if siren == sample.SIREN:
        return lambda _: sample.load()
    raise NoTablesFolder


def can_load(siren: str, data_folder: str) -> bool:
    """Whether this server has tables for a territory, as far as it can tell without reading."""
    return bool(data_folder) or siren == sample.SIREN

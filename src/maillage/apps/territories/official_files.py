"""The official files behind a portrait: those read, those missing, where to find them."""

from collections.abc import Mapping

from maillage.core.sources.registry import Dataset, datasets
from maillage.kit.tables import Column, Row, Table
from maillage.report import french
from maillage.report.inventory import WITHOUT

ID = "fichiers"
COLUMNS = (
    Column("title", "Fichier"),
    Column("publisher", "Qui le publie"),
    Column("vintage", "Millésime lu"),
    Column("without", "Ce que son absence change"),
    Column("address", "Où le trouver"),
)


def table(read: Mapping[str, str]) -> Table:
    """The files that were read, with their vintage by id, and those whose absence shows."""
    # what no portrait does without was read, if only when the embedded tables were made
    listed = [d for d in datasets().values() if d.id in read or not d.needed]
    rows = [_row(dataset, read.get(dataset.id)) for dataset in listed]
    return Table(ID, "Fichiers officiels", COLUMNS, rows)


def _row(dataset: Dataset, vintage: str | None) -> Row:
    return Row(
        {
            "title": dataset.title,
            "publisher": dataset.publisher,
            "vintage": french.vintage(vintage) if vintage else "non lu",
            "without": WITHOUT[dataset.without].capitalize() if vintage is None else "Fichier lu.",
            "address": f"{dataset.address}, fichier {dataset.example}",
        },
        key=dataset.id,
    )

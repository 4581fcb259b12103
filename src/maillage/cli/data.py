"""maillage data: the official tables of a folder."""

from pathlib import Path

import click
from rich.console import Console

from maillage.cli.screen import refusing
from maillage.core.sources import registry


@click.group("data", help="Vérifie les tables officielles d'un dossier.")
def command() -> None:
    """The group of data commands."""


@command.command("check", help="Dit quelles tables sont là, leur millésime, ce qui manque.")
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """One line a table of the registry."""
    console = Console(highlight=False)
    with refusing():
        for dataset in registry.datasets().values():
            path = registry.find(folder, dataset.id)
            console.print(f"{dataset.title} : {path.name if path else 'absente'}")

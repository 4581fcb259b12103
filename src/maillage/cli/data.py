"""maillage data: the official tables of a folder."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from maillage.cli.options import FrenchGroup, help_option
from maillage.cli.screen import REFUSED, refusing
from maillage.core.sources import inventory
from maillage.core.sources.inventory import Entry
from maillage.report import inventory as words


@click.group(
    "data",
    cls=FrenchGroup,
    invoke_without_command=True,
    help="Vérifie les tables officielles d'un dossier.",
)
@help_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """The group of data commands."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command("check", help="Dit quelles tables sont là, leur millésime, ce qui manque.")
@help_option
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Every table of the registry, what is missing, and whether a study can run."""
    console = Console(highlight=False)
    with refusing():
        entries = inventory.of_folder(folder)
    console.print(_table(entries))
    missing = words.missing_lines(entries)
    if missing:
        console.print("\nCe qui manque, et ce que cela change :")
    for line in missing:
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    console.print(f"\n{words.verdict(entries)}")
    if not inventory.can_run(entries):
        sys.exit(REFUSED)


def _table(entries: tuple[Entry, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    table.add_column("Table", ratio=1)
    table.add_column("Fichier, millésime", ratio=1, overflow="fold")
    table.add_column("Lignes", justify="right", no_wrap=True)
    for row in words.rows(entries):
        table.add_row(*(Text(cell) for cell in row))
    return table

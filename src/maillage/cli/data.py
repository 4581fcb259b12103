"""maillage data: the official tables of a folder."""

import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from maillage import download
from maillage.cli import fetching
from maillage.cli.options import FrenchGroup, help_option
from maillage.cli.screen import REFUSED, STOPPED, refusing
from maillage.core.bad_input import BadInput
from maillage.core.periods import PARIS
from maillage.core.sources import inventory
from maillage.core.sources.inventory import Entry
from maillage.report import inventory as words

# A study may run, but something that was asked for did not come
INCOMPLETE = 3
PATIENCE = download.Patience()


@click.group(
    "data",
    cls=FrenchGroup,
    invoke_without_command=True,
    help="Télécharge et vérifie les tables officielles.",
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
    if not _show_folder(Console(highlight=False), folder):
        sys.exit(REFUSED)


@command.command(
    "fetch",
    help="Télécharge les tables officielles d'une intercommunalité (SIREN ou nom) : les tables "
    "nationales, puis l'extrait OpenStreetMap de sa région.",
)
@help_option
@click.argument("perimeter", metavar="SIREN")
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    default=Path("donnees"),
    help="Dossier où déposer les fichiers. Par défaut donnees.",
)
@click.option(
    "--address",
    "addresses",
    metavar="TABLE=ADRESSE",
    multiple=True,
    help="Autre adresse pour une table, quand l'éditeur a changé la sienne. Répétable.",
)
@click.option(
    "--addresses",
    "addresses_file",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Fichier TOML d'adresses, d'empreintes et de noms (docs/fetching.md).",
)
@click.option("--again", is_flag=True, help="Télécharge de nouveau ce qui est déjà là.")
def fetch(
    perimeter: str,
    folder: Path,
    addresses: tuple[str, ...],
    addresses_file: Path | None,
    *,
    again: bool,
) -> None:
    """Every official file, resumed where it was cut, then what the folder is good for."""
    console = Console(highlight=False)
    arrivals = _fetched(perimeter, folder, addresses, addresses_file, again=again)
    fetching.show(console, arrivals, folder)
    console.print(f"\nLe dossier {folder} :\n", markup=False)
    if not _show_folder(console, folder):
        sys.exit(REFUSED)
    if any(arrival.state == "failed" for arrival in arrivals):
        console.print("Un fichier au moins n'est pas venu : voir plus haut.")
        sys.exit(INCOMPLETE)


def _fetched(
    perimeter: str,
    folder: Path,
    addresses: tuple[str, ...],
    addresses_file: Path | None,
    *,
    again: bool,
) -> tuple[download.Arrival, ...]:
    aside = Console(stderr=True, highlight=False)
    with refusing():
        given = download.read_given(addresses, addresses_file)
        client, screen = download.Client(PATIENCE), fetching.FetchScreen(aside)
        try:
            with screen:
                return download.fetch(
                    folder, perimeter, given, client, screen, now=_now, again=again
                )
        except BadInput:
            if screen.came:
                aside.print(f"Ce qui est venu reste dans {folder}.", markup=False, soft_wrap=True)
            raise
        except KeyboardInterrupt:
            aside.print(
                "Arrêté. Ce qui est venu est gardé : la même commande reprend où elle en était.",
                soft_wrap=True,
            )
            sys.exit(STOPPED)


def _now() -> datetime:
    return datetime.now(PARIS)


def _show_folder(console: Console, folder: Path) -> bool:
    """What the folder holds and lacks; whether a study can run."""
    with refusing():
        entries = inventory.of_folder(folder)
    console.print(_table(entries))
    missing = words.missing_lines(entries)
    if missing:
        console.print("\nCe qui manque, et ce que cela change :")
    for line in missing:
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    console.print(f"\n{words.verdict(entries)}")
    return inventory.can_run(entries)


def _table(entries: tuple[Entry, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    table.add_column("Table", ratio=1)
    table.add_column("Fichier, millésime", ratio=1, overflow="fold")
    table.add_column("Lignes", justify="right", no_wrap=True)
    for row in words.rows(entries):
        table.add_row(*(Text(cell) for cell in row))
    return table

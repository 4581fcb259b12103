"""maillage territories: the list of intercommunalities, their tables, their other names."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from maillage.cli.operating import REFUSED, refusing
from maillage.cli.options import FrenchGroup, help_option
from maillage.kit.clock import now
from maillage.kit.refusal import Refusal
from maillage.operate.product import open_product
from maillage.report import french


@click.group(
    "territories",
    cls=FrenchGroup,
    invoke_without_command=True,
    help="Tient la liste des intercommunalités et charge leurs tables.",
)
@help_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """The group of territories commands."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command(
    "register",
    help="Inscrit les intercommunalités d'un dossier de tables ; sans DOSSIER, l'exemple.",
)
@help_option
@click.argument("folder", metavar="[DOSSIER]", required=False, type=click.Path(path_type=Path))
def register(folder: Path | None) -> None:
    """Fill the list; nothing is removed from it."""
    with _product():
        # the models that it reads exist once the product is open
        from maillage.apps.territories import register as verb

        listed = verb.listed_in(folder) if folder else verb.listed_in_sample()
        done = verb.register(listed, by=None, at=now())
    click.echo(
        f"{french.count(done.new, 'intercommunalité ajoutée', 'intercommunalités ajoutées')}, "
        f"{french.number(done.known)} déjà dans la liste."
    )


@command.command("load", help="Charge les tables d'une intercommunalité et calcule son portrait.")
@help_option
@click.argument("siren", metavar="SIREN")
@click.argument("folder", metavar="[DOSSIER]", required=False, type=click.Path(path_type=Path))
def load(siren: str, folder: Path | None) -> None:
    """Load from this folder, else from the one of the settings, else from the example."""
    with _product():
        # the models that it reads exist once the product is open
        from django.conf import settings

        from maillage.apps.territories import load as verb
        from maillage.apps.territories.sources import Roads, source_of

        roads = Roads(settings.ROADS, settings.CACHE_FOLDER)
        source = source_of(siren, str(folder) if folder else settings.DATA_FOLDER, roads)
        row = verb.load(siren, source, by=None, at=now())
    click.echo(f"Portrait prêt : {french.count(len(row.files), 'fichier', 'fichiers')}.")


@command.command("alias", help="Ajoute un autre NOM à une intercommunalité, ou le retire.")
@help_option
@click.argument("siren", metavar="SIREN")
@click.argument("name", metavar="NOM")
@click.option("--remove", is_flag=True, help="Retire ce nom au lieu de l'ajouter.")
def alias(siren: str, name: str, *, remove: bool) -> None:
    """One more name leads to a territory, or no longer."""
    with _product():
        # the models that it reads exist once the product is open
        from maillage.apps.territories import rename

        verb = rename.remove_alias if remove else rename.add_alias
        row = verb(siren, name, by=None, at=now())
    names = row.aliases.splitlines()
    click.echo(f"{row.name}, autres noms : {', '.join(names) if names else 'aucun'}.")


@contextmanager
def _product() -> Iterator[None]:
    """The product open; what a verb refuses becomes its sentence and exit status 2."""
    with refusing():
        open_product()
        try:
            yield
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(REFUSED)

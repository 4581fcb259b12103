"""maillage restore: bring a backup back into an empty database."""

from pathlib import Path

import click

from maillage.cli.operating import refusing
from maillage.cli.options import help_option
from maillage.kit.clock import now
from maillage.operate.product import open_product


@click.command("restore", help="Restaure une sauvegarde dans la base vide de DATABASE_URL.")
@click.argument("source", metavar="FICHIER", type=click.Path(path_type=Path))
@help_option
def command(source: Path) -> None:
    """Restore, say what came back and what to do before opening."""
    with refusing():
        open_product()
        # the models that it reads exist once the product is open
        from maillage.operate import restore

        back = restore.restore(source.absolute(), at=now())
    click.echo(f"Restaurée : sauvegarde du {back.made_at:%d/%m/%Y à %H:%M}.")
    click.echo(f"{back.documents} documents, {back.erased_again} effacement(s) rejoué(s).")
    click.echo("Chacun devra se reconnecter. Avant d'ouvrir : « maillage audit ».")

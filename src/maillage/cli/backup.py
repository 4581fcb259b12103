"""maillage backup: the database and the documents of one moment, in one file."""

import sys
from pathlib import Path

import click

from maillage.cli.operating import FAILED, refusing
from maillage.cli.options import help_option
from maillage.kit.clock import now
from maillage.operate.product import open_product

RPO = (
    "En cas de perte de la machine, ce qui a été fait depuis cette sauvegarde est perdu : "
    "24 h au plus avec une sauvegarde par nuit, 5 min avec l'archivage du journal de PostgreSQL "
    "(docs/operating.md)."
)


@click.command("backup", help="Sauvegarde la base et les documents dans un fichier de DOSSIER.")
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@help_option
def command(folder: Path) -> None:
    """Save, say what was kept and what was removed."""
    with refusing():
        open_product()
        # the models that it reads exist once the product is open
        from maillage.operate import backup

        saved = backup.backup(folder.absolute(), at=now())
    click.echo(f"{saved.path} : {saved.size_bytes // 1024} ko, {saved.documents} documents.")
    for path in saved.removed:
        click.echo(f"Supprimée, elle avait plus de 35 jours : {path.name}")
    for name in saved.damaged:
        click.echo(f"Document absent ou modifié : {name}", err=True)
    if saved.damaged:
        click.echo("Cette sauvegarde n'est pas bonne : restaurez ces documents.", err=True)
        sys.exit(FAILED)
    click.echo(RPO)

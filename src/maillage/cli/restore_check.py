"""maillage restore-check: prove a backup by restoring it elsewhere."""

import os
import time
from pathlib import Path

import click

from maillage.cli.operating import refusing
from maillage.cli.options import help_option
from maillage.kit.clock import now
from maillage.operate.empty_place import empty_place
from maillage.operate.product import open_product


@click.command("restore-check", help="Restaure une sauvegarde à part et vérifie tout.")
@click.argument("source", metavar="FICHIER", type=click.Path(path_type=Path))
@help_option
def command(source: Path) -> None:
    """Restore on an empty server, audit, look at the pages, note the success."""
    origin = os.environ.get("DATABASE_URL", "")
    begun = time.monotonic()
    with refusing(), empty_place():
        open_product()
        # the models that it reads exist once the product is open
        from maillage.operate import rehearsal

        rehearsal.rehearse(source.absolute(), now, click.echo)
        if origin:
            rehearsal.note_in(origin, source, now())
    click.echo(f"Bonne sauvegarde : restaurée et vérifiée en {time.monotonic() - begun:.0f} s.")

"""maillage migrate: the tables of this version."""

import click

from maillage.cli.operating import refusing
from maillage.cli.options import help_option
from maillage.operate import readiness
from maillage.operate.product import open_product


@click.command("migrate", help="Met la base de données au niveau de cette version.")
@help_option
def command() -> None:
    """Apply what is missing, and say it."""
    with refusing():
        open_product()
        missing = readiness.missing_migrations()
        readiness.migrate()
        for name in missing:
            click.echo(f"  {name}")
        click.echo(f"{len(missing)} mise(s) à jour faite(s)." if missing else "Rien à faire.")

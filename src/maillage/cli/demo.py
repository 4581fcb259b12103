"""maillage demo: the plan of the embedded territory, then the web product around it."""

from typing import Any

import click

from maillage.cli.options import Number
from maillage.cli.study import compute_and_write, rules
from maillage.core import sample

OF_EXTRA_DEMO = frozenset({"django", "granian", "procrastinate", "psycopg"})


@click.command(
    "demo",
    help="Calcule le plan du territoire d'exemple, la CC Saône-Beaujolais, puis ouvre "
    "l'application web sur cette machine, avec des personnes inventées.",
)
@click.option("--once", is_flag=True, help="Calcule, affiche et s'arrête là.")
@click.option(
    "--port",
    type=Number("PORT", 1024, 65535),
    metavar="PORT",
    default=8000,
    help="Port de l'application web. Par défaut 8000.",
)
@rules
def command(*, once: bool, port: int, **options: Any) -> None:
    """Compute, write, print; then serve unless told not to."""
    if once:
        compute_and_write(lambda _: sample.load(), options)
        return
    try:
        # the base installation computes plans without a web server
        from maillage.cli import demonstrating
    except ModuleNotFoundError as error:
        if error.name not in OF_EXTRA_DEMO:
            raise
        raise click.UsageError(
            "L'application web n'est pas installée : pip install 'maillage[demo]', ou "
            "« maillage demo --once » pour le plan seul."
        ) from error
    demonstrating.demonstrate(
        port, options, lambda: compute_and_write(lambda _: sample.load(), options)
    )

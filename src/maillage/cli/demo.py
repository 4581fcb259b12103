"""maillage demo: the plan of the embedded territory."""

from typing import Any

import click

from maillage.cli.study import compute_and_write, rules
from maillage.core import sample


@click.command("demo", help="Calcule le plan du territoire d'exemple, la CC Saône-Beaujolais.")
@rules
def command(**options: Any) -> None:
    """Compute, write, print."""
    compute_and_write(lambda _: sample.load(), options)

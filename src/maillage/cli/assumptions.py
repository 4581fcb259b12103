"""maillage assumptions: every parameter of the method, its range, source and reason."""

import click
from rich.console import Console
from rich.table import Table

from maillage.cli.options import help_option
from maillage.core import assumptions
from maillage.core.assumptions import Assumption
from maillage.report import french


@click.command("assumptions", help="Liste les hypothèses : valeur, fourchette, source, raison.")
@help_option
@click.argument("prefix", default="", metavar="[DÉBUT]")
def command(prefix: str) -> None:
    """A table of the parameters whose key begins with PREFIX."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 1, 0))
    table.add_column("Clé (pour --set)", no_wrap=True)
    table.add_column("Valeur", justify="right")
    table.add_column("Pourquoi, et source")
    found = {k: a for k, a in assumptions.load().by_key.items() if k.startswith(prefix)}
    if not found:
        raise click.UsageError(f"Aucune hypothèse ne commence par « {prefix} ».")
    for key, assumption in sorted(found.items()):
        table.add_row(key, _value(assumption), f"{assumption.why}\n{assumption.source}")
    Console(highlight=False).print(table)


def _value(a: Assumption) -> str:
    low, high = (french.quantity(v, a.unit) for v in (a.low, a.high))
    spread = f"\n({low} à {high})" if a.is_range else ""
    return f"{french.quantity(a.value, a.unit)}{spread}\n{french.UNITS[a.unit]}"

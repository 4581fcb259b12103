"""maillage verify: is a plan what its certificate says?"""

import sys
from pathlib import Path

import click
from rich.console import Console

from maillage.cli.options import help_option
from maillage.core.verification import GAP, PROVED, SOLVER, verify
from maillage.report import verification

# proved without any solver; a gap, or a bound that only the solver proves; wrong or unreadable
EXITS = {PROVED: 0, GAP: 1, SOLVER: 1}
WRONG = 2

FILE = click.Path(path_type=Path, exists=False)


@click.command("verify", help="Vérifie le certificat d'un plan, sans solveur.")
@click.argument("certificate", metavar="CERTIFICAT", type=FILE)
@click.argument("instance", metavar="INSTANCE", type=FILE)
@help_option
def command(certificate: Path, instance: Path) -> None:
    """Read both files, recompute everything, say what holds."""
    for path in (certificate, instance):
        if not path.is_file():
            raise click.UsageError(f"Le fichier {path} n'existe pas.")
    with certificate.open("rb") as given, instance.open("rb") as asked:
        verdict = verify(given, asked)
    show = Console(soft_wrap=True, highlight=False, stderr=verdict.status not in EXITS)
    for line in verification.lines(verdict):
        show.print(line, markup=False)
    sys.exit(EXITS.get(verdict.status, WRONG))

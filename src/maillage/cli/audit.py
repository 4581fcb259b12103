"""maillage audit: count what must never be."""

import sys

import click

from maillage.cli.operating import FAILED, refusing
from maillage.cli.options import OneOf, help_option
from maillage.operate.product import open_product

NAMES = ("files", "people", "journal", "bookings", "money")


@click.command(
    "audit", help="Compte ce qui ne doit jamais être, dans les documents et dans la base."
)
@click.argument("names", metavar="[QUOI]...", nargs=-1, type=OneOf(NAMES))
@help_option
def command(names: tuple[str, ...]) -> None:
    """One line for each forbidden thing; status 1 if one is found."""
    with refusing():
        open_product()
        # the models that it reads exist once the product is open
        from maillage.operate import audit

        findings = audit.run(names or NAMES)
    for finding in findings:
        shown = f" : {', '.join(finding.examples)}" if finding.count else ""
        click.echo(f"{finding.count:6d}  {finding.says}{shown}")
    if any(finding.count for finding in findings):
        sys.exit(FAILED)

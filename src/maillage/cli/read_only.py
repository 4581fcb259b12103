"""maillage read-only: close and open writing, for everyone at once."""

import click

from maillage.cli.operating import refusing
from maillage.cli.options import OneOf, help_option
from maillage.kit.clock import now
from maillage.operate.product import open_product


@click.command("read-only", help="Ferme (on) ou rouvre (off) l'enregistrement, pour tous.")
@click.argument("state", metavar="on|off", type=OneOf(("on", "off")))
@help_option
def command(state: str) -> None:
    """Turn the switch, note it, say what it changes."""
    with refusing():
        open_product()
        # the models that it reads exist once the product is open
        from maillage.operate import writing

        writing.turn(on=state == "off", at=now())
    if state == "on":
        click.echo("Lecture seule : dans 2 s, plus rien ne s'enregistre ; les pages le disent.")
    else:
        click.echo("L'enregistrement est rouvert.")

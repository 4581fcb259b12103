"""maillage administrator: the first person who may invite the others."""

import click
from django.conf import settings

from maillage.cli.operating import refusing
from maillage.cli.options import help_option
from maillage.kit.clock import now
from maillage.operate.product import open_product


@click.command(
    "administrator",
    help="Confie l'administration de la plateforme à une personne et donne son lien d'entrée.",
)
@click.argument("email", metavar="COURRIEL")
@click.argument("name", metavar="NOM")
@click.argument("organisation", metavar="ORGANISATION")
@help_option
def command(email: str, name: str, organisation: str) -> None:
    """Appoint, show the link once."""
    with refusing():
        open_product()
        # the models that it fills exist once the product is open
        from maillage.operate import first_administrator

        path = first_administrator.appoint(email, name, organisation, at=now())
    click.echo(f"Lien d'entrée de {name}, à ouvrir dans les 10 minutes, une seule fois :")
    click.echo(f"{settings.BASE_URL}{path}")

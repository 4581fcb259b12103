"""maillage serve: the web product, in production."""

import click

from maillage.cli.operating import refusing
from maillage.cli.options import Number, help_option
from maillage.operate import readiness, web_server
from maillage.operate.product import open_product


@click.command("serve", help="Sert l'application web (derrière un serveur mandataire).")
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADRESSE",
    help="Adresse d'écoute. Par défaut 127.0.0.1 : cette machine seule.",
)
@click.option("--port", type=Number("PORT", 1, 65535), metavar="PORT", default=8000)
@click.option(
    "--workers",
    type=Number("NOMBRE", 1, 64),
    metavar="NOMBRE",
    default=2,
    help="Processus. Par défaut 2 : un par cœur.",
)
@click.option(
    "--threads",
    type=Number("NOMBRE", 1, 64),
    metavar="NOMBRE",
    default=4,
    help="Requêtes à la fois par processus. Par défaut 4, chacune avec sa connexion à la base.",
)
@help_option
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Refuse what is unsafe, then serve."""
    with refusing():
        open_product()
        readiness.refuse_public_demonstration(host)
        readiness.refuse_unsafe_settings()
        readiness.refuse_missing_migrations()
        web_server.serve(web_server.Listen(host, port, workers, threads))

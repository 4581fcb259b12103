"""maillage worker: late work, in production."""

import click

from maillage.cli.operating import refusing
from maillage.cli.options import Number, help_option
from maillage.operate import readiness
from maillage.operate.product import open_product


@click.command("worker", help="Fait le travail différé : calculs, courriels, rappels.")
@click.option(
    "--jobs",
    type=Number("NOMBRE", 1, 32),
    metavar="NOMBRE",
    default=2,
    help="Tâches à la fois. Par défaut 2.",
)
@help_option
def command(jobs: int) -> None:
    """Take jobs until asked to stop."""
    with refusing():
        open_product()
        # the models that it reads exist once the product is open
        from maillage.operate import job_worker

        readiness.refuse_missing_migrations()
        job_worker.work(jobs)

"""The command line: each command is a module, loaded only when it is called."""

import contextlib
import importlib
import io
import os
import sys

import click

from maillage.cli.options import FrenchGroup, help_option, usage_sentence

COMMANDS = {
    "demo": ("maillage.cli.demo", "Calcule le plan du territoire d'exemple, CC Saône-Beaujolais."),
    "serve": ("maillage.cli.serve", "Sert l'application web."),
    "worker": ("maillage.cli.worker", "Fait le travail différé."),
    "migrate": ("maillage.cli.migrate", "Met la base de données au niveau de cette version."),
    "administrator": ("maillage.cli.administrator", "Nomme la première administratrice."),
    "read-only": ("maillage.cli.read_only", "Ferme ou rouvre l'enregistrement, pour tous."),
    "backup": ("maillage.cli.backup", "Sauvegarde la base et les documents."),
    "restore": ("maillage.cli.restore", "Restaure une sauvegarde dans une base vide."),
    "restore-check": ("maillage.cli.restore_check", "Prouve une sauvegarde en la restaurant."),
    "audit": ("maillage.cli.audit", "Compte ce qui ne doit jamais être."),
    "territories": (
        "maillage.cli.territories",
        "Tient la liste des intercommunalités et charge leurs tables.",
    ),
    "study": ("maillage.cli.study", "Calcule le plan d'une intercommunalité."),
    "national": (
        "maillage.cli.national",
        "Calcule le plan de toutes les intercommunalités de métropole.",
    ),
    "verify": ("maillage.cli.verify", "Vérifie le certificat d'un plan, sans solveur."),
    "data": ("maillage.cli.data", "Télécharge et vérifie les tables officielles."),
    "assumptions": (
        "maillage.cli.assumptions",
        "Liste les hypothèses : valeur, fourchette, source, raison.",
    ),
}
OF_EXTRA_WEB = frozenset({"django", "granian", "procrastinate", "psycopg"})
REFUSED = 2


class LazyGroup(FrenchGroup):
    """Commands known by name and sentence; their libraries are loaded when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        try:
            command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        except ModuleNotFoundError as error:
            if error.name not in OF_EXTRA_WEB:
                raise
            raise click.UsageError(
                f"La commande « {cmd_name} » demande l'application web, qui n'est pas installée : "
                "pip install 'maillage[web]'."
            ) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(package_name="maillage", prog_name="maillage", help="Affiche la version.")
@help_option
@click.pass_context
def app(ctx: click.Context) -> None:
    """Maillage : rapprocher le travail des habitants, de la première question au bilan annuel."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run() -> None:
    """The console script: refusals in French, exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        # narrow spaces and accents, whatever the terminal says of itself
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app.main(prog_name="maillage", standalone_mode=False)
    except click.UsageError as error:
        click.echo(usage_sentence(error), err=True)
        sys.exit(REFUSED)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Arrêté.", err=True)
        sys.exit(130)
    except OSError as error:
        if error.filename is not None:
            # a file, not the display: a bug
            raise
        # the files are written before anything is shown: only the display is lost
        with contextlib.suppress(OSError):
            click.echo(f"L'affichage a échoué ({error.errno}).", err=True)
        # what is left in the buffer cannot be shown either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    run()

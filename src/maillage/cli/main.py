"""The command line: each command is a module, loaded only when it is called."""

import importlib

import click

COMMANDS = {
    "study": ("maillage.cli.study", "Calcule le plan d'une intercommunalité."),
    "demo": ("maillage.cli.demo", "Calcule le plan du territoire d'exemple, CC Saône-Beaujolais."),
    "data": ("maillage.cli.data", "Vérifie les tables officielles d'un dossier."),
}


class LazyGroup(click.Group):
    """Commands known by name and sentence; their libraries are loaded when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commandes"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maillage", prog_name="maillage")
def app() -> None:
    """Maillage : rapprocher le travail des habitants, de la première question au bilan annuel."""


def run() -> None:
    """The console script."""
    app(prog_name="maillage")


if __name__ == "__main__":
    run()

"""French options: types whose refusals say what to write, help in French."""

from collections.abc import Sequence
from typing import Any

import click

# How click begins the one sentence that it does not give a class of its own
EXTRA_ARGUMENT = "Got unexpected extra argument"

_HEADINGS = {"Options": "Options", "Commands": "Commandes"}


def _french_usage(words: str) -> str:
    return (
        words.replace("[OPTIONS]", "[options]")
        .replace("COMMAND", "COMMANDE")
        .replace("[ARGS]...", "[…]")
    )


class FrenchFormatter(click.HelpFormatter):
    """Help whose headings are French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        super().write_usage(prog, _french_usage(args), prefix or "Utilisation : ")

    def write_heading(self, heading: str) -> None:
        """A section's title."""
        super().write_heading(_HEADINGS.get(heading, heading))


click.Context.formatter_class = FrenchFormatter

help_option = click.help_option("-h", "--help", help="Affiche cette aide.")


class FrenchGroup(click.Group):
    """A group that names its commands when asked for another, and shows its help when alone."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or a refusal that lists those that exist."""
        names = self.list_commands(ctx)
        if args[0] not in names:
            ctx.fail(f"La commande « {args[0]} » n'existe pas. Il y a : {', '.join(names)}.")
        return super().resolve_command(ctx, args)


class Number(click.ParamType[float]):
    """A number between two others, whole or not."""

    def __init__(
        self, name: str, low: float, high: float = float("inf"), *, whole: bool = True
    ) -> None:
        self.name = name
        self.low, self.high, self.whole = low, high, whole

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a refusal with its bounds."""
        try:
            number = float(str(value).replace(",", "."))
        except ValueError:
            self.fail(f"« {value} » n'est pas un nombre.", param, ctx)
        if self.whole and not number.is_integer():
            self.fail(f"« {value} » n'est pas un nombre entier.", param, ctx)
        if not self.low <= number <= self.high:
            self.fail(f"indiquez {self._bounds()}, pas {value}.", param, ctx)
        return int(number) if self.whole else number

    def _bounds(self) -> str:
        if self.high == float("inf"):
            return f"un nombre d'au moins {self.low:g}"
        return f"un nombre entre {self.low:g} et {self.high:g}".replace(".", ",")


class Span(click.ParamType[tuple[int, int]]):
    """MIN:MAX, or one number for both."""

    name = "MIN:MAX"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Two whole numbers, in order."""
        parts = str(value).split(":")
        if len(parts) > 2 or not all(part.strip().isdecimal() for part in parts):
            self.fail(f"« {value} » : écrivez un nombre, ou MIN:MAX, par exemple 2:3.", param, ctx)
        fewest, most = int(parts[0]), int(parts[-1])
        if fewest > most:
            self.fail(f"« {value} » est inversé : écrivez {most}:{fewest}.", param, ctx)
        return fewest, most


class Setting(click.ParamType[tuple[str, float]]):
    """KEY=VALUE for one assumption."""

    name = "CLÉ=VALEUR"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The key and its number."""
        key, _, number = str(value).partition("=")
        try:
            return key.strip(), float(number.replace(",", "."))
        except ValueError:
            self.fail(f"« {value} » : écrivez une clé, = et un nombre.", param, ctx)


class OneOf(click.ParamType[str]):
    """One word among some."""

    def __init__(self, words: Sequence[str]) -> None:
        self.name = "|".join(words)
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or a refusal with those allowed."""
        if value not in self.words:
            self.fail(f"« {value} » : écrivez {' ou '.join(self.words)}.", param, ctx)
        return str(value)


def usage_sentence(error: click.UsageError) -> str:
    """What is wrong with the command as typed, in French, and where to look."""
    command = error.ctx.command_path if error.ctx else "maillage"
    return f"{_what(error)}\n« {command} --help » montre les options."


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter):
        return f"Il manque {_name_of(error)}."
    if isinstance(error, click.NoSuchOption):
        nearest = f" Vouliez-vous dire {error.possibilities[0]} ?" if error.possibilities else ""
        return f"L'option {error.option_name} n'existe pas.{nearest}"
    if isinstance(error, click.BadOptionUsage):
        return f"L'option {error.option_name} attend une valeur."
    if isinstance(error, click.BadParameter):
        said = f"{_name_of(error)} : {error.message}"
        return said[0].upper() + said[1:]
    if error.message.startswith(EXTRA_ARGUMENT):
        extra = error.message.partition("(")[2].removesuffix(")")
        return f"Il y a un mot de trop : {extra}."
    return error.message


def _name_of(error: click.BadParameter) -> str:
    param = error.param
    if isinstance(param, click.Option):
        return f"l'option {param.opts[-1]}"
    return param.make_metavar(error.ctx) if param and error.ctx else "un argument"

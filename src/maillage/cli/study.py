"""maillage study: the plan of one intercommunality, from official tables."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from maillage.cli.screen import Screen, refusing
from maillage.core import assumptions as parameters
from maillage.core import scenario, territory
from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Outcome, Request
from maillage.core.siting_problem import Choices
from maillage.core.sources import gather, premises
from maillage.core.sources.gather import Tables
from maillage.report import bundle, files

ASSUMED = parameters.load()


class Span(click.ParamType[tuple[int, int]]):
    """MIN:MAX, or one number for both."""

    name = "MIN:MAX"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Two whole numbers."""
        parts = str(value).split(":")
        if len(parts) > 2 or not all(part.strip().isdigit() for part in parts):
            self.fail(f"« {value} » : écrivez un nombre, ou MIN:MAX, par exemple 2:3.", param, ctx)
        return int(parts[0]), int(parts[-1])


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


def assumed(key: str, words: str) -> str:
    """Help of an option: what it does, its default, where that comes from."""
    a = ASSUMED[key]
    return f"{words} Par défaut {a.value:g} ({a.unit}). {a.why} Source : {a.source}."


FILE = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, file_okay=False)

# name of the option and of its value, type, assumption behind its default, what it does
ASSUMED_OPTIONS = (
    ("minutes", click.FloatRange(2, 60), "siting.coverage_minutes", "Minutes de trajet."),
    ("hubs", Span(), "siting.hubs", "Nombre de sites structurants."),
    (
        "min-gain",
        click.IntRange(0),
        "siting.min_gain_per_mini",
        "Habitants rapprochés par un mini.",
    ),
    ("hub-seats", Span(), "siting.hub_seats_max", "Places d'un site structurant."),
    ("mini-seats", Span(), "siting.mini_seats_max", "Places d'un mini-cowork."),
    ("corpo-seats", click.IntRange(1), "siting.corpo_seats", "Places du corpoworking."),
    ("grant-rate", click.FloatRange(0, 0.8), "costs.grant_rate", "Part subventionnée, de 0 à 0,8."),
)
CHOSEN_OPTIONS = (
    ("minis", click.IntRange(0), "Nombre de mini-coworks à ne pas dépasser."),
    ("commune-budget", click.IntRange(0), "Euros qu'une commune n'investit pas au-delà."),
    ("epci-budget", click.IntRange(0), "Euros par an que l'intercommunalité ne dépasse pas."),
    ("time-limit", click.FloatRange(1), "Secondes par étape ; au-delà, l'écart prouvé est dit."),
    ("start", click.IntRange(2020, 2100), "Année des premières ouvertures (sinon l'an prochain)."),
    ("out", FOLDER, "Dossier où écrire les fichiers (sinon out/SIREN)."),
    ("premises", FILE, "Locaux, commerces et zones d'activité possibles (CSV, docs/files.md)."),
    ("existing", FILE, "Lieux existants (CSV, docs/files.md), au lieu de la liste de 2019."),
)
REPEATED_OPTIONS = (
    ("require", click.STRING, "Code Insee d'une commune qui doit recevoir un lieu. Répétable."),
    ("forbid", click.STRING, "Code Insee d'une commune sans lieu. Répétable."),
    ("set", Setting(), "Toute autre hypothèse (docs/method/assumptions.md). Répétable."),
)


def rules(command: Callable[..., None]) -> Callable[..., None]:
    """The options that `study` and `demo` share."""
    options = [
        *(click.option(f"--{n}", type=t, help=assumed(k, w)) for n, t, k, w in ASSUMED_OPTIONS),
        *(click.option(f"--{n}", type=t, help=words) for n, t, words in CHOSEN_OPTIONS),
        *(click.option(f"--{n}", type=t, help=w, multiple=True) for n, t, w in REPEATED_OPTIONS),
        click.option(
            "--existing-places",
            type=click.Choice(["keep", "close"]),
            default="keep",
            show_default=True,
            help="Garder ou fermer les lieux qui existent dans le territoire.",
        ),
        click.option(
            "--seed",
            type=click.IntRange(0),
            default=1,
            show_default=True,
            help="Graine des tirages : même graine, mêmes chiffres.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command("study", help="Calcule le plan d'une intercommunalité (SIREN ou nom).")
@click.argument("perimeter", metavar="SIREN")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    required=True,
    help="Dossier des tables officielles (« maillage data check » dit lesquelles).",
)
@click.option(
    "--flows",
    type=click.Path(path_type=Path),
    help="Flux domicile-travail observés de l'Insee (base des flux ou fichier détail).",
)
@rules
def command(perimeter: str, data: Path, flows: Path | None, **options: Any) -> None:
    """Read the tables, compute, write, print."""

    def tables(a: Assumptions) -> Tables:
        return gather.gather(data, perimeter, a, flows_file=flows)

    compute_and_write(tables, options)


def compute_and_write(tables: Callable[[Assumptions], Tables], options: dict[str, Any]) -> Outcome:
    """The whole command: progress on screen, files whole or not at all, summary at the end."""
    with refusing():
        at = datetime.now(ZoneInfo("Europe/Paris"))
        assumed_here = _assumptions(options)
        request = _request(options, at.year + 1)
        with Screen(("tables", *scenario.STEPS, "files")) as screen:
            screen.step("tables")
            place = territory.assemble(tables(assumed_here), assumed_here)
            outcome = scenario.evaluate(place, request, assumed_here, screen.step)
            screen.step("files")
            folder = options["out"] or Path("out") / place.siren
            produced = bundle.of_outcome(outcome, at=at)
            files.write_all(folder, produced)
        screen.summary(outcome, folder, list(produced))
    return outcome


def _assumptions(options: dict[str, Any]) -> Assumptions:
    values: dict[str, float] = dict(options["set"])
    single = {
        "minutes": "siting.coverage_minutes",
        "min_gain": "siting.min_gain_per_mini",
        "corpo_seats": "siting.corpo_seats",
        "grant_rate": "costs.grant_rate",
    }
    values |= {key: options[name] for name, key in single.items() if options[name] is not None}
    for tier in ("hub", "mini"):
        if options[f"{tier}_seats"] is not None:
            fewest, most = options[f"{tier}_seats"]
            values |= {f"siting.{tier}_seats_min": fewest, f"siting.{tier}_seats_max": most}
    return ASSUMED.with_values(values)


def _request(options: dict[str, Any], next_year: int) -> Request:
    return Request(
        choices=Choices(
            hubs=options["hubs"],
            minis_max=options["minis"],
            required_communes=options["require"],
            forbidden_communes=options["forbid"],
            commune_budget_eur=options["commune_budget"],
            epci_budget_eur=options["epci_budget"],
        ),
        premises=premises.read_premises(options["premises"]) if options["premises"] else (),
        existing=premises.read_existing(options["existing"]) if options["existing"] else None,
        keep_existing=options["existing_places"] == "keep",
        first_year=options["start"] or next_year,
        seed=options["seed"],
        time_limit_s=options["time_limit"],
    )

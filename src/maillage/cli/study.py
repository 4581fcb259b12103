"""maillage study: the plan of one intercommunality, from official tables."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from maillage.cli import besides
from maillage.cli.options import Number, OneOf, Setting, Span, help_option
from maillage.cli.screen import Screen, refusing
from maillage.core import assumptions as parameters
from maillage.core import scenario, territory
from maillage.core.assumptions import Assumptions
from maillage.core.scenario import Outcome, Request
from maillage.core.siting_problem import Choices
from maillage.core.sources import gather, premises
from maillage.core.sources.gather import Tables
from maillage.report import bundle, files, french

ASSUMED = parameters.load()


def assumed(keys: tuple[str, ...], words: str) -> str:
    """Help of an option: what it does, its default, why, and where that comes from."""
    last = ASSUMED[keys[-1]]
    default = " à ".join(f"{ASSUMED[key].value:g}" for key in keys)
    unit = french.UNITS[last.unit]
    return f"{words} Par défaut {default} {unit}. {last.why} Source : {last.source}."


FILE = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, dir_okay=True)

# name, type, assumptions behind the default, what it does
ASSUMED_OPTIONS = (
    (
        "minutes",
        Number("MINUTES", 2, 60, whole=False),
        ("siting.coverage_minutes",),
        "Trajet à ne pas dépasser.",
    ),
    ("hubs", Span(), ("siting.hubs",), "Nombre de sites structurants."),
    (
        "min-gain",
        Number("HABITANTS", 0),
        ("siting.min_gain_per_mini",),
        "Habitants qu'un mini-cowork doit rapprocher.",
    ),
    (
        "hub-seats",
        Span(),
        ("siting.hub_seats_min", "siting.hub_seats_max"),
        "Places d'un site structurant.",
    ),
    (
        "mini-seats",
        Span(),
        ("siting.mini_seats_min", "siting.mini_seats_max"),
        "Places d'un mini-cowork.",
    ),
    ("corpo-seats", Number("PLACES", 1), ("siting.corpo_seats",), "Places du corpoworking."),
    (
        "grant-rate",
        Number("PART", 0, 0.8, whole=False),
        ("costs.grant_rate",),
        "Part de l'investissement subventionnée, de 0 à 0,8.",
    ),
)
# name, type, what it does; without a value the rule does not exist
CHOSEN_OPTIONS = (
    ("minis", Number("NOMBRE", 0), "Mini-coworks à ne pas dépasser."),
    ("commune-budget", Number("EUROS", 0), "Investissement qu'une commune ne dépasse pas."),
    ("epci-budget", Number("EUROS", 0), "Coût net annuel que l'EPCI ne dépasse pas."),
    (
        "time-limit",
        Number("SECONDES", 1, whole=False),
        "Durée d'une étape d'optimisation ; au-delà, l'écart à l'optimum est dit.",
    ),
    ("start", Number("ANNÉE", 2020, 2100), "Premières ouvertures. Par défaut, l'an prochain."),
    ("out", FOLDER, "Dossier où écrire les fichiers. Par défaut out/SIREN."),
    ("premises", FILE, "Locaux, commerces et zones d'activité possibles (CSV, docs/files.md)."),
    ("existing", FILE, "Lieux existants (CSV, docs/files.md), au lieu de la liste de 2019."),
)
REPEATED_OPTIONS = (
    ("require", "CODE", None, "Commune qui doit recevoir un lieu (code Insee). Répétable."),
    ("forbid", "CODE", None, "Commune sans lieu (code Insee). Répétable."),
    ("set", "CLÉ=VALEUR", Setting(), "Autre hypothèse (« maillage assumptions »). Répétable."),
)


def rules(command: Callable[..., None]) -> Callable[..., None]:
    """The options that `study` and `demo` share."""
    options = [
        *(
            click.option(f"--{name}", type=kind, metavar=kind.name, help=assumed(keys, words))
            for name, kind, keys, words in ASSUMED_OPTIONS
        ),
        *(
            click.option(f"--{name}", type=kind, metavar=_metavar(kind), help=words)
            for name, kind, words in CHOSEN_OPTIONS
        ),
        *(
            click.option(f"--{name}", type=kind, metavar=metavar, help=words, multiple=True)
            for name, metavar, kind, words in REPEATED_OPTIONS
        ),
        click.option(
            "--existing-places",
            type=OneOf(("keep", "close")),
            metavar="keep|close",
            default="keep",
            help="Garder (keep, par défaut) ou fermer (close) les lieux ouverts du territoire.",
        ),
        click.option(
            "--seed",
            type=Number("GRAINE", 0),
            metavar="GRAINE",
            default=1,
            help="Graine des tirages : même graine, mêmes chiffres. Par défaut 1.",
        ),
        help_option,
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _metavar(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Path):
        return "DOSSIER" if kind is FOLDER else "FICHIER"
    return kind.name


@click.command("study", help="Calcule le plan d'une intercommunalité (SIREN ou nom).")
@click.argument("perimeter", metavar="SIREN")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Dossier des tables officielles (« maillage data check » dit lesquelles). Obligatoire.",
)
@click.option(
    "--flows",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    help="Flux domicile-travail observés de l'Insee (base des flux ou fichier détail).",
)
@click.option(
    "--roads",
    type=click.Path(path_type=Path),
    metavar="FICHIER",
    multiple=True,
    help="Extrait OpenStreetMap (.osm.pbf) : temps par la route. Répétable. Sans elle, ceux du "
    "dossier de tables qui couvrent le territoire ; à défaut, temps d'après la distance.",
)
@click.option(
    "--pareto",
    is_flag=True,
    help="Dire aussi ce qu'achète chaque euro : les réseaux qu'aucun autre ne bat à la fois sur "
    "le coût et les habitants, prouvés un à un.",
)
@click.option(
    "--robust",
    is_flag=True,
    help="Dire aussi quel réseau tient si tous les trajets sont plus lents, et ce qu'il coûte.",
)
@click.option(
    "--price",
    metavar="CODE",
    help="Dire aussi le plus petit budget auquel une commune (code Insee) reçoit un lieu.",
)
@rules
def command(
    perimeter: str,
    data: Path | None,
    flows: Path | None,
    roads: tuple[Path, ...],
    **options: Any,
) -> None:
    """Read the tables, compute, write, print."""
    if data is None:
        raise click.UsageError("Il manque l'option --data : le dossier de vos tables officielles.")

    def tables(a: Assumptions) -> Tables:
        return gather.gather(
            data, perimeter, a, flows_file=flows, road_files=roads, cache=streets_cache()
        )

    outcome = compute_and_write(tables, options).outcome
    if options["pareto"]:
        besides.what_each_euro_buys(outcome)
    if options["robust"]:
        besides.if_trips_are_slower(outcome)
    if options["price"]:
        with refusing():
            besides.price_of_a_village(outcome, options["price"])


def streets_cache() -> Path:
    """Where streets already cut are kept between two studies."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "maillage"


@dataclass(frozen=True)
class Computed:
    """A plan, the summary that was shown of it, the files that were written."""

    outcome: Outcome
    text: str
    paths: tuple[Path, ...]


def compute_and_write(tables: Callable[[Assumptions], Tables], options: dict[str, Any]) -> Computed:
    """The whole command: progress on screen, files whole or not at all, summary at the end."""
    with refusing():
        at = datetime.now(ZoneInfo("Europe/Paris"))
        assumed_here = _assumptions(options)
        request = _request(options, at.year + 1)
        with Screen(("tables", *scenario.STEPS, "files")) as screen:
            screen.step("tables")
            place = territory.assemble(tables(assumed_here), assumed_here)
            folder = options["out"] or Path("out") / place.siren
            files.refuse_unwritable(folder)
            outcome = scenario.evaluate(place, request, assumed_here, screen.step)
            screen.step("files")
            produced = bundle.of_outcome(outcome, at=at)
            files.write_all(folder, produced)
        screen.summary(outcome, folder, list(produced))
    paths = tuple(folder / name for name in produced)
    return Computed(outcome, screen.console.export_text(), paths)


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

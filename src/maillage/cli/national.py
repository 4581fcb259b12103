"""maillage national: the plan of every intercommunality of mainland France."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

import click
from rich.console import Console

from maillage.cli.national_screen import NationalScreen
from maillage.cli.options import Number, Setting, help_option
from maillage.cli.screen import STOPPED, refusing
from maillage.cli.study import ASSUMED, FOLDER, streets_cache
from maillage.core import national
from maillage.core.assumptions import Assumptions
from maillage.core.bad_input import BadInput
from maillage.core.national import Place, Read
from maillage.core.periods import PARIS
from maillage.core.scenario import Request
from maillage.core.sources import registry
from maillage.core.sources.shelf import Shelf
from maillage.operate.national.kept import Kept
from maillage.operate.national.pool import Pool
from maillage.operate.national.run import Ran, Workers, run
from maillage.operate.national.work import Work, whole_print
from maillage.operate.processes import stop_on_signals
from maillage.report import files, french, refusals
from maillage.report import national as pages

TIME_LIMIT_S = 60
SOME_FAILED, REFUSED = 1, 2


@click.command("national", help="Calcule le plan de toutes les intercommunalités de métropole.")
@click.option(
    "--data",
    type=FOLDER,
    metavar="DOSSIER",
    help="Dossier des tables officielles du pays (« maillage data check »). Obligatoire.",
)
@click.option(
    "--roads",
    type=FOLDER,
    metavar="DOSSIER",
    help="Dossier d'extraits OpenStreetMap (.osm.pbf), par exemple un par région : ceux qui "
    "couvrent une intercommunalité servent, sinon ses temps sont d'après la distance.",
)
@click.option(
    "--workers",
    type=Number("NOMBRE", 1),
    metavar="NOMBRE",
    help="Processus de cette machine. Par défaut, un par cœur. Comptez 1 Go de mémoire chacun.",
)
@click.option(
    "--scheduler",
    metavar="ADRESSE",
    help="Ordonnanceur Dask qui tourne déjà (tcp://machine:8786), au lieu de cette machine.",
)
@click.option("--only", metavar="SIREN", multiple=True, help="Celle-ci seulement. Répétable.")
@click.option(
    "--departement",
    "departments",
    metavar="CODE",
    multiple=True,
    help="Celles d'un département (celui de la plupart de leurs communes). Répétable.",
)
@click.option(
    "--time-limit",
    type=Number("SECONDES", 1, whole=False),
    metavar="SECONDES",
    default=TIME_LIMIT_S,
    help=f"Durée d'une étape d'optimisation ; au-delà, l'écart est dit. Par défaut {TIME_LIMIT_S}.",
)
@click.option(
    "--start",
    type=Number("ANNÉE", 2020, 2100),
    metavar="ANNÉE",
    help="Premières ouvertures. Par défaut, l'an prochain.",
)
@click.option(
    "--set",
    "values",
    type=Setting(),
    metavar="CLÉ=VALEUR",
    multiple=True,
    help="Autre hypothèse (« maillage assumptions »). Répétable.",
)
@click.option(
    "--out",
    type=FOLDER,
    metavar="DOSSIER",
    default=Path("out") / "national",
    help="Dossier des résultats. Relancée sur le même, la commande ne calcule que ce qui a changé. "
    "Par défaut out/national.",
)
@help_option
def command(data: Path | None, out: Path, **options: Any) -> None:
    """Read, compute what changed, write."""
    if data is None:
        raise click.UsageError("Il manque l'option --data : le dossier de vos tables officielles.")
    if options["scheduler"] and options["workers"]:
        raise click.UsageError("Choisissez --workers (cette machine) ou --scheduler (un cluster).")
    with refusing():
        at = datetime.now(PARIS)
        files.refuse_unwritable(out)
        shelf = Shelf(data, is_shared=True)
        places = _places(shelf, options)
        workers = _workers(options)
        work = _work(data, options, at.year + 1)
        with NationalScreen(len(places)) as screen, stop_on_signals() as stop:
            ran = _run(work, places, out, workers, stop=stop, screen=screen)
            _stop_early(ran, out)
            screen.say("Écriture des tables et des pages…")
            files.write_all(out, _produced(ran, shelf, places, work.assumptions, at))
        screen.summary(ran, out)
    sys.exit(SOME_FAILED if ran.failed else 0)


def _places(shelf: Shelf, options: dict[str, Any]) -> tuple[Place, ...]:
    found = national.places(shelf, options["only"], options["departments"])
    if not found:
        raise BadInput("national_nothing_asked")
    return found


def _work(data: Path, options: dict[str, Any], next_year: int) -> Work:
    assumed = ASSUMED.with_values(dict(options["values"]))
    request = Request(
        first_year=options["start"] or next_year, time_limit_s=float(options["time_limit"])
    )
    extracts = _extracts(options["roads"])
    # a worker of a cluster does not stand where the command was typed
    folder = data.absolute()
    return Work(
        data=folder,
        extracts=extracts,
        cache=streets_cache(),
        assumptions=assumed,
        request=request,
        method=national.method_print(),
        whole=whole_print(folder, extracts, assumed, request),
    )


def _extracts(folder: Path | None) -> tuple[Path, ...]:
    if folder is None:
        return ()
    registry.refuse_no_folder(folder)
    found = registry.find_all(folder.absolute(), "roads")
    if not found:
        raise BadInput("no_extract_in_folder", path=folder)
    return tuple(found)


def _workers(options: dict[str, Any]) -> Workers:
    address = options["scheduler"]
    if address is None:
        return Pool(options["workers"] or len(os.sched_getaffinity(0)))
    # the extra `cluster`: a run on this machine does without
    cluster = import_module("maillage.operate.national.cluster")
    found: Workers = cluster.Cluster(address)
    return found


def _run(
    work: Work,
    places: Sequence[Place],
    out: Path,
    workers: Workers,
    *,
    stop: Event,
    screen: NationalScreen,
) -> Ran:
    return run(work, places, Kept(out), workers, stop=stop, on_progress=screen.progress)


def _stop_early(ran: Ran, out: Path) -> None:
    """End where the run was stopped or its machines lost; what is done is kept."""
    if ran.lost is None and not ran.is_stopped:
        return
    error = Console(stderr=True, soft_wrap=True, highlight=False)
    if ran.lost is not None:
        error.print(refusals.sentence(ran.lost), markup=False)
        sys.exit(REFUSED)
    done = len(ran.records)
    kept = "calculée est gardée" if done < 2 else "calculées sont gardées"
    count = french.count(done, "intercommunalité")
    error.print(
        f"Arrêté. {count} {kept} dans {out} : relancez la même commande pour finir.", markup=False
    )
    sys.exit(STOPPED)


def _produced(
    ran: Ran, shelf: Shelf, places: Sequence[Place], assumed: Assumptions, at: datetime
) -> dict[str, bytes]:
    path = registry.find(shelf.path, "outlines_national")
    outlines = None
    if path is not None:
        source = shelf.source("outlines_national", path, None)
        outlines = Read(source.dataset.id, source.file, source.vintage)
    facts = pages.Facts(
        records=ran.records,
        failed=ran.failed,
        places=len(places),
        within_min=assumed.value("siting.coverage_minutes"),
        shapes=national.shapes(shelf),
        outlines=outlines,
    )
    return pages.produced(facts, at=at)

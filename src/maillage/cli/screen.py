"""What the terminal shows: progress, the summary, refusals."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from maillage.core.bad_input import BadInput
from maillage.core.scenario import NoNetwork, Outcome
from maillage.report import french, notes, on_the_way, refusals, summary

REFUSED = 2
STOPPED = 130


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a refusal into its sentence and exit status 2; Ctrl-C into a quiet stop."""
    try:
        yield
    except BadInput as error:
        _stop(refusals.sentence(error), REFUSED)
    except NoNetwork as error:
        _stop(refusals.no_network(error.relaxations, error.candidates), REFUSED)
    except KeyboardInterrupt:
        _stop("Calcul arrêté. Rien n'a été écrit.", STOPPED)


def _stop(words: str, status: int) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(words, markup=False)
    sys.exit(status)


class Screen:
    """The progress of a study, step by step, then its summary."""

    def __init__(self, steps: tuple[str, ...]) -> None:
        self.console = Console(highlight=False, record=True)
        self._steps = steps
        shown = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:.0f} sur {task.total:.0f}"),
            TimeElapsedColumn(),
            console=shown,
            transient=True,
            disable=not shown.is_terminal,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        self._task = self._progress.add_task("", total=len(self._steps))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, name: str) -> None:
        """Show that a step begins."""
        done = self._steps.index(name)
        self._progress.update(self._task, completed=done, description=french.STEPS[name])

    def summary(self, outcome: Outcome, folder: Path, names: list[str]) -> None:
        """The plan in words, then the files."""
        show = self.console.print
        place = outcome.territory
        communes = french.count(len(place.communes), "commune")
        population = french.number(place.population)
        show(f"\n[bold]{place.name}[/bold]  {communes}, {population} habitants\n")
        show(summary.headline(outcome))
        show(f"{summary.proof(outcome)}\n")
        show(_sites(outcome))
        within = f"{outcome.coverage.within_min:.0f} minutes"
        show(f"[dim]Sans lui, à sa place : habitants qui passeraient au-delà de {within}.[/dim]")
        show(f"\n{summary.demand_line(outcome)}")
        show(f"{on_the_way.line(outcome)}\n")
        show(_money(outcome))
        show(summary.investment_line(outcome))
        show(summary.operation_line(outcome))
        show(f"{summary.impact_line(outcome)}\n")
        for line in summary.origin_lines(outcome):
            show(line)
        for note in outcome.notes:
            show(f"À savoir : {notes.sentence(note)}", markup=False)
        show("\nFichiers écrits :")
        for name in names:
            show(f"  {folder / name}", markup=False, soft_wrap=True)


def _sites(outcome: Outcome) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Lieu", no_wrap=True, max_width=28)
    for title in ("Places", "Ouverture", "Sans lui"):
        table.add_column(title, justify="right", no_wrap=True, min_width=len(title))
    table.add_column("À sa place, au mieux", no_wrap=True)
    for tier in french.TIERS:
        rows = [summary.site_line(outcome, s) for s in outcome.sites if s.tier == tier]
        if rows:
            names = french.TIERS if len(rows) == 1 else french.TIERS_PLURAL
            table.add_row(f"[bold]{names[tier].capitalize()}[/bold]")
            for name, *rest in rows:
                table.add_row(Padding(Text(name), (0, 0, 0, 2)), *rest)
    return table


def _money(outcome: Outcome) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Qui paie quoi (cas central)")
    table.add_column("Investissement", justify="right")
    table.add_column("Par an, à l'année 5", justify="right")
    for row in summary.money_lines(outcome):
        table.add_row(*row)
    return table

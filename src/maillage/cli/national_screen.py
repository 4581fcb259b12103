"""What the terminal shows of a run over the country: how far, how many failed, when it ends."""

from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from maillage.core.periods import PARIS
from maillage.operate.national.run import Progress, Ran
from maillage.report import french

# where nobody watches a bar, a line each tenth
_STEPS = 10
_FEW = 5
_MINUTE_S, _HOUR_S = 60, 3600


class NationalScreen:
    """A bar that moves where someone looks, a line now and then in a log."""

    def __init__(self, places: int) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self._log = Console(stderr=True, highlight=False, soft_wrap=True)
        self._places = places
        self._step = -1
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:.0f} sur {task.total:.0f}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[end]}"),
            console=self._log,
            transient=True,
            disable=not self._log.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("Intercommunalités", total=self._places, end="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def progress(self, now: Progress) -> None:
        """Show how far the run is."""
        failed = f", {french.number(now.failed)} sans plan" if now.failed else ""
        end = _end(now.left_s)
        self._bar.update(
            self._task, completed=now.ended, description=f"Intercommunalités{failed}", end=end
        )
        step = _STEPS * now.ended // max(1, now.places)
        if not self._log.is_terminal and step > self._step:
            self._step = step
            done = f"{french.number(now.ended)} sur {french.number(now.places)}"
            self._log.print(f"{done}{failed}{', ' if end else ''}{end}", markup=False)

    def say(self, words: str) -> None:
        """Show that the end has begun."""
        self._bar.update(self._task, description=words, end="")

    def summary(self, ran: Ran, folder: Path) -> None:
        """What was done, what was not, where it is."""
        show = self.console.print
        count = french.count(len(ran.records), "intercommunalité", "intercommunalités")
        kept = f", dont {french.number(ran.kept)} déjà à jour" if ran.kept else ""
        show(f"{count} avec un plan{kept}.")
        gaps = sum(record.plan.status != "proved" for record in ran.records)
        if gaps:
            show(f"{french.count(gaps, 'plan')} non prouvé{'s' if gaps > 1 else ''} : écart dit.")
        for failed in ran.failed[:_FEW]:
            show(f"Sans plan : {failed.place.name} ({failed.place.siren}). {failed.reason}")
        if len(ran.failed) > _FEW:
            show(f"Et {len(ran.failed) - _FEW} autres sans plan : voir echecs.csv.")
        show(f"\nÀ lire : {folder / 'index.html'}", markup=False)


def _end(left_s: float | None) -> str:
    """About how long is left, and at what hour it ends."""
    if left_s is None:
        return ""
    at = datetime.now(PARIS) + timedelta(seconds=left_s)
    if left_s < _MINUTE_S:
        return "fin dans moins d'une minute"
    if left_s < _HOUR_S:
        return f"fin dans {left_s / _MINUTE_S:.0f} min environ, vers {at:%H h %M}"
    return f"fin dans {left_s / _HOUR_S:.1f} h environ, vers {at:%H h %M}".replace(".", ",")

"""What the terminal shows of a download: its progress, then what came."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Table
from rich.text import Text

from maillage.core.sources.fetched import Record
from maillage.download import Arrival
from maillage.report import french, refusals

STATES = {
    "fetched": "téléchargé",
    "kept": "déjà là, inchangé",
    "yours": "déposé par vous, gardé",
    "by_hand": "à déposer vous-même",
    "failed": "pas venu",
}
# Off a terminal, a line so often says how far a long file is
_SAID_EVERY_S = 15.0
_SHORT_SHA = 12


class FetchScreen:
    """Follows files: a bar on a terminal, plain lines elsewhere; `came` counts those fetched."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            _Sizes(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._name, self._place = "", ""
        self.came = 0
        self._begun_at = self._said_at = 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        self._task = self._progress.add_task("", total=None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def begins(self, name: str, number: int, of: int) -> None:
        """A file is about to be asked for."""
        self._name, self._place = name, f"{number}/{of}"
        self._begun_at = self._said_at = self._clock()
        self._first: int | None = None
        self._progress.reset(self._task, description=f"{self._place} {escape(name)}", total=None)

    def holds(self, done: int, total: int | None) -> None:
        """So many bytes are there."""
        if self._first is None:
            self._first = done
            # what was there before counts neither in the speed nor in the time left
            self._progress.reset(self._task, total=total, completed=done)
        self._progress.update(self._task, completed=done, total=total)
        now = self._clock()
        if not self._console.is_terminal and now - self._said_at >= _SAID_EVERY_S:
            self._said_at = now
            speed = (done - self._first) / (now - self._begun_at)
            self._say(f"{self._name} : {_progress(done, total, speed)}")

    def waits(self, seconds: float) -> None:
        """The server cut or asked to wait."""
        if seconds >= 1:
            self._say(f"{self._name} : coupure, nouvel essai dans {french.number(seconds)} s.")

    def ends(self, arrival: Arrival) -> None:
        """What became of a file."""
        said = STATES[arrival.state]
        if arrival.state == "fetched" and arrival.record is not None:
            self.came += 1
            took = french.number(self._clock() - self._begun_at)
            said = f"{said}, {megabytes(arrival.record.bytes)} en {took} s"
        self._say(f"{arrival.wanted.file} : {said}.")

    def _say(self, words: str) -> None:
        self._console.print(f"{self._place} {words}", markup=False, soft_wrap=True)


class _Sizes(ProgressColumn):
    """Bytes, speed and time left, in French."""

    def render(self, task: Task) -> Text:
        """12,3 Mo sur 200 Mo, 1,2 Mo/s, encore 3 min."""
        return Text(_progress(int(task.completed), _whole(task.total), task.speed))


def _whole(total: float | None) -> int | None:
    return None if total is None else int(total)


def _progress(done: int, total: int | None, speed: float | None) -> str:
    words = megabytes(done)
    if total is not None:
        words = f"{words} sur {megabytes(total)}"
    if speed:
        words = f"{words}, {megabytes(speed)}/s"
        if total is not None:
            words = f"{words}, encore {_duration((total - done) / speed)}"
    return words


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def megabytes(size: float) -> str:
    """12,3 Mo; 45 ko under a tenth of a megabyte."""
    if size < 1e5:
        return f"{french.number(max(size / 1e3, 1 if size else 0))} ko"
    return f"{french.number(size / 1e6, 1)} Mo"


def show(console: Console, arrivals: Sequence[Arrival], folder: Path) -> None:
    """What came with its origin, then what failed and why, then what to fetch by hand."""
    console.print(_table(arrivals))
    failed = [(a.wanted.file, a.refusal) for a in arrivals if a.refusal is not None]
    if failed:
        console.print("\nCe qui n'est pas venu :")
    for name, refusal in failed:
        _item(console, f"{name} : {refusals.sentence(refusal)}")
    by_hand = [a.wanted for a in arrivals if a.state == "by_hand"]
    if by_hand:
        console.print("\nÀ télécharger vous-même, faute d'adresse directe stable :")
    for wanted in by_hand:
        words = f"{wanted.dataset.title} : prenez le fichier sur {wanted.page} et déposez-le dans "
        _item(console, f"{words}{folder}, par exemple sous le nom {wanted.file}.")


def _item(console: Console, words: str) -> None:
    console.print(Padding(Text(words), (0, 0, 0, 2)))


def _dated(record: Record) -> str:
    """The vintage, and the day of the publisher's file."""
    vintage, day = french.vintage(record.vintage), french.read_day(record.changed_on)
    return vintage if not day or day == vintage else f"{vintage} (fichier du {day})"


def _table(arrivals: Sequence[Arrival]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 1, 0))
    table.add_column("Fichier, millésime", ratio=3, overflow="fold")
    table.add_column("Taille", justify="right", no_wrap=True)
    table.add_column("Empreinte", no_wrap=True)
    table.add_column("Licence", ratio=2, overflow="fold")
    for arrival in arrivals:
        record = arrival.record
        if record is None or arrival.path is None:
            continue
        name = f"{arrival.path.name}\n{_dated(record)}"
        size, sha = megabytes(record.bytes), record.sha256[:_SHORT_SHA]
        table.add_row(*(Text(cell) for cell in (name, size, sha, record.licence)))
    return table

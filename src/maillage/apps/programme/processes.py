"""The processes that a study may follow, read once from their table."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from maillage.core import programme
from maillage.core.programme import Length, Span

TABLE = Path(__file__).with_name("templates.toml")


@dataclass(frozen=True)
class Step:
    """One phase of a process and what it hands over."""

    title: str
    length: Length
    deliverables: tuple[str, ...]
    waits_days: int = 0


@dataclass(frozen=True)
class Process:
    """A process template.

    unit         what its parts are called: phase, étape, canal
    source, why  where its lengths come from
    is_together  the parts run side by side, each after its own wait
    """

    key: str
    title: str
    lead: str
    unit: str
    source: str
    why: str
    steps: tuple[Step, ...]
    is_together: bool = False

    def proposed(self, starts_on: date) -> list[Span]:
        """The planned dates of each part from a first day."""
        lengths = [step.length for step in self.steps]
        if self.is_together:
            return programme.together(lengths, [s.waits_days for s in self.steps], starts_on)
        return programme.proposed(lengths, starts_on)


@functools.cache
def processes() -> dict[str, Process]:
    """Every process by its key, in the order of the table."""
    read = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {key: _process(key, words) for key, words in read.items()}


def _process(key: str, words: dict[str, Any]) -> Process:
    steps = tuple(_step(entry) for entry in words.pop("phases"))
    return Process(key=key, steps=steps, **words)


def _step(entry: dict[str, Any]) -> Step:
    length = Length(**entry.pop("length"))
    return Step(length=length, deliverables=tuple(entry.pop("deliverables")), **entry)

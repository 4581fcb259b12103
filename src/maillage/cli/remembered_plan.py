"""The plan of the demonstration, kept between two starts: not computed twice from the same."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

import maillage
from maillage.cli.study import Computed
from maillage.core.scenario import Outcome

# what decides of the plan's figures and words, and of what the demonstration is filled with
FLOORS = ("core", "report", "operate")
OF_CODE = (".py", ".toml", ".csv", ".geojson", ".typ")


class RememberedPlan:
    """A plan that is shown at once when nothing changed since it was computed.

    file     where it is remembered
    options  those of the command
    compute  computes, writes the files, shows the summary
    """

    def __init__(
        self, file: Path, options: dict[str, Any], at: datetime, compute: Callable[[], Computed]
    ) -> None:
        self._file = file
        self._compute = compute
        self._computed: Computed | None = None
        # without --start, the first openings are next year's
        self.key = _digest_of_code([str(at.year), repr(sorted(options.items(), key=str))])

    def show(self) -> None:
        """The summary of before if its files are still there, else a new one."""
        known = self._known()
        if known is None:
            self._compute_and_remember()
            return
        click.echo(known)
        click.echo("\nPlan déjà calculé : mêmes données, mêmes règles, même version.")

    def outcome(self) -> Outcome:
        """The plan itself, computed if it was only shown."""
        if self._computed is None:
            self._compute_and_remember()
        if self._computed is None:
            raise TypeError(self._file)
        return self._computed.outcome

    def _compute_and_remember(self) -> None:
        self._computed = self._compute()
        facts = {
            "key": self.key,
            "text": self._computed.text,
            "files": {str(p.absolute()): _sha256(p) for p in self._computed.paths},
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(facts), encoding="utf-8")
        part.replace(self._file)

    def _known(self) -> str | None:
        if not self._file.exists():
            return None
        facts = json.loads(self._file.read_text(encoding="utf-8"))
        intact = all(
            Path(path).is_file() and _sha256(Path(path)) == digest
            for path, digest in facts["files"].items()
        )
        return str(facts["text"]) if facts["key"] == self.key and intact else None


def _digest_of_code(extra: list[str]) -> str:
    digest = hashlib.sha256("\n".join(extra).encode())
    root = Path(maillage.__file__).parent
    folders = [*(root / floor for floor in FLOORS), *root.rglob("migrations")]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.suffix in OF_CODE:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""The report as a PDF: a Typst template and data, never markup from outside."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata, resources
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from maillage.core.bad_input import BadInput
from maillage.core.scenario import Outcome
from maillage.report import charts, french, map, story, typeset_child  # noqa: A004
from maillage.report.story import annex
from maillage.report.warm import KEPT, ChildDied, Warm

TEMPLATE = "plan.typ"
# a busy machine is slow: what loops is ended sooner, by its bound of computing time
TIME_S = 60
# few threads and arenas: each reserves address space, which is bounded; port 9 answers nobody
CONFINED = {
    "RAYON_NUM_THREADS": "2",
    "MALLOC_ARENA_MAX": "2",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
}


class TypesetError(Exception):
    """The template is wrong, in Typst's words."""


class TypesetWarning(Exception):  # noqa: N818  (Typst's own warning, raised)
    """The template asked for something Typst could not do as written: a font, a figure."""


def report(outcome: Outcome, *, at: datetime) -> bytes:
    """The report of a plan: tagged PDF/A-3a and PDF/UA-1, in French."""
    words = story.of_outcome(outcome, french.day(at.date()), metadata.version("maillage"))
    words |= {
        "communes": annex.communes_rows(outcome),
        "calendar": annex.sites_by_year(outcome.sites),
        "alternatives": {when: map.alternative(outcome, when) for when in ("before", "after")},
    }
    return compile_template(TEMPLATE, words, _pictures(outcome), at)


def _pictures(outcome: Outcome) -> dict[str, str]:
    labels = {i.key: french.PARAMETERS[i.key] for i in outcome.demand.influence}
    # time may have left none of its points proved
    euros = {"front.svg": charts.draw(charts.euros_curve(outcome))} if outcome.front else {}
    return euros | {
        "map-after.svg": map.svg(outcome),
        "map-before-plain.svg": map.svg(outcome, "before", map.SMALL),
        "map-after-plain.svg": map.svg(outcome, "after", map.SMALL),
        "destinations.svg": charts.draw(charts.destinations(outcome)),
        "bands.svg": charts.draw(charts.distance_bands(outcome)),
        "publics.svg": charts.draw(charts.demand_by_public(outcome)),
        "tornado.svg": charts.draw(charts.tornado(outcome, labels)),
        "curve.svg": charts.draw(charts.coverage_curve(outcome)),
        "payers.svg": charts.draw(charts.payers(outcome)),
        "carbon.svg": charts.draw(charts.carbon_curve(outcome)),
    }


def compile_template(
    name: str, words: dict[str, object], pictures: dict[str, str], at: datetime
) -> bytes:
    """A template with its data and pictures, as PDF bytes dated `at`.

    Raises BadInput `missing_fonts` when set-up did not fetch them, BadInput `report_too_heavy`
    beyond the bounds of time and memory, and TypesetWarning when Typst warns: an unknown font
    would otherwise pass unseen.
    """
    fonts = _fonts()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _lay_templates(root)
        _lay_words(root, words)
        for file, svg in pictures.items():
            (root / file).write_text(_printed(svg), encoding="utf-8")
        return compile_folder(root, name, fonts, at)


class Press:
    """A child kept warm that typesets many documents, one at a time: milliseconds for each.

    The same folder, the same bounds and the same child as for one; `close` ends it.
    """

    def __init__(self) -> None:
        self._fonts = _fonts()
        self._folder = tempfile.TemporaryDirectory()
        self._root = Path(self._folder.name)
        _lay_templates(self._root)
        script = str(Path(typeset_child.__file__))
        words = [sys.executable, "-I", script, "--serve", str(self._root), str(self._fonts)]
        self._child = Warm(words, TIME_S, CONFINED)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child and remove its folder."""
        self._child.close()
        self._folder.cleanup()

    def compile(
        self, name: str, words: dict[str, object], files: Mapping[str, bytes], at: datetime
    ) -> bytes:
        """A template with its data and files, as PDF bytes dated `at`; raises as one at a time."""
        with self._lock:
            _lay_words(self._root, words)
            for file, content in files.items():
                (self._root / file).write_bytes(content)
            try:
                status, said = self._child.ask({"template": name, "dated_s": int(at.timestamp())})
            except ChildDied as error:
                raise BadInput("report_too_heavy") from error
            finally:
                for file in files:
                    (self._root / file).unlink()
        return said if status == 0 else _raise(status, said.decode(errors="replace"))


def _fonts() -> Path:
    fonts = resources.files("maillage.report").joinpath("fonts")
    if not fonts.is_dir():
        raise BadInput("missing_fonts")
    return Path(str(fonts))


def _lay_templates(root: Path) -> None:
    for entry in resources.files("maillage.report").joinpath("templates").iterdir():
        if entry.name.endswith(".typ"):
            shutil.copyfile(str(entry), root / entry.name)


def _lay_words(root: Path, words: dict[str, object]) -> None:
    data = json.dumps(words, ensure_ascii=False)
    (root / "data.json").write_text(_printed(data), encoding="utf-8")


def _raise(status: int, said: str) -> NoReturn:
    raise (TypesetWarning if status == typeset_child.WARNED else TypesetError)(said)


def compile_folder(root: Path, name: str, fonts: Path, at: datetime) -> bytes:
    """A template of a folder as PDF bytes, by a child that sees no network and none of our secrets.

    The folder alone is readable from the template, and holds no symbolic link.
    """
    child = Path(typeset_child.__file__)
    words = [sys.executable, "-I", str(child), str(root), name, str(fonts), f"{at.timestamp():.0f}"]
    try:
        done = subprocess.run(  # noqa: S603  (our own script, our own arguments)
            words,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput("report_too_heavy") from error
    said = done.stderr.decode(errors="replace")
    if done.returncode == 0:
        return done.stdout
    if done.returncode < 0:
        # killed by a limit of the system: memory asked for and refused, or time used up
        raise BadInput("report_too_heavy")
    _raise(done.returncode, said)


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k in KEPT} | CONFINED


def _printed(text: str) -> str:
    """Spaces and apostrophes of a printed page: the fonts draw the narrow space too thin."""
    return text.replace(french.NARROW, french.NBSP).replace("'", "’")

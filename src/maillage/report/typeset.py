"""The report as a PDF: a Typst template and data, never markup from outside."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from importlib import metadata, resources
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.scenario import Outcome
from maillage.report import charts, french, map, story, typeset_child  # noqa: A004
from maillage.report.story import annex

TEMPLATE = "plan.typ"
TIME_S = 20
# what Python needs to start; the rest of the environment may hold secrets
KEPT = frozenset({"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"})
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
    return {
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
    templates = resources.files("maillage.report").joinpath("templates")
    fonts = resources.files("maillage.report").joinpath("fonts")
    if not fonts.is_dir():
        raise BadInput("missing_fonts")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for entry in templates.iterdir():
            if entry.name.endswith(".typ"):
                shutil.copyfile(str(entry), root / entry.name)
        data = json.dumps(words, ensure_ascii=False)
        (root / "data.json").write_text(_printed(data), encoding="utf-8")
        for file, svg in pictures.items():
            (root / file).write_text(_printed(svg), encoding="utf-8")
        return compile_folder(root, name, Path(str(fonts)), at)


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
    raise (TypesetWarning if done.returncode == typeset_child.WARNED else TypesetError)(said)


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k in KEPT} | CONFINED


def _printed(text: str) -> str:
    """Spaces and apostrophes of a printed page: the fonts draw the narrow space too thin."""
    return text.replace(french.NARROW, french.NBSP).replace("'", "’")

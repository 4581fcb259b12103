"""The report as a PDF: a Typst template and data, never markup from outside."""

import json
import shutil
import tempfile
from datetime import datetime
from importlib import metadata, resources
from pathlib import Path
from typing import Literal

import typst

from maillage.core.bad_input import BadInput
from maillage.core.scenario import Outcome
from maillage.report import charts, french, map, story  # noqa: A004
from maillage.report.story import annex

TEMPLATE = "plan.typ"
STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]


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

    Raises BadInput `missing_fonts` when set-up did not fetch them, and TypesetWarning when
    Typst warns: an unknown font would otherwise pass unseen.
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
        pdf, warnings = typst.compile_with_warnings(
            str(root / name),
            root=str(root),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[*STANDARDS],
            timestamp=int(at.timestamp()),
        )
    if warnings:
        raise TypesetWarning("; ".join(warning.message for warning in warnings))
    return bytes(pdf)


def _printed(text: str) -> str:
    """Spaces and apostrophes of a printed page: the fonts draw the narrow space too thin."""
    return text.replace(french.NARROW, french.NBSP).replace("'", "’")

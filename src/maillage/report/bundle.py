"""Everything a study hands over, as bytes by file name."""

import hashlib
import platform
from dataclasses import asdict
from datetime import datetime
from importlib import metadata

from maillage.core import siting
from maillage.core.scenario import Outcome
from maillage.core.sources import kept
from maillage.report import files, layers, study_page, travel_words, typeset
from maillage.report.plan import Document, document

# the tables it was computed from, whole: a scenario is tried again on them
INPUTS = "inputs.zip"
LIBRARIES = ("highspy", "numpy", "polars", "pyproj", "shapely", "typst", "vl-convert-python")


def of_outcome(outcome: Outcome, *, at: datetime) -> dict[str, bytes]:
    """plan.json, CSV, GeoJSON, certificate, report, manifest; the last two carry the date."""
    plan = document(outcome)
    produced = {
        "plan.json": files.to_json(plan),
        "sites.csv": files.sites_csv(plan),
        "communes.csv": files.communes_csv(outcome),
        "sites.geojson": files.to_json(layers.sites_layer(plan)),
        "coverage.geojson": files.to_json(layers.coverage_layer(outcome)),
        **siting.certify_network(outcome.problem, outcome.siting),
    }
    produced["report.pdf"] = typeset.report(outcome, at=at)
    return produced | {"manifest.json": files.to_json(_manifest(outcome, plan, produced, at))}


def for_pages(outcome: Outcome) -> dict[str, bytes]:
    """What the pages of a study load, to store beside its files: none has the same name."""
    inputs = kept.to_bytes(outcome.territory.tables)
    return study_page.files(outcome) | {INPUTS: inputs}


def _manifest(
    outcome: Outcome, plan: Document, produced: dict[str, bytes], at: datetime
) -> Document:
    choices = outcome.request.choices
    return {
        "computed_at": at.isoformat(timespec="seconds"),
        "seed": outcome.request.seed,
        "choices": {
            "first_year": outcome.request.first_year,
            "keep_existing": outcome.request.keep_existing,
            **{name: getattr(choices, name) for name in choices.__dataclass_fields__},
            "network": [asdict(site) for site in outcome.request.network or ()],
        },
        "travel": travel_words.of_territory(outcome.territory).sentence,
        "inputs": plan["sources"],
        "assumptions": plan["assumptions"],
        "versions": {
            "maillage": metadata.version("maillage"),
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in LIBRARIES},
        },
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in produced.items()},
    }

"""What a linter cannot say about the house."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from maillage.core import assumptions
from maillage.core.sources import registry
from maillage.core.travel.roads.network import DELAYS
from maillage.core.travel.roads.rules import CLASSES, GROUNDS
from maillage.report import french

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "maillage"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)]+)\)", text)]

    missing = [t for t in targets if t and "://" not in t and not (page.parent / t).exists()]

    assert missing == []


def test_every_path_named_in_the_docs_exists():
    named = {
        (page.name, path)
        for page in PAGES
        for path in re.findall(
            r"`((?:src|docs|tests|bench|core|report|cli)/[\w./-]+)`",
            page.read_text(encoding="utf-8"),
        )
    }

    missing = {
        (page, path)
        for page, path in named
        if not (ROOT / path).exists() and not (SOURCE / path).exists()
    }

    assert missing == set()


def test_every_assumption_has_a_unit_in_french_a_source_and_a_reason():
    for key, assumption in assumptions.load().by_key.items():
        assert assumption.unit in french.UNITS, key
        assert assumption.source, key
        assert assumption.why.endswith("."), key
        assert assumption.low <= assumption.value <= assumption.high, key


def test_every_assumption_is_used():
    code = "\n".join(p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py"))

    def is_used(key: str) -> bool:
        section, name = key.split(".")
        stem = re.sub(r"^(executives|intermediate|employees|workers)_share$", "_share", name)
        stem = re.sub(r"^telework_(executives|intermediate|employees|workers)$", "telework_", stem)
        stem = re.sub(r"^ramp_\d$", "ramp_", stem)
        # by class of street, by delay at a crossing, by mode
        stem = re.sub(rf"^car_({'|'.join((*CLASSES, *DELAYS))})$", "car_", stem)
        stem = re.sub(rf"^bike_({'|'.join(GROUNDS)})$", "bike_", stem)
        stem = re.sub(r"^(car|bike|walk)_pace$", "_pace", stem)
        return f"{section}.{stem}" in code or f'"{stem}"' in code or stem in code

    assert [key for key in assumptions.load().by_key if not is_used(key)] == []


def test_every_source_has_a_publisher_a_vintage_and_a_licence():
    for dataset in registry.datasets().values():
        assert dataset.publisher, dataset.id
        assert dataset.vintage, dataset.id
        assert dataset.licence, dataset.id


def test_every_identifier_of_the_glossary_exists():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "`" in line]
    names = {name for row in rows for name in re.findall(r"`(\w+)", row.split("|")[2])}
    words = set(
        re.findall(r"\w+", "\n".join(p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py")))
    )

    assert names
    assert names - words == set()


def test_the_registry_names_no_file_twice():
    text = (SOURCE / "core" / "sources" / "registry.toml").read_text(encoding="utf-8")
    patterns = [p for entry in tomllib.loads(text).values() for p in entry["files"]]

    assert len(patterns) == len(set(patterns))


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = {p.split("==")[0].lower() for p in project["tool"]["uv"]["constraint-dependencies"]}
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *(name for names in extras.values() for name in names),
    ]

    assert {name.lower().split("[")[0] for name in wanted} - pinned == {"maillage"}


WITHOUT_THE_WEB = """
import sys

# the extras `web` and `roads`
ABSENT = {"django", "ninja", "psycopg", "allauth", "procrastinate"}
ABSENT |= {"contourpy", "numba", "osmium", "routingkit_cch", "scipy"}

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ABSENT:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from maillage.cli.main import app
app(["demo", "--once", "--out", sys.argv[1]])
"""


def test_a_plan_is_computed_where_django_is_not_installed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_WEB, str(tmp_path / "plan")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "plan" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_no_function_of_core_speaks_french():
    """Accented letters in core are facts (names, sources), never sentences of the interface."""
    letters = re.compile(r"[éèêàùçôîœ]")
    spoken = [
        f"{path.relative_to(SOURCE)}:{n}"
        for path in (SOURCE / "core").rglob("*.py")
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if letters.search(line) and not re.search(r'"""|^\s*#|NAME =|maketrans|département', line)
    ]

    assert spoken == []

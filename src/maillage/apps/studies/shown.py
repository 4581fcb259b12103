"""A computed study as its pages read it: words, drawings and a closed list of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from maillage.apps.studies.models import Run, Study
from maillage.apps.territories import reading
from maillage.apps.territories.reading import Stored
from maillage.kit.components import Document

Json = Mapping[str, Any]
PAGE = "page.json"
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
    ".npz": "application/zip",
}


@dataclass(frozen=True)
class Shown:
    """One result.

    home  address of its page; its files are under it
    """

    study: Study
    run: Run
    home: str

    @property
    def version(self) -> str:
        """Changes when its public page does."""
        return f"{self.run.folder}{self.study.published_at}{self.study.title}"

    @property
    def words(self) -> Json:
        """What its page says."""
        return reading.document(self.run.folder, PAGE)

    @property
    def files(self) -> dict[str, Stored]:
        """Its files, by name."""
        return {entry["name"]: Stored(**entry) for entry in self.run.files}

    def drawing(self, name: str) -> str:
        """A drawing of ours, to write inline; nothing when there is none."""
        return reading.text(self.run.folder, name) if name in self.files else ""

    def address(self, name: str) -> str:
        """Where a file is downloaded."""
        return f"{self.home}fichiers/{name}"

    def document(self, title: str, name: str, media_type: str) -> Document:
        """A file with its type and size."""
        return Document(title, self.address(name), media_type, self.files[name].size_bytes)

    def site(self, key: str) -> Json | None:
        """One site of the plan."""
        return next((site for site in self.words["sites"] if site["id"] == key), None)

    def commune(self, code: str) -> Json | None:
        """One commune of the territory."""
        return next((c for c in self.words["communes"] if c["code"] == code), None)


def published(siren: str = "") -> list[Shown]:
    """The published result of each study, the latest published first."""
    runs = Run.objects.published().order_by("-study__published_at", "-study_id")
    if siren:
        runs = runs.filter(study__territory_id=siren)
    return [Shown(run.study, run, run.study.get_absolute_url()) for run in runs]

"""The official files: which exist, where they are in a folder, what they are made of."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path

from maillage.core.bad_input import BadInput


@dataclass(frozen=True)
class Dataset:
    """One line of registry.toml.

    example      a file name that `files` recognise
    geographies  file name pattern or year of the data -> ISO date of the municipal geography
    """

    id: str
    publisher: str
    title: str
    vintage: str
    licence: str
    address: str
    files: tuple[str, ...]
    example: str
    needed: bool
    without: str
    geographies: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Source:
    """A file that was read: what it is and exactly which bytes."""

    dataset: Dataset
    file: str
    sha256: str
    vintage: str


@cache
def datasets() -> dict[str, Dataset]:
    """Every dataset of the registry, by id, in the registry's order."""
    text = resources.files(__package__).joinpath("registry.toml").read_text(encoding="utf-8")
    return {
        key: Dataset(
            id=key,
            publisher=entry["publisher"],
            title=entry["dataset"],
            vintage=entry["vintage"],
            licence=entry["licence"],
            address=entry["address"],
            files=tuple(entry["files"]),
            example=entry["example"],
            needed=entry["needed"],
            without=entry["without"],
            geographies=entry.get("geographies", {}),
        )
        for key, entry in tomllib.loads(text).items()
    }


def geography(dataset_id: str, path: Path, year: int | None = None) -> str | None:
    """The municipal geography of a file: by its name, else by its year; None when unknown."""
    known = datasets()[dataset_id].geographies
    named = [date for pattern, date in known.items() if fnmatchcase(path.name, pattern)]
    return named[0] if named else known.get(str(year))


def geographies() -> list[str]:
    """Every 1 January from the oldest to the latest geography of the registry."""
    known = {date for dataset in datasets().values() for date in dataset.geographies.values()}
    years = range(int(min(known)[:4]), int(max(known)[:4]) + 1)
    return [f"{year}-01-01" for year in years]


def find(folder: Path, dataset_id: str) -> Path | None:
    """The file of a dataset in a folder: by the first pattern that matches, the latest name."""
    for pattern in datasets()[dataset_id].files:
        found = sorted(p for p in folder.glob(pattern, case_sensitive=True) if p.is_file())
        if found:
            return found[-1]
    return None


def find_all(folder: Path, dataset_id: str) -> list[Path]:
    """Every file of a dataset in a folder, sorted by name."""
    patterns = datasets()[dataset_id].files
    return sorted(
        {path for pattern in patterns for path in folder.glob(pattern, case_sensitive=True)}
    )


def require(folder: Path, dataset_id: str) -> Path:
    """The file of a dataset, or BadInput `missing_table`, `missing_folder`, `not_a_folder`."""
    refuse_no_folder(folder)
    path = find(folder, dataset_id)
    if path is None:
        raise BadInput("missing_table", dataset=datasets()[dataset_id], folder=folder)
    return path


def refuse_no_folder(folder: Path) -> None:
    """A path that does not exist, or is a file."""
    if folder.is_file():
        raise BadInput("not_a_folder", path=folder)
    if not folder.is_dir():
        raise BadInput("missing_folder", path=folder)


def source(dataset_id: str, path: Path, vintage: str | None = None) -> Source:
    """The provenance of a file that was read."""
    dataset = datasets()[dataset_id]
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Source(dataset, path.name, digest, vintage or dataset.vintage)

"""The official files: which exist, where they are in a folder, what they are made of."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from maillage.core.bad_input import BadInput
from maillage.core.sources import fetched

# What an edition of a table changes, and its name in registry.toml
_EDITION = {
    "publisher": "publisher",
    "dataset": "title",
    "vintage": "vintage",
    "licence": "licence",
    "address": "address",
}


@dataclass(frozen=True)
class Download:
    """Where the latest file of a table is fetched, and what it must be.

    url          the publisher's direct address, "{region}" in it where there is one by region;
                 None: the file is fetched by hand from `page`
    file         the name under which it is kept in a folder of tables
    vintage      "" when it is that of the day: the date of the publisher's file says it
    member       what is kept of an archive: the name of a file in a zip, or "gzip"
    most_mb      the size beyond which what comes is refused; `unpacked_mb` once out of its archive
    sha256       of the file as it comes, where the vintage never changes
    md5          what to add to the address for the publisher's own checksum
    """

    url: str | None
    page: str
    file: str
    vintage: str
    most_mb: int
    unpacked_mb: int
    member: str | None = None
    sha256: str | None = None
    md5: str | None = None


@dataclass(frozen=True)
class Dataset:
    """One line of registry.toml.

    example      a file name that `files` recognise
    geographies  file name pattern or year of the data -> ISO date of the municipal geography
    editions     file name pattern -> what changes when another publisher's file is read
    regions      region of the downloads -> its départements
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
    editions: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    download: Download | None = None

    def recognises(self, name: str) -> bool:
        """Whether a file name is one of this table."""
        return any(fnmatchcase(name, pattern) for pattern in self.files)


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
            editions=entry.get("editions", {}),
            regions={name: tuple(codes) for name, codes in entry.get("regions", {}).items()},
            download=_download(entry.get("download")),
        )
        for key, entry in tomllib.loads(text).items()
    }


def _download(entry: Mapping[str, Any] | None) -> Download | None:
    if entry is None:
        return None
    return Download(**{"url": None, "unpacked_mb": entry["most_mb"], **entry})


def edition(dataset_id: str, name: str) -> Dataset:
    """The table as the publisher of this very file gives it, by the file's name."""
    dataset = datasets()[dataset_id]
    for pattern, changed in dataset.editions.items():
        if fnmatchcase(name, pattern):
            fields: dict[str, Any] = {_EDITION[key]: text for key, text in changed.items()}
            return replace(dataset, **fields)
    return dataset


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
    """The provenance of a file that was read.

    vintage  what its reader found in it; else what was recorded when it was fetched
    """
    dataset, sha256 = edition(dataset_id, path.name), sha256_of(path)
    known = vintage or fetched.vintage_of(path, sha256) or dataset.vintage
    return Source(dataset, path.name, sha256, known)


def sha256_of(path: Path) -> str:
    """The fingerprint of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

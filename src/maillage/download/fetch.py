"""The official files of an intercommunality, one after the other, into a folder of tables."""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import communes, fetched, perimeter, registry
from maillage.core.sources.fetched import Record
from maillage.download import arrival, recorded, wanted
from maillage.download.part import Part
from maillage.download.transfer import Client, Watch
from maillage.download.wanted import Given, Wanted

_LOCK = ".fetch.lock"


@dataclass(frozen=True)
class Arrival:
    """What became of one wanted file.

    state    "fetched", "kept" (already there, same bytes as when it was fetched), "yours" (put
             there by hand), "by_hand" (no address is known), "failed"
    record   where it comes from, when it was fetched
    refusal  why it failed
    """

    wanted: Wanted
    state: str
    path: Path | None = None
    record: Record | None = None
    refusal: BadInput | None = None


class Follower(Watch, Protocol):
    """Who follows the whole act, file after file."""

    def begins(self, name: str, number: int, of: int) -> None:
        """A file is about to be asked for."""

    def ends(self, arrival: Arrival) -> None:
        """What became of it."""


@dataclass
class _Folder:
    """A folder of tables that files come into; `expected` is how many files are planned."""

    path: Path
    client: Client
    follower: Follower
    now: Callable[[], datetime]
    again: bool
    expected: int
    records: dict[str, Record]
    arrivals: list[Arrival] = field(default_factory=list)

    def bring(self, file: Wanted) -> None:
        """One file, or why it does not come: the others go on."""
        self.follower.begins(file.file, len(self.arrivals) + 1, self.expected)
        try:
            came = self._there_already(file) or self._fetched(file)
        except BadInput as refusal:
            came = Arrival(file, "failed", refusal=refusal)
        self.ended(came)

    def ended(self, came: Arrival) -> None:
        self.arrivals.append(came)
        self.follower.ends(came)

    def _there_already(self, file: Wanted) -> Arrival | None:
        """A file that need not be asked for: whole since it was fetched, or put there by hand."""
        if file.source is None:
            found = registry.find(self.path, file.dataset.id)
            return Arrival(file, "yours" if found else "by_hand", found)
        if self.again:
            return None
        record, path = self.records.get(file.file), self.path / file.file
        if record is not None and path.is_file():
            is_same = record.address == file.source.shown and record.bytes == path.stat().st_size
            if is_same and record.sha256 == registry.sha256_of(path):
                return Arrival(file, "kept", path, record)
            return None
        if file.is_given:
            return None
        mine = self._put_by_hand(file)
        return Arrival(file, "yours", mine) if mine else None

    def _put_by_hand(self, file: Wanted) -> Path | None:
        """A file of the same table that was never fetched; of the same region for roads."""
        if file.dataset.id == wanted.BY_REGION:
            path = self.path / file.file
            return path if path.is_file() else None
        found = registry.find(self.path, file.dataset.id)
        return found if found and found.name not in self.records else None

    def _fetched(self, file: Wanted) -> Arrival:
        source = file.source
        if source is None:
            raise ValueError(file.file)
        final = self.path / file.file
        md5 = self.client.checksum(file.md5, file.page, self.follower) if file.md5 else None
        with Part(final, source.url) as part:
            self.client.bring(source, part, file.most_bytes, file.page, self.follower)
        changed_on, at = _day(part.state.changed_at), self.now()
        sha256 = arrival.settle(part, final, file, md5)
        about = registry.edition(file.dataset.id, file.file)
        record = Record(
            dataset=file.dataset.id,
            address=source.shown,
            fetched_at=at.isoformat(timespec="seconds"),
            changed_on=changed_on,
            vintage=file.vintage or changed_on or at.date().isoformat(),
            bytes=final.stat().st_size,
            sha256=sha256,
            publisher=about.publisher,
            licence=about.licence,
        )
        self.records[file.file] = record
        recorded.write(self.path, self.records)
        return Arrival(file, "fetched", final, record)


def fetch(
    folder: Path,
    text: str,
    given: Mapping[str, Given],
    client: Client,
    follower: Follower,
    *,
    now: Callable[[], datetime],
    again: bool = False,
) -> tuple[Arrival, ...]:
    """Bring every file that a study of an intercommunality (SIREN or name) reads.

    given  other addresses, by table
    again  ask for every file, even those that are there
    Raises BadInput `not_a_folder`, `download_cannot_write`, `download_busy`, and those of
    `perimeter.find_epci` once the table of communes is there.
    """
    files = {
        key: wanted.one(dataset, given.get(key))
        for key, dataset in wanted.fetchable().items()
        if key != wanted.BY_REGION or key in given
    }
    with _held(folder):
        into = _Folder(
            folder, client, follower, now, again, len(wanted.fetchable()), fetched.read(folder)
        )
        for key in wanted.FIRST:
            into.bring(files.pop(key))
        regional = _regional(folder, text)
        if wanted.BY_REGION in files:
            regional = [files.pop(wanted.BY_REGION)]
        into.expected += len(regional) - 1
        for file in (*files.values(), *regional):
            into.bring(file)
        if not regional:
            # without the communes nobody knows which regions; their refusal says why
            roads = wanted.one(registry.datasets()[wanted.BY_REGION], None)
            into.ended(Arrival(roads, "failed", refusal=BadInput("download_region_unknown")))
    return tuple(into.arrivals)


def _regional(folder: Path, text: str) -> list[Wanted]:
    """The extracts of roads of the regions of an intercommunality; none if it cannot be known."""
    try:
        epci = registry.require(folder, "epci")
        listed = communes.read(registry.require(folder, "communes"), epci)
        epcis = communes.read_epcis(epci)
    except BadInput:
        return []
    siren, _, _ = perimeter.find_epci(text, epcis, listed)
    members = listed.filter(pl.col("epci_siren") == siren)
    roads = registry.datasets()[wanted.BY_REGION]
    return [
        wanted.one(roads, None, region)
        for region in wanted.regions(members["department"].unique().to_list())
    ]


def _day(changed_at: str | None) -> str:
    """The day of the publisher's file, ISO; "" when its server does not tell."""
    try:
        return parsedate_to_datetime(changed_at or "").date().isoformat()
    except (ValueError, TypeError):
        return ""


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """A folder to write in, made if it must be, that no other command fills at the same time."""
    if folder.exists() and not folder.is_dir():
        raise BadInput("not_a_folder", path=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("w")
    except OSError as error:
        raise BadInput("download_cannot_write", path=folder, errno=error.errno) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadInput("download_busy", path=folder) from error
        try:
            yield
        finally:
            (folder / _LOCK).unlink(missing_ok=True)

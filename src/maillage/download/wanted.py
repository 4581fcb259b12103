"""Which files are wanted, from which address, under which name."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from maillage.core.bad_input import BadInput
from maillage.core.sources.registry import Dataset, Download, datasets
from maillage.download import address
from maillage.download.address import Address

# The two tables that say where the territory is; the others are fetched after them
FIRST = ("communes", "epci")
BY_REGION = "roads"

_SAFE_NAME = re.compile(r"\w[\w.+-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Given:
    """Another address than the registry's, given by hand; `file` is the name to keep it under."""

    address: Address
    file: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Wanted:
    """One file to bring.

    source  None: no direct address is known, a person fetches it from `page`
    file    the name it is kept under
    member  what is kept of an archive: a name in a zip, or "gzip"; None: the file as it comes
    """

    dataset: Dataset
    source: Address | None
    file: str
    page: str
    vintage: str
    most_bytes: int
    most_unpacked_bytes: int
    member: str | None = None
    sha256: str | None = None
    md5: Address | None = None
    is_given: bool = False


def fetchable() -> dict[str, Dataset]:
    """The tables that the registry knows how to fetch, by id."""
    return {key: dataset for key, dataset in datasets().items() if dataset.download}


def read_given(texts: Collection[str], path: Path | None) -> dict[str, Given]:
    """Addresses given as `table=address` and in a TOML file; the former win.

    Raises BadInput `address_without_table`, `address_unknown_table`, `address_not_web`,
    `addresses_unreadable`, `missing_file`.
    """
    given = _from_file(path) if path else {}
    for text in texts:
        key, equals, url = text.partition("=")
        if not equals:
            raise BadInput("address_without_table")
        given[_known(key.strip())] = Given(address.read(url))
    return given


def one(dataset: Dataset, given: Given | None, region: str = "") -> Wanted:
    """The file of a table, or of one region of it, from its address or the one given instead.

    Raises BadInput `download_name_unknown`.
    """
    about = dataset.download
    if about is None:
        raise ValueError(dataset.id)
    if given is not None:
        return _from_given(dataset, about, given)
    source = address.read(about.url.format(region=region)) if about.url else None
    return Wanted(
        dataset=dataset,
        source=source,
        file=about.file.format(region=region),
        page=about.page,
        vintage=about.vintage,
        most_bytes=about.most_mb * _MEGABYTE,
        most_unpacked_bytes=about.unpacked_mb * _MEGABYTE,
        member=about.member,
        sha256=about.sha256,
        md5=address.read(source.url + about.md5) if source and about.md5 else None,
    )


def regions(departments: Collection[str]) -> list[str]:
    """The regions whose extract of the roads holds some départements; none overseas."""
    held = datasets()[BY_REGION].regions
    return [region for region, codes in held.items() if set(codes) & set(departments)]


def _from_given(dataset: Dataset, about: Download, given: Given) -> Wanted:
    file, member = _kept_as(dataset, about, given)
    return Wanted(
        dataset=dataset,
        source=given.address,
        file=file,
        page=about.page,
        vintage="",
        most_bytes=about.most_mb * _MEGABYTE,
        most_unpacked_bytes=about.unpacked_mb * _MEGABYTE,
        member=member,
        sha256=given.sha256,
        is_given=True,
    )


def _kept_as(dataset: Dataset, about: Download, given: Given) -> tuple[str, str | None]:
    """The name under which the readers find the file, and what to take out of it."""
    ending = given.address.file_name
    if given.file is not None:
        if not (_SAFE_NAME.fullmatch(given.file) and dataset.recognises(given.file)):
            raise BadInput("download_name_unknown", name=given.file, dataset=dataset)
        return given.file, None
    if _SAFE_NAME.fullmatch(ending) and dataset.recognises(ending):
        return ending, None
    suffix = Path(ending).suffix.lower()
    official = address.read(about.url).file_name if about.url else about.file
    # one name for a table; the extract of a region has its own, that nothing else may stand for
    names = () if dataset.id == BY_REGION else (about.file, dataset.example)
    if names and (not suffix or suffix == Path(official).suffix):
        return about.file, about.member
    for name in names:
        if suffix == Path(name).suffix:
            return name, None
    raise BadInput("download_name_unknown", name=ending, dataset=dataset)


def _known(key: str) -> str:
    if key not in fetchable():
        raise BadInput("address_unknown_table", table=key, known=list(fetchable()))
    return key


def _from_file(path: Path) -> dict[str, Given]:
    if not path.is_file():
        raise BadInput("missing_file", path=path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("addresses_unreadable", path=path, table=None) from error
    return {_known(key): _given(path, key, entry) for key, entry in tables.items()}


def _given(path: Path, key: str, entry: object) -> Given:
    fields: Mapping[str, object] = {"url": entry} if isinstance(entry, str) else _mapping(entry)
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    sha256 = texts.get("sha256", "").lower() or None
    is_sound = (
        "url" in texts
        and len(texts) == len(fields)
        and set(texts) <= {"url", "file", "sha256"}
        and (sha256 is None or _SHA256.fullmatch(sha256))
    )
    if not is_sound:
        raise BadInput("addresses_unreadable", path=path, table=key)
    return Given(address.read(texts["url"]), texts.get("file"), sha256)


def _mapping(entry: object) -> Mapping[str, object]:
    return entry if isinstance(entry, dict) else {}

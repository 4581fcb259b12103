"""The individual detail file of commuting (Insee, MOBPRO): one line a person, with a weight.

Eight million lines: read piece by piece, few columns, summed at once. The weights are never
rounded before they are summed.
"""

import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl

from maillage.core.bad_input import BadInput
from maillage.core.sources import files, registry
from maillage.core.sources.cog import History, Recoded, with_districts_merged
from maillage.core.sources.notes import Note
from maillage.core.tables import Column, Schema, check

DETAIL = Schema(
    "mobpro",
    (
        Column("home_code", pl.String, "", "commune of residence"),
        Column("work_code", pl.String, "", "commune of work, or a code abroad"),
        Column("category", pl.String, "", "socio-professional category 1-6", nullable=True),
        Column("mode", pl.String, "", "main mode to work, one of MODES", nullable=True),
        Column("working_time", pl.String, "", "full or part", nullable=True),
        Column("workers", pl.Float64, "persons", "employed residents"),
    ),
    key=("home_code", "work_code", "category", "mode", "working_time"),
)
# none: works at home or next door; two_wheels: bicycle or motorbike, not told apart until 2016
MODES = ("none", "walk", "bicycle", "motorbike", "two_wheels", "car", "transit")
# farmers, craftsmen and traders, executives, intermediate, employees, workers
CATEGORIES = ("1", "2", "3", "4", "5", "6")

_HOME, _WORK, _WEIGHT, _MODE, _TIME = "COMMUNE", "DCLT", "IPONDI", "TRANS", "TP"
# the category is CS1, or GS in recent files (nomenclature PCS 2020)
_CATEGORY = ("CS1", "GS")
_UNTIL_2016 = {"1": "none", "2": "walk", "3": "two_wheels", "4": "car", "5": "transit"}
_SINCE_2017 = {
    "1": "none",
    "2": "walk",
    "3": "bicycle",
    "4": "motorbike",
    "5": "car",
    "6": "transit",
}
_LAST_OF_FIVE = 2016
_TIMES = {"1": "full", "2": "part"}
# How the dictionary of a vintage (varmod) words each mode
_WORDED = (
    (r"pas de (transport|d.placement)", "none"),
    (r"march", "walk"),
    (r"v.lo", "bicycle"),
    (r"deux[- ]roues? (. moteur|motoris)", "motorbike"),
    (r"deux[- ]roues?", "two_wheels"),
    (r"voiture|camion", "car"),
    (r"transports? en commun", "transit"),
)
_YEAR = re.compile(r"rp(20\d\d)|(20\d\d)", re.IGNORECASE)
_VARMOD = re.compile(r"varmod_mobpro.*\.csv", re.IGNORECASE)
_LOST_ZERO = r"^[1-9]\d{3}$"
# Sums kept apart before they are put together: bounds the memory
_MOST_ROWS = 3_000_000


@dataclass(frozen=True)
class _Summed:
    """The weights by raw codes; `codes` and `modes` are all those met, `repaired` one lost zero."""

    table: pl.DataFrame
    lines: int
    codes: frozenset[str]
    modes: frozenset[str]
    repaired: str | None


def is_detail(columns: Collection[str]) -> bool:
    """Whether the columns of a file are those of the detail file."""
    return {_HOME, _WORK, _WEIGHT} <= set(columns)


def year_of(path: Path) -> int | None:
    """The year of the census, which only the file's name tells."""
    found = _YEAR.search(path.name)
    return int(found[1] or found[2]) if found else None


def read_breakdown(
    path: Path, history: History, homes: Collection[str] | None = None
) -> tuple[Recoded, int | None]:
    """Workers by home, workplace, category, mode and working time, and the year of the census.

    What the file does not tell is null. The modes are those of the file's own dictionary (varmod,
    beside it or in its archive), or of its vintage when there is none.

    homes  current communes whose residents are wanted; None: all
    """
    by = ("category", "mode", "working_time")
    summed, year = _sums(path, _former(history, homes), by), year_of(path)
    declared = registry.geography("flows", path, year)
    codes = pl.Series(sorted(summed.codes), dtype=pl.String)
    recoding, notes = history.recoding(path, codes, declared)
    table = (
        summed.table.with_columns(recoding.current(pl.col(end)) for end in DETAIL.key[:2])
        .filter(~pl.col("home_code").is_in(list(recoding.incomplete)))
        .with_columns(_in_words(path, year, summed.modes))
    )
    if homes is not None:
        table = table.filter(pl.col("home_code").is_in(list(homes)))
    table = table.group_by(DETAIL.key).agg(pl.col("workers").sum()).sort(DETAIL.key)
    if summed.repaired is not None:
        facts: dict[str, object] = {"file": path.name, "code": summed.repaired}
        notes = (*notes, Note("codes_repaired", facts))
    return Recoded(check(table, DETAIL, path), recoding.incomplete, notes), year


def count(path: Path, history: History) -> tuple[int, int | None]:
    """The lines of a file that is sound and of a known geography, and the year of the census."""
    summed, year = _sums(path, [], ()), year_of(path)
    codes = pl.Series(sorted(summed.codes), dtype=pl.String)
    history.recoding(path, codes, registry.geography("flows", path, year))
    return summed.lines, year


def _former(history: History, homes: Collection[str] | None) -> list[str] | None:
    """Every code that the wanted communes ever had; None: all codes are wanted."""
    if homes is None:
        return None
    dates = registry.geographies()
    return sorted(set(chain.from_iterable(history.since(d).former(homes) for d in dates)))


def _sums(path: Path, former: list[str] | None, by: tuple[str, ...]) -> _Summed:
    """The weights of the file summed by raw codes, without its lines ever being all in memory."""
    columns = _columns(path, by)
    parts: list[pl.DataFrame] = []
    codes: set[str] = set()
    modes: set[str] = set()
    repaired: str | None = None
    lines = 0
    for piece in files.read_in_pieces(path, tuple(columns.values())):
        lines += len(piece)
        table = _typed(path, piece, columns)
        if repaired is None:
            repaired = _lost_zero(table)
        table = _with_zeros(table)
        codes.update(table["home_code"].unique())
        if "mode" in table.columns:
            modes.update(table["mode"].drop_nulls().unique())
        if former is not None:
            table = table.filter(pl.col("home_code").is_in(former))
        parts.append(_added(table, by))
        if sum(map(len, parts)) > _MOST_ROWS:
            parts = [_added(pl.concat(parts), by)]
    if not codes:
        raise BadInput("table_without_rows", path=path)
    whole = _added(pl.concat(parts), by)
    return _Summed(whole, lines, frozenset(codes), frozenset(modes), repaired)


def _columns(path: Path, by: tuple[str, ...]) -> dict[str, str]:
    """The file's own name of each of our columns that it has."""
    there = files.columns_of(path)
    names = {"home_code": _HOME, "work_code": _WORK, "workers": _WEIGHT}
    told = {"category": files.column_like(there, *_CATEGORY), "mode": _MODE, "working_time": _TIME}
    return names | {key: name for key in by if (name := told[key]) in there and name}


def _typed(path: Path, piece: pl.DataFrame, columns: Mapping[str, str]) -> pl.DataFrame:
    numbers = files.as_counts(path, piece, [_WEIGHT])
    for name in (_HOME, _WORK, _WEIGHT):
        if numbers[name].has_nulls():
            raise BadInput("table_empty_value", table=path.name, column=name)
    texts = {ours: pl.col(name).cast(pl.String) for ours, name in columns.items()}
    texts["workers"] = pl.col(_WEIGHT)
    return numbers.select(**texts)


def _lost_zero(table: pl.DataFrame) -> str | None:
    for end in ("home_code", "work_code"):
        short = table[end].filter(table[end].str.contains(_LOST_ZERO))
        if not short.is_empty():
            return str(short[0])
    return None


def _with_zeros(table: pl.DataFrame) -> pl.DataFrame:
    """Codes of four figures were 01004 before some copy made them numbers; districts merged."""

    def repaired(end: str) -> pl.Expr:
        code = pl.col(end)
        whole = pl.when(code.str.contains(_LOST_ZERO)).then(code.str.zfill(5)).otherwise(code)
        return with_districts_merged(whole).alias(end)

    return table.with_columns(repaired("home_code"), repaired("work_code"))


def _added(table: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    missing = [name for name in by if name not in table.columns]
    whole = table.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    return whole.group_by("home_code", "work_code", *by).agg(pl.col("workers").sum())


def _in_words(path: Path, year: int | None, met: frozenset[str]) -> Iterable[pl.Expr]:
    """The codes of the file as our words; a code that nobody explains is not told."""
    named = _dictionary(path, year) or _of_vintage(year, met)
    yield pl.col("mode").replace_strict(named, default=None, return_dtype=pl.String)
    yield pl.col("working_time").replace_strict(_TIMES, default=None, return_dtype=pl.String)


def _of_vintage(year: int | None, met: frozenset[str]) -> Mapping[str, str]:
    """Five modes until the census of 2016, six since: a sixth code tells too."""
    is_old = year is not None and year <= _LAST_OF_FIVE
    return _UNTIL_2016 if is_old and "6" not in met else _SINCE_2017


def _dictionary(path: Path, year: int | None) -> Mapping[str, str]:
    """The modes as the file's own dictionary words them; nothing where there is none."""
    beside = sorted(
        p
        for p in path.parent.iterdir()
        if _VARMOD.fullmatch(p.name) and (year is None or str(year) in p.name)
    )
    lines = _archived(path)
    if lines is None and beside:
        lines = files.read_delimited(beside[-1])
    if lines is None or not {"COD_VAR", "COD_MOD", "LIB_MOD"} <= set(lines.columns):
        return {}
    ours = lines.filter(pl.col("COD_VAR").str.strip_chars() == _MODE)
    pairs = ours.select(pl.col("COD_MOD", "LIB_MOD").str.strip_chars()).drop_nulls().rows()
    return {code: mode for code, label in pairs if (mode := _worded(label)) is not None}


def _archived(path: Path) -> pl.DataFrame | None:
    """The dictionary that Insee puts in the archive of the detail file."""
    if path.suffix.lower() != ".zip":
        return None
    with zipfile.ZipFile(path) as archive:
        held = [n for n in archive.namelist() if _VARMOD.fullmatch(n.rpartition("/")[2])]
        if not held:
            return None
        text = files.decode(archive.read(held[0]))
    return pl.read_csv(text.encode(), separator=";", infer_schema=False, truncate_ragged_lines=True)


def _worded(label: str) -> str | None:
    for pattern, mode in _WORDED:
        if re.search(pattern, label, re.IGNORECASE):
            return mode
    return None

"""Charts that are tables: each line has its words, its bar, its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.apps.territories.parts import Json, Shown
from maillage.report import french

# the bar's ends stay inside its cell
FULL = 96.0


@dataclass(frozen=True)
class Bar:
    """One line; widths are percents of the cell, None where there is no range.

    quiet  drawn lighter: outside the territory
    """

    label: str
    width: float
    text: str
    detail: str = ""
    share: str = ""
    low: float | None = None
    high: float | None = None
    quiet: bool = False


@dataclass(frozen=True)
class Pair:
    """Two measures of a commune on one axis, in percents of the cell."""

    label: str
    employed_at: float
    jobs_at: float
    employed: str
    jobs: str


@dataclass(frozen=True)
class Bars:
    """The heads of the columns and the lines."""

    caption: str
    first: str
    second: str
    rows: Sequence[Bar]


def bands(of: Shown, name: str) -> Bars | None:
    """People by band of minutes or of distance."""
    table = of.table(name)
    if table is None:
        return None
    lines = [_by_key(table, cells) for cells in table["grid"]["rows"]]
    scale = _scale(lines, "persons", "persons_high")
    rows = [
        Bar(
            label=line["band"]["text"],
            width=_at(line["persons"], scale) or 0.0,
            text=line["persons"]["text"],
            detail=_between(line["persons_low"], line["persons_high"]),
            share=line["share"]["text"],
            low=_at(line["persons_low"], scale),
            high=_at(line["persons_high"], scale),
        )
        for line in lines
    ]
    heads = {column["key"]: column["label"] for column in table["grid"]["columns"]}
    return Bars(table["title"], heads["band"], heads["persons"], rows)


def modes(of: Shown) -> Bars | None:
    """Workers by mode; a small number is an order of magnitude."""
    table = of.table("modes")
    if table is None:
        return None
    lines = [_by_key(table, cells) for cells in table["grid"]["rows"]]
    scale = _scale(lines, "persons", "persons_high")
    heads = {column["key"]: column["label"] for column in table["grid"]["columns"]}
    far = heads["far_share"].removeprefix("Part ")
    rows = [
        Bar(
            label=line["mode"]["text"],
            width=_at(line["persons"], scale) or 0.0,
            text=line["persons"]["text"],
            detail=f"{line['far_share']['text']} {far}" if _are_numbers(line["far_share"]) else "",
            share=line["share"]["text"] if _are_numbers(line["share"]) else "",
            low=_at(line["persons_low"], scale),
            high=_at(line["persons_high"], scale),
        )
        for line in lines
    ]
    return Bars(table["title"], heads["mode"], heads["persons"], rows)


def destinations(of: Shown, most: int) -> Bars | None:
    """The first communes where residents work; those of the territory are darker."""
    table = of.table("destinations")
    if table is None:
        return None
    lines = [_by_key(table, cells) for cells in table["grid"]["rows"][:most]]
    scale = _scale(lines, "workers", "workers_high")
    rows = [
        Bar(
            label=line["work_name"]["text"],
            width=_at(line["workers"], scale) or 0.0,
            text=_central(line["workers"]),
            detail=_between(line["workers_low"], line["workers_high"])
            if _are_numbers(line["workers"])
            else "",
            low=_at(line["workers_low"], scale),
            high=_at(line["workers_high"], scale),
            quiet=line["is_inside"]["value"] != "true",
        )
        for line in lines
    ]
    heads = {column["key"]: column["label"] for column in table["grid"]["columns"]}
    return Bars(table["title"], heads["work_name"], heads["workers"], rows)


def employment(of: Shown) -> list[Pair]:
    """Employed residents and jobs of the communes that have most of them."""
    lines = [
        _by_key(of.words["employment"], cells) for cells in of.words["employment"]["grid"]["rows"]
    ]
    known = [line for line in lines if _are_numbers(line["employed"], line["jobs"])]
    scale = max((max(_value(line["employed"]), _value(line["jobs"])) for line in known), default=1)
    return [
        Pair(
            label=line["name"]["text"],
            employed_at=_at(line["employed"], scale) or 0.0,
            jobs_at=_at(line["jobs"], scale) or 0.0,
            employed=line["employed"]["text"],
            jobs=line["jobs"]["text"],
        )
        for line in known
    ]


def _by_key(table: Json, cells: Sequence[Json]) -> dict[str, Json]:
    keys = [column["key"] for column in table["grid"]["columns"]]
    return dict(zip(keys, cells, strict=True))


def _scale(lines: Sequence[dict[str, Json]], central: str, high: str) -> float:
    values = [_value(line[key]) for line in lines for key in (central, high)]
    return max([1.0, *values])


def _at(cell: Json, scale: float) -> float | None:
    return round(FULL * _value(cell) / scale, 2) if _are_numbers(cell) else None


def _between(low: Json, high: Json) -> str:
    return f"de {low['text']} à {high['text']}" if _are_numbers(low, high) else ""


def _central(cell: Json) -> str:
    """The number alone, its range having its own place; an order of magnitude keeps its words."""
    return french.number(_value(cell)) if _are_numbers(cell) else str(cell["text"])


def _are_numbers(*cells: Json) -> bool:
    return all(isinstance(cell["value"], int | float) for cell in cells)


def _value(cell: Json) -> float:
    return float(cell["value"]) if _are_numbers(cell) else 0.0

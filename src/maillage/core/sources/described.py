"""The CSV of premises as a page imports it: every line that holds, every fault with its place.

Its columns are those of `premises`, most of them optional here, and more; see docs/files.md.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from maillage.core.bad_input import BadInput
from maillage.core.sources import lines
from maillage.core.sources.premises import PREMISES_KINDS, Line

STATES = ("existing", "planned")
WORKS = ("none", "light", "heavy")
OWNERS = ("commune", "epci", "state", "association", "private")
HOSTS = ("restaurant", "bakery", "grocery", "post", "library", "service_house", "other")
REQUIRED = ("name", "commune_code", "kind")

MOST_AREA_M2 = 100_000
# of one territory; a file that is wrong everywhere is not read to its end
MOST_PREMISES = 20_000
MOST_FAULTS = 1_000
MOST_MINUTES = 240
LENGTHS = {
    "id": 40,
    "name": 160,
    "address": 200,
    "opening_hours": 300,
    "motorway_exit": 80,
    "notes": 2_000,
}
# what a spreadsheet would run; its own mark of a plain text is taken off
_FORMULA = re.compile(r"^[=+@\t\r-]|^[\uff1d\uff0b\uff0d\uff20]")
_YES_NO = {"yes": True, "oui": True, "no": False, "non": False}


@dataclass(frozen=True, slots=True)
class Described:
    """What a line says of premises; None and "" are what nobody wrote.

    id        the writer's own name for the line, "" without one
    position  longitude and latitude in degrees
    """

    id: str = ""
    name: str = ""
    commune_code: str = ""
    kind: str = ""
    state: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    area_m2: float | None = None
    fibre: bool | None = None
    step_free: bool | None = None
    works: str = ""
    owner: str = ""
    rented: bool | None = None
    host: str = ""
    opening_hours: str = ""
    motorway_exit: str = ""
    motorway_min: int | None = None
    services_min: int | None = None
    station_min: int | None = None
    notes: str = ""


COLUMNS = tuple(field.name for field in fields(Described))


@dataclass(frozen=True)
class Reading:
    """A whole file: what each line says, and all that is wrong.

    items    (line of the file, what it says) of the lines without fault
    columns  those that were read; `ignored`: those that nobody knows
    is_cut   whether reading stopped because there were too many faults
    """

    items: tuple[tuple[int, Described], ...]
    faults: tuple[BadInput, ...]
    columns: frozenset[str]
    ignored: tuple[str, ...]
    is_cut: bool = False


def read(name: str, text: str) -> Reading:
    """Every line of a file of premises; what is wrong with the file as a whole is raised.

    Raises BadInput `list_too_long`, and those of `lines.read`.
    """
    table = lines.read(name, text, REQUIRED)
    known = frozenset(table.columns) & frozenset(COLUMNS)
    items: list[tuple[int, Described]] = []
    faults: list[BadInput] = []
    for number, values in table.rows:
        line = Line(Path(name), number, values)
        item, wrong = _described(line, known)
        faults += wrong
        if not wrong:
            items.append((number, item))
        if len(items) > MOST_PREMISES:
            raise BadInput("list_too_long", path=Path(name), most=MOST_PREMISES)
        if len(faults) >= MOST_FAULTS:
            break
    faults += _said_twice(Path(name), items)
    faults.sort(key=lambda fault: int(str(fault.facts["line"])))
    ignored = tuple(column for column in table.columns if column and column not in COLUMNS)
    is_cut = len(faults) >= MOST_FAULTS
    return Reading(tuple(items), tuple(faults[:MOST_FAULTS]), known, ignored, is_cut)


def _described(line: Line, known: Collection[str]) -> tuple[Described, list[BadInput]]:
    """What a line says, and each of its faults."""
    found: dict[str, Any] = {}
    faults: list[BadInput] = []
    for column in COLUMNS:
        if column not in known or column in {"lon", "lat"}:
            continue
        try:
            found[column] = _READ[column](line, column)
        except BadInput as fault:
            faults.append(fault)
    try:
        found["lon"], found["lat"] = _position(line, known)
    except BadInput as fault:
        faults.append(fault)
    return Described(**found), faults


def _position(line: Line, known: Collection[str]) -> tuple[float | None, float | None]:
    written = [bool(line.values.get(column)) for column in ("lon", "lat") if column in known]
    if not any(written):
        return None, None
    if written != [True, True]:
        absent = "lat" if line.values.get("lon") else "lon"
        raise line.wrong("line_half_position", absent)
    return line.position()


def _text(line: Line, column: str) -> str:
    value = (line.values[column] or "").strip()
    if value.startswith("'") and _FORMULA.search(value[1:]):
        value = value[1:]
    if any(unicodedata.category(letter) == "Cc" and letter not in "\r\n\t" for letter in value):
        raise line.wrong("line_control_character", column)
    if len(value) > LENGTHS[column]:
        raise line.wrong("line_too_long", column, most=LENGTHS[column])
    return value


def _name(line: Line, column: str) -> str:
    """Open data shows it as it is: it must not be what a spreadsheet runs."""
    line.text(column)
    value = " ".join(_text(line, column).split())
    if _FORMULA.search(value):
        raise line.wrong("line_formula", column)
    return value


def _optional(
    choices: tuple[str, ...],
) -> Callable[[Line, str], str]:
    return lambda line, column: line.choice(column, choices) if line.values[column] else ""


def _yes_no(line: Line, column: str) -> bool | None:
    value = (line.values[column] or "").lower()
    if not value:
        return None
    if value not in _YES_NO:
        raise line.wrong("line_unknown_choice", column, allowed=("yes", "no"))
    return _YES_NO[value]


def _area(line: Line, _column: str) -> float | None:
    area_m2 = line.area_m2()
    if area_m2 is not None and area_m2 > MOST_AREA_M2:
        raise line.wrong("line_too_large", "area_m2", most=MOST_AREA_M2)
    return None if area_m2 is None else round(area_m2, 1)


def _minutes(line: Line, column: str) -> int | None:
    if not line.values[column]:
        return None
    value = line.number(column)
    if not 0 <= value <= MOST_MINUTES:
        raise line.wrong("line_minutes", column, most=MOST_MINUTES)
    return round(value)


def _said_twice(path: Path, items: list[tuple[int, Described]]) -> Iterator[BadInput]:
    """Two lines for one id, or for one name in one commune."""
    for column, key in (
        ("id", lambda item: item.id),
        ("name", lambda item: (item.commune_code, item.name.casefold()) if item.name else ""),
    ):
        first: dict[Any, int] = {}
        for number, item in items:
            if not key(item):
                continue
            before = first.setdefault(key(item), number)
            if before != number:
                yield BadInput(
                    "line_said_twice",
                    path=path,
                    line=number,
                    column=column,
                    value=getattr(item, column),
                    before=before,
                )


_READ: dict[str, Callable[[Line, str], Any]] = {
    "id": _text,
    "name": _name,
    "commune_code": lambda line, _column: line.commune_code(),
    "kind": lambda line, column: line.choice(column, PREMISES_KINDS),
    "state": _optional(STATES),
    "address": _text,
    "area_m2": _area,
    "fibre": _yes_no,
    "step_free": _yes_no,
    "works": _optional(WORKS),
    "owner": _optional(OWNERS),
    "rented": _yes_no,
    "host": _optional(HOSTS),
    "opening_hours": _text,
    "motorway_exit": _text,
    "motorway_min": _minutes,
    "services_min": _minutes,
    "station_min": _minutes,
    "notes": _text,
}

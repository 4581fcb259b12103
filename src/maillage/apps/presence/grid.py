"""The day drawn: a line a seat, or how many are taken hour by hour, along the hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from maillage.apps.presence.free import AN_HOUR, free_by_hour, shown_day
from maillage.apps.presence.today import Expected, Taken, Today
from maillage.apps.sites.models import Seat, Space
from maillage.core.periods import Period
from maillage.report import moments

# of the drawing, in its own units
LABELS, HOURS, HEAD = 190, 690, 30
LINE, BARS = 40, 64
PAD = 5
# of the hour it is
NOW_TAG = 60
# beyond, a space is drawn by how many of its seats are taken
MOST_LINES = 4
# under this width a name would be cut after two letters
NARROW = 34


@dataclass(frozen=True)
class Bar:
    """Somebody on a line: where, who; `kind` here, expected, held, kept, over.

    inner  its width within its outline
    """

    x: str
    width: str
    inner: str
    label: str
    kind: str


@dataclass(frozen=True)
class Column:
    """How many seats of a space are taken during an hour: where, how high."""

    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True)
class Line:
    """A line of the drawing."""

    y: int
    height: int
    label: str
    detail: str
    bars: Sequence[Bar] = ()
    columns: Sequence[Column] = ()
    full_y: str = ""


@dataclass(frozen=True)
class Tick:
    """An hour of the axis."""

    x: str
    label: str


@dataclass(frozen=True)
class Drawing:
    """Everything to draw; `now_x` empty when the day is not under way."""

    width: int
    height: int
    lines: Sequence[Line]
    ticks: Sequence[Tick]
    now_x: str
    now_tag_x: str
    now_label: str
    alternative: str


def drawn(today: Today, *, seat_by_seat: bool) -> Drawing:
    """The drawing of a day."""
    whole = shown_day(today)
    by_key = {one.key: one for one in today.expected}
    lines: list[Line] = []
    y = HEAD
    for space in today.spaces:
        seats = [seat for seat in today.seats if seat.space_id == space.pk]
        if not seats:
            continue
        if len(seats) > MOST_LINES and not seat_by_seat:
            lines.append(_occupation(today, space, seats, whole, y))
            y += BARS
            continue
        for seat in seats:
            taken = [t for t in today.taken if t.seat_id == seat.pk]
            lines.append(_line(seat, seats, taken, by_key, whole, y))
            y += LINE
    ticks = _ticks(today, whole)
    at = today.at if today.is_today and whole.contains(today.at) else None
    return Drawing(
        width=LABELS + HOURS,
        height=y,
        lines=lines,
        ticks=ticks,
        now_x=_x(at, whole) if at else "",
        now_tag_x=f"{_at(at, whole) - NOW_TAG / 2:.1f}" if at else "",
        now_label=moments.clock(at.astimezone(today.zone).time()) if at else "",
        alternative=_alternative(today),
    )


def _line(
    seat: Seat,
    seats: Sequence[Seat],
    taken: Sequence[Taken],
    by_key: dict[str, Expected],
    whole: Period,
    y: int,
) -> Line:
    is_alone = len(seats) == 1
    label = seat.space.name if is_alone or seat == seats[0] else ""
    detail = "" if is_alone else seat.label or f"place {seat.number}"
    if seat.out_of_order_since:
        detail = f"{detail}, hors service".lstrip(", ")
    bars = [bar for one in taken if (bar := _bar(one, by_key.get(one.key), whole))]
    return Line(y, LINE, label, detail, bars)


def _bar(taken: Taken, who: Expected | None, whole: Period) -> Bar | None:
    part = taken.period.shared(whole)
    if part is None:
        return None
    x, end = _at(part.begins, whole), _at(part.ends, whole)
    width = max(end - x - 2, 3)
    name = _short(who.name) if who else ""
    return Bar(
        x=f"{x:.1f}",
        width=f"{width:.1f}",
        inner=f"{width - 1.5:.1f}",
        label=name if width > NARROW else "",
        kind=_kind(who),
    )


def _short(name: str) -> str:
    """« Élise G. »: the bar is narrow, the list beside says the whole name."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[0][0]}." if rest else first


def _kind(who: Expected | None) -> str:
    if who is None or (who.is_kept and who.state not in ("here", "left")):
        return "kept"
    over = dict.fromkeys(("left", "missed", "absent"), "over")
    return {"here": "here", "held": "held", **over}.get(who.state, "expected")


def _occupation(today: Today, space: Space, seats: Sequence[Seat], whole: Period, y: int) -> Line:
    inner = BARS - 3 * PAD
    columns = []
    for hour in free_by_hour(today, space):
        if hour.free is None:
            continue
        present = len(today.seats_of(space))
        share = (present - hour.free) / present if present else 0.0
        x = _at(hour.begins, whole)
        end = min(_at(hour.begins + AN_HOUR, whole), LABELS + HOURS)
        columns.append(
            Column(
                x=f"{x + 1:.1f}",
                width=f"{end - x - 2:.1f}",
                y=f"{y + 2 * PAD + inner * (1 - share):.1f}",
                height=f"{inner * share:.1f}",
            )
        )
    detail = f"{len(seats)} places"
    return Line(y, BARS, space.name, detail, (), columns, full_y=str(y + 2 * PAD))


def _ticks(today: Today, whole: Period) -> list[Tick]:
    found, at = [], whole.begins
    while at < whole.ends:
        found.append(Tick(_x(at, whole), moments.clock(at.astimezone(today.zone).time())))
        at += AN_HOUR
    return found


def _at(at: datetime, whole: Period) -> float:
    return LABELS + HOURS * ((at - whole.begins) / (whole.ends - whole.begins))


def _x(at: datetime, whole: Period) -> str:
    return f"{_at(at, whole):.1f}"


def _alternative(today: Today) -> str:
    spaces = len({taken.seat_id for taken in today.taken})
    return f"Le planning du {moments.day(today.on)} : {spaces} places prises à un moment du jour."

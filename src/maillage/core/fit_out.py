"""What a place is made of: rooms by function, furniture, works, and what they cost.

Money is in whole cents before tax; every total is the sum of its lines, to the cent.

method  docs/method/premises.md
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from maillage.core import money
from maillage.core.assumptions import Assumption, Assumptions
from maillage.core.bad_input import BadInput

FUNCTIONS = (
    *("open_space", "closed_office", "meeting_room", "phone_booth"),
    *("kitchen", "reception", "sanitary", "storage", "circulation"),
    *("fablab", "shared_workshop", "shop_corner", "garden", "other"),
)
# where people work all day: their seats are the seats of the place
WORKED = frozenset({"open_space", "closed_office"})
# outside the walls: not taken from the area of the premises
OUTDOOR = frozenset({"garden"})

MOST_SEATS = 200


@dataclass(frozen=True)
class Room:
    """Some rooms of one function; `area_m2` and `seats` are those of each."""

    function: str
    count: int
    area_m2: float
    seats: int

    @property
    def total_m2(self) -> float:
        """The area of all of them, square metres to the tenth."""
        return round(self.count * self.area_m2, 1)


@dataclass(frozen=True)
class Amount:
    """Whole cents before tax, low to high."""

    low_cents: int = 0
    central_cents: int = 0
    high_cents: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.low_cents + other.low_cents,
            self.central_cents + other.central_cents,
            self.high_cents + other.high_cents,
        )


@dataclass(frozen=True)
class Line:
    """A quantity of something at a unit cost; `total` is rounded once, to the cent."""

    code: str
    quantity: float
    unit: Amount
    total: Amount


@dataclass(frozen=True)
class FitOut:
    """The sums of some rooms: square metres inside and outside, seats, lines of cost.

    seats       of open spaces and closed offices; `other_seats`: of meeting rooms and the rest
    works       per square metre inside, and of the garden; empty when no works are needed
    """

    indoor_m2: float
    outdoor_m2: float
    seats: int
    other_seats: int
    furniture: tuple[Line, ...]
    works: tuple[Line, ...]

    @property
    def furniture_total(self) -> Amount:
        """Sum of the furniture."""
        return _sum(self.furniture)

    @property
    def works_total(self) -> Amount:
        """Sum of the works."""
        return _sum(self.works)

    @property
    def total(self) -> Amount:
        """Furniture and works."""
        return self.furniture_total + self.works_total


def proposal(seats: int, assumptions: Assumptions) -> tuple[Room, ...]:
    """Rooms for a number of work seats, by the ratios of the assumptions.

    Raises BadInput `fit_out_seats` outside 1 to 200 seats.
    """
    if not 1 <= seats <= MOST_SEATS:
        raise BadInput("fit_out_seats", seats=seats, most=MOST_SEATS)

    def value(name: str) -> float:
        return assumptions.value(f"fit_out.{name}")

    has_shared = seats >= value("shared_rooms_from")
    offices = int(seats // value("seats_per_office")) if has_shared else 0
    open_seats = seats - offices
    rooms = [
        Room("open_space", 1, _tenth(open_seats * value("open_seat_area")), open_seats),
        Room("closed_office", offices, value("office_area"), 1),
    ]
    if has_shared:
        meetings = max(1, round(seats / value("seats_per_meeting_room")))
        booths = max(1, round(seats / value("seats_per_booth")))
        rooms += [
            Room("meeting_room", meetings, value("meeting_area"), int(value("meeting_seats"))),
            Room("phone_booth", booths, value("booth_area"), 1),
            Room("reception", 1, value("reception_area"), 0),
        ]
    kitchen = max(value("kitchen_area_least"), seats * value("kitchen_area_per_seat"))
    rooms += [
        Room("kitchen", 1, _tenth(kitchen), 0),
        Room("sanitary", math.ceil(seats / value("seats_per_sanitary")), value("sanitary_area"), 0),
        Room("storage", 1, _tenth(seats * value("storage_area_per_seat")), 0),
    ]
    rooms = [room for room in rooms if room.count and room.area_m2 > 0]
    inside = sum(room.total_m2 for room in rooms)
    passages = Room("circulation", 1, _tenth(inside * value("circulation_share")), 0)
    return tuple(rooms + ([passages] if passages.area_m2 > 0 else []))


def proposal_within(area_m2: float, assumptions: Assumptions) -> tuple[Room, ...]:
    """The rooms with most seats that stand in an area.

    Raises BadInput `fit_out_area_too_small` when not even one seat does.
    """
    best: tuple[Room, ...] = ()
    for seats in range(1, MOST_SEATS + 1):
        rooms = proposal(seats, assumptions)
        if indoor_m2(rooms) <= area_m2:
            best = rooms
    if not best:
        needed = indoor_m2(proposal(1, assumptions))
        raise BadInput("fit_out_area_too_small", area_m2=area_m2, needed_m2=needed)
    return best


def indoor_m2(rooms: Iterable[Room]) -> float:
    """Square metres inside the walls, to the tenth."""
    return round(sum(room.total_m2 for room in rooms if room.function not in OUTDOOR), 1)


def fitted(rooms: Sequence[Room], works: str | None, assumptions: Assumptions) -> FitOut:
    """The sums of some rooms.

    works  none, light or heavy; None when unknown: from the lowest to the highest refurbishment
    """
    outdoor = round(sum(room.total_m2 for room in rooms if room.function in OUTDOOR), 1)
    return FitOut(
        indoor_m2=indoor_m2(rooms),
        outdoor_m2=outdoor,
        seats=_seats(rooms, WORKED),
        other_seats=_seats(rooms, frozenset(FUNCTIONS) - WORKED),
        furniture=tuple(_furniture(rooms, assumptions)),
        works=tuple(_works(indoor_m2(rooms), outdoor, works, assumptions)),
    )


def _furniture(rooms: Sequence[Room], assumptions: Assumptions) -> Iterable[Line]:
    for code, (key, quantity) in FURNITURE.items():
        if count := quantity(rooms):
            yield _line(code, count, assumptions[key])


def _works(
    indoor: float, outdoor: float, works: str | None, assumptions: Assumptions
) -> Iterable[Line]:
    by_kind = {
        None: "costs.refurbishment",
        "light": "fit_out.works_light",
        "heavy": "fit_out.works_heavy",
    }
    if indoor and works in by_kind:
        yield _line("works", indoor, assumptions[by_kind[works]])
    if outdoor:
        yield _line("garden", outdoor, assumptions["fit_out.garden"])


def _line(code: str, quantity: float, cost: Assumption) -> Line:
    cases = ("low", "central", "high")
    unit = Amount(*(money.cents(cost.at(case)) for case in cases))
    total = Amount(*(money.cents(quantity * cost.at(case)) for case in cases))
    return Line(code, quantity, unit, total)


def _sum(lines: Iterable[Line]) -> Amount:
    return sum((line.total for line in lines), Amount())


def _seats(rooms: Iterable[Room], functions: frozenset[str]) -> int:
    return sum(room.count * room.seats for room in rooms if room.function in functions)


def _rooms(rooms: Iterable[Room], *functions: str) -> int:
    return sum(room.count for room in rooms if room.function in functions)


def _worked(rooms: Sequence[Room]) -> int:
    return _seats(rooms, WORKED)


def _one_if_worked(rooms: Sequence[Room]) -> int:
    return 1 if _worked(rooms) else 0


def _of(function: str) -> Callable[[Sequence[Room]], int]:
    return lambda rooms: _rooms(rooms, function)


def _tenth(area_m2: float) -> float:
    return round(area_m2, 1)


# piece of furniture -> its unit cost, how many the rooms need
FURNITURE: dict[str, tuple[str, Callable[[Sequence[Room]], int]]] = {
    "desk": ("fit_out.desk", _worked),
    "chair": ("fit_out.chair", _worked),
    "screen": ("fit_out.screen", _worked),
    "locker": ("fit_out.locker", _worked),
    "meeting_table": ("fit_out.meeting_table", _of("meeting_room")),
    "meeting_chair": (
        "fit_out.meeting_chair",
        lambda rooms: _seats(rooms, frozenset({"meeting_room"})),
    ),
    "meeting_screen": ("fit_out.meeting_screen", _of("meeting_room")),
    "booth": ("fit_out.booth", _of("phone_booth")),
    "kitchen_set": ("fit_out.kitchen_set", _of("kitchen")),
    "reception_desk": ("fit_out.reception_desk", _of("reception")),
    "shelving": ("fit_out.shelving", _of("storage")),
    "printer": ("fit_out.printer", _one_if_worked),
    "network": ("fit_out.network", _one_if_worked),
    "signage": ("fit_out.signage", _one_if_worked),
    "fablab_equipment": ("fit_out.fablab_equipment", _of("fablab")),
    "workshop_tools": ("fit_out.workshop_tools", _of("shared_workshop")),
    "shop_fittings": ("fit_out.shop_fittings", _of("shop_corner")),
    "garden_furniture": ("fit_out.garden_furniture", _of("garden")),
}

"""What GRR holds, in our words: see `grr`, which reads it, and `grr_sift`, which chooses."""

from dataclasses import dataclass
from datetime import date, datetime

from maillage.core.sources.notes import Note


@dataclass(frozen=True, slots=True)
class Site:
    """A place with an address, which holds areas."""

    id: int
    name: str
    code: str
    address: str
    postcode: str
    town: str


@dataclass(frozen=True, slots=True)
class Area:
    """Rooms that are booked by the same rules ("domaine").

    opens_min, closes_min  minutes after midnight, None when GRR's own hours stand
    step_min  minutes between two possible beginnings, None likewise
    days  weekdays shown, 1 is Monday
    is_by_period  booked by named periods: its bookings have no time of the day
    """

    id: int
    name: str
    site_id: int | None
    opens_min: int | None
    closes_min: int | None
    step_min: int | None
    days: frozenset[int]
    is_by_period: bool
    is_restricted: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Room:
    """What is booked ("ressource"): a room, but also a vehicle or a projector.

    capacity  persons, None when not told
    is_open  False when GRR says that it is not available for now
    """

    id: int
    area_id: int
    name: str
    description: str
    comment: str
    capacity: int | None
    is_moderated: bool
    is_open: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking of one room, from `starts_at` to before `ends_at`, at the time of Paris.

    kind  the letter of its `Kind`
    beneficiary  the login, or the name of somebody without account: personal data
    moderation  none, waiting, accepted, refused
    series_id  the `Series` that it comes from
    tentative_until  the day when an option lapses, None for a firm booking
    """

    id: int
    room_id: int
    starts_at: datetime
    ends_at: datetime
    name: str
    description: str
    kind: str
    beneficiary: str
    moderation: str
    series_id: int | None
    tentative_until: date | None
    is_cancelled: bool
    has_more_fields: bool


@dataclass(frozen=True, slots=True)
class Series:
    """What entries repeat; GRR writes each of its entries too.

    rhythm  daily, weekly, monthly, yearly, monthly_weekday, cycle, or "" when unknown
    every_weeks  weeks from one to the next, of a weekly one
    days  weekdays of a weekly one, 1 is Monday
    """

    id: int
    room_id: int
    starts_at: datetime
    ends_at: datetime
    until: date
    rhythm: str
    every_weeks: int
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of booking ("type"), by its letter."""

    letter: str
    name: str


@dataclass(frozen=True)
class Export:
    """What a dump of GRR holds; `grr_sift.sift` says which entries can be booked here.

    version  as GRR writes it, "" when it does not
    closed_on  days without bookings; public_holidays, school_holidays  as GRR knows them
    notes  what the file has and this does not
    """

    prefix: str
    version: str
    sites: tuple[Site, ...]
    areas: tuple[Area, ...]
    rooms: tuple[Room, ...]
    entries: tuple[Entry, ...]
    repeats: tuple[Series, ...]
    kinds: tuple[Kind, ...]
    closed_on: frozenset[date]
    public_holidays: frozenset[date]
    school_holidays: frozenset[date]
    users_count: int
    notes: tuple[Note, ...]

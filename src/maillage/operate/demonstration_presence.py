"""The days of the demonstration: who comes, what broke, codes, a laser and who may use it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.reserve import reserve
from maillage.apps.machines.certify import certify
from maillage.apps.machines.enrol import enrol
from maillage.apps.machines.keep_sheet import keep_sheet
from maillage.apps.machines.mark_present import mark_present
from maillage.apps.machines.models import Trainer
from maillage.apps.machines.name_trainer import name_trainer
from maillage.apps.machines.open_session import open_session
from maillage.apps.people.models import Person
from maillage.apps.presence.access_codes import Settings, draw_due, import_codes, set_access
from maillage.apps.presence.arrive import arrive, welcome_visitor
from maillage.apps.presence.count_visits import count_visits
from maillage.apps.presence.models import CodeSource, How, Severity
from maillage.apps.presence.report_incident import Told, report_incident
from maillage.apps.sites.models import Site, SiteService, Space, SpaceKind
from maillage.core import opening_hours, periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period
from maillage.kit.refusal import Refusal

A_DAY = timedelta(days=1)
CAME_DAYS = 21
AHEAD_DAYS = 5
CODES = 200
ELISE, YANIS = "elise@exemple.invalid", "yanis@exemple.invalid"
PAUL, ROSE = "paul@exemple.invalid", "rose@exemple.invalid"
# who comes where, by weekday, from and to
HABITS: tuple[tuple[str, str, frozenset[int], time, time], ...] = (
    ("hub", ELISE, frozenset({0, 1, 3, 4}), time(9), time(12)),
    ("hub", YANIS, frozenset({0, 2, 4}), time(8, 30), time(18)),
    ("hub", PAUL, frozenset({1, 3}), time(14), time(17)),
    ("hub", ROSE, frozenset({2, 5}), time(9), time(11)),
    ("mini", ELISE, frozenset({2, 5}), time(9), time(12)),
    ("mini", YANIS, frozenset({1, 3, 5}), time(8), time(12)),
    ("corpo", YANIS, frozenset({1, 3}), time(14), time(18)),
)


def lay(sites: Mapping[str, int], *, at: datetime) -> None:
    """What happens at these sites, laid once; the persons without an account are left out."""
    found = {key: Site.objects.get(pk=pk) for key, pk in sites.items()}
    if Trainer.objects.filter(space__site__in=sites.values()).exists():
        return
    people = {
        one.email: one
        for one in Person.objects.filter(email__in=(ELISE, YANIS, PAUL, ROSE), is_active=True)
    }
    if {ELISE, YANIS, PAUL} <= people.keys():
        _lay_training(found["hub"], people, at)
    for key, site in found.items():
        _lay_access(site, key, at)
    for key, who, weekdays, begins, ends in HABITS:
        if who in people and key in found:
            habit = (weekdays, begins, ends)
            _lay_habit(found[key], people[who], habit, at)
    _lay_visits(found["hub"], at)
    report_incident(
        found["hub"],
        Told("L’imprimante ne prend plus le papier", Severity.BROKEN),
        by=None,
        at=at - A_DAY,
    )
    draw_due(at=at)


def _lay_training(hub: Site, people: Mapping[str, Person], at: datetime) -> None:
    """Paul trains on the laser: Élise may use it, Yanis comes to the next training."""
    laser = Space.objects.present().filter(site=hub, kind=SpaceKind.MACHINE).first()
    if laser is None:
        return
    paul, zone = people[PAUL], ZoneInfo(hub.zone)
    keep_sheet(
        laser,
        description="Découpe et grave le bois, le carton et le cuir jusqu’à 8 mm.",
        safety="Capot fermé, aspiration en marche, jamais sans surveillance.",
        valid_months=24,
        version=0,
        by=None,
        at=at,
    )
    long_ago = at - 90 * A_DAY
    name_trainer(laser, paul, starts_on=long_ago.date(), by=None, at=long_ago)
    was = periods.hours((at - 20 * A_DAY).date(), time(14), time(16), zone)
    before, after = was.begins - A_DAY, was.ends
    session = open_session(laser, was, places=4, note="", by=paul.pk, at=before)
    one = enrol(session, people[ELISE], at=before)
    mark_present(one, was_present=True, by=paul.pk, at=after)
    certify(one, by=paul.pk, at=after)
    next_one = periods.hours((at + 6 * A_DAY).date(), time(14), time(16), zone)
    coming = open_session(laser, next_one, places=4, note="Chaussures fermées.", by=paul.pk, at=at)
    enrol(coming, people[YANIS], at=at)


def _lay_access(site: Site, key: str, at: datetime) -> None:
    source = CodeSource.IMPORTED if key == "hub" else CodeSource.GENERATED
    if key == "planned":
        return
    set_access(site, Settings(f"{key}-invites", source, 30, keeps_log=False), by=None, at=at)
    if source == CodeSource.IMPORTED:
        codes = "\n".join(f"FICTIF-{n:04d}" for n in range(1, CODES + 1))
        import_codes(site, codes, valid_until=None, by=None, at=at)


def _lay_habit(
    site: Site, person: Person, habit: tuple[frozenset[int], time, time], at: datetime
) -> None:
    """Her days of the last weeks, where she came, and those of the next days."""
    weekdays, begins, ends = habit
    desks = Space.objects.bookable().filter(site=site, kind=SpaceKind.OPEN_SPACE).first()
    if desks is None or not site.opening_hours:
        return
    zone = ZoneInfo(site.zone)
    today = at.astimezone(zone).date()
    days = [today + n * A_DAY for n in range(-CAME_DAYS, AHEAD_DAYS + 1)]
    for on in days:
        period = _open(site, on, begins, ends)
        if on.weekday() not in weekdays or period is None:
            continue
        booking = _booked(desks, person, period, at)
        if booking and period.begins < at:
            arrive(booking, on=on, how=How.TAP, by=None, at=period.begins + timedelta(minutes=4))


def _booked(desks: Space, person: Person, period: Period, at: datetime) -> Booking | None:
    """As she would have done the day before."""
    made_at = min(at, period.begins - A_DAY)
    try:
        (booking,) = reserve([Ask(desks.pk, period)], Booker(person, person.pk), at=made_at)
    except Refusal:
        return None
    return booking if booking.state == State.CONFIRMED else None


def _open(site: Site, on: date, begins: time, ends: time) -> Period | None:
    zone = ZoneInfo(site.zone)
    hours = opening_hours.parse(site.opening_hours, zone, site.holiday_area)
    try:
        period = periods.hours(on, begins, ends, zone)
    except BadInput:
        return None
    return period if hours.is_open(period) else None


def _lay_visits(hub: Site, at: datetime) -> None:
    """People whom nobody expected, and those of the hosted service."""
    services: Sequence[SiteService] = list(hub.hosted.filter(removed_at=None))
    zone = ZoneInfo(hub.zone)
    today = at.astimezone(zone).date()
    for n in range(CAME_DAYS, 0, -1):
        on = today - n * A_DAY
        period = _open(hub, on, time(10), time(11))
        if period is None:
            continue
        welcome_visitor(hub, "", 1 + n % 3, by=None, at=period.begins)
        for service in services:
            if on.weekday() in (0, 3):
                count_visits(service, 8 + n % 7, on=on, by=None, at=at)

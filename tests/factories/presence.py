"""Trainings, arrivals and what surrounds them, invented."""

from datetime import date, datetime, timedelta

from factories import network_sites as network
from factories import people
from maillage.apps.bookings.asked import range_of
from maillage.apps.bookings.models import Block, Booking, Occupancy, State
from maillage.apps.machines.certify import certify
from maillage.apps.machines.enrol import enrol
from maillage.apps.machines.mark_present import mark_present
from maillage.apps.machines.models import Trainer, TrainingSession
from maillage.apps.machines.name_trainer import name_trainer
from maillage.apps.machines.open_session import open_session
from maillage.apps.presence.arrive import arrive
from maillage.apps.presence.models import How
from maillage.apps.presence.pair_kiosk import make_kiosk
from maillage.apps.presence.report_incident import Told, report_incident
from maillage.apps.sites.models import Site, SiteService, Space, SpaceKind
from maillage.core.periods import Period
from maillage.kit.clock import now

AT = network.AT
TODAY = date(2027, 3, 17)


def laser(of: Site | None = None, name: str = "Découpe laser") -> Space:
    """A machine that one must be trained for."""
    return network.space(of, name, kind=SpaceKind.MACHINE, needs_certification=True)


def trainer(space: Space, name: str = "Paul Sermentoy (fictif)") -> Trainer:
    """Somebody who trains on it since long."""
    return name_trainer(space, people.person(name), starts_on=date(2026, 1, 1), by=None, at=AT)


def training(by: Trainer, *, in_hours: float = 2, places: int = 4) -> TrainingSession:
    """A training of two hours, some hours after AT."""
    begins = AT + timedelta(hours=in_hours)
    period = Period(begins, begins + timedelta(hours=2))
    return open_session(by.space, period, places=places, note="", by=by.person_id, at=AT)


def booking(
    space: Space,
    period: Period,
    person=None,
    *,
    state: str = State.CONFIRMED,
    party: int = 1,
    is_whole: bool = False,
    at: datetime = AT,
    **columns,
) -> Booking:
    """A booking and the seats it takes, the first free ones."""
    ended = state in (State.CANCELLED, State.REFUSED, State.EXPIRED)
    made = Booking.objects.create(
        reference=f"R{Booking.objects.count() + 1:09d}",
        site=space.site,
        space=space,
        is_whole=is_whole,
        party=party,
        period=range_of(period),
        state=state,
        person=person,
        hold_until=at + timedelta(minutes=10) if state == State.HOLD else None,
        free_until=period.begins,
        late_kept_percent=100,
        created_at=at,
        changed_at=at,
        ended_at=at if ended else None,
        **columns,
    )
    if state in (State.CONFIRMED, State.HOLD):
        _take(made, space, period, party, is_whole=is_whole)
    return made


def _take(made: Booking, space: Space, period: Period, party: int, *, is_whole: bool) -> None:
    below = Space.objects.filter(path__contains=[space.pk])
    every = [seat for one in below.order_by("pk") for seat in one.seats.order_by("number")]
    taken = Occupancy.objects.filter(period__overlap=range_of(period)).values_list(
        "seat", flat=True
    )
    free = [seat for seat in every if seat.pk not in set(taken)]
    chosen = every if is_whole else free[:party]
    Occupancy.objects.bulk_create(
        Occupancy(seat=seat, booking=made, period=range_of(period), hold_until=made.hold_until)
        for seat in chosen
    )


def block(space: Space, period: Period, holder=None, organisation=None) -> Block:
    """A seat kept for somebody that day."""
    seat = space.seats.order_by("-number").first()
    made = Block.objects.create(
        seat=seat,
        person=holder,
        organisation=organisation,
        weekdays=[0, 1, 2, 3, 4],
        first_on=date(2027, 1, 1),
        last_on=date(2027, 12, 31),
        created_at=AT,
    )
    Occupancy.objects.create(seat=seat, block=made, period=range_of(period))
    return made


def service(of: Site, name: str = "France services") -> SiteService:
    """A public service that the site hosts."""
    return SiteService.objects.create(site=of, name=name)


def member(name: str = "Élise Garonval (fictif)", **fields):
    """Somebody who comes."""
    return people.person(name, **fields)


def whole(of: Site, mark: str, comer) -> dict[str, object]:
    """One thing of each kind at a site, now; `mark` is written in every text field."""
    at = now()
    zone = network.PARIS
    desks = network.open_space(of, seats=3, name=f"Plateau {mark}")
    soon = Period(at - timedelta(hours=1), at + timedelta(hours=2))
    made = booking(desks, soon, comer, at=at, purpose=f"Objet {mark}")
    arrive(made, on=at.astimezone(zone).date(), how=How.TAP, by=None, at=at)
    told = Told(f"Lampe {mark}", seat=desks.seats.order_by("-number").first(), takes_seat=True)
    machine = laser(of, f"Laser {mark}")
    by = name_trainer(machine, comer, starts_on=date(2026, 1, 1), by=None, at=at)
    return {
        "site": of,
        "booking": made,
        "incident": report_incident(of, told, by=None, at=at),
        "kiosk": make_kiosk(of, f"Borne {mark}", by=None, at=at)[0],
        "machine": machine,
        **_trained(by, mark, at),
    }


def _trained(by: Trainer, mark: str, at: datetime) -> dict[str, object]:
    """A training that began an hour ago, and somebody certified there."""
    begins = at - timedelta(hours=1)
    period = Period(begins, begins + timedelta(hours=2))
    before = begins - timedelta(days=1)
    session = open_session(
        by.space, period, places=4, note=f"Note {mark}", by=by.person_id, at=before
    )
    one = enrol(session, people.person(f"Inscrite {mark}"), at=before)
    mark_present(one, was_present=True, by=by.person_id, at=at)
    waits = enrol(session, people.person(f"Attend {mark}"), at=before)
    mark_present(waits, was_present=True, by=by.person_id, at=at)
    return {"training": session, "certification": certify(one, by=by.person_id, at=at)}

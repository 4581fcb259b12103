"""Find a place: what is free across the network, by minutes then by price, in a few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from maillage.apps.bookings import availability, offers, slots, space_rules
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.availability import Left
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.network import Network, Reach, Start
from maillage.apps.bookings.offers import Demand, Offer
from maillage.apps.bookings.price import Who
from maillage.apps.bookings.slots import When
from maillage.apps.bookings.space_rules import Setting, settings_of
from maillage.apps.memberships.standing import Standing, standing
from maillage.apps.sites.models import Site, SoldBy, Space, SpaceKind
from maillage.core.money import Range
from maillage.core.periods import Period
from maillage.kit.refusal import Refusal

# for whom nobody checks how much she already holds: the booking itself does
ANYBODY = Booker(person=None, by=None)
A_DAY = timedelta(days=1)
FOLLOWING = 3


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for.

    start       from where; None: anywhere in the network
    within_min  minutes by car at most; None: however far
    """

    when: When
    start: Start | None = None
    within_min: int | None = None
    kind: str = SpaceKind.OPEN_SPACE
    party: int = 1


@dataclass(frozen=True)
class Choice:
    """A space that is free then."""

    demand: Demand
    left: Left
    offer: Offer

    @property
    def space(self) -> Space:
        """Which one."""
        return self.demand.setting.space


@dataclass(frozen=True)
class Place:
    """A site with what is free in it, the cheapest first."""

    site: Site
    choices: tuple[Choice, ...]
    minutes: Range | None


class Full(NamedTuple):
    """A space that is open then, and full; how far it is."""

    demand: Demand
    minutes: Range | None


@dataclass(frozen=True)
class Looked:
    """Spaces looked at: every one, those open then for her, what is left of these."""

    settings: tuple[Setting, ...] = ()
    opened: tuple[Demand, ...] = ()
    left: Mapping[int, Left] = field(default_factory=dict)

    def has_room(self, one: Demand) -> bool:
        """Whether she can have what she asks."""
        found = self.left[one.setting.space.pk]
        return found.holds(one.ask.party, is_whole=one.ask.is_whole)


@dataclass(frozen=True)
class Found:
    """The answer.

    places     within reach; `farther`: beyond, when nothing is
    full       open and full within reach, nearest first
    sites      how many have a space of that kind
    following  when nothing is within reach: the next slot of the nearest, full or closed
    """

    places: tuple[Place, ...]
    farther: tuple[Place, ...]
    full: tuple[Full, ...]
    sites: int
    reach: Reach
    following: tuple[tuple[Full, Period], ...] = ()


def find(wanted: Wanted, within: Network, who: Who, *, at: datetime) -> Found:
    """Search the network: as many queries for one place as for a hundred.

    What is out of reach is only looked at when nothing is within it.
    """
    sites = _sites(within, wanted)
    reach = within.reach(wanted.start, sites)
    near = [site for site in sites if _is_within(reach.minutes.get(site.pk), wanted)]
    looked = _look(near, wanted, within, who, at)
    places = _places(looked, reach, who)
    if places:
        return Found(places, (), _full(looked, reach), len(sites), reach)
    rest = [site for site in sites if site not in near]
    beyond = _look(rest, wanted, within, who, at) if rest else Looked()
    farther = _places(beyond, reach, who, most=FOLLOWING)
    full, closed = _full(looked, reach), _closed(looked, wanted, reach)
    following = _following([*full, *closed], at)
    return Found((), farther, full, len(sites), reach, following)


def as_asked(space: Space, party: int, period: Period) -> Ask:
    """Seats where they are sold one by one, else the whole for so many people."""
    is_whole = space.sold_by == SoldBy.WHOLE or (
        space.sold_by == SoldBy.BOTH and space.kind != SpaceKind.OPEN_SPACE
    )
    return Ask(space.pk, period, party, is_whole)


def _sites(within: Network, wanted: Wanted) -> list[Site]:
    """Those of the directory that have such a space."""
    having = Space.objects.bookable().filter(kind=wanted.kind).values("site")
    rows = Site.objects.listed().filter(territory=within.territory, pk__in=having)
    return list(rows.order_by("pk"))


def _look(sites: Sequence[Site], wanted: Wanted, within: Network, who: Who, at: datetime) -> Looked:
    """What is open at some sites and what of it is free."""
    ids = Space.objects.bookable().filter(site__in=sites, kind=wanted.kind)
    midnight = datetime.combine(wanted.when.on, time(0), UTC)
    settings = settings_of(
        # a local day may be the one before or after in UTC
        list(ids.values_list("pk", flat=True)),
        first=midnight - A_DAY,
        last=midnight + 2 * A_DAY,
    )
    known = standing(who.person_id, within.territory.pk, wanted.when.on)
    every = [settings[pk] for pk in sorted(settings)]
    opened = [one for s in every if (one := _demand(s, wanted, known, at))]
    left = availability.seats_left_each(
        {one.setting.space.pk: one.ask.period for one in opened},
        at=at,
        holder=Holder(who.person_id, who.payer_organisation_id),
    )
    return Looked(tuple(every), tuple(opened), left)


def _demand(setting: Setting, wanted: Wanted, known: Standing, at: datetime) -> Demand | None:
    """What somebody would ask of a space; None when it is closed then, or for others."""
    period = slots.within(wanted.when, setting, at=at)
    if period is None:
        return None
    ask = as_asked(setting.space, wanted.party, period)
    try:
        space_rules.check(setting, ask, ANYBODY, known, at=at)
    except Refusal:
        return None
    return Demand(setting, ask)


def _full(looked: Looked, reach: Reach) -> tuple[Full, ...]:
    """Those that are open and full, nearest first."""
    return _nearest((one for one in looked.opened if not looked.has_room(one)), reach)


def _closed(looked: Looked, wanted: Wanted, reach: Reach) -> tuple[Full, ...]:
    """Those that are closed then, nearest first, as if they were open."""
    opened = {one.setting.space.pk for one in looked.opened}
    found = []
    for setting in looked.settings:
        period = slots.nominal(wanted.when, setting)
        if setting.space.pk not in opened and period is not None:
            found.append(Demand(setting, as_asked(setting.space, wanted.party, period)))
    return _nearest(found, reach)


def _nearest(demands: Iterable[Demand], reach: Reach) -> tuple[Full, ...]:
    found = (Full(one, reach.minutes.get(one.setting.space.site_id)) for one in demands)
    return tuple(sorted(found, key=lambda f: (_order(f.minutes), f.demand.setting.space.pk)))


def _places(looked: Looked, reach: Reach, who: Who, most: int | None = None) -> tuple[Place, ...]:
    """The sites with something free, by minutes then by price; the nearest ones when `most`."""
    by_site: dict[int, list[Demand]] = {}
    for one in looked.opened:
        if looked.has_room(one):
            by_site.setdefault(one.setting.space.site_id, []).append(one)
    nearest = sorted(by_site, key=lambda pk: (_order(reach.minutes.get(pk)), pk))[:most]
    demands = [one for pk in nearest for one in by_site[pk]]
    choices: dict[int, list[Choice]] = {}
    for one, offer in zip(demands, offers.each(demands, who), strict=True):
        space = one.setting.space
        choices.setdefault(space.site_id, []).append(Choice(one, looked.left[space.pk], offer))
    places = (_place(choices[pk], reach.minutes.get(pk)) for pk in nearest)
    return tuple(
        sorted(places, key=lambda p: (_order(p.minutes), _cents(p.choices[0]), p.site.name))
    )


def _place(choices: Sequence[Choice], minutes: Range | None) -> Place:
    cheapest = sorted(choices, key=lambda c: (_cents(c), c.space.rank, c.space.pk))
    return Place(choices[0].space.site, tuple(cheapest), minutes)


def _order(minutes: Range | None) -> float:
    return round(minutes.central) if minutes else float("inf")


def _cents(choice: Choice) -> float:
    return float("inf") if choice.offer.cents is None else choice.offer.cents


def _is_within(minutes: Range | None, wanted: Wanted) -> bool:
    if wanted.within_min is None or wanted.start is None or wanted.start.lonlat is None:
        return True
    return minutes is not None and round(minutes.central) <= wanted.within_min


def _following(over: Sequence[Full], at: datetime) -> tuple[tuple[Full, Period], ...]:
    """The next free slot of the nearest that have none then."""
    found = []
    for one in over[:FOLLOWING]:
        slots_ = availability.next_free(one.demand.ask, at=at, most=1)
        found += [(one, slot) for slot in slots_]
    return tuple(found)

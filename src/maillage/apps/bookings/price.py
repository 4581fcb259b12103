"""What a booking costs and who pays it: quoted, then written with the booking, then given back.

Plans and carnets pay first, counted on the day of use; the voted prices of that day pay the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import charged, same_day
from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships import employer, spend
from maillage.apps.memberships.entitlements import Holdings, held_by
from maillage.apps.memberships.standing import Standing, standing
from maillage.apps.sites.models import Seat, SoldBy, Space
from maillage.apps.tariffs import in_force
from maillage.core import opening_hours, periods, tariffs
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period
from maillage.core.tariffs import Quote
from maillage.core.tariffs.prices import proposed_half_day_minutes
from maillage.kit.refusal import Refusal
from maillage.report import french

ORIGIN = "booking"
# the quote says why there is no price: nothing is owed until somebody votes one
WITHOUT_PRICE = frozenset({"nobody_sells", "no_price_in_force", "no_price_for_space"})


class NobodyPays(Refusal):
    """What costs is charged to somebody."""

    sentence = _(
        "Cette réservation coûte {price}. Choisissez une personne qui a un compte, "
        "ou un organisme qui paie."
    )


class TooLongToPrice(Refusal):
    """No price list goes that far."""

    sentence = _(
        "Une réservation dure {most} jours au plus. Choisissez une date de fin plus proche."
    )


@dataclass(frozen=True)
class Who:
    """Who comes, and the body that pays when it is not the person."""

    person_id: int | None
    payer_organisation_id: int | None = None


@dataclass(frozen=True)
class Pricing:
    """Everything that quotes need for somebody on some days, read once for many spaces.

    sellers  site -> the body that sells for it, None when nobody does
    """

    who: Who
    sellers: Mapping[int, int | None]
    voted: in_force.Voted
    holdings: Holdings | None
    others: same_day.Others
    lock: bool = False
    _standings: dict[tuple[str, date], Standing] = field(default_factory=dict)

    def knowing(self, territory_id: str, on: date, standing: Standing) -> "Pricing":
        """The same, as whom she comes that day being known already."""
        return replace(self, _standings=self._standings | {(territory_id, on): standing})

    def quote(self, space: Space, period: Period, party: int, is_whole: bool) -> Quote:  # noqa: FBT001
        """What a use of a space costs her; its reasons say when it has no price."""
        operator_id = self.sellers[space.site_id]
        if operator_id is None:
            return Quote((), (), (tariffs.Why("nobody_sells", {}),))
        lists, use = self.terms(space, period, party, is_whole=is_whole)
        # refused here when the body does not pay
        self.employer_days(lists, use, lock=self.lock)
        held = self.holdings.at(space.site, operator_id) if self.holdings else tariffs.NONE
        found = _quoted(lists, use, held)
        return self.others.upgraded(found, lists, space, use) if found.total_cents else found

    def public(self, space: Space, period: Period, party: int, *, is_whole: bool) -> Quote:
        """What anybody would pay."""
        operator_id = self.sellers[space.site_id]
        if operator_id is None:
            return Quote((), (), ())
        lists = self.voted.of(space, (), operator_id=operator_id)
        return _quoted(lists, _use(space, period, _seats(space, party, is_whole=is_whole)))

    def employer_days(
        self, lists: Sequence[tariffs.PriceList], use: tariffs.Use, *, lock: bool
    ) -> list[spend.EmployerDay]:
        """The half-days of a use that a body pays for; refused beyond what it allows."""
        who = self.who
        if who.person_id is None or who.payer_organisation_id is None:
            return []
        wanted = _half_days(lists, use)
        return employer.days_paid(who.payer_organisation_id, who.person_id, wanted, lock=lock)

    def terms(
        self, space: Space, period: Period, party: int, *, is_whole: bool
    ) -> tuple[tuple[tariffs.PriceList, ...], tariffs.Use]:
        """The lists of who sells, with her prices, and what is used."""
        use = _use(space, period, _seats(space, party, is_whole=is_whole))
        prices = self._standing(space, use).prices
        operator_id = self.sellers[space.site_id]
        lists = self.voted.of(space, prices, operator_id=operator_id) if operator_id else ()
        return lists, replace(use, audience=prices[0] if prices else tariffs.PUBLIC)

    def _standing(self, space: Space, use: tariffs.Use) -> Standing:
        key = (space.site.territory_id, use.period.begins.astimezone(use.zone).date())
        if key not in self._standings:
            self._standings[key] = standing(self.who.person_id, *key)
        return self._standings[key]


def pricing(spaces: Iterable[Space], who: Who, within: Period, *, lock: bool = False) -> Pricing:
    """Read what quotes of these spaces need for somebody, in a constant number of queries.

    lock  what she holds, until the end of the transaction
    """
    sites = {space.site_id: space.site for space in spaces}
    sellers = {pk: site.collector_id or site.operator_id for pk, site in sites.items()}
    days = [
        on
        for zone in {site.zone for site in sites.values()}
        for on in (
            within.begins.astimezone(ZoneInfo(zone)).date(),
            within.ends.astimezone(ZoneInfo(zone)).date(),
        )
    ]
    holdings = None
    if who.person_id is not None:
        holdings = held_by(
            who.person_id, who.payer_organisation_id, min(days), max(days), lock=lock
        )
    return Pricing(
        who,
        sellers,
        in_force.read(pk for pk in sellers.values() if pk is not None),
        holdings,
        same_day.others(who.person_id, who.payer_organisation_id, within),
        lock,
    )


def quote(
    space: Space,
    period: Period,
    party: int,
    is_whole: bool,  # noqa: FBT001  (agreed between areas)
    *,
    person_id: int | None,
    payer_organisation_id: int | None,
    at: datetime,  # noqa: ARG001  (what counts is the day of use)
    lock: bool = False,
) -> Quote:
    """What a booking would cost.

    lock  what is about to be spent: to be settled in the same transaction
    Raises NotAuthorised, EmployerQuotaSpent, TooLongToPrice.
    """
    who = Who(person_id, payer_organisation_id)
    return pricing([space], who, period, lock=lock).quote(space, period, party, is_whole)


def is_priced(found: Quote) -> bool:
    """Whether somebody voted a price for it."""
    return not any(why.code in WITHOUT_PRICE for why in found.why)


def settle(booking: Booking, found: Quote, *, at: datetime, known: Pricing | None = None) -> None:
    """Write what a quote says: charges, tickets and units taken, the price told.

    known  what the quote was read from, not to read it again
    Raises NobodyPays when it costs and neither a person nor a body is known.
    """
    period, space = period_of(booking.period), booking.space
    who = Who(booking.person_id, booking.payer_organisation_id)
    known = known or pricing([space], who, period)
    public = known.public(space, period, booking.party, is_whole=booking.is_whole)
    origin = spend.Origin(ORIGIN, booking.pk, booking.site_id)
    spared = max(public.total_cents - found.total_cents, 0)
    spend.spend(origin, found.spends, spared_cents=spared, at=at)
    operator_id = known.sellers[booking.site_id]
    if operator_id is not None:
        lists, use = known.terms(space, period, booking.party, is_whole=booking.is_whole)
        spend.spend_of_employer(origin, known.employer_days(lists, use, lock=True), at=at)
    booking.price_cents = found.total_cents if is_priced(found) else None
    booking.save(update_fields=["price_cents"])
    payer = _payer(booking)
    if payer is None and found.total_cents:
        raise NobodyPays(price=french.cents(found.total_cents))
    if payer is not None and operator_id is not None and is_priced(found):
        charged.write(booking, found, public, payer, operator_id, at=at)


def unsettle(booking: Booking, *, kept_percent: int, at: datetime) -> int:
    """Give back charges, tickets and units, all but what is kept; the cents given back.

    What was counted with other bookings of the day is counted again without this one.
    """
    if not tariffs.gives_back(kept_percent * 100):
        return charged.give_back(booking, kept_percent=kept_percent, at=at)
    spend.give_back(ORIGIN, booking.pk, at=at)
    others = same_day.linked(booking)
    if not others:
        return charged.give_back(booking, kept_percent=0, at=at)
    rest = [other for other in others if other.state == State.CONFIRMED]
    owed = _of_the_rest(rest) if rest else 0
    return charged.give_back_of_day(booking, others, owed_cents=owed, at=at)


def _of_the_rest(bookings: Sequence[Booking]) -> int:
    """What some bookings of one day cost together."""
    every = sorted(period_of(b.period) for b in bookings)
    span, one = Period(every[0].begins, every[-1].ends), bookings[0]
    who = Who(one.person_id, one.payer_organisation_id)
    known = pricing([one.space], who, span)
    lists, use = known.terms(one.space, span, one.party, is_whole=one.is_whole)
    return _quoted(lists, replace(use, open=tuple(every))).total_cents


def _payer(booking: Booking) -> Payer | None:
    if booking.payer_organisation_id is not None:
        return Payer(organisation_id=booking.payer_organisation_id)
    return Payer(person_id=booking.person_id) if booking.person_id is not None else None


def _quoted(
    lists: Sequence[tariffs.PriceList],
    use: tariffs.Use,
    held: tariffs.Entitlements = tariffs.NONE,
) -> Quote:
    try:
        return tariffs.quote(lists, use, held)
    except BadInput as fault:
        if fault.code in WITHOUT_PRICE:
            return Quote((), (), (tariffs.Why(fault.code, fault.facts),))
        raise TooLongToPrice(most=tariffs.MOST_DAYS) from fault


def _use(space: Space, period: Period, seats: int) -> tariffs.Use:
    zone = ZoneInfo(space.site.zone)
    return tariffs.Use(
        period=period,
        space_kind=space.kind,
        zone=zone,
        seats=seats,
        open=_open_time(space, period, zone),
    )


def _open_time(space: Space, period: Period, zone: ZoneInfo) -> tuple[Period, ...] | None:
    """The hours of the place when more than a day is asked; a day is charged as it is asked."""
    text = space.opening_hours or space.site.opening_hours
    if not text or len(periods.local_days(period, zone)) < 2:
        return None
    try:
        hours = opening_hours.parse(text, zone, space.site.holiday_area)
    except BadInput:
        return None
    return hours.open_periods(period.begins, period.ends)


def _seats(space: Space, party: int, *, is_whole: bool) -> int:
    """How many times the price is asked: a room is one, desks taken together are many."""
    if not is_whole:
        return party
    if space.sold_by == SoldBy.WHOLE:
        return 1
    below = Seat.objects.filter(space__path__contains=[space.pk], removed_at=None)
    return max(below.count(), 1)


def _half_days(lists: Sequence[tariffs.PriceList], use: tariffs.Use) -> dict[date, int]:
    """Half-days that a use takes, by day: one up to the length of a half-day, else two."""
    found = {}
    for on in periods.local_days(use.period, use.zone):
        listed = tariffs.in_force(lists, on)
        longest = listed.half_day_minutes if listed else proposed_half_day_minutes()
        today = use.period.shared(periods.day(on, use.zone))
        if today is not None:
            is_short = timedelta(minutes=longest) >= today.ends - today.begins
            found[on] = use.seats * (1 if is_short else 2)
    return found

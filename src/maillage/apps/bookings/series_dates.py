"""The dates of a series: when each is, and whether it may be booked, told before anything is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import offers, space_rules
from maillage.apps.bookings.asked import Ask, Booker, period_of
from maillage.apps.bookings.availability import busy_seats, has_room
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.offers import Demand
from maillage.apps.bookings.price import Who
from maillage.apps.bookings.reserve import NoSuchSpace, settings_for, standing_for
from maillage.apps.bookings.space_rules import Setting, SpaceClosed, TooManyAhead
from maillage.apps.sites.models import Space
from maillage.core import periods
from maillage.core.bad_input import BadInput
from maillage.core.periods import Period, Recurrence
from maillage.kit.refusal import Refusal
from maillage.report import moments, refusals

TAKEN, HOLIDAY, CLOSURE, CLOSED, CLOCK, PRICE = (
    "taken",
    "holiday",
    "closure",
    "closed",
    "clock",
    "price",
)
REASONS = {
    TAKEN: _("Complet"),
    HOLIDAY: _("Jour férié"),
    CLOSURE: _("Fermeture exceptionnelle"),
    CLOSED: _("Fermé"),
    CLOCK: _("Changement d’heure"),
    PRICE: _("Prise en charge refusée"),
}
OTHER_REASON = _("Règle de l’espace")
_WHY_LETTERS = 30
_A_DAY = timedelta(days=1)


class UnreadableSeries(Refusal):
    """Its dates make no series; the sentence comes from the calculation."""

    sentence = "{said}"
    status = 422


@dataclass(frozen=True)
class SeriesAsk:
    """The same hours of a space at dates that come back, as the clock of the site shows them."""

    space_id: int
    from_time: time
    to_time: time
    first: date
    last: date
    recurrence: Recurrence
    party: int = 1
    is_whole: bool = False


@dataclass(frozen=True)
class Dated:
    """One date of a series.

    ask     None when the clock has no such hours that day
    code    "" when it can be booked; else one of `REASONS`, or the code of a rule of the space
    says    the sentence of that code
    cents   what it costs, tax included; None when nobody knows
    """

    on: date
    ask: Ask | None
    code: str = ""
    says: str = ""
    cents: int | None = None

    @property
    def is_free(self) -> bool:
        """Whether it can be booked."""
        return not self.code


def asks_of(wanted: SeriesAsk) -> list[Dated]:
    """Its dates in order, not yet looked at. Raises UnreadableSeries, NoSuchSpace."""
    zone_name = (
        Space.objects.present()
        .filter(pk=wanted.space_id)
        .values_list("site__zone", flat=True)
        .first()
    )
    if zone_name is None:
        raise NoSuchSpace
    try:
        dates = periods.occurrences(wanted.recurrence, wanted.first, wanted.last)
    except BadInput as bad:
        raise UnreadableSeries(said=refusals.sentence(bad)) from bad
    zone = ZoneInfo(zone_name)
    return [_asked(wanted, on, zone) for on in dates]


def preview(wanted: SeriesAsk, booker: Booker, *, at: datetime) -> list[Dated]:
    """What becomes of each date if it is booked now. Raises UnreadableSeries, NoSuchSpace."""
    dates = asks_of(wanted)
    asks = [one.ask for one in dates if one.ask is not None]
    if not asks:
        return dates
    setting = settings_for(asks)[wanted.space_id]
    span = Period(asks[0].period.begins - _A_DAY, asks[-1].period.ends + _A_DAY)
    holder = Holder(booker.person_id, booker.payer_organisation_id)
    taken = busy_seats(wanted.space_id, span, at, holder)
    looked = [_looked_at(one, setting, booker, taken, at) for one in dates]
    return _priced(_few_enough(looked, setting, booker, at), setting, booker)


def taken_by_others(one: Dated, setting: Setting) -> Dated:
    """Somebody has the seats."""
    begins, ends = _local(one, setting)
    said = _("{space} est complet {slot}.")
    return replace(
        one,
        code=TAKEN,
        says=str(said).format(space=setting.space.name, slot=moments.slot(begins, ends)),
    )


def refused(one: Dated, setting: Setting, refusal: Refusal) -> Dated:
    """A rule of the space, its hours or who pays refuse it."""
    code = refusal.code
    if isinstance(refusal, SpaceClosed) and one.ask is not None:
        is_holiday = periods.is_holiday(one.on, setting.space.site.holiday_area)
        is_closure = any(period_of(c.period).overlaps(one.ask.period) for c in setting.closures)
        code = CLOSURE if is_closure else HOLIDAY if is_holiday else CLOSED
    return replace(one, code=code[:_WHY_LETTERS], says=str(refusal))


def reason(code: str) -> str:
    """The words of a code that was kept."""
    return str(REASONS.get(code, OTHER_REASON)) if code else ""


def _asked(wanted: SeriesAsk, on: date, zone: ZoneInfo) -> Dated:
    try:
        period = periods.hours(on, wanted.from_time, wanted.to_time, zone)
    except BadInput as bad:
        if bad.code != "period_skipped_by_clock":
            raise UnreadableSeries(said=refusals.sentence(bad)) from bad
        return Dated(on, None, CLOCK, refusals.sentence(bad))
    return Dated(on, Ask(wanted.space_id, period, wanted.party, wanted.is_whole))


def _looked_at(
    one: Dated,
    setting: Setting,
    booker: Booker,
    taken: dict[int, list[Period]],
    at: datetime,
) -> Dated:
    if one.ask is None:
        return one
    try:
        if not booker.override_reason:
            known = standing_for(setting, one.ask, booker)
            space_rules.check(setting, one.ask, booker, known, at=at)
        space_rules.check_capacity(setting, one.ask, at=at)
    except Refusal as refusal:
        return refused(one, setting, refusal)
    if not has_room(taken, setting.held(one.ask.period), one.ask):
        return taken_by_others(one, setting)
    return one


def _few_enough(
    dates: Sequence[Dated], setting: Setting, booker: Booker, at: datetime
) -> list[Dated]:
    """Each date that is booked counts for those after it."""
    space = setting.space
    if space.most_ahead is None or booker.person_id is None or booker.override_reason:
        return list(dates)
    left = space.most_ahead - space_rules.ahead(space, booker.person_id, at)
    found = []
    for one in dates:
        if one.is_free and left <= 0:
            found.append(
                refused(one, setting, TooManyAhead(space=space.name, most=space.most_ahead))
            )
            continue
        left -= one.is_free
        found.append(one)
    return found


def _priced(dates: Sequence[Dated], setting: Setting, booker: Booker) -> list[Dated]:
    free = [one for one in dates if one.is_free and one.ask is not None]
    who = Who(booker.person_id, booker.payer_organisation_id)
    told = offers.in_turn([Demand(setting, one.ask) for one in free if one.ask], who)
    by_date = {one.on: offer for one, offer in zip(free, told, strict=True)}
    found = []
    for one in dates:
        offer = by_date.get(one.on)
        if offer is None:
            found.append(one)
        elif offer.refusal:
            found.append(replace(one, code=PRICE, says=offer.refusal))
        else:
            found.append(replace(one, cents=offer.cents))
    return found


def _local(one: Dated, setting: Setting) -> tuple[datetime, datetime]:
    if one.ask is None:
        raise ValueError("a date without hours is taken by nobody")
    return one.ask.period.local(setting.zone)

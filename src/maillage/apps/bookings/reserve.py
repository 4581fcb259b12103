"""Reserve: one or several spaces at once, all or nothing."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import seats, space_rules
from maillage.apps.bookings.asked import Ask, Booker, range_of
from maillage.apps.bookings.availability import next_free
from maillage.apps.bookings.charge import charge
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.models import Booking, Series, State
from maillage.apps.bookings.notify import notify
from maillage.apps.bookings.space_rules import Setting, settings_of
from maillage.apps.journal.record import record
from maillage.apps.memberships.standing import Standing
from maillage.apps.memberships.standing import standing as standing_of
from maillage.apps.memberships.suspended import refuse_suspended
from maillage.apps.sites.models import Site
from maillage.core.periods import Period
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled
from maillage.report import moments

# no letter that is read as another one
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_REFERENCE_LETTERS = 10


class NoSeatLeft(Refusal):
    """Somebody else has the last seat; `slots` are the next ones that are free."""

    sentence = _("{space} est complet {slot}. {following}")

    def __init__(self, *, space: str, slot: str, following: str, slots: Sequence[Period]) -> None:
        super().__init__(space=space, slot=slot, following=following)
        self.slots = tuple(slots)


class NoSuchSpace(Refusal):
    """It was removed meanwhile."""

    sentence = _("Cet espace n’existe plus. Cherchez une autre place.")
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class Terms:
    """How a booking is made besides what is asked.

    hold_for  keep the seats this long for somebody who pays or confirms, then free them
    series    the series it is a date of
    is_told   by its own message; not when another one tells of it
    """

    hold_for: timedelta | None = None
    series: Series | None = None
    imported_from: str = ""
    is_told: bool = True


AT_ONCE = Terms()


class TakenError(Exception):
    """Of which demand the seats are taken: the verbs that book turn it into NoSeatLeft."""

    def __init__(self, ask: Ask, setting: Setting) -> None:
        super().__init__(ask.space_id)
        self.ask = ask
        self.setting = setting


def reserve(
    asks: Sequence[Ask], booker: Booker, *, at: datetime, terms: Terms = AT_ONCE
) -> list[Booking]:
    """Book everything that is asked, or nothing; the bookings, in the order of the demands.

    Where a manager decides, the booking is a request: it takes no seat until it is approved.
    Raises NoSeatLeft, NoSuchSpace, and the refusals of the space's rules and of its price.
    """
    try:
        return settled(lambda: reserve_once(asks, booker, at=at, terms=terms))
    except TakenError as taken:
        # once the locks are given back: a crowd of losers must not wait in line for its answer
        raise no_seat_left(taken, at=at) from taken


@transaction.atomic
def reserve_once(
    asks: Sequence[Ask], booker: Booker, *, at: datetime, terms: Terms = AT_ONCE
) -> list[Booking]:
    """The same, once; raises TakenError instead of NoSeatLeft."""
    settings = settings_for(asks)
    known = [standing_for(settings[ask.space_id], ask, booker) for ask in asks]
    if not booker.override_reason:
        places = [one.space.site for one in settings.values()]
        refuse_suspended(places, booker.person_id, booker.payer_organisation_id)
        for ask, standing in zip(asks, known, strict=True):
            space_rules.check(settings[ask.space_id], ask, booker, standing, at=at)
    hold_sites(settings.values())
    below = _locked(settings, asks, booker, at)
    made = []
    for ask, standing in zip(asks, known, strict=True):
        setting = settings[ask.space_id]
        if not booker.override_reason:
            space_rules.check_count(setting, booker, at=at)
        space_rules.check_capacity(setting, ask, at=at)
        made.append(book_one(setting, ask, booker, standing, below[ask.space_id], at, terms))
    return made


def _locked(
    settings: Mapping[int, Setting], asks: Sequence[Ask], booker: Booker, at: datetime
) -> dict[int, list[int]]:
    """The seats below each space, locked; whoever finds nothing left does not wait in line."""
    try:
        return seats.lock_at_once(settings)
    except seats.SeatsHeldError:
        pass
    holder = Holder(booker.person_id, booker.payer_organisation_id)
    for ask in asks:
        setting = settings[ask.space_id]
        held = setting.held(ask.period)
        has_room = seats.has_room(
            ask.space_id, held, party=ask.party, is_whole=ask.is_whole, at=at, holder=holder
        )
        if not has_room:
            raise TakenError(ask, setting)
    return seats.lock(settings)


def settings_for(asks: Sequence[Ask]) -> dict[int, Setting]:
    """The settings of the spaces asked for; raises NoSuchSpace."""
    first = min(a.period.begins for a in asks) - timedelta(days=1)
    last = max(a.period.ends for a in asks) + timedelta(days=1)
    wanted = sorted({a.space_id for a in asks})
    found = settings_of(wanted, first=first, last=last)
    if len(found) < len(wanted):
        raise NoSuchSpace
    return found


def hold_sites(settings: Iterable[Setting]) -> None:
    """Lock the buildings that count their people, before any seat, in order."""
    limited = {s.space.site_id for s in settings if s.space.site.capacity_limit is not None}
    if limited:
        rows = Site.objects.filter(pk__in=limited).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def standing_for(setting: Setting, ask: Ask, booker: Booker) -> Standing:
    """As whom somebody books, on the day of use."""
    on = ask.period.local(setting.zone)[0].date()
    return standing_of(booker.person_id, setting.space.site.territory_id, on)


def no_seat_left(taken: TakenError, *, at: datetime) -> NoSeatLeft:
    """What the loser is told: the next slots as long as hers."""
    setting, ask = taken.setting, taken.ask
    slots = next_free(ask, at=at)
    said = [moments.slot(*s.local(setting.zone)) for s in slots]
    following = (
        str(_("Prochains créneaux libres : {slots}.")).format(slots=" ; ".join(said))
        if said
        else str(_("Aucun créneau libre de cette durée dans les deux semaines qui suivent."))
    )
    return NoSeatLeft(
        space=setting.space.name,
        slot=moments.slot(*ask.period.local(setting.zone)),
        following=following,
        slots=slots,
    )


def draw_reference() -> str:
    """A new reference: 50 bits, nobody guesses one."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LETTERS))


def book_one(
    setting: Setting,
    ask: Ask,
    booker: Booker,
    known: Standing,
    below: Sequence[int],
    at: datetime,
    terms: Terms,
) -> Booking:
    """One demand that the rules allow, its seats locked; raises TakenError, refusals of price."""
    space = setting.space
    held = setting.held(ask.period)
    try:
        fit = seats.pick(
            below,
            held,
            party=ask.party,
            is_whole=ask.is_whole,
            at=at,
            holder=Holder(booker.person_id, booker.payer_organisation_id),
        )
        booking = _written(setting, ask, booker, known, at, terms)
        if booking.state != State.REQUESTED:
            seats.take(booking, fit, held)
    except seats.SeatsTakenError as error:
        raise TakenError(ask, setting) from error
    # what comes from another software was priced there
    if booking.state == State.CONFIRMED and not terms.imported_from:
        charge(booking, at=at, standing=known)
    record(
        "booking.reserve",
        ("booking", booking.pk),
        by=booker.by,
        at=at,
        scope=space.site.scopes[0],
        reason=booker.override_reason,
        space=space.pk,
        state=booking.state,
    )
    if terms.is_told:
        notify(booking, "reserved")
    return booking


def _written(
    setting: Setting, ask: Ask, booker: Booker, known: Standing, at: datetime, terms: Terms
) -> Booking:
    space = setting.space
    state, hold_until = State.CONFIRMED, None
    if space.needs_approval and not booker.override_reason:
        state = State.REQUESTED
    elif terms.hold_for is not None:
        state, hold_until = State.HOLD, at + terms.hold_for
    guest = booker.guest
    booking = Booking(
        reference=draw_reference(),
        site=space.site,
        space=space,
        is_whole=ask.is_whole,
        party=ask.party,
        period=range_of(ask.period),
        state=state,
        person=booker.person,
        guest_name=guest.name if guest else "",
        guest_email=guest.email if guest else "",
        payer_organisation_id=booker.payer_organisation_id,
        audience=known.price_audience,
        purpose=booker.purpose,
        series=terms.series,
        hold_until=hold_until,
        free_until=ask.period.begins - timedelta(minutes=space.free_cancel_min),
        late_kept_percent=space.late_kept_percent,
        override_reason=booker.override_reason,
        imported_from=terms.imported_from,
        created_by=booker.by,
        created_at=at,
        changed_at=at,
    )
    booking.save(force_insert=True)
    return booking

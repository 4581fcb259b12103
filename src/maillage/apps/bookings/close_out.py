"""A place closes: those who booked then are told, and offered somewhere else; they answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import cos, hypot, inf, radians

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import cancel as cancelling
from maillage.apps.bookings import seats, space_rules
from maillage.apps.bookings.asked import Ask, Booker, period_of
from maillage.apps.bookings.availability import next_free, seats_left
from maillage.apps.bookings.change import change
from maillage.apps.bookings.models import Booking, Closed, State
from maillage.apps.bookings.notify import notify
from maillage.apps.bookings.reserve import NoSeatLeft, standing_for
from maillage.apps.bookings.space_rules import settings_of
from maillage.apps.journal.record import record
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.models import Charge
from maillage.apps.sites import close_for
from maillage.apps.sites.models import Closure, Site, Space
from maillage.apps.sites.versions import Author
from maillage.core.periods import Period
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

_A_DAY = timedelta(days=1)
# of candidates looked at for one booking
NEAREST = 30


class AlternativeTaken(Refusal):
    """Somebody was faster; another one is proposed if there is any."""

    sentence = _("{space} vient d’être pris. {following}")


class NoAlternative(Refusal):
    """Nothing to accept."""

    sentence = _("Aucun autre espace n’est libre. Choisissez un autre jour, ou annulez sans frais.")


class AlreadyAnswered(Refusal):
    """Twice, or the place opens again."""

    sentence = _("Il n’y a plus rien à choisir pour cette réservation. Actualisez la page.")


@dataclass(frozen=True)
class Answer:
    """On whose behalf a booking that a closure touches is moved or cancelled."""

    by: int | None
    at: datetime


def close_out(
    site: Site, period: Period, reason: str, author: Author, *, space: Space | None = None
) -> tuple[Closure, list[Closed]]:
    """Close, and tell at once those who booked: the closure and what it touches.

    Raises the refusals of `sites.close_for`.
    """

    @transaction.atomic
    def act() -> tuple[Closure, list[Closed]]:
        closure = close_for.close_for(site, period, reason, author, space=space)
        return closure, _settle(closure, author.by, author.at)

    return settled(act)


def reopen(closure: Closure, author: Author) -> list[Booking]:
    """Think better of it: the bookings that nobody moved nor cancelled stand, and are told so.

    Raises the refusals of `sites.close_for.withdraw`.
    """
    with transaction.atomic():
        row = close_for.withdraw(closure, author)
        return _stand_again(row, author.by, author.at)


def follow(*, at: datetime) -> int:
    """Tell of closures made or withdrawn elsewhere, and of bookings made meanwhile; how many."""
    told = 0
    for closure in Closure.objects.filter(withdrawn_at=None, period__endswith__gt=at):
        if touched(closure, at).exists():
            told += len(settled(partial(settle, closure, at=at)))
    again = Closure.objects.filter(touched__answered_at=None, touched__isnull=False).exclude(
        withdrawn_at=None
    )
    for closure in again.distinct():
        with transaction.atomic():
            told += len(_stand_again(closure, None, at))
    return told


def settle(closure: Closure, *, at: datetime) -> list[Closed]:
    """Tell whom it touches and who does not know yet; again, it changes nothing."""
    with transaction.atomic():
        return _settle(closure, None, at)


def touched(closure: Closure, at: datetime) -> QuerySet[Booking]:
    """The confirmed bookings to come that a closure touches and whose holders are not told."""
    rows = Booking.objects.filter(
        site=closure.site_id,
        state=State.CONFIRMED,
        period__overlap=closure.period,
        period__endswith__gt=at,
    ).exclude(closed__closure=closure)
    if closure.space is not None:
        inside = Q(space__path__contains=[closure.space_id])
        around = Q(space__in=closure.space.path, is_whole=True)
        rows = rows.filter(inside | around)
    return rows


def accept(row: Closed, answer: Answer, *, ask: Ask | None = None) -> Booking:
    """Go to what is proposed, or elsewhere or later; it never costs more than before.

    Raises NoAlternative, AlternativeTaken, AlreadyAnswered, and the refusals of a change.
    """
    wanted = ask or _proposed(row)
    try:
        return settled(lambda: _accept(row, wanted, answer))
    except NoSeatLeft as full:
        if ask is not None:
            raise
        raise _another(row, answer.at) from full


def decline(row: Closed, answer: Answer) -> Booking:
    """Cancel it: nothing is kept, whatever the hour. Raises AlreadyAnswered."""
    return settled(lambda: _decline(row, answer))


def later(row: Closed, *, at: datetime) -> tuple[Period, ...]:
    """The next slots as long, in the same space, once it opens again."""
    booking = row.booking
    period = period_of(booking.period)
    shift = max(row.closure.period.upper - period.begins, timedelta(0))
    days = -(-shift // _A_DAY) * _A_DAY
    moved = Period(period.begins + days, period.ends + days)
    ask = Ask(booking.space_id, moved, booking.party, booking.is_whole)
    return next_free(ask, at=at)


def alternative(booking: Booking, closure: Closure, *, at: datetime) -> Space | None:
    """The nearest space of the network, of the same kind, that is free and for her then."""
    period = period_of(booking.period)
    near = _nearest(booking, closure)
    found = settings_of(
        [s.pk for s in near], first=period.begins - _A_DAY, last=period.ends + _A_DAY
    )
    left = seats_left([s.pk for s in near], period, at=at)
    booker = Booker(booking.person, None, payer_organisation_id=booking.payer_organisation_id)
    for space in near:
        ask = Ask(space.pk, period, booking.party, booking.is_whole)
        if not left[space.pk].holds(ask.party, is_whole=ask.is_whole):
            continue
        setting = found[space.pk]
        try:
            known = standing_for(setting, ask, booker)
            space_rules.check(setting, ask, booker, known, at=at)
            space_rules.check_capacity(setting, ask, at=at)
        except Refusal:
            continue
        return space
    return None


def _settle(closure: Closure, by: int | None, at: datetime) -> list[Closed]:
    """Seats are locked first: nobody books meanwhile without being seen."""
    if closure.space_id is not None:
        spaces = [closure.space_id]
    else:
        spaces = list(Space.objects.filter(site=closure.site_id).values_list("pk", flat=True))
    seats.lock(spaces)
    rows = touched(closure, at).select_related("space__site", "person").order_by("pk")
    made = [
        Closed(
            closure=closure,
            booking=booking,
            alternative=alternative(booking, closure, at=at),
            told_at=at,
        )
        for booking in rows
    ]
    Closed.objects.bulk_create(made)
    for one in made:
        notify(one.booking, "closed")
    if made:
        _record("booking.close_out", closure, by, at, [one.booking for one in made])
    return made


def _nearest(booking: Booking, closure: Closure) -> list[Space]:
    site = booking.site
    rows = Space.objects.bookable().filter(
        kind=booking.space.kind, site__territory=site.territory_id, needs_approval=False
    )
    if closure.space_id is None:
        rows = rows.exclude(site=closure.site_id)
    else:
        rows = rows.exclude(path__contains=[closure.space_id])
    every = rows.exclude(pk=booking.space_id).select_related("site")
    return sorted(every, key=lambda s: (_km(site, s.site), s.pk))[:NEAREST]


def _km(one: Site, other: Site) -> float:
    """As the crow flies; a site that is nowhere comes last."""
    if one.pk == other.pk:
        return 0.0
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return inf
    east = (one.lon - other.lon) * cos(radians(one.lat))
    return 111.2 * hypot(east, one.lat - other.lat)


def _proposed(row: Closed) -> Ask:
    if row.alternative_id is None:
        raise NoAlternative
    booking = row.booking
    return Ask(row.alternative_id, period_of(booking.period), booking.party, booking.is_whole)


@transaction.atomic
def _accept(row: Closed, ask: Ask, answer: Answer) -> Booking:
    booking = row.booking
    before = Charge.objects.of("booking", booking.pk).total_cents()
    booker = Booker(
        booking.person,
        answer.by,
        payer_organisation_id=booking.payer_organisation_id,
        override_reason=row.closure.reason,
    )
    _answered(row, answer.at)
    moved = change(booking, ask, booker, at=answer.at)
    _cap(moved, before, answer.at)
    return moved


def _cap(moved: Booking, before: int, at: datetime) -> None:
    """She did not choose to move: what it costs more is given back."""
    after = Charge.objects.of("booking", moved.pk).total_cents()
    if after <= before:
        return
    ledger.give_back(
        ("booking", moved.pk),
        kept_cents=before,
        label=str(_("Déplacée par une fermeture : le prix d’avant est gardé")),
        at=at,
    )


@transaction.atomic
def _decline(row: Closed, answer: Answer) -> Booking:
    how = cancelling.Cancelling(is_manager=True, reason=row.closure.reason)
    _answered(row, answer.at)
    return cancelling.cancel_once(row.booking, how, answer.by, answer.at)


def _answered(row: Closed, at: datetime) -> None:
    open_still = Closed.objects.filter(pk=row.pk, answered_at=None, closure__withdrawn_at=None)
    if not open_still.update(answered_at=at):
        raise AlreadyAnswered


def _another(row: Closed, at: datetime) -> AlternativeTaken:
    """Propose the next one instead."""
    taken = row.alternative
    found = alternative(row.booking, row.closure, at=at)
    Closed.objects.filter(pk=row.pk).update(alternative=found)
    following = (
        str(_("{space}, à {site}, est libre : acceptez-le, ou choisissez un autre jour.")).format(
            space=found.name, site=found.site.name
        )
        if found
        else str(NoAlternative())
    )
    return AlternativeTaken(space=taken.name if taken else "", following=following)


def _stand_again(closure: Closure, by: int | None, at: datetime) -> list[Booking]:
    rows = list(
        Closed.objects.select_for_update(of=("self",))
        .filter(closure=closure, answered_at=None)
        .select_related("booking__site")
        .order_by("pk")
    )
    standing = [row.booking for row in rows if row.booking.state == State.CONFIRMED]
    for booking in standing:
        notify(booking, "reopened")
    Closed.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if standing:
        _record("booking.stand_again", closure, by, at, standing)
    return standing


def _record(
    act: str, closure: Closure, by: int | None, at: datetime, bookings: Iterable[Booking]
) -> None:
    record(
        act,
        ("closure", closure.pk),
        by=by,
        at=at,
        scope=closure.site.scopes[0],
        bookings=[b.pk for b in bookings],
    )

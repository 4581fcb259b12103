"""Wait for seats that are taken; what becomes free is offered to the first whose party fits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import seats, space_rules
from maillage.apps.bookings.asked import Ask, Booker, period_of, range_of
from maillage.apps.bookings.availability import seats_left
from maillage.apps.bookings.cancel import Cancelling, cancel_once
from maillage.apps.bookings.confirm import HoldOver, confirm_once
from maillage.apps.bookings.models import Booking, State, Wait, WaitState
from maillage.apps.bookings.notify import notify
from maillage.apps.bookings.reserve import (
    TakenError,
    Terms,
    book_one,
    hold_sites,
    settings_for,
    standing_for,
)
from maillage.apps.bookings.space_rules import Setting
from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled

# an offer is kept this long, but not into the last hours before the slot: then it is for whoever
# comes first, and nobody is left with an empty seat
OFFERED_FOR = timedelta(hours=24)
FREE_FOR_ALL_BEFORE = timedelta(hours=2)
# below, nobody has the time to read the message and to answer
SHORTEST_OFFER = timedelta(minutes=15)
AT_A_TIME = 200
_OPEN = (WaitState.WAITING, WaitState.OFFERED)


class StillFree(Refusal):
    """There is nothing to wait for."""

    sentence = _("{space} est encore libre à ces heures : réservez tout de suite.")


class AlreadyWaiting(Refusal):
    """Once for a slot."""

    sentence = _("Vous attendez déjà cette place. Vous recevrez un message si elle se libère.")


class DecidedByManager(Refusal):
    """Requests wait by themselves."""

    sentence = _("{space} se réserve sur demande. Faites une demande : le lieu choisira.")


class TooLargeToWait(Refusal):
    """More than the space will ever hold."""

    sentence = _("{space} compte {seats} places. Attendez pour moins de personnes.")
    status = 422


class TooLateToWait(Refusal):
    """No time would be left to offer it."""

    sentence = _(
        "Ce créneau commence bientôt : une place qui se libère est à qui la réserve en premier. "
        "Regardez à nouveau cette page, ou choisissez une autre heure."
    )


class NothingOffered(Refusal):
    """The offer was answered, or it is over."""

    sentence = _(
        "Cette place ne vous est plus proposée. Cherchez à nouveau : elle est peut-être libre."
    )


class WaitOver(Refusal):
    """Twice."""

    sentence = _("Vous n’attendez plus cette place. Actualisez la page.")


def wait(ask: Ask, person: Person, *, at: datetime) -> Wait:
    """Be told first when it becomes free.

    Raises StillFree, AlreadyWaiting, DecidedByManager, TooLargeToWait, TooLateToWait, NoSuchSpace
    and the refusals of the space's rules.
    """
    setting = settings_for([ask])[ask.space_id]
    _check(setting, ask, person, at)
    try:
        with transaction.atomic():
            row = Wait.objects.create(
                space=setting.space,
                person=person,
                is_whole=ask.is_whole,
                party=ask.party,
                period=range_of(ask.period),
                asked_at=at,
                changed_at=at,
            )
            _record("booking.wait", row, person.pk, at)
    except IntegrityError as error:
        raise AlreadyWaiting from error
    return row


def withdraw(row: Wait, *, by: int | None, at: datetime) -> Wait:
    """Wait no longer, or decline what is offered: it goes to the next. Raises WaitOver."""
    return settled(lambda: _withdraw(row, by, at))


def accept(row: Wait, *, by: int | None, at: datetime) -> Booking:
    """Take what is offered. Raises NothingOffered."""
    return settled(lambda: _accept(row, by, at))


def offer(space_ids: Sequence[int], *, at: datetime) -> list[Wait]:
    """Offer what is free in these spaces, in the order of asking, to those whose party fits.

    Each in its own transaction; those who are offered something.
    """
    rows = Wait.objects.filter(
        space__in=list(space_ids),
        state=WaitState.WAITING,
        period__startswith__gte=at + FREE_FOR_ALL_BEFORE + SHORTEST_OFFER,
    ).order_by("asked_at", "pk")
    made = []
    for row in rows.select_related("space__site", "person")[:AT_A_TIME]:
        left = seats_left([row.space_id], period_of(row.period), at=at)[row.space_id]
        if left.holds(row.party, is_whole=row.is_whole):
            made += _offer(row, at)
    return made


def offer_all(*, at: datetime) -> int:
    """The same wherever somebody waits: what became free by itself; how many are offered."""
    spaces = Wait.objects.filter(state=WaitState.WAITING).values_list("space", flat=True)
    return len(offer(sorted(set(spaces)), at=at))


def pass_over(*, at: datetime) -> int:
    """Those whose slot begins too soon to be offered anything; how many."""
    late = Wait.objects.filter(
        state=WaitState.WAITING,
        period__startswith__lt=at + FREE_FOR_ALL_BEFORE + SHORTEST_OFFER,
    )
    return late.update(state=WaitState.PASSED, changed_at=at)


def _check(setting: Setting, ask: Ask, person: Person, at: datetime) -> None:
    space = setting.space
    if space.needs_approval:
        raise DecidedByManager(space=space.name)
    if ask.period.begins < at + FREE_FOR_ALL_BEFORE + SHORTEST_OFFER:
        raise TooLateToWait
    booker = Booker(person, person.pk)
    known = standing_for(setting, ask, booker)
    space_rules.check(setting, ask, booker, known, at=at)
    left = seats_left([space.pk], ask.period, at=at)[space.pk]
    if left.holds(ask.party, is_whole=ask.is_whole):
        raise StillFree(space=space.name)
    if not ask.is_whole and ask.party > left.seats:
        raise TooLargeToWait(space=space.name, seats=left.seats)
    same = Wait.objects.filter(
        space=space, person=person, period=range_of(ask.period), state__in=_OPEN
    )
    if same.exists():
        raise AlreadyWaiting


@transaction.atomic
def _withdraw(row: Wait, by: int | None, at: datetime) -> Wait:
    offered = Booking.objects.filter(wait=row, state=State.HOLD).first()
    if offered is not None:
        cancel_once(offered, Cancelling(is_told=False), by, at)
    held = Wait.objects.select_for_update(of=("self",)).select_related("space__site").get(pk=row.pk)
    if offered is None and held.state not in _OPEN:
        raise WaitOver
    held.state, held.changed_at = WaitState.WITHDRAWN, at
    held.save(update_fields=["state", "changed_at"])
    _record("booking.withdraw_wait", held, by, at)
    return held


@transaction.atomic
def _accept(row: Wait, by: int | None, at: datetime) -> Booking:
    offered = Booking.objects.filter(wait=row).first()
    if offered is None or offered.state != State.HOLD:
        raise NothingOffered
    try:
        return confirm_once(offered, None, by, at)
    except HoldOver as over:
        raise NothingOffered from over


def _offer(row: Wait, at: datetime) -> list[Wait]:
    """One offer, or none when somebody else was faster, or when she may not book it any more."""
    try:
        return settled(lambda: _offer_once(row, at))
    except (Refusal, TakenError):
        return []


@transaction.atomic
def _offer_once(row: Wait, at: datetime) -> list[Wait]:
    ask = Ask(row.space_id, period_of(row.period), row.party, row.is_whole)
    booker = Booker(row.person, None)
    setting = settings_for([ask])[ask.space_id]
    hold_sites([setting])
    below = seats.lock([ask.space_id])[ask.space_id]
    held = Wait.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.state != WaitState.WAITING:
        return []
    known = standing_for(setting, ask, booker)
    space_rules.check(setting, ask, booker, known, at=at)
    space_rules.check_capacity(setting, ask, at=at)
    terms = Terms(hold_for=_answer_within(ask, at), is_told=False)
    booking = book_one(setting, ask, booker, known, below, at, terms)
    held.state, held.offer, held.changed_at = WaitState.OFFERED, booking, at
    held.save(update_fields=["state", "offer", "changed_at"])
    notify(booking, "offered")
    return [held]


def _answer_within(ask: Ask, at: datetime) -> timedelta:
    return min(OFFERED_FOR, ask.period.begins - FREE_FOR_ALL_BEFORE - at)


def _record(act: str, row: Wait, by: int | None, at: datetime) -> None:
    scope = row.space.site.scopes[0]
    record(act, ("wait", row.pk), by=by, at=at, scope=scope, space=row.space_id)

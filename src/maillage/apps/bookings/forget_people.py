"""What bookings know of a person: given to her, forgotten with her, and guests in time."""

from datetime import datetime, timedelta

from maillage.apps.bookings.cancel import Cancelling, cancel_once
from maillage.apps.bookings.models import Block, Booking, Feed, Series, State, Wait, WaitState
from maillage.apps.people import erase, export
from maillage.apps.people.export import Lines
from maillage.apps.people.models import Person

# a guest who never came back is a figure after that
GUESTS_KEPT = timedelta(days=365)
STANDING = (State.HOLD, State.REQUESTED, State.CONFIRMED)
REASON = "Compte effacé"


def declare() -> None:
    """What of this app is a person's own; called once the models are ready."""
    export.also("reservations", _bookings)
    export.also("attentes", _waits)
    erase.also(_forget)


def forget_guests(*, at: datetime) -> int:
    """Names and addresses of guests whose time is long past; how many bookings."""
    old = Booking.objects.filter(period__endswith__lt=at - GUESTS_KEPT).exclude(
        guest_name="", guest_email=""
    )
    return old.update(guest_name="", guest_email="")


def _forget(person: Person, at: datetime) -> None:
    """Her seats to come are freed; past bookings stay as figures, without a word of hers."""
    mine = Booking.objects.filter(person=person)
    to_come = mine.filter(state__in=STANDING, period__startswith__gt=at).order_by("pk")
    for booking in to_come:
        cancel_once(booking, Cancelling(is_manager=True, reason=REASON), None, at)
    mine.update(purpose="", override_reason="", decision_note="")
    Series.objects.filter(person=person).update(purpose="")
    Feed.objects.filter(person=person).delete()
    Wait.objects.filter(person=person, state=WaitState.WAITING).update(
        state=WaitState.WITHDRAWN, changed_at=at
    )


def _bookings(person: Person) -> Lines:
    rows = Booking.objects.filter(person=person).select_related("space", "site")
    return [
        {
            "référence": one.reference,
            "lieu": one.site.name,
            "espace": one.space.name,
            "début": one.period.lower,
            "fin": one.period.upper,
            "état": State(one.state).label,
            "places": one.party,
            "prix (centimes)": one.price_cents,
            "motif": one.purpose,
        }
        for one in rows.order_by("period", "pk")
    ] + [
        {"lieu": one.seat.space.site.name, "place": str(one.seat), "du": one.first_on}
        for one in Block.objects.filter(person=person).select_related("seat__space__site")
    ]


def _waits(person: Person) -> Lines:
    rows = Wait.objects.filter(person=person).select_related("space__site")
    return [
        {
            "lieu": one.space.site.name,
            "espace": one.space.name,
            "début": one.period.lower,
            "demandé le": one.asked_at,
        }
        for one in rows.order_by("asked_at", "pk")
    ]

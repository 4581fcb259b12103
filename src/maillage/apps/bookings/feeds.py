"""Private addresses of calendars: one's own bookings, a space, a site; made, replaced, revoked."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from maillage.apps.bookings.ical import CANCELLED_KEPT, PAST_KEPT
from maillage.apps.bookings.models import Booking, Feed, FeedKind, State
from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Space
from maillage.kit.refusal import Refusal

LIVE = (State.CONFIRMED, State.REQUESTED)
OVER = (State.CANCELLED, State.REFUSED, State.EXPIRED)


class NoAddress(Refusal):
    """There is nothing to revoke."""

    sentence = "Vous n’avez pas d’adresse pour ce calendrier, ou elle est déjà supprimée."


@dataclass(frozen=True)
class Of:
    """What a calendar holds: one's own bookings, those of a space or of a site."""

    kind: str = FeedKind.PERSON
    key: str = ""


def make(person: Person, of: Of, *, at: datetime) -> str:
    """The secret of a new address, told once; her earlier one for the same stops answering."""
    drawn = secrets.draw()
    with transaction.atomic():
        # held, so that two clicks at once make one address
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        _of(person, of).delete()
        made = Feed.objects.create(
            person=person,
            kind=of.kind,
            key=of.key,
            secret_hash=secrets.digest(drawn),
            created_at=at,
        )
        record("bookings_feed.make", ("feed", made.pk), by=person.pk, at=at, kind=of.kind)
    return drawn


def revoke(person: Person, of: Of, *, at: datetime) -> None:
    """Her address answers nothing from now on."""
    with transaction.atomic():
        gone = _of(person, of).first()
        if gone is None:
            raise NoAddress
        key = gone.pk
        gone.delete()
        record("bookings_feed.revoke", ("feed", key), by=person.pk, at=at, kind=of.kind)


def held(person: Person, of: Of) -> Feed | None:
    """Her address for this calendar."""
    return _of(person, of).first()


def followed(secret: str) -> Feed | None:
    """The feed of a secret, while its person has an account."""
    rows = Feed.objects.select_related("person").filter(person__is_active=True)
    return rows.filter(secret_hash=secrets.digest(secret)).first()


def bookings_of(feed: Feed, *, at: datetime) -> QuerySet[Booking]:
    """What it holds: what comes, the last months, and for a while what was cancelled."""
    rows = Booking.objects.select_related("space", "site", "person")
    match feed.kind:
        case FeedKind.PERSON:
            rows = rows.filter(person_id=feed.person_id)
        case FeedKind.SPACE:
            # whoever takes the whole takes its parts, and the reverse
            rows = rows.filter(Q(space__path__contains=[int(feed.key)]) | _above(int(feed.key)))
        case _:
            rows = rows.filter(site_id=int(feed.key))
    alive = Q(state__in=LIVE, period__endswith__gt=at - PAST_KEPT)
    if feed.kind != FeedKind.PERSON:
        # what is only asked for takes nothing
        alive &= Q(state=State.CONFIRMED)
    over = Q(state__in=OVER, ended_at__gt=at - CANCELLED_KEPT)
    return rows.filter(alive | over).order_by("period", "pk")


def _above(space_id: int) -> Q:
    """Bookings of the spaces that contain it."""
    path = Space.objects.filter(pk=space_id).values_list("path", flat=True).first() or []
    return Q(space__in=path)


def _of(person: Person, of: Of) -> QuerySet[Feed]:
    return Feed.objects.filter(person=person, kind=of.kind, key=of.key)

"""Somebody without a session books: the seat is kept while she answers a mail.

Nothing tells whether the address has an account: the answer is the same, and only who reads its
mail learns more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from maillage.apps.bookings import basket
from maillage.apps.bookings.asked import Ask, Booker, Guest
from maillage.apps.bookings.basket import Checked
from maillage.apps.bookings.confirm import HoldOver, confirm
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.reserve import Terms
from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.kit import mail
from maillage.kit.refusal import Refusal
from maillage.kit.retry import settled
from maillage.report import moments

HOLD = timedelta(minutes=30)
_SALT = "bookings.guest"
# longer than any hold: what decides is the hold itself
_LINK_LASTS = timedelta(hours=24)


class LinkIsOver(Refusal):
    """Unknown, or too old."""

    sentence = _("Ce lien ne sert plus. Cherchez à nouveau une place, elle est peut-être libre.")


class AlreadyConfirmed(Refusal):
    """The link has served."""

    sentence = _(
        "Cette réservation est déjà confirmée. Connectez-vous pour la voir dans vos réservations."
    )


def book(
    held: Sequence[Ask], guest: Guest, checked: Checked, *, purpose: str, at: datetime
) -> bool:
    """Keep the seats for half an hour and mail the link that confirms; sent twice, kept once.

    returns  whether a seat is kept: a request keeps none
    """
    with transaction.atomic():
        booker = Booker(person=None, by=None, guest=guest, purpose=purpose)
        references = basket.book(held, booker, checked, at=at, terms=Terms(hold_for=HOLD))
        every = list(_rows(references))
        if made := [row for row in every if row.created_at == at]:
            _send(made, guest, at)
    return any(row.state == State.HOLD for row in every)


def link_of(references: Sequence[str]) -> str:
    """The secret of a link that confirms these bookings."""
    return signing.dumps(sorted(references), salt=_SALT)


def found(secret: str, *, at: datetime) -> list[Booking]:
    """The bookings of a link while it may serve; raises LinkIsOver, HoldOver, AlreadyConfirmed."""
    try:
        references = signing.loads(secret, salt=_SALT, max_age=_LINK_LASTS)
    except signing.BadSignature as error:
        raise LinkIsOver from error
    rows = list(_rows(references))
    if not rows:
        raise LinkIsOver
    if any(row.person_id is not None for row in rows):
        raise AlreadyConfirmed
    if not all(_is_alive(row, at) for row in rows):
        raise HoldOver
    return rows


def account_of(rows: Sequence[Booking]) -> Person | None:
    """The account of the address that the link was sent to."""
    return Person.objects.filter(email__iexact=rows[0].guest_email).first()


def arrive(secret: str, name: str, *, at: datetime) -> tuple[Person, list[Booking]]:
    """Whoever reads that mail has an account, opened if need be, and the bookings are hers.

    A request waits for its answer in her name.
    Raises LinkIsOver, HoldOver, AlreadyConfirmed, and the refusals of a confirmation.
    """
    return settled(lambda: _arrive(secret, name, at))


@transaction.atomic
def _arrive(secret: str, name: str, at: datetime) -> tuple[Person, list[Booking]]:
    with connection.cursor() as cursor:
        # the button pressed twice at once opens one account
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [secret])
    rows = found(secret, at=at)
    person = account_of(rows) or _opened(rows[0], name, at)
    if not person.is_active:
        raise LinkIsOver
    return person, [_confirmed(row, person, at) for row in rows]


def _opened(row: Booking, name: str, at: datetime) -> Person:
    """A new account at the address that the link was sent to."""
    email = row.guest_email.lower()
    try:
        with transaction.atomic():
            made = Person.objects.create_user(email, name.strip() or row.guest_name, None)
    except IntegrityError:
        # another link of hers, at the same instant
        return Person.objects.get(email__iexact=email)
    record("account.open", ("person", made.pk), by=made.pk, at=at)
    return made


def _confirmed(row: Booking, person: Person, at: datetime) -> Booking:
    if row.state == State.HOLD:
        return confirm(row, by=person.pk, at=at, person=person)
    row.person, row.guest_name, row.guest_email = person, "", ""
    row.changed_at = at
    row.version += 1
    row.save()
    record("booking.claim", ("booking", row.pk), by=person.pk, at=at, scope=row.scopes[0])
    return row


def _rows(references: Sequence[str]) -> QuerySet[Booking]:
    rows = Booking.objects.select_related("space__site")
    return rows.filter(reference__in=references).order_by("period", "pk")


def _is_alive(row: Booking, at: datetime) -> bool:
    if row.state == State.HOLD:
        return row.hold_until is not None and row.hold_until > at
    return bool(row.state == State.REQUESTED)


def _send(made: Sequence[Booking], guest: Guest, at: datetime) -> None:
    zone = ZoneInfo(made[0].site.zone)
    mail.send(
        "bookings/emails/guest.txt",
        guest.email,
        {
            "secret": link_of([one.reference for one in made]),
            "slots": [_line(one) for one in made],
            "until": moments.clock((at + HOLD).astimezone(zone).time())
            if any(one.state == State.HOLD for one in made)
            else "",
        },
    )


def _line(one: Booking) -> str:
    zone = ZoneInfo(one.site.zone)
    slot = moments.slot(one.period.lower.astimezone(zone), one.period.upper.astimezone(zone))
    return f"{one.site.name}, {one.space.name} : {slot}"

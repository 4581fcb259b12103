"""Give a position to someone who has an account."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person, Position, Role
from maillage.apps.people.rules import may_fill
from maillage.kit import mail
from maillage.kit.refusal import Refusal


class BeyondOwnRights(Refusal):
    """A role is given by those who answer for its scope."""

    sentence = (
        "Ce poste dépasse vos droits. Demandez à l'administration de la plateforme de le confier."
    )
    status = 403


class PositionIsClosed(Refusal):
    """The post itself was given up."""

    sentence = "Ce poste est supprimé. Choisissez un autre poste ou créez-en un."


class AlreadyHeld(Refusal):
    """The same person cannot hold a position twice at a time."""

    sentence = "{name} occupe déjà ce poste à ces dates. Terminez d'abord le rôle en cours."


class EndsBeforeItStarts(Refusal):
    """A role lasts at least a day."""

    sentence = "La fin précède le début. Donnez une fin postérieure au début, ou laissez-la vide."


def assign(
    position: Position,
    person: Person,
    *,
    starts_on: date,
    ends_on: date | None = None,
    by: Person | None,
    at: datetime,
) -> Role:
    """The position is the person's from a day on; the person is told by mail.

    by  None when the system itself lays the demonstration or the first account
    """
    refuse_beyond_rights(position, by)
    with transaction.atomic():
        role = begin(position, person, starts_on=starts_on, ends_on=ends_on)
        record(
            "role.assign",
            ("role", role.pk),
            by=by.pk if by else None,
            at=at,
            scope=position.scope,
            person=person.pk,
            position=position.pk,
        )
        if by is not None and by.pk != person.pk:
            mail.send(
                "people/emails/role_given.txt",
                person.email,
                {"name": person.name, "position": position.title, "starts_on": starts_on},
            )
    return role


def begin(
    position: Position, person: Person, *, starts_on: date, ends_on: date | None = None
) -> Role:
    """The role itself, inside the transaction of the act that gives it."""
    refuse_dates(starts_on, ends_on)
    # one at a time: two simultaneous acts would only meet at the database's constraint
    held = Position.objects.select_for_update().get(pk=position.pk)
    if held.closed_on is not None and held.closed_on <= starts_on:
        raise PositionIsClosed
    others = Role.objects.filter(position=held, person=person).filter(
        Q(ends_on=None) | Q(ends_on__gt=starts_on)
    )
    if ends_on is not None:
        others = others.filter(starts_on__lt=ends_on)
    if others.exists():
        raise AlreadyHeld(name=person.name)
    return Role.objects.create(
        position=held, person=person, starts_on=starts_on, ends_on=ends_on, term_on=ends_on
    )


def refuse_dates(starts_on: date, ends_on: date | None) -> None:
    """Raises EndsBeforeItStarts."""
    if ends_on is not None and ends_on <= starts_on:
        raise EndsBeforeItStarts


def refuse_beyond_rights(position: Position, by: Person | None) -> None:
    """Raises BeyondOwnRights."""
    if by is not None and not may_fill(by, position):
        raise BeyondOwnRights

"""Invite somebody to a position by e-mail, and take the invitation back."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.assign_role import (
    PositionIsClosed,
    refuse_beyond_rights,
    refuse_dates,
)
from maillage.apps.people.models import Invitation, Person, Position
from maillage.kit import mail
from maillage.kit.refusal import Refusal

LASTS = timedelta(days=14)


class AlreadyInvited(Refusal):
    """One open invitation for a position and an address."""

    sentence = (
        "Une invitation à cette adresse attend déjà une réponse. "
        "Retirez-la d'abord si les dates ont changé."
    )


class NotPending(Refusal):
    """Accepted, withdrawn or out of date."""

    sentence = "Cette invitation n'attend plus de réponse. Actualisez la page du poste."


def invite(
    position: Position,
    *,
    email: str,
    name: str,
    starts_on: date,
    ends_on: date | None = None,
    by: Person | None,
    at: datetime,
) -> Invitation:
    """The invitation is sent; nothing tells whether the address already has an account."""
    refuse_beyond_rights(position, by)
    refuse_dates(starts_on, ends_on)
    address, drawn = email.strip().lower(), secrets.draw()
    with transaction.atomic():
        held = Position.objects.select_for_update().get(pk=position.pk)
        if held.closed_on is not None and held.closed_on <= starts_on:
            raise PositionIsClosed
        if pending(at).filter(position=held, email=address).exists():
            raise AlreadyInvited
        invitation = Invitation.objects.create(
            position=held,
            email=address,
            name=name.strip(),
            secret_hash=secrets.digest(drawn),
            starts_on=starts_on,
            ends_on=ends_on,
            invited_by=by,
            sent_at=at,
            expires_at=at + LASTS,
        )
        _record("invitation.send", invitation, by, at)
        _mail(invitation, drawn, by)
    return invitation


def withdraw(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """The link of the mail opens nothing any more."""
    refuse_beyond_rights(invitation.position, by)
    with transaction.atomic():
        if not pending(at).filter(pk=invitation.pk).update(withdrawn_at=at):
            raise NotPending
        _record("invitation.withdraw", invitation, by, at)


def pending(at: datetime) -> QuerySet[Invitation]:
    """Invitations that may still be accepted."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


def _record(act: str, invitation: Invitation, by: Person | None, at: datetime) -> None:
    record(
        act,
        ("invitation", invitation.pk),
        by=by.pk if by else None,
        at=at,
        scope=invitation.position.scope,
        position=invitation.position_id,
    )


def _mail(invitation: Invitation, drawn: str, by: Person | None) -> None:
    mail.send(
        "people/emails/invitation.txt",
        invitation.email,
        {
            "name": invitation.name,
            "inviter": by.name if by else "",
            "position": invitation.position.title,
            "organisation": invitation.position.organisation.name,
            "secret": drawn,
            "days": LASTS.days,
        },
    )

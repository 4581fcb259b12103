"""Accept an invitation: with the account of its address, or by opening one."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people import secret as secrets
from maillage.apps.people.assign_role import begin
from maillage.apps.people.invite import pending
from maillage.apps.people.models import Invitation, Person, Role
from maillage.kit.refusal import Refusal


class InvitationIsOver(Refusal):
    """Unknown, withdrawn, accepted or out of date: the same answer."""

    sentence = (
        "Cette invitation ne sert plus. Demandez-en une autre à la personne qui vous l'a envoyée."
    )


class AnotherAddress(Refusal):
    """It was sent to somebody else."""

    sentence = (
        "Cette invitation est adressée à une autre adresse que celle de votre compte. "
        "Déconnectez-vous, puis ouvrez-la de nouveau."
    )


class HasAnAccount(Refusal):
    """The address has an account: its holder signs in first."""

    sentence = "Un compte existe à cette adresse. Connectez-vous, puis ouvrez de nouveau ce lien."


def find(secret: str, *, at: datetime) -> Invitation:
    """The invitation of a secret while it may be accepted; raises InvitationIsOver."""
    found = (
        pending(at)
        .select_related("position__organisation", "invited_by")
        .filter(secret_hash=secrets.digest(secret))
        .first()
    )
    if found is None:
        raise InvitationIsOver
    return found


def accept(invitation: Invitation, *, person: Person, at: datetime) -> Role:
    """The position is the person's, from the day written in the invitation or from today."""
    if person.email != invitation.email:
        raise AnotherAddress
    with transaction.atomic():
        return _take(invitation, person, at)


def join(invitation: Invitation, *, name: str, password: str | None, at: datetime) -> Person:
    """Open an account at the invitation's address, with its position.

    password  None: the account is opened by link, or by an organisation's sign-in
    """
    with transaction.atomic():
        if Person.objects.filter(email__iexact=invitation.email).exists():
            raise HasAnAccount
        person = Person.objects.create_user(invitation.email, name.strip(), password)
        _take(invitation, person, at)
    return person


def _take(invitation: Invitation, person: Person, at: datetime) -> Role:
    if not pending(at).filter(pk=invitation.pk).update(accepted_at=at):
        raise InvitationIsOver
    position = invitation.position
    role = begin(
        position,
        person,
        starts_on=max(invitation.starts_on, at.date()),
        ends_on=invitation.ends_on,
    )
    record(
        "invitation.accept",
        ("invitation", invitation.pk),
        by=person.pk,
        at=at,
        scope=position.scope,
        role=role.pk,
        person=person.pk,
    )
    return role

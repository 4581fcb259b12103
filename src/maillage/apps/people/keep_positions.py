"""Posts of organisations: create one, give one up."""

from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.people.assign_role import refuse_beyond_rights
from maillage.apps.people.models import Organisation, Person, Position, Role
from maillage.apps.people.rights import Scope
from maillage.kit.refusal import Refusal


class StillHeld(Refusal):
    """Its holders leave first."""

    sentence = "Quelqu'un occupe encore ce poste. Terminez d'abord son rôle."


class AlreadyClosed(Refusal):
    """The post was given up already."""

    sentence = "Ce poste est déjà supprimé. Actualisez la liste."


def open_position(
    organisation: Organisation,
    *,
    kind: str,
    title: str,
    scope: Scope,
    needs_holder: bool = True,
    by: Person | None,
    at: datetime,
) -> Position:
    """A post of a body, vacant; an alert is raised while it needs a holder and has none."""
    position = Position(
        organisation=organisation,
        kind=kind,
        title=title.strip(),
        scope_kind=scope[0],
        scope_key=scope[1],
        needs_holder=needs_holder,
    )
    refuse_beyond_rights(position, by)
    with transaction.atomic():
        position.save()
        _record("position.open", position, by, at)
    return position


def close_position(position: Position, *, by: Person, at: datetime) -> None:
    """The post is given up from today; its past holders stay readable."""
    refuse_beyond_rights(position, by)
    with transaction.atomic():
        held = Position.objects.select_for_update().get(pk=position.pk)
        if held.closed_on is not None:
            raise AlreadyClosed
        if Role.objects.current(at.date()).filter(position=held).exists():
            raise StillHeld
        held.closed_on = at.date()
        held.save(update_fields=["closed_on"])
        held.invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=at)
        _record("position.close", held, by, at)


def _record(act: str, position: Position, by: Person | None, at: datetime) -> None:
    record(
        act,
        ("position", position.pk),
        by=by.pk if by else None,
        at=at,
        scope=position.scope,
        kind=position.kind,
    )

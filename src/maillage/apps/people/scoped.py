"""People, posts and organisations as somebody sees them: those of her scopes, no other."""

from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from maillage.apps.people import rights
from maillage.apps.people.invite import pending
from maillage.apps.people.models import Invitation, Organisation, Person, Position, Role
from maillage.apps.people.vacancies import within
from maillage.kit.clock import now


def scopes_of(person: Any, act: str) -> tuple[rights.Scope, ...]:
    """Where the person may do an act today."""
    return rights.scopes_where(person, act, on=now().date())


def roles(person: Any) -> QuerySet[Role]:
    """Every role, past and to come, of the scopes whose people she reads."""
    return Role.objects.filter(within(scopes_of(person, "people.read"), "position__"))


def positions(person: Any) -> QuerySet[Position]:
    """Every post of these scopes."""
    return Position.objects.filter(within(scopes_of(person, "people.read")))


def organisations(person: Any) -> QuerySet[Organisation]:
    """The registers of these scopes; administrators read them all."""
    scopes = scopes_of(person, "people.read")
    if ("platform", "") in scopes:
        return Organisation.objects.all()
    registers = [key for kind, key in scopes if kind == "territory"]
    return Organisation.objects.filter(territory_siren__in=registers)


def invitations(person: Any) -> QuerySet[Invitation]:
    """Those of these scopes that wait for an answer."""
    scopes = scopes_of(person, "people.read")
    return pending(now()).filter(within(scopes, "position__"))


def position_of(person: Any, pk: int) -> Position:
    """A post that she may know of: of her scopes, or that she holds."""
    held = [r.position_id for r in rights.roles_of(person, on=_today())]
    seen = within(scopes_of(person, "people.read")) | Q(pk__in=held)
    return _found(Position.objects.filter(seen).select_related("organisation"), pk)


def role_of(person: Any, pk: int) -> Role:
    """A role of her scopes, or her own."""
    seen = within(scopes_of(person, "people.read"), "position__") | Q(person_id=person.pk)
    return _found(Role.objects.filter(seen).select_related("position__organisation", "person"), pk)


def invitation_of(person: Any, pk: int) -> Invitation:
    """An invitation of her scopes."""
    seen = within(scopes_of(person, "people.read"), "position__")
    return _found(Invitation.objects.filter(seen).select_related("position__organisation"), pk)


def person_of(person: Any, pk: int) -> Person:
    """Somebody who holds, held or will hold a post of her scopes."""
    return _found(Person.objects.filter(roles__in=roles(person)).distinct(), pk)


def organisation_of(person: Any, pk: int) -> Organisation:
    """A body of her registers."""
    return _found(organisations(person), pk)


def _found[Row: Model](rows: QuerySet[Row], pk: int) -> Row:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _today() -> date:
    return now().date()

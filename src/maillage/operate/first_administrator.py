"""Appoint an administrator from the server itself: the first one has nobody to invite her."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from maillage.apps.people import assign_role, sign_in_link
from maillage.apps.people.models import (
    Organisation,
    OrganisationKind,
    Person,
    Position,
    RoleKind,
    ScopeKind,
)

TITLE = "Administration de la plateforme"


def appoint(email: str, name: str, organisation: str, *, at: datetime) -> str:
    """The path of the link by which she enters once and sets her second factor."""
    with transaction.atomic():
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            person = Person.objects.create_user(email, name)
        position = _position(organisation)
        if not position.roles.current(at.date()).filter(person=person).exists():
            assign_role.assign(position, person, starts_on=at.date(), by=None, at=at)
        secret = sign_in_link.issue(person, at=at)
    return reverse("open_link", args=[secret])


def _position(organisation: str) -> Position:
    body, _ = Organisation.objects.get_or_create(
        name=organisation, territory_siren="", defaults={"kind": OrganisationKind.EPCI}
    )
    position, _ = Position.objects.get_or_create(
        organisation=body,
        kind=RoleKind.ADMINISTRATOR,
        scope_kind=ScopeKind.PLATFORM,
        scope_key="",
        defaults={"title": TITLE},
    )
    return position

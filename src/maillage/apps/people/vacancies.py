"""Posts that nobody holds, and who must know."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.apps.people.models import Person, Position, Role, RoleKind
from maillage.apps.people.rights import GRANTS, Scope
from maillage.kit import mail


def within(scopes: Sequence[Scope], prefix: str = "") -> Q:
    """The condition « in one of these scopes »; the platform's contains them all.

    prefix  path from the row to its position, such as `position__`
    """
    if ("platform", "") in scopes:
        # not an empty Q, which would vanish from « in these scopes, or one's own »
        return ~Q(pk__in=())
    found = Q(pk__in=())
    for kind, key in scopes:
        found |= Q(**{f"{prefix}scope_kind": kind, f"{prefix}scope_key": key})
    return found


def vacant(scopes: Sequence[Scope], *, on: date) -> QuerySet[Position]:
    """Posts of these scopes that need someone and have nobody that day."""
    held = Role.objects.current(on).filter(position=OuterRef("pk"))
    return (
        Position.objects.filter(within(scopes), needs_holder=True)
        .filter(Q(closed_on=None) | Q(closed_on__gt=on))
        .exclude(Exists(held))
    )


def those_in_charge(position: Position, *, on: date) -> list[Person]:
    """Who gives roles in the post's scope, else who administers the platform."""
    kinds = [kind for kind, acts in GRANTS.items() if "people.manage" in acts]
    near = _holders(on).filter(position__kind__in=kinds)
    own = near.filter(position__scope_kind=position.scope_kind)
    found = list(own.filter(position__scope_key=position.scope_key))
    if not found:
        found = list(_holders(on).filter(position__kind=RoleKind.ADMINISTRATOR))
    return list({role.person_id: role.person for role in found}.values())


def announce(position: Position, *, at: datetime) -> None:
    """Alert those in charge when the post is empty; inside the transaction of the end."""
    if not vacant([("platform", "")], on=at.date()).filter(pk=position.pk).exists():
        return
    for person in those_in_charge(position, on=at.date()):
        mail.send(
            "people/emails/vacancy.txt",
            person.email,
            {
                "name": person.name,
                "position": position.title,
                "organisation": position.organisation.name,
                "position_id": position.pk,
            },
        )


def _holders(on: date) -> QuerySet[Role]:
    return (
        Role.objects.current(on)
        .filter(person__is_active=True)
        .select_related("person")
        .order_by("pk")
    )

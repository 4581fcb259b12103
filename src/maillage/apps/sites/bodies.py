"""In whose name a person handles money: bodies, never territories.

A position counts for the organisation that it is held in. One of a single site counts only
when its organisation sells nowhere else: a site's desk does not open the accounts of a network.
The public accountant of a territory answers for its public bodies.
"""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from maillage.apps.people import rights
from maillage.apps.people.models import Organisation, OrganisationKind, Role, RoleKind, ScopeKind
from maillage.apps.sites.models import Site
from maillage.kit.clock import now
from maillage.kit.pages import Rule

PUBLIC = (OrganisationKind.EPCI, OrganisationKind.COMMUNE)


def bodies(person: Any, act: str) -> list[Organisation]:
    """The bodies in whose name she may do an act, by name; read once per request."""
    kept: dict[str, list[Organisation]] = person.__dict__.setdefault("_bodies", {})
    if act not in kept:
        by_role: dict[int, list[Organisation]] = person.__dict__.setdefault("_bodies_by_role", {})
        found: dict[int, Organisation] = {}
        for role in _roles(person, act):
            if role.pk not in by_role:
                by_role[role.pk] = _bodies_of(role)
            found |= {body.pk: body for body in by_role[role.pk]}
        kept[act] = sorted(found.values(), key=lambda body: (body.name, body.pk))
    return kept[act]


def body_of(person: Any, pk: int, act: str) -> Organisation:
    """One of them; 404 for the others, which she cannot know of."""
    for body in bodies(person, act):
        if body.pk == pk:
            return body
    raise Http404(pk)


def may_act_for(person: Any, body: Organisation, act: str) -> bool:
    """Whether she may do an act in the name of a body."""
    return any(one.pk == body.pk for one in bodies(person, act))


def may_somewhere(act: str) -> Rule:
    """The rule of a page that lists: there is a body in whose name she may do the act."""

    def may(person: Any, _target: object) -> bool:
        return bool(bodies(person, act))

    return may


def sells_at(body: Organisation) -> QuerySet[Site]:
    """The sites for which a body collects."""
    rows = Site.objects.annotate(seller=Coalesce("collector", "operator"))
    return rows.filter(seller=body.pk, removed_at=None)


def _roles(person: Any, act: str) -> list[Role]:
    if act not in rights.ACTS:
        raise KeyError(act)
    held = rights.roles_of(person, on=now().date())
    return [role for role in held if act in rights.GRANTS[role.position.kind]]


def _bodies_of(role: Role) -> list[Organisation]:
    position = role.position
    if position.kind == RoleKind.TREASURER:
        # the accountant belongs to the State, the accounts to the bodies of the territory
        if position.scope_kind != ScopeKind.TERRITORY:
            return []
        return list(
            Organisation.objects.filter(territory_siren=position.scope_key, kind__in=PUBLIC)
        )
    if position.scope_kind == ScopeKind.SITE and not _is_whole(position.organisation, position):
        return []
    return [position.organisation]


def _is_whole(body: Organisation, position: Any) -> bool:
    """Whether the site of a position is the only one for which its body sells."""
    return [str(pk) for pk in sells_at(body).values_list("pk", flat=True)] == [position.scope_key]

"""People, bodies and posts, all invented."""

import itertools
import time
from datetime import date

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from django.test import Client

from maillage.apps.people.models import (
    Organisation,
    OrganisationKind,
    Person,
    Position,
    Role,
    RoleKind,
    ScopeKind,
)

SIREN = "200067817"
TERRITORY = (ScopeKind.TERRITORY, SIREN)
TWIN_SIREN = "200040905"
TWIN = (ScopeKind.TERRITORY, TWIN_SIREN)
PLATFORM = (ScopeKind.PLATFORM, "")
LONG_AGO = date(2020, 1, 1)
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def person(name: str = "Claire Fictive", email: str = "", *, password=None, **fields) -> Person:
    """An account, without any role."""
    made = Person.objects.create_user(email or f"p{next(_numbers)}@exemple.fr", name, password)
    for key, value in fields.items():
        setattr(made, key, value)
    made.save()
    return made


def organisation(name: str = "CC fictive", kind: str = OrganisationKind.EPCI, **fields):
    """A body, in the register of the first territory unless told."""
    return Organisation.objects.create(
        **{"name": name, "kind": kind, "territory_siren": SIREN} | fields
    )


def position(kind: str = RoleKind.PROJECT_OFFICER, scope=TERRITORY, **fields) -> Position:
    """A vacant post of a body."""
    if "organisation" not in fields:
        register = scope[1] if scope[0] == ScopeKind.TERRITORY else ""
        fields["organisation"] = organisation(territory_siren=register)
    title = fields.pop("title", RoleKind(kind).label)
    return Position.objects.create(
        kind=kind, title=title, scope_kind=scope[0], scope_key=scope[1], **fields
    )


def role(
    holder: Person | None = None, kind: str = RoleKind.PROJECT_OFFICER, scope=TERRITORY, **fields
) -> Role:
    """A post held since long; `position=` to hold a given one."""
    post = fields.pop("position", None) or position(kind, scope)
    fields = {"starts_on": LONG_AGO} | fields
    fields.setdefault("term_on", fields.get("ends_on"))
    return Role.objects.create(position=post, person=holder or person(), **fields)


def holder(kind: str = RoleKind.PROJECT_OFFICER, scope=TERRITORY, **fields) -> Person:
    """Someone who holds one post."""
    return role(person(**fields), kind, scope).person


def with_second_factor(who: Person) -> Person:
    """The person has set up a code generator."""
    Authenticator.objects.get_or_create(
        user=who, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "JBSWY3DPEHPK3PXP"}}
    )
    return who


def signed_in(client: Client, who: Person, *, confirmed_s_ago: float = 0) -> Client:
    """The client's session is the person's, second factor done.

    confirmed_s_ago  how long ago she gave it: beyond 15 minutes, sensitive acts ask again
    """
    client.force_login(with_second_factor(who))
    session = client.session
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(who.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "type": "totp", "at": time.time() - confirmed_s_ago}
    ]
    session.save()
    return client

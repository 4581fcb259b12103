"""Who may do what to people, positions and organisations."""

from typing import Any

from maillage.apps.people import rights
from maillage.apps.people.models import Organisation, Position, RoleKind, ScopeKind
from maillage.kit.clock import now


def _holds(person: Any, act: str, scopes: tuple[rights.Scope, ...]) -> bool:
    return rights.holds(person, act, scopes, on=now().date())


def _holds_somewhere(person: Any, act: str) -> bool:
    return bool(rights.scopes_where(person, act, on=now().date()))


def may_see_people(person: Any, _target: Any) -> bool:
    """Whether the list of people has anything to show."""
    return _holds_somewhere(person, "people.read")


def may_manage_people(person: Any, _target: Any) -> bool:
    """Whether there is a place where the person gives roles."""
    return _holds_somewhere(person, "people.manage")


def may_see_position(person: Any, position: Position) -> bool:
    """Who holds a post is read by those who see the people of its scope."""
    return _holds(person, "people.read", position.scopes)


def may_fill(person: Any, position: Position) -> bool:
    """Invite to it, give it, end it: in one's own scope, and never above one's own."""
    if position.kind == RoleKind.ADMINISTRATOR or position.scope_kind == ScopeKind.PLATFORM:
        return _holds(person, "platform.manage", position.scopes)
    return _holds(person, "people.manage", position.scopes)


def may_read_dossier(person: Any, position: Position) -> bool:
    """Its holders of today, and those whose role is to ensure that work goes on."""
    held = any(r.position_id == position.pk for r in rights.roles_of(person, on=now().date()))
    return held or _holds(person, "handover.read", position.scopes)


def may_see_organisations(person: Any, _target: Any) -> bool:
    """The register is read by those who see people."""
    return _holds_somewhere(person, "people.read")


def may_keep_register(person: Any, _target: Any) -> bool:
    """Whether there is a register that the person keeps."""
    return _holds_somewhere(person, "organisations.manage")


def may_edit_organisation(person: Any, organisation: Organisation) -> bool:
    """In the register of one's own territory; the platform's is its administrators'."""
    return _holds(person, "organisations.manage", organisation.scopes)


def may_read_journal(person: Any, _target: Any) -> bool:
    """Whether there is a scope whose journal the person reads."""
    return _holds_somewhere(person, "journal.read")


def may_set_up(person: Any, _target: Any) -> bool:
    """The platform's own settings."""
    return _holds_somewhere(person, "platform.manage")

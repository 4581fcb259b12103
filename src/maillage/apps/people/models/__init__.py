"""People, organisations, positions and who holds them."""

from maillage.apps.people.models.access import ApiToken, Consent, EmailChange, SignInLink
from maillage.apps.people.models.person import Organisation, OrganisationKind, Person
from maillage.apps.people.models.roles import Invitation, Position, Role, RoleKind, ScopeKind

__all__ = [
    "ApiToken",
    "Consent",
    "EmailChange",
    "Invitation",
    "Organisation",
    "OrganisationKind",
    "Person",
    "Position",
    "Role",
    "RoleKind",
    "ScopeKind",
    "SignInLink",
]

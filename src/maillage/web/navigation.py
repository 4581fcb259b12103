"""The sections of the header: those a person's role opens, in the order of her work."""

from dataclasses import dataclass

from maillage.apps.people.models import Role, RoleKind
from maillage.apps.territories.names import short_name


@dataclass(frozen=True)
class Item:
    """One section."""

    label: str
    href: str
    is_current: bool
    icon: str = ""


@dataclass(frozen=True)
class Menu:
    """The sections of a person, and the name beside the logo."""

    items: tuple[Item, ...]
    style: str
    territory_name: str


PUBLIC = (
    ("Les territoires", "/territoires/"),
    ("Études publiées", "/projet/"),
    ("Données ouvertes", "/donnees/"),
)
STUDY = ("Étude", "/etudes/")
DECISIONS = ("Décisions", "/elus/")
PEOPLE = ("Personnes", "/personnes/")
SETTINGS = ("Réglages", "/reglages/")
WITH_STUDY = frozenset(
    {
        RoleKind.PROJECT_OFFICER,
        RoleKind.CHIEF_EXECUTIVE,
        RoleKind.ELECTED_OFFICIAL,
        RoleKind.MAYOR,
        RoleKind.TREASURER,
        RoleKind.CONSULTANT,
        RoleKind.COORDINATOR,
    }
)
WITH_DECISIONS = frozenset({RoleKind.CHIEF_EXECUTIVE, RoleKind.ELECTED_OFFICIAL, RoleKind.MAYOR})
WITH_PEOPLE = frozenset({RoleKind.PROJECT_OFFICER, RoleKind.CHIEF_EXECUTIVE, RoleKind.SITE_MANAGER})


def of(roles: tuple[Role, ...], path: str) -> Menu:
    """The menu of someone who holds these roles, on a page."""
    kinds = {role.position.kind for role in roles}
    territory = next((r.position for r in roles if r.position.scope_kind == "territory"), None)
    entries = list(PUBLIC)
    name = ""
    if territory:
        name = short_name(territory.organisation.name)
        entries = [("Territoire", f"/territoires/{territory.scope_key}/")]
    if kinds & WITH_DECISIONS:
        entries.append(DECISIONS)
    if kinds & WITH_STUDY:
        entries.append(STUDY)
    if kinds & WITH_PEOPLE:
        entries.append(PEOPLE)
    if RoleKind.ADMINISTRATOR in kinds:
        entries = [*PUBLIC[:1], STUDY, PEOPLE, SETTINGS]
    elif territory:
        entries.append(PUBLIC[2])
    items = tuple(Item(label, href, path.startswith(href)) for label, href in entries)
    return Menu(items, "top", name)

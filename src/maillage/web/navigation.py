"""The sections of the header: those a person's role opens, in the order of her work."""

from dataclasses import dataclass

from maillage.apps.people.models import OrganisationKind, Position, Role, RoleKind
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name


@dataclass(frozen=True)
class Section:
    """A part of the product, with the icon it has at the foot of a phone."""

    label: str
    href: str
    icon: str


@dataclass(frozen=True)
class Item:
    """One section, on a page."""

    label: str
    href: str
    is_current: bool
    icon: str


@dataclass(frozen=True)
class Menu:
    """The sections of a person, and the name beside the logo.

    style  "bar": tabs at the foot of a phone, for those who stand or walk; else "top"
    """

    items: tuple[Item, ...]
    style: str
    territory_name: str


TERRITORIES = Section("Les territoires", "/territoires/", "map-2")
PUBLISHED = Section("Études publiées", "/projet/", "report")
OPEN_DATA = Section("Données ouvertes", "/donnees/", "database")
ACCOUNT = Section("Compte", "/compte/", "user")
STUDY = Section("Étude", "/etudes/", "report")
DECISIONS = Section("Décisions", "/elus/", "checklist")
PEOPLE = Section("Personnes", "/personnes/", "users")
SETTINGS = Section("Réglages", "/reglages/", "settings")

PUBLIC = (TERRITORIES, PUBLISHED, OPEN_DATA)
OF_THE_PLATFORM = (TERRITORIES, STUDY, PEOPLE, SETTINGS)
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
ON_FOOT = frozenset({RoleKind.MEMBER, RoleKind.HOST})


def of(roles: tuple[Role, ...], path: str) -> Menu:
    """The menu of someone who holds these roles, on a page."""
    kinds = {RoleKind(role.position.kind) for role in roles}
    position = next((r.position for r in roles if r.position.scope_kind == "territory"), None)
    items = tuple(
        Item(section.label, section.href, path.startswith(section.href), section.icon)
        for section in _sections(kinds, position)
    )
    style = "bar" if kinds and kinds <= ON_FOOT else "top"
    return Menu(items, style, _territory_name(position) if position else "")


def _sections(kinds: set[RoleKind], position: Position | None) -> tuple[Section, ...]:
    if RoleKind.ADMINISTRATOR in kinds:
        return OF_THE_PLATFORM
    if position is None:
        return PUBLIC
    opened = (
        (DECISIONS, kinds & WITH_DECISIONS),
        (STUDY, kinds & WITH_STUDY),
        (PUBLISHED, not kinds & WITH_STUDY),
        (PEOPLE, kinds & WITH_PEOPLE),
        (OPEN_DATA, True),
        (ACCOUNT, kinds <= ON_FOOT),
    )
    home = Section("Territoire", f"/territoires/{position.scope_key}/", "map-2")
    return (home, *(section for section, is_open in opened if is_open))


def _territory_name(position: Position) -> str:
    if position.organisation.kind == OrganisationKind.EPCI:
        return short_name(position.organisation.name)
    # a mayor holds her post in a commune, a shopkeeper in a shop
    names = Territory.objects.filter(pk=position.scope_key).values_list("name", flat=True)
    return short_name(names.first() or position.organisation.name)

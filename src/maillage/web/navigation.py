"""The sections of the header: those a person's role opens, in the order of her work."""

from dataclasses import dataclass
from typing import Any

from maillage.apps.people.models import OrganisationKind, Position, Role, RoleKind
from maillage.apps.sites.bodies import bodies
from maillage.apps.territories.models import Territory
from maillage.apps.territories.names import short_name


@dataclass(frozen=True)
class Section:
    """A part of the product, with the icon it has at the foot of a phone.

    covers  other addresses of its pages
    """

    label: str
    href: str
    icon: str
    covers: tuple[str, ...] = ()

    def holds(self, path: str) -> int:
        """How many letters of the address of a page are its own, 0 for a page of others."""
        return max(len(own) * path.startswith(own) for own in (self.href, *self.covers))


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


PLACES = Section("Les lieux", "/lieux/", "map-pin")
TERRITORIES = Section("Les territoires", "/territoires/", "map-2")
PUBLISHED = Section("Études publiées", "/projet/", "report")
OPEN_DATA = Section("Données ouvertes", "/donnees/", "database")
FIND = Section("Trouver", "/reserver/", "search")
OWN_PLACES = Section("Mes places", "/mes-reservations/", "ticket")
ACCOUNT = Section("Compte", "/compte/", "user")
STUDY = Section("Étude", "/etudes/", "report")
DECISIONS = Section("Décisions", "/elus/", "checklist")
PEOPLE = Section("Personnes", "/personnes/", "users")
SITES = Section("Lieux", "/gerer/", "building-community")
DAY = Section("Journée", "/journee/", "calendar")
COUNTER = Section("Aujourd’hui", "/comptoir/", "calendar")
MEMBERS = Section("Adhérents", "/adherents/", "user-plus")
EMPLOYER = Section("Employeur", "/employeur/", "briefcase")
SETTINGS = Section("Réglages", "/reglages/", "settings")
_DOCUMENTS = ("/factures/", "/avoirs/")
_COLLECTING = ("/mandats/", "/prelevements/", "/relances/")
_CLOSING = ("/comptes/",)
BILLING = Section(
    "Facturation",
    "/facturation/",
    "coin-euro",
    (*_DOCUMENTS, "/encaissements/", *_COLLECTING, "/contrats/", "/reversements/", "/exports/",
     *_CLOSING),
)  # fmt: skip
TITLES = Section("Titres et factures", "/facturation/", "coin-euro", _DOCUMENTS)
RECEIPTS = Section("Encaissements", "/encaissements/", "checklist", _COLLECTING)
EXPORTS = Section("Exports", "/exports/", "table-export", _CLOSING)
SHARE = Section("Ma part", "/comptoir/part/", "coin-euro")

# the rooms of « Facturation » and the act that opens each
ROOMS = (
    ("contracts.keep", Section("Contrats", "/contrats/", "file-text")),
    ("billing.read", Section("Factures", "/facturation/", "coin-euro", _DOCUMENTS)),
    ("collecting.keep", RECEIPTS),
    ("settlement.keep", Section("Reversements", "/reversements/", "share-2")),
    ("accounts.export", Section("Mois et clôture", "/comptes/", "checklist")),
    ("accounts.export", Section("Exports", "/exports/", "table-export")),
)

PUBLIC = (FIND, PLACES, TERRITORIES, PUBLISHED, OPEN_DATA)
OF_A_MEMBER = (FIND, OWN_PLACES, PLACES, ACCOUNT)
OF_A_HOST = (COUNTER, SHARE, PLACES, ACCOUNT)
OF_THE_PLATFORM = (TERRITORIES, STUDY, SITES, PEOPLE, SETTINGS)
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
WITH_SITES = frozenset({RoleKind.PROJECT_OFFICER, RoleKind.SITE_MANAGER})
WITH_BILLING = frozenset(
    {RoleKind.PROJECT_OFFICER, RoleKind.CHIEF_EXECUTIVE, RoleKind.SITE_MANAGER}
)
WITH_NETWORK = frozenset({RoleKind.PROJECT_OFFICER, RoleKind.CHIEF_EXECUTIVE, RoleKind.COORDINATOR})
ON_FOOT = frozenset({RoleKind.MEMBER, RoleKind.HOST})


def of(roles: tuple[Role, ...], path: str, *, has_accounts: bool = False) -> Menu:
    """The menu of someone who holds these roles, on a page.

    has_accounts  whether there is a body whose invoices she may read
    """
    kinds = {RoleKind(role.position.kind) for role in roles}
    position = next((r.position for r in roles if r.position.scope_kind == "territory"), None)
    sections = _sections(kinds, position, _invoices(roles), has_accounts=has_accounts)
    items = _items(sections, path)
    style = "bar" if kinds and kinds <= ON_FOOT else "top"
    return Menu(items, style, _territory_name(position) if position else "")


def _items(sections: tuple[Section, ...], path: str) -> tuple[Item, ...]:
    # under the address of one section, another may have its own
    nearest = max((section.holds(path) for section in sections), default=0)
    return tuple(
        Item(one.label, one.href, bool(nearest) and one.holds(path) == nearest, one.icon)
        for one in sections
    )


def rooms(person: Any, path: str) -> tuple[Item, ...]:
    """Beside an open page of money, the other rooms that she may enter; none elsewhere."""
    if not BILLING.holds(path):
        return ()
    opened = tuple(section for act, section in ROOMS if bodies(person, act))
    return _items(opened, path) if len(opened) > 1 else ()


def _invoices(roles: tuple[Role, ...]) -> tuple[Section, ...]:
    """The invoices of the body in whose name she acts as an employer."""
    bodies = [r.position.organisation_id for r in roles if r.position.kind == RoleKind.EMPLOYER]
    return tuple(
        Section("Factures", f"/employeur/{pk}/factures/", "file-text") for pk in bodies[:1]
    )


def _sections(
    kinds: set[RoleKind],
    position: Position | None,
    invoices: tuple[Section, ...],
    *,
    has_accounts: bool,
) -> tuple[Section, ...]:
    if RoleKind.ADMINISTRATOR in kinds:
        return OF_THE_PLATFORM
    if kinds == {RoleKind.MEMBER}:
        return OF_A_MEMBER
    if kinds == {RoleKind.HOST}:
        return OF_A_HOST
    if position is None:
        # who keeps one site has no territory of her own
        keeps = kinds & WITH_SITES
        own = (
            (EMPLOYER, RoleKind.EMPLOYER in kinds),
            *((section, True) for section in invoices),
            (DAY, keeps),
            (MEMBERS, keeps),
            (SITES, keeps),
            (BILLING, keeps and has_accounts),
            (PEOPLE, kinds & WITH_PEOPLE),
        )
        # her own work leaves room for a section or two more
        rest = PUBLIC[: 1 if has_accounts else 2] if keeps else PUBLIC
        return (*(section for section, is_open in own if is_open), *rest)
    # who keeps accounts as well finds them under « Facturation »
    is_treasurer = RoleKind.TREASURER in kinds and has_accounts and not kinds & WITH_BILLING
    opened = (
        (DECISIONS, kinds & WITH_DECISIONS),
        (STUDY, kinds & WITH_STUDY),
        (SITES, kinds & WITH_SITES),
        (Section("Réseau", f"/reseau/{position.scope_key}/", "share-2"), kinds & WITH_NETWORK),
        (BILLING, has_accounts and kinds & WITH_BILLING),
        *((section, is_treasurer) for section in (TITLES, RECEIPTS, EXPORTS)),
        (EMPLOYER, RoleKind.EMPLOYER in kinds),
        *((section, True) for section in invoices),
        (PUBLISHED, not kinds & WITH_STUDY),
        (PEOPLE, kinds & WITH_PEOPLE),
        # her own work takes the room; the foot of each page leads there
        (OPEN_DATA, not kinds & WITH_SITES and not is_treasurer),
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

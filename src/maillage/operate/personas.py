"""The invented people of the demonstration: one for each way of using the product."""

from dataclasses import dataclass

from maillage.apps.people.models import OrganisationKind, RoleKind, ScopeKind
from maillage.core import sample

TERRITORY = (ScopeKind.TERRITORY, sample.SIREN)
PLATFORM = (ScopeKind.PLATFORM, "")
NETWORK = (ScopeKind.NETWORK, "reseau-fictif")
# keys of the demonstration's sites, replaced with their identifiers when they are laid
HUB = (ScopeKind.SITE, "hub")
MINI = (ScopeKind.SITE, "mini")
CORPO = (ScopeKind.SITE, "corpo")


@dataclass(frozen=True)
class Body:
    """An organisation of the demonstration; only the intercommunality exists."""

    kind: str
    name: str
    siren: str = ""


@dataclass(frozen=True)
class Persona:
    """Someone who does not exist, her post, and the page that her link opens.

    kind   None: an account without a role
    opens  empty: her own landing page
    """

    name: str
    email: str
    post: str
    kind: str | None = None
    body: Body | None = None
    scope: tuple[str, str] = TERRITORY
    opens: str = ""


EPCI = Body(OrganisationKind.EPCI, sample.NAME, sample.SIREN)
COMMUNE = Body(OrganisationKind.COMMUNE, "Commune de Lancié (fictif)")
DEPARTEMENT = Body(OrganisationKind.DEPARTEMENT, "Département (fictif)")
STATE = Body(OrganisationKind.STATE, "Service de gestion comptable (fictif)")
ASSOCIATION = Body(OrganisationKind.ASSOCIATION, "Association du Pressoir (fictif)")
SHOP = Body(OrganisationKind.SHOP, "Épicerie Le Tilleul (fictif)")
EMPLOYER = Body(OrganisationKind.EMPLOYER, "Atelier Corvallin (fictif)")
CONSULTANT = Body(OrganisationKind.CONSULTANT, "Cabinet Orvelle (fictif)")

PERSONAS = (
    Persona(
        "Nadia Perrin-Vauxel (fictif)",
        "nadia@exemple.invalid",
        "Chargée de mission économie",
        RoleKind.PROJECT_OFFICER,
        EPCI,
    ),
    Persona(
        "Lucien Brossandre (fictif)",
        "lucien@exemple.invalid",
        "Maire",
        RoleKind.MAYOR,
        COMMUNE,
    ),
    Persona(
        "Hélène Castravel (fictif)",
        "helene@exemple.invalid",
        "Directrice générale des services",
        RoleKind.CHIEF_EXECUTIVE,
        EPCI,
    ),
    Persona(
        "Omar Delvaugris (fictif)",
        "omar@exemple.invalid",
        "Vice-président à l'économie",
        RoleKind.ELECTED_OFFICIAL,
        EPCI,
    ),
    Persona(
        "Sophie Tarmignat (fictif)",
        "sophie@exemple.invalid",
        "Animatrice du lieu",
        RoleKind.SITE_MANAGER,
        ASSOCIATION,
        HUB,
    ),
    Persona(
        "Yanis Moulérac (fictif)",
        "yanis@exemple.invalid",
        "Salarié usager",
        RoleKind.MEMBER,
        EMPLOYER,
        HUB,
    ),
    Persona(
        "Élise Garonval (fictif)",
        "elise@exemple.invalid",
        "Indépendante usagère",
        RoleKind.MEMBER,
        ASSOCIATION,
        HUB,
    ),
    Persona(
        "Bernard Tillombe (fictif)",
        "bernard@exemple.invalid",
        "Commerçant hôte",
        RoleKind.HOST,
        SHOP,
        MINI,
    ),
    Persona(
        "Inès Corvallin (fictif)",
        "ines@exemple.invalid",
        "Employeuse co-gérante",
        RoleKind.EMPLOYER,
        EMPLOYER,
        CORPO,
    ),
    Persona(
        "Marc Aubrettes (fictif)",
        "marc@exemple.invalid",
        "Coordinateur départemental",
        RoleKind.COORDINATOR,
        DEPARTEMENT,
        NETWORK,
    ),
    Persona("Rose Lavaudry (fictif)", "rose@exemple.invalid", "Citoyenne"),
    Persona(
        "Paul Sermentoy (fictif)",
        "paul@exemple.invalid",
        "Bénévole de commission",
        RoleKind.VOLUNTEER,
        ASSOCIATION,
    ),
    Persona(
        "Agnès Trévidal (fictif)",
        "agnes@exemple.invalid",
        "Comptable publique",
        RoleKind.TREASURER,
        STATE,
    ),
    Persona(
        "Hugo Orvelle (fictif)",
        "hugo@exemple.invalid",
        "Prestataire d'étude",
        RoleKind.CONSULTANT,
        CONSULTANT,
    ),
    Persona(
        "Camille Estrabol (fictif)",
        "camille@exemple.invalid",
        "Administratrice de la plateforme",
        RoleKind.ADMINISTRATOR,
        EPCI,
        PLATFORM,
    ),
)

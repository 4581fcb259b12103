"""How pages word a site: what it does, what one finds there, its spaces and rules."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites.models import Audience, Governance, Site, Space, SpaceKind, Tier
from maillage.kit.components import Text
from maillage.report import french, moments

FUNCTIONS: Mapping[str, Text] = {
    "open_space": gettext_lazy("Espace ouvert"),
    "office": gettext_lazy("Bureaux fermés"),
    "meeting_room": gettext_lazy("Salles de réunion"),
    "workshop": gettext_lazy("Atelier ou fablab"),
    "services": gettext_lazy("Services publics"),
    "training": gettext_lazy("Formation"),
    "events": gettext_lazy("Événements"),
    "shop": gettext_lazy("Boutique ou épicerie"),
    "cafe": gettext_lazy("Café associatif"),
    "garden": gettext_lazy("Jardin"),
}
EQUIPMENT: Mapping[str, Text] = {
    "wifi": gettext_lazy("Wi-Fi"),
    "screen": gettext_lazy("Écrans"),
    "video": gettext_lazy("Visioconférence"),
    "printer": gettext_lazy("Imprimante et photocopieur"),
    "lockers": gettext_lazy("Casiers"),
    "kitchen": gettext_lazy("Cuisine"),
    "phone_box": gettext_lazy("Cabine d’appel"),
    "bikes": gettext_lazy("Abri à vélos"),
    "parking": gettext_lazy("Parking"),
    "charging": gettext_lazy("Recharge de véhicules"),
}
SERVICES: Mapping[str, Text] = {
    "welcome": gettext_lazy("Accueil sur place"),
    "mail": gettext_lazy("Courrier et domiciliation"),
    "advice": gettext_lazy("Accompagnement"),
    "coffee": gettext_lazy("Boissons"),
    "shop": gettext_lazy("Restauration ou épicerie"),
    "parcels": gettext_lazy("Retrait de colis"),
    "childcare": gettext_lazy("Garde d’enfants proche"),
}
# of public buildings (arrêté du 25 juin 1980): those that hold such a place
SAFETY_TYPES: Mapping[str, Text] = {
    "L": gettext_lazy("L : salles de réunion, à usages multiples"),
    "M": gettext_lazy("M : magasins"),
    "N": gettext_lazy("N : restaurants et débits de boissons"),
    "R": gettext_lazy("R : enseignement"),
    "S": gettext_lazy("S : bibliothèques"),
    "W": gettext_lazy("W : bureaux, administrations"),
    "X": gettext_lazy("X : sport couvert"),
}


def yes_no(value: bool | None) -> str | None:  # noqa: FBT001  (one fact, three answers)
    """Oui, non, or nothing that anybody knows."""
    if value is None:
        return None
    return _("oui") if value else _("non")


def listed(codes: Iterable[str], names: Mapping[str, Text]) -> str | None:
    """Wi-Fi, Cuisine; nothing known: nothing."""
    return ", ".join(str(names.get(code, code)) for code in codes) or None


def audiences(codes: Iterable[str]) -> str:
    """Who may book; nobody but the managers."""
    asked = set(codes)
    if Audience.PUBLIC in asked:
        # whoever belongs to a group belongs to the public too
        return str(Audience.PUBLIC.label)
    words = [str(group.label) for group in Audience if group in asked]
    return ", ".join(words) if words else _("Personne, hors gestionnaires")


def minutes(value: int | None) -> str | None:
    """30 min, 2 h, 1 jour."""
    return None if value is None else moments.length(value)


def percent(value: int) -> str:
    """50 %."""
    return french.share(value / 100)


def facts(site: Site) -> dict[str, list[tuple[Text, str | None]]]:
    """What the sheet says, part by part; None: not known."""
    point = (
        None
        if site.lat is None or site.lon is None
        else f"{french.number(site.lat, 5)} ; {french.number(site.lon, 5)}"
    )
    return {
        "identite": [
            (_("Niveau"), Tier(site.tier).label if site.tier else None),
            (_("Description"), site.description or None),
            (_("Activités"), listed(site.functions, FUNCTIONS)),
            (_("Courriel"), site.email or None),
            (_("Téléphone"), site.phone or None),
        ],
        "adresse": [
            (_("Adresse"), site.address or None),
            (_("Commune"), site.commune_name),
            (_("Point (latitude ; longitude)"), point),
            (_("Pour venir"), site.directions or None),
        ],
        "acces": [
            (_("De plain-pied"), yes_no(site.is_step_free)),
            (_("Accessibilité"), site.accessibility or None),
        ],
        "equipement": [
            (_("Équipements"), listed(site.equipment, EQUIPMENT)),
            (_("Services"), listed(site.services, SERVICES)),
            (_("Fibre"), yes_no(site.has_fibre)),
        ],
        "securite": [
            (_("Type d’établissement"), _type(site.safety_type)),
            (_("Catégorie"), str(site.safety_category) if site.safety_category else None),
            (_("Effectif maximal"), _people(site.capacity_limit)),
        ],
    }


def governance(site: Site, holders: Iterable[Any]) -> list[tuple[Text, str | None]]:
    """Who holds, runs and collects."""
    shares = [f"{h.organisation.name} ({share(h.share_bp)})" for h in holders]
    return [
        (_("Mode de gestion"), Governance(site.governance).label if site.governance else None),
        (_("Détenu par"), ", ".join(shares) or None),
        (_("Exploité par"), site.operator.name if site.operator else None),
        (_("Encaissé par"), site.collector.name if site.collector else None),
    ]


def share(share_bp: int) -> str:
    """60 %; 33,33 %."""
    return french.share(share_bp / 10_000, 0 if share_bp % 100 == 0 else 2)


def space_facts(space: Space) -> list[str]:
    """What one must know of a space, in a few words each."""
    said = [str(SpaceKind(space.kind).label)]
    if space.most_people:
        said.append(_("{n} personnes").format(n=space.most_people))
    if space.area_m2:
        said.append(f"{french.number(space.area_m2)}{french.NBSP}m²")
    if not space.is_bookable:
        said.append(_("ne se réserve pas"))
    if space.needs_approval:
        said.append(_("sur demande"))
    if space.needs_certification:
        said.append(_("avec habilitation"))
    return said


def _type(code: str) -> str | None:
    return str(SAFETY_TYPES.get(code, code)) if code else None


def _people(count: int | None) -> str | None:
    return None if count is None else _("{n} personnes").format(n=french.number(count))

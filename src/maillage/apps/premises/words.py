"""How pages and files word premises, their criteria and their rooms."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.premises.fitting import Fit
from maillage.apps.premises.models import Owner, Works
from maillage.core.fitness import Score
from maillage.core.money import Range
from maillage.kit.components import Text
from maillage.report import french

CRITERIA: Mapping[str, Text] = {
    "area": gettext_lazy("Surface"),
    "fibre": gettext_lazy("Fibre"),
    "step_free": gettext_lazy("Accès de plain-pied"),
    "works": gettext_lazy("Travaux à faire"),
    "owner": gettext_lazy("Propriétaire"),
    "town_centre": gettext_lazy("Dans un bourg-centre"),
    "business_park": gettext_lazy("Dans une zone d’activité"),
    "motorway": gettext_lazy("Sortie d’autoroute"),
    "services": gettext_lazy("Maison de services"),
    "station": gettext_lazy("Gare"),
}

FUNCTIONS: Mapping[str, Text] = {
    "open_space": gettext_lazy("Espace ouvert"),
    "closed_office": gettext_lazy("Bureau fermé"),
    "meeting_room": gettext_lazy("Salle de réunion"),
    "phone_booth": gettext_lazy("Cabine d’appel"),
    "kitchen": gettext_lazy("Cuisine, coin café"),
    "reception": gettext_lazy("Accueil"),
    "sanitary": gettext_lazy("Sanitaire"),
    "storage": gettext_lazy("Rangement"),
    "circulation": gettext_lazy("Circulations"),
    "fablab": gettext_lazy("Fablab"),
    "shared_workshop": gettext_lazy("Atelier partagé"),
    "shop_corner": gettext_lazy("Boutique, épicerie, ressourcerie"),
    "garden": gettext_lazy("Jardin"),
    "other": gettext_lazy("Autre pièce"),
}

COSTS: Mapping[str, Text] = {
    "desk": gettext_lazy("Bureau"),
    "chair": gettext_lazy("Siège de travail"),
    "screen": gettext_lazy("Écran"),
    "locker": gettext_lazy("Casier"),
    "meeting_table": gettext_lazy("Table de réunion"),
    "meeting_chair": gettext_lazy("Chaise de réunion"),
    "meeting_screen": gettext_lazy("Écran de visioconférence"),
    "booth": gettext_lazy("Cabine acoustique"),
    "kitchen_set": gettext_lazy("Équipement de cuisine"),
    "reception_desk": gettext_lazy("Comptoir d’accueil"),
    "shelving": gettext_lazy("Rayonnages et armoire"),
    "printer": gettext_lazy("Imprimante partagée"),
    "network": gettext_lazy("Réseau et Wi-Fi"),
    "signage": gettext_lazy("Enseigne et fléchage"),
    "fablab_equipment": gettext_lazy("Machines du fablab"),
    "workshop_tools": gettext_lazy("Outils de l’atelier"),
    "shop_fittings": gettext_lazy("Aménagement de la boutique"),
    "garden_furniture": gettext_lazy("Tables et bancs du jardin"),
    "works": gettext_lazy("Travaux, par m² intérieur"),
    "garden": gettext_lazy("Jardin, par m²"),
}


def yes_no(value: bool | None) -> str | None:  # noqa: FBT001  (one fact, three answers)
    """Oui, non, or nothing that anybody knows."""
    if value is None:
        return None
    return _("oui") if value else _("non")


def area(value: float | None) -> str | None:
    """120 m²; a decimal only when there is one."""
    return None if value is None else f"{metres(value)}{french.NBSP}m²"


def metres(value: float) -> str:
    """A number of square metres, to the tenth when it has one."""
    return french.number(value, 0 if float(value).is_integer() else 1)


def written(value: Any) -> Any:
    """A number as a form shows it: 120 rather than 120,0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def time(value: Range | None) -> str | None:
    """12 min, with its interval where it is modelled."""
    if value is None:
        return None
    if value.low == value.high:
        return f"{french.number(value.central)}{french.NBSP}min"
    # two ends that round to the same minute would say that it is certain
    decimals = 1 if round(value.low) == round(value.high) else 0
    central = f"{french.number(value.central, decimals)}{french.NBSP}min"
    return f"{central} ({french.between(value.low, value.high, decimals)})"


def of_ten(value: float | None) -> str:
    """7,2."""
    return _("Inconnue") if value is None else french.number(10 * value, 1)


def interval(score: Score) -> str:
    """de 5,8 à 7,8, whatever the unknown turns out to be."""
    return french.between(10 * score.low, 10 * score.high, 1)


def known(score: Score) -> str:
    """connu à 80 %."""
    return _("connu à {share}").format(share=french.share(score.known_share))


def fact(fit: Fit, criterion: str) -> str | None:
    """What is known of a criterion, in words."""
    facts = fit.facts
    match criterion:
        case "area":
            return area(facts.area_m2)
        case "works":
            return str(Works(facts.works).label) if facts.works else None
        case "owner":
            return str(Owner(facts.owner).label) if facts.owner else None
        case "motorway":
            exit_ = fit.exit_name
            found = time(facts.motorway)
            return f"{exit_} : {found}" if exit_ and found else found
        case "services" | "station":
            return time(getattr(facts, criterion))
        case _:
            return yes_no(getattr(facts, criterion))

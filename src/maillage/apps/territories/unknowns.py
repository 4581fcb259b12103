"""What is not known yet, with the act that would fill the gap."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.territories import official_files
from maillage.apps.territories.parts import Json
from maillage.kit.components import Link

# gap -> the dataset of the registry that fills it
FILLED_BY = {
    "flows": "flows",
    "modes": "flows",
    "places": "third_places",
    "outlines": "outlines",
    "service_houses": "service_houses",
    "stations": "stations",
    "work_figures": "census",
    "equipment_figures": "equipment",
    "roads": "roads",
}
ICONS = {
    "flows": "route",
    "modes": "route",
    "survey": "clipboard-list",
    "premises": "building-community",
    "places": "map-pin",
    "places_since": "map-pin",
    "roads": "clock",
    "outlines": "map-2",
}


@dataclass(frozen=True)
class Unknown:
    """A question, what would answer it, who could, and the act."""

    question: str
    text: str
    who: str
    icon: str
    act: Link


def of_portrait(siren: str, words: Json) -> list[Unknown]:
    """The gaps of a portrait."""
    return [_unknown(siren, entry) for entry in words["unknowns"]]


def _unknown(siren: str, entry: Any) -> Unknown:
    code = entry["code"]
    return Unknown(
        entry["question"],
        entry["text"],
        entry["who"],
        ICONS.get(code, "help-circle"),
        _act(siren, code),
    )


def _act(siren: str, code: str) -> Link:
    if code in FILLED_BY:
        files = reverse("territory_official_files", args=(siren,))
        row = f"{official_files.ID}-{FILLED_BY[code]}"
        return Link(_("Voir le fichier à charger"), f"{files}#{row}")
    return Link(_("Dire ce que vous savez"), reverse("contact", query={"territoire": siren}))

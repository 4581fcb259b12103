"""What is wrong with an extract of OpenStreetMap, in French."""

from collections.abc import Callable

import numpy as np

from maillage.core import geo
from maillage.report import french
from maillage.report.refusals_of_lines import Facts, file_of

_MODES = {"car": "voiture", "bike": "vélo", "walk": "piéton"}
_WINDS = ("au nord", "au nord-est", "à l'est", "au sud-est")
_OPPOSITE = ("au sud", "au sud-ouest", "à l'ouest", "au nord-ouest")

_FETCH = "Prenez l'extrait de votre région (download.geofabrik.de/europe/france.html)"

Box = tuple[float, float, float, float]


def _box(value: object) -> Box | None:
    return value if isinstance(value, tuple) and len(value) == 4 else None


def _where(facts: Facts) -> str:
    """What the extract holds, and how far from the territory."""
    held, wanted = _box(facts["box"]), _box(facts["wanted"])
    if held is None:
        return "ne contient aucune rue du territoire ni de ses environs"
    west, south, east, north = held
    words = (
        f"couvre de {french.number(west, 2)} à {french.number(east, 2)}° de longitude et de "
        f"{french.number(south, 2)} à {french.number(north, 2)}° de latitude"
    )
    return words if wanted is None else f"{words}, {_away(held, wanted)} du territoire"


def _away(held: Box, wanted: Box) -> str:
    """Kilometres and direction from the middle of one box to that of another."""
    ends = geo.project(np.array([((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in (wanted, held)]))
    east, north = ends[1] - ends[0]
    # eight winds of 45 degrees
    turn = round(float(np.degrees(np.arctan2(east, north))) / 45) % 8
    wind = (*_WINDS, *_OPPOSITE)[turn]
    return f"à {french.number(float(np.hypot(east, north)) / 1000)} km {wind}"


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "roads_not_installed": lambda _: (
        "La lecture des routes n'est pas installée. Ajoutez l'option « roads » du paquet "
        "(pip install maillage[roads]), ou calculez sans extrait de routes."
    ),
    "roads_unreadable": lambda f: (
        f"{file_of(f)} est illisible : ce n'est pas un extrait OpenStreetMap entier (.osm.pbf). "
        f"{_FETCH}, ou téléchargez-le de nouveau."
    ),
    "roads_without_streets": lambda f: f"{file_of(f)} ne contient aucune rue. {_FETCH}.",
    "roads_elsewhere": lambda f: f"{file_of(f)} {_where(f)}. {_FETCH}.",
    "roads_partial": lambda f: (
        f"Les routes de {french.listed(_texts(f['files']), 4)} n'approchent que "
        f"{french.share(_number(f['share']))} des habitants. Ajoutez l'extrait de la région "
        "voisine : --roads se répète."
    ),
    "roads_without_streets_for": lambda f: (
        "Aucune rue de l'extrait ne convient au mode "
        f"« {_MODES.get(str(f['mode']), f['mode'])} ». {_FETCH}."
    ),
}


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0

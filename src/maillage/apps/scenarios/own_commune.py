"""« Ma commune »: which one a person answers for, what is said of it on the page and the sheet."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from maillage.apps.people import rights
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.scenarios.before_council import Before
from maillage.apps.studies.shown import Json, Shown
from maillage.apps.territories import initiatives, initiatives_shown, reading
from maillage.apps.territories.names import search_key
from maillage.kit.clock import now
from maillage.report import commune_sheet
from maillage.report.layers import Layer

LAYERS = ("outlines", "cells", "links", "places", "markers", "labels")
MOST_NEARBY = 3
# « Commune de Lancié », « Mairie d'Azolette », and the mark of invented bodies
_BEFORE = re.compile(
    r"^(commune|mairie|ville|village)\s+(de\s+la\s+|de\s+l'|de\s+|des\s+|du\s+|d')?"
)
_INVENTED = re.compile(r"\s*\(ficti(f|ve)\)\s*$", re.IGNORECASE)
# a commune's SIREN is 21, its department, 0 and its number there, then a check digit
_SIREN = re.compile(r"^21(\d\d)0(\d{3})\d$")


def of_person(person: Any, communes: Sequence[Json]) -> Json | None:
    """The first commune of a result for which the person holds a post."""
    for role in rights.roles_of(person, on=now().date()):
        body = role.position.organisation
        if body.kind == OrganisationKind.COMMUNE:
            found = _named(body, communes)
            if found:
                return found
    return None


def _named(body: Organisation, communes: Sequence[Json]) -> Json | None:
    """By its name, else by its number: new communes have a number that says nothing."""
    name = search_key(_name(body.name))
    number = _SIREN.match(body.siren)
    code = "".join(number.groups()) if number else ""
    by_name = [c for c in communes if search_key(c["name"]) == name]
    by_code = [c for c in communes if c["code"] == code]
    return next(iter((*by_name, *by_code)), None)


def _name(written: str) -> str:
    bare = _INVENTED.sub("", written).replace("’", "'").strip().lower()
    return _BEFORE.sub("", bare)


def words(person: Any, before: Before, commune: Json) -> Json:
    """What is said of a commune of a result to somebody who reads the study."""
    of = before.of
    listed = initiatives.listed(person, of.study.territory)
    nearby = initiatives_shown.around_town(listed, commune["code"])[:MOST_NEARBY]
    day = (of.run.finished_at or of.run.asked_at).date()
    return commune_sheet.words(
        of.words, commune, which=before.which, computed_on=day, nearby=nearby
    )


def drawing(of: Shown, commune: Json) -> str:
    """Its map, drawn from the stored layers of the result."""
    return commune_sheet.drawing(commune, _layers(of))


def _layers(of: Shown) -> Mapping[str, Layer]:
    held = of.files
    return {
        name: reading.document(of.run.folder, f"{name}.geojson")
        for name in LAYERS
        if f"{name}.geojson" in held
    }

"""The places of a network as open data: the national schema (LMN) in CSV or JSON, and GeoJSON.

What nobody knows stays empty: no SIRET, postcode or hour is made up.
schema  github.com/LaMednum/standard-mediation-num, 0.2
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from maillage.report import files
from maillage.report.layers import Layer, collection, feature
from maillage.report.shown import Cell, Column, Grid

COLUMNS = (
    "id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "latitude",
    "longitude", "typologie", "telephone", "courriels", "site_web", "horaires",
    "presentation_resume", "presentation_detail", "source", "itinerance", "structure_parente",
    "date_maj", "services",
)  # fmt: skip
NUMBERS = frozenset({"latitude", "longitude"})
THIRD_PLACE = "TIERS_LIEUX"
# of the closed list of the schema, what a place with a connection offers
INTERNET = "Accès internet et matériel informatique"
STAYS = "Fixe"
MOST_SUMMARY = 280
DIGITS = 6
_POSTCODE = re.compile(r"\b\d{5}\b")
_PHONE = re.compile(r"0\d{9}")

Line = dict[str, str | float | None]


@dataclass(frozen=True)
class Place:
    """A place of the network; "" and None are unknown.

    tier, stage    codes: hub, mini, corpo; planned, works, open, closed
    pivot          SIRET of the body that runs it, else its number of association
    source         who describes it; `operator` who runs it
    page           its public address
    seats          that may be used
    has_internet   whether somebody may connect there
    """

    id: str
    name: str
    commune_code: str
    commune_name: str
    page: str
    source: str
    updated_on: date
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    phone: str = ""
    email: str = ""
    opening_hours: str = ""
    description: str = ""
    operator: str = ""
    pivot: str = ""
    tier: str = ""
    stage: str = ""
    seats: int = 0
    is_step_free: bool | None = None
    has_internet: bool = False


def lmn_csv(places: Sequence[Place]) -> bytes:
    """One line a place, in the national schema: comma, point, UTF-8."""
    heads = tuple(Column(name, name, name in NUMBERS) for name in COLUMNS)
    rows = tuple(tuple(_cell(value) for value in _line(place).values()) for place in places)
    return files.grid_csv(Grid("", heads, rows))


def lmn_json(places: Sequence[Place]) -> bytes:
    """The same, one object a place; what is unknown is left out."""
    lines = [_line(place) for place in places]
    return files.to_json(
        [{k: v for k, v in line.items() if v is not None and v != ""} for line in lines]
    )


def geojson(places: Sequence[Place]) -> bytes:
    """The places that have a point, as features; null is unknown."""
    return files.to_json(collection([_feature(p) for p in places if p.lon is not None]))


def _line(place: Place) -> Line:
    found = _POSTCODE.search(place.address)
    said: Line = {
        "id": place.id,
        "pivot": place.pivot,
        "nom": place.name,
        "commune": place.commune_name,
        "code_postal": found[0] if found else "",
        "code_insee": place.commune_code,
        "adresse": place.address,
        "latitude": place.lat,
        "longitude": place.lon,
        "typologie": THIRD_PLACE,
        "telephone": _international(place.phone),
        "courriels": place.email,
        "site_web": place.page,
        "horaires": place.opening_hours,
        "presentation_resume": _summary(place.description),
        "presentation_detail": place.description,
        "source": place.source,
        "itinerance": STAYS,
        "structure_parente": place.operator,
        "date_maj": place.updated_on.isoformat(),
        "services": INTERNET if place.has_internet else "",
    }
    return {name: said[name] for name in COLUMNS}


def _international(phone: str) -> str:
    """« 04 00 00 00 01 » as +33400000001; "" when it is not a number of France."""
    digits = re.sub(r"[^\d+]", "", phone)
    if re.fullmatch(r"\+\d{8,15}", digits):
        return digits
    return f"+33{digits[1:]}" if _PHONE.fullmatch(digits) else ""


def _summary(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= MOST_SUMMARY:
        return words
    return words[: MOST_SUMMARY - 1].rsplit(" ", 1)[0] + "…"


def _cell(value: str | float | None) -> Cell:
    return Cell("" if value is None else str(value), value if value != "" else None)


def _feature(place: Place) -> Layer:
    point = [round(place.lon or 0, DIGITS), round(place.lat or 0, DIGITS)]
    return feature(
        {"type": "Point", "coordinates": point},
        {
            "id": place.id,
            "name": place.name,
            "tier": place.tier or None,
            "stage": place.stage or None,
            "commune_code": place.commune_code,
            "commune_name": place.commune_name,
            "address": place.address or None,
            "opening_hours": place.opening_hours or None,
            "seats": place.seats,
            "is_step_free": place.is_step_free,
            "updated_on": place.updated_on.isoformat(),
            "page": place.page,
        },
    )

"""Premises, invented."""

from datetime import UTC, datetime

from factories import studies
from maillage.apps.premises.models import Import, Premises, Room
from maillage.apps.territories.models import Territory
from maillage.core.sources.described import Described

AT = datetime(2027, 3, 17, 9, tzinfo=UTC)
BEAUJEU = ("69018", "Beaujeu")
AZOLETTE = ("69016", "Azolette")
MEMBERS = [
    {"code": code, "name": name, "population": None}
    for code, name in (BEAUJEU, AZOLETTE, ("69019", "Belleville-en-Beaujolais"))
]


def territory(siren: str = studies.SIREN) -> Territory:
    """A territory of the list with some of its communes."""
    found = studies.territory(siren)
    if not found.members:
        found.members = MEMBERS
        found.save(update_fields=["members"])
    return found


def said(name: str = "Ancienne perception (fictif)", **words) -> Described:
    """What somebody writes of premises."""
    return Described(**{"name": name, "commune_code": BEAUJEU[0], "kind": "building"} | words)


def premises(name: str = "Ancienne perception (fictif)", siren: str = studies.SIREN, **columns):
    """A sheet with what it must have."""
    made = {
        "territory": territory(siren),
        "commune_code": BEAUJEU[0],
        "commune_name": BEAUJEU[1],
        "kind": "building",
        "created_at": AT,
        "changed_at": AT,
    }
    return Premises.objects.create(name=name, **made | columns)


def placed(name: str = "Ancienne perception (fictif)", **columns) -> Premises:
    """A sheet with a point near Beaujeu."""
    at = {"lon": 4.588, "lat": 46.155, "position_origin": "declared"}
    return premises(name, **at | columns)


def room(of: Premises, function: str = "open_space", rank: int = 1, **columns) -> Room:
    """One room of premises."""
    made = {"count": 1, "area_m2": 40.0, "seats": 5}
    return Room.objects.create(premises=of, function=function, rank=rank, **made | columns)


def csv(*lines: str, header: str = "id;name;commune_code;kind;area_m2;fibre;step_free") -> bytes:
    """A list as somebody sends it."""
    return "\n".join((header, *lines, "")).encode()


def waiting(file: str = "locaux.csv", name: str = "Grange (fictif)", siren: str = studies.SIREN):
    """A list that waits to be confirmed."""
    text = csv(f";{name};{BEAUJEU[0]};building;80;yes;").decode()
    return Import.objects.create(territory=territory(siren), name=file, text=text, asked_at=AT)

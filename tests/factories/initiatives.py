"""Initiatives of communes, all invented."""

from datetime import UTC, date, datetime

from factories import people
from maillage.apps.territories.models import Initiative, StatusChange, Territory

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SINCE = date(2026, 3, 2)
# members of the embedded territory, at six or seven minutes from one another
LANCIE, FLEURIE = ("69108", "Lancié"), ("69084", "Fleurie")
# far from both
AZOLETTE = ("69016", "Azolette")


def initiative(
    title: str = "Espace partagé (fictif)",
    commune: tuple[str, str] = LANCIE,
    siren: str = people.SIREN,
    **fields,
) -> Initiative:
    """An initiative of a commune, for the territory alone; `is_public=True` for everybody."""
    is_public = fields.pop("is_public", False)
    made = {
        "territory": Territory.objects.get(pk=siren),
        "commune_code": commune[0],
        "commune_name": commune[1],
        "kind": "third_place",
        "status": "planned",
        "edited_at": AT,
        "published_at": AT if is_public else None,
    }
    row = Initiative.objects.create(title=title, **made | fields)
    StatusChange.objects.create(initiative=row, status=row.status, on=SINCE)
    return row

"""What pages need of a commune beside the tables: its town, its neighbours, where people work."""

from maillage.core.portrait import Portrait, communes
from maillage.report.files import to_compact_json

NAME = "around.json"
MOST_WORKPLACES = 6


def of(found: Portrait) -> bytes:
    """{code: {town: [lon, lat], neighbours: [code], works_in: [[name, workers]]}}, by commune."""
    below = found.assumptions.value("flows.order_of_magnitude_below")
    near = communes.neighbours(found.territory.tables.outlines)
    works = communes.workplaces(found.work.commuting, at_least=below, most=MOST_WORKPLACES)
    return to_compact_json(
        {
            code: {
                "town": (lon, lat),
                "neighbours": near.get(code, ()),
                "works_in": works.get(code, ()),
            }
            for code, lon, lat in found.territory.communes.select(
                "commune_code", "lon", "lat"
            ).iter_rows()
        }
    )

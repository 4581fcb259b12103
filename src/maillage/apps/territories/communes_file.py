"""What the page of a commune needs beside the tables: its neighbours, where its people work."""

from maillage.core.portrait import Portrait, communes
from maillage.report.files import to_compact_json

NAME = "around.json"
MOST_WORKPLACES = 6


def of(found: Portrait) -> bytes:
    """{code: {neighbours: [code], works_in: [[name, workers]]}}, by commune."""
    below = found.assumptions.value("flows.order_of_magnitude_below")
    near = communes.neighbours(found.territory.tables.outlines)
    works = communes.workplaces(found.work.commuting, at_least=below, most=MOST_WORKPLACES)
    return to_compact_json(
        {
            code: {"neighbours": near.get(code, ()), "works_in": works.get(code, ())}
            for code in found.territory.communes["commune_code"].to_list()
        }
    )

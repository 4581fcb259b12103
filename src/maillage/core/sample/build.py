"""Write the embedded territory again: python -m maillage.core.sample.build FOLDER."""

import json
import sys
from pathlib import Path

import polars as pl
import shapely

from maillage.core import assumptions
from maillage.core.sample import CELLS, COMMUNES, EQUIPMENT, SIREN
from maillage.core.sources.gather import Tables, gather
from maillage.core.sources.outlines import Outlines

# A tenth of a millimetre on the printed map
_TOLERANCE_DEGREES = 0.0004
_GRID_DEGREES = 0.0001


def files(tables: Tables) -> dict[str, bytes]:
    """The files of the embedded territory, by name."""
    communes = tables.communes.join(tables.work, on="commune_code", how="left")
    # the licence of the list of stations is not settled: it is read, not shipped
    places = tables.places.filter(pl.col("kind") != "station")
    return {
        "communes.csv": _csv(communes.select(COMMUNES.names)),
        "cells.csv": _csv(tables.cells.select(CELLS.names)),
        "equipment.csv": _csv(tables.equipment.select(EQUIPMENT.names)),
        "places.csv": _csv(places),
        "outlines.geojson": _geojson(tables.outlines),
    }


def _csv(table: pl.DataFrame) -> bytes:
    return table.write_csv().encode()


def _geojson(outlines: Outlines) -> bytes:
    """Outlines simplified together, so that neighbours keep one border."""
    simple = shapely.coverage_simplify(list(outlines.values()), _TOLERANCE_DEGREES)
    features = [
        {
            "type": "Feature",
            "properties": {"commune_code": code},
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, _GRID_DEGREES))),
        }
        for code, shape in zip(outlines, simple, strict=True)
    ]
    lines = ",\n".join(json.dumps(f, separators=(",", ":")) for f in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def main(folder: Path) -> None:
    """Read the official tables of a folder, write the files beside this module."""
    tables = gather(folder, SIREN, assumptions.load())
    for name, data in files(tables).items():
        (Path(__file__).parent / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

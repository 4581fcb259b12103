"""The land of every intercommunality, for a map of the country."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from maillage.core import geo
from maillage.core.sources import cog, communes, outlines, registry
from maillage.core.sources.shelf import Shelf

Shapes = Mapping[str, BaseGeometry]
# What a picture of the country does not show: borders stay common to both sides
_DETAIL_M = 1200.0


def shapes(shelf: Shelf) -> Shapes:
    """SIREN -> land in Lambert-93 metres; empty without outlines of the whole country."""
    path = registry.find(shelf.path, "outlines_national")
    if path is None:
        return {}
    listed = shelf.once(
        communes.read,
        registry.require(shelf.path, "communes"),
        registry.require(shelf.path, "epci"),
    )
    movements = registry.require(shelf.path, "movements")
    history = shelf.once(cog.read_history, movements, frozenset(listed["commune_code"]))
    every = shelf.once(outlines.read, path, None)
    codes = pl.Series(sorted(every), dtype=pl.String)
    declared = registry.geography("outlines_national", path)
    now = history.recoding(path, codes, declared)[0].successors
    owner = dict(listed.select("commune_code", "epci_siren").drop_nulls().iter_rows())
    parts: dict[str, list[BaseGeometry]] = {}
    for code, shape in every.items():
        siren = owner.get(now.get(code, code))
        if siren is not None:
            parts.setdefault(siren, []).append(shape)
    whole = np.array([shapely.union_all(found) for found in parts.values()])
    projected = shapely.transform(whole, geo.project)
    plain = shapely.coverage_simplify(projected, _DETAIL_M)
    return dict(zip(parts, plain, strict=True))

"""The whole country in French: its tables, its map, its pages."""

from maillage.report.national.bundle import Facts, produced
from maillage.report.national.tables import Failed

__all__ = ["Facts", "Failed", "produced"]

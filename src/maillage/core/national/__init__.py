"""The whole country: every intercommunality as a task of its own, then what their neighbours add.

method  docs/method/national.md
"""

from maillage.core.national.country import Country, Neighboured, country_of
from maillage.core.national.fingerprint import choices_print, method_print, of_tables
from maillage.core.national.land import Shapes, shapes
from maillage.core.national.listing import Place, places
from maillage.core.national.planned import HaloPattern, Planned, PlannedSite, Read, plan
from maillage.core.national.record import Record, from_document, to_document

__all__ = [
    "Country",
    "HaloPattern",
    "Neighboured",
    "Place",
    "Planned",
    "PlannedSite",
    "Read",
    "Record",
    "Shapes",
    "choices_print",
    "country_of",
    "from_document",
    "method_print",
    "of_tables",
    "places",
    "plan",
    "shapes",
    "to_document",
]

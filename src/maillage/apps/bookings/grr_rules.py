"""Who imports an export of GRR: those who keep every site of a territory."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from maillage.apps.bookings.grr_models import GrrImport
from maillage.apps.people import rights
from maillage.apps.sites.rules import territories, territory_of
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now


def import_of(person: Any, siren: str, pk: int) -> GrrImport:
    """An export sent for one of her territories; 404 for the others."""
    territory = territory_of(person, siren)
    found: QuerySet[GrrImport] = GrrImport.objects.select_related("territory")
    return get_object_or_404(found, territory=territory, pk=pk)


def may_import(person: Any, of: Territory | GrrImport) -> bool:
    """Sites, spaces and bookings of a whole territory are written."""
    return rights.holds(person, "sites.keep", of.scopes, on=now().date())


def may_import_somewhere(person: Any, _target: object) -> bool:
    """Whether there is a territory where she may."""
    return bool(person.is_authenticated and territories(person).exists())

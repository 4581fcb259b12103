"""Who may do what to premises; those of other territories do not exist."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from maillage.apps.people import rights
from maillage.apps.premises.models import Import, Premises
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

PLATFORM = ("platform", "")

Placed = Territory | Premises | Import


def territories(person: Any) -> QuerySet[Territory]:
    """The territories whose premises a person may read."""
    scopes = rights.scopes_where(person, "premises.read", on=now().date())
    if PLATFORM in scopes:
        return Territory.objects.all()
    keys = [key for kind, key in scopes if kind == "territory"]
    return Territory.objects.filter(pk__in=keys)


def territory_of(person: Any, siren: str) -> Territory:
    """One of them."""
    return get_object_or_404(territories(person), pk=siren)


def premises_of(person: Any, siren: str, pk: int) -> Premises:
    """Premises of one of them, removed or not."""
    every = Premises.objects.filter(territory__in=territories(person)).select_related("territory")
    return get_object_or_404(every, territory_id=siren, pk=pk)


def present_of(person: Any, siren: str, pk: int) -> Premises:
    """Premises that nobody removed."""
    every = Premises.objects.present().filter(territory__in=territories(person))
    return get_object_or_404(every.select_related("territory"), territory_id=siren, pk=pk)


def import_of(person: Any, siren: str, pk: int) -> Import:
    """A list sent for one of them."""
    every = Import.objects.filter(territory__in=territories(person)).select_related("territory")
    return get_object_or_404(every, territory_id=siren, pk=pk)


def may_read(person: Any, of: Placed) -> bool:
    """Those in charge of the territory."""
    return rights.holds(person, "premises.read", _scopes(of), on=now().date())


def may_keep(person: Any, of: Placed) -> bool:
    """Those who describe its premises."""
    return rights.holds(person, "premises.keep", _scopes(of), on=now().date())


def _scopes(of: Placed) -> tuple[tuple[str, str], ...]:
    return of.territory.scopes if isinstance(of, Import) else of.scopes

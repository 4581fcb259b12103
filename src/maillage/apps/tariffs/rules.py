"""Who keeps the prices of which operators; everybody reads those in force."""

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from maillage.apps.people import rights
from maillage.apps.people.models import Organisation
from maillage.apps.tariffs.models import PriceList
from maillage.kit.clock import now

ACT = "tariffs.keep"


def operators(person: Any, act: str = ACT) -> QuerySet[Organisation]:
    """The bodies in whose registers the person may do an act."""
    scopes = rights.scopes_where(person, act, on=now().date())
    if ("platform", "") in scopes:
        return Organisation.objects.all()
    registers = [key for kind, key in scopes if kind == "territory"]
    return Organisation.objects.filter(territory_siren__in=registers)


def sellers(person: Any, act: str = ACT) -> QuerySet[Organisation]:
    """Those of them that run a site, or that already sell."""
    return (
        operators(person, act)
        .filter(
            Q(sites_operated__isnull=False)
            | Q(sites_collected__isnull=False)
            | Q(price_lists__isnull=False)
        )
        .distinct()
    )


def list_of(person: Any, pk: int) -> PriceList:
    """A list of hers; 404 for the others, which she cannot know of."""
    kept = PriceList.objects.filter(operator__in=operators(person)).select_related("operator")
    return found(kept, pk)


def found[Row: Model](rows: QuerySet[Row], pk: int) -> Row:
    """The row of a number among those she may see, else 404."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404(pk)
    return row


def may_see_lists(person: Any, _target: Any) -> bool:
    """Whether there is an operator whose prices she keeps."""
    return bool(rights.scopes_where(person, ACT, on=now().date()))


def may_keep(person: Any, price_list: PriceList) -> bool:
    """Write it, vote it, withdraw it."""
    return rights.holds(person, ACT, price_list.scopes, on=now().date())

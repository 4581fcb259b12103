"""Who may book nothing new at an operator's sites, somebody having decided so."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.apps.memberships.models import Suspension
from maillage.apps.sites.models import Site
from maillage.kit.refusal import Refusal


class AccessSuspended(Refusal):
    """Somebody decided it after unpaid invoices; what is booked already stands."""

    sentence = _(
        "Vos nouvelles réservations sont suspendues auprès de {operator}. Vos réservations en "
        "cours restent valables. Voyez avec cet organisme, ou réglez vos factures."
    )


def refuse_suspended(
    sites: Iterable[Site], person_id: int | None, organisation_id: int | None
) -> None:
    """Refuse who books, or who pays, when an operator of these sites suspended them; one query."""
    if person_id is None and organisation_id is None:
        return
    operators = {site.collector_id or site.operator_id for site in sites}
    held = Q(organisation=organisation_id) if organisation_id else Q(person=person_id)
    if organisation_id and person_id:
        held |= Q(person=person_id)
    rows = Suspension.objects.filter(held, operator__in=operators - {None}, ended_at=None)
    name = rows.values_list("operator__name", flat=True).first()
    if name is not None:
        raise AccessSuspended(operator=name)

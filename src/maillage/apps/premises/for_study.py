"""The premises of a territory that a study may choose among, and why the others are left out."""

from django.utils.translation import gettext as _

from maillage.apps.premises.models import Owner, Premises
from maillage.apps.territories.models import Territory
from maillage.core.sources import premises as core

# of the id that a study gives to premises
PREFIX = "local-"
# who lends without a rent, and who asks for one, when nobody said
LENT = frozenset({Owner.COMMUNE, Owner.EPCI})
LET = frozenset({Owner.PRIVATE})


def of(territory: Territory) -> tuple[core.Premises, ...]:
    """Those that are placed and whose rent is known, in a fixed order; ids `local-<number>`."""
    rows = Premises.objects.present().filter(territory=territory).order_by("pk")
    return tuple(candidate for row in rows if (candidate := _candidate(row)) is not None)


def why_not(row: Premises) -> str:
    """Why premises are in no study, and what to do; "" when they may be."""
    if row.lon is None:
        return _("sa position n’est pas connue : indiquez un point, ou le milieu du bourg")
    if pays_rent(row) is None:
        return _("on ne sait pas s’il faut payer un loyer : renseignez-le, ou son propriétaire")
    return ""


def pays_rent(row: Premises) -> bool | None:
    """As it is said; else a public owner of the network lends, a private one lets."""
    if row.rented is not None:
        return row.rented
    if row.owner in LENT:
        return False
    return True if row.owner in LET else None


def inferred(row: Premises) -> str:
    """What a study takes for granted of premises whose rent nobody said."""
    if row.rented is not None or row.lon is None:
        return ""
    if row.owner in LENT:
        return _("Loyer non renseigné : elles comptent un local prêté, d’après son propriétaire.")
    if row.owner in LET:
        return _("Loyer non renseigné : elles comptent un local loué, d’après son propriétaire.")
    return ""


def _candidate(row: Premises) -> core.Premises | None:
    rented = pays_rent(row)
    if row.lon is None or row.lat is None or rented is None:
        return None
    return core.Premises(
        id=f"{PREFIX}{row.pk}",
        name=row.name,
        commune_code=row.commune_code,
        kind=row.kind,
        lon=row.lon,
        lat=row.lat,
        area_m2=row.area_m2,
        rented=rented,
    )

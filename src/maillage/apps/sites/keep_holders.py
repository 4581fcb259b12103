"""Say who holds a site, who runs it and who collects what it sells."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from maillage.apps.people.models import Organisation
from maillage.apps.sites.models import ALL_BP, Governance, Site, SiteHolder
from maillage.apps.sites.versions import Author, held_at, note
from maillage.kit.refusal import Refusal

FEWEST_CO_MANAGERS = 2


class NotTheWhole(Refusal):
    """Shares that leave a part to nobody, or give one twice."""

    sentence = "Les parts font {total} %. Corrigez-les pour qu'elles fassent 100 %."
    status = 422


class TooFewHolders(Refusal):
    """One body alone does not co-manage."""

    sentence = (
        "Une cogestion demande au moins deux structures. Ajoutez-en une, ou choisissez un autre "
        "mode de gestion."
    )
    status = 422


class HeldTwice(Refusal):
    """One line a body."""

    sentence = "« {name} » figure deux fois. Gardez une seule ligne par structure."
    status = 422


class OfAnotherTerritory(Refusal):
    """A body of another register."""

    sentence = "Cette structure n'est pas au registre du territoire. Enregistrez-la d'abord."
    status = 422


@dataclass(frozen=True)
class Held:
    """A body and its share, hundredths of a percent."""

    organisation: int
    share_bp: int


@dataclass(frozen=True)
class Governed:
    """How a site is governed; "" and None unknown."""

    governance: str = ""
    operator: int | None = None
    collector: int | None = None
    holders: Sequence[Held] = ()


def keep_holders(site: Site, said: Governed, author: Author, *, version: int) -> Site:
    """Write the governance of a site again, holders included.

    Raises TooFewHolders, NotTheWhole, HeldTwice, OfAnotherTerritory, SomebodyElseEdited.
    """
    with transaction.atomic():
        row = held_at(site, version)
        _refuse(said, row.territory_id)
        row.governance = said.governance
        row.operator_id = said.operator
        row.collector_id = said.collector
        row.version += 1
        row.changed_at = author.at
        row.save(update_fields=["governance", "operator", "collector", "version", "changed_at"])
        row.holders.all().delete()
        SiteHolder.objects.bulk_create(
            SiteHolder(site=row, organisation_id=h.organisation, share_bp=h.share_bp)
            for h in said.holders
        )
        note(
            "sites.keep_holders",
            row,
            author,
            governance=said.governance,
            holders=len(said.holders),
            version=row.version,
        )
    return row


def _refuse(said: Governed, territory_id: str) -> None:
    named = [h.organisation for h in said.holders]
    others = [key for key in (said.operator, said.collector) if key is not None]
    bodies = Organisation.objects.filter(territory_siren=territory_id).in_bulk([*named, *others])
    if set(named) | set(others) != set(bodies):
        raise OfAnotherTerritory
    twice = next((key for key in named if named.count(key) > 1), None)
    if twice is not None:
        raise HeldTwice(name=bodies[twice].name)
    if said.governance == Governance.CO_MANAGED and len(named) < FEWEST_CO_MANAGERS:
        raise TooFewHolders
    total = sum(h.share_bp for h in said.holders)
    if named and total != ALL_BP:
        raise NotTheWhole(total=percent(total))


def percent(share_bp: int) -> str:
    """33,33; 50: a share as people write it."""
    whole, rest = divmod(share_bp, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)

"""Who a code of a copier may belong to: the people of the site, who pays for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships.models import Member
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.sites.models import Site

PERSON, BODY = "p", "o"
PAYING = (
    OrganisationKind.ASSOCIATION,
    OrganisationKind.COMPANY,
    OrganisationKind.EMPLOYER,
    OrganisationKind.SHOP,
)


@dataclass(frozen=True)
class Payers:
    """What a form offers, and the payer behind each choice."""

    names: Mapping[str, str]

    def of(self, choice: str) -> Payer:
        """`p12` or `o34`."""
        pk = int(choice[1:])
        return Payer(person_id=pk) if choice[0] == PERSON else Payer(organisation_id=pk)


def payers(site: Site) -> Payers:
    """The members of the site, then the bodies of its territory's register that pay."""
    people = Member.objects.filter(site=site, ends_on=None).select_related("person")
    found = {f"{PERSON}{one.person_id}": one.person.name for one in people.order_by("person__name")}
    bodies = Organisation.objects.filter(territory_siren=site.territory_id, kind__in=PAYING)
    found |= {f"{BODY}{body.pk}": body.name for body in bodies.order_by("name", "pk")}
    return Payers(found)

"""Who keeps which contracts, who reads and signs her own: those of others do not exist."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.apps.contracts.models import Contract, State
from maillage.apps.contracts.own_data import of
from maillage.apps.people import rights
from maillage.apps.people.models import Organisation, Person, Role
from maillage.apps.sites import bodies
from maillage.apps.sites.models import Site

ACT = "contracts.keep"
may_keep_some = bodies.may_somewhere(ACT)
RELATED = (
    "operator", "site", "party_person", "party_organisation", "payer_person",
    "payer_organisation", "wording", "house_rules", "plan",
)  # fmt: skip


def operators(person: Any) -> list[Organisation]:
    """The bodies whose contracts she keeps."""
    return bodies.bodies(person, ACT)


def operator_of(person: Any, pk: int) -> Organisation:
    """One of them; 404 for the others."""
    return bodies.body_of(person, pk, ACT)


def contracts(person: Any) -> QuerySet[Contract]:
    """Those of her operators."""
    return Contract.objects.filter(operator__in=operators(person))


def contract_of(person: Any, pk: int) -> Contract:
    """One of them."""
    return get_object_or_404(contracts(person).select_related(*RELATED), pk=pk)


def may_keep(person: Any, contract: Contract) -> bool:
    """Whoever keeps the contracts of its operator."""
    return bodies.may_act_for(person, contract.operator, ACT)


def may_write_for(person: Any, operator: Organisation) -> bool:
    """Articles, house rules and approval of an operator."""
    return bodies.may_act_for(person, operator, ACT)


def own(person: Any) -> QuerySet[Contract]:
    """Those that she signs, or that bind her, from the day they are sent."""
    if not person.is_authenticated:
        return Contract.objects.none()
    return Contract.objects.filter(of(person)).exclude(sent_at=None).distinct()


def own_of(person: Any, pk: int) -> Contract:
    """One of them."""
    found = own(person).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def is_party(person: Any, contract: Contract) -> bool:
    """Whether she reads it as hers."""
    return own(person).filter(pk=contract.pk).exists()


def may_sign_as_party(person: Any, contract: Contract) -> bool:
    """Whether it waits for her, by her account."""
    waiting = contract.signatures.filter(side="party", person=person.pk, signed_at=None)
    return contract.state == State.SENT and waiting.exists()


def sites(operator: Organisation) -> QuerySet[Site]:
    """Where its contracts may be."""
    return bodies.sells_at(operator).order_by("name")


def keepers(contract: Contract, on: date) -> list[Person]:
    """Those who keep the contracts of its operator that day, once each."""
    kinds = [kind for kind, acts in rights.GRANTS.items() if ACT in acts]
    held = Role.objects.current(on).filter(
        position__organisation=contract.operator_id, position__kind__in=kinds
    )
    people = {role.person_id: role.person for role in held.select_related("person", "position")}
    return [one for _pk, one in sorted(people.items()) if may_keep(one, contract)]

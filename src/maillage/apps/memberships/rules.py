"""Who keeps which members, who reads which sales, who pays for whom."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import (
    EmployerSeat,
    FirmStage,
    Member,
    Plan,
    Subscription,
)
from maillage.apps.people import rights
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.sites.models import Site
from maillage.apps.sites.rules import kept
from maillage.apps.tariffs.rules import found, operators
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

ACT = "members.keep"
FIRMS = (
    OrganisationKind.COMPANY,
    OrganisationKind.EMPLOYER,
    OrganisationKind.SHOP,
    OrganisationKind.ASSOCIATION,
)


def _scopes(person: Any, act: str) -> Sequence[rights.Scope]:
    return rights.scopes_where(person, act, on=now().date())


def sites(person: Any) -> QuerySet[Site]:
    """The sites whose members she keeps."""
    return kept(person, ACT).filter(removed_at=None)


def territories(person: Any) -> QuerySet[Territory]:
    """Where they are, and those she keeps whole."""
    scopes = _scopes(person, ACT)
    if ("platform", "") in scopes:
        return Territory.objects.filter(sites__isnull=False).distinct()
    whole = [key for kind, key in scopes if kind == "territory"]
    return Territory.objects.filter(Q(pk__in=whole) | Q(sites__in=sites(person))).distinct()


def keeps_whole(person: Any) -> bool:
    """Whether she keeps a whole territory, and not sites one by one."""
    return any(kind != "site" for kind, _key in _scopes(person, ACT))


def members(person: Any) -> QuerySet[Member]:
    """Those who joined at her sites, or in a territory that she keeps whole."""
    scopes = _scopes(person, ACT)
    if ("platform", "") in scopes:
        return Member.objects.all()
    whole = [key for kind, key in scopes if kind == "territory"]
    own = [int(key) for kind, key in scopes if kind == "site" and key.isdigit()]
    return Member.objects.filter(Q(territory_id__in=whole) | Q(site_id__in=own))


def member_of(person: Any, pk: int) -> Member:
    """One of them; 404 for the others."""
    rows = members(person).select_related("person", "territory", "site", "organisation")
    return found(rows, pk)


def may_see_members(person: Any, _target: Any) -> bool:
    """Whether there is a place whose members she keeps."""
    return bool(_scopes(person, ACT))


def may_keep(person: Any, member: Member) -> bool:
    """Correct her sheet, sell her a plan."""
    return rights.holds(person, ACT, member.scopes, on=now().date())


def firms(person: Any) -> QuerySet[Organisation]:
    """The firms of her territories' registers."""
    keys = territories(person).values("pk")
    return Organisation.objects.filter(territory_siren__in=keys, kind__in=FIRMS)


def firm_of(person: Any, pk: int) -> Organisation:
    """One of them."""
    return found(firms(person), pk)


def steps_of(person: Any, firm: Organisation) -> QuerySet[FirmStage]:
    """Its path in the territory of its register."""
    return FirmStage.objects.filter(
        organisation=firm, territory__in=territories(person)
    ).select_related("site")


def charges(person: Any) -> QuerySet[Charge]:
    """What was sold at her sites, or by the territories that she keeps whole."""
    scopes = _scopes(person, ACT)
    if ("platform", "") in scopes:
        return Charge.objects.all()
    whole = [key for kind, key in scopes if kind == "territory"]
    at_sites = [str(pk) for pk in kept(person, ACT).values_list("pk", flat=True)]
    return Charge.objects.filter(
        Q(scope_kind="site", scope_key__in=at_sites)
        | Q(scope_kind="territory", scope_key__in=whole)
    )


def plans(person: Any) -> QuerySet[Plan]:
    """The plans of the operators whose prices she keeps."""
    return Plan.objects.filter(operator__in=operators(person)).select_related("operator")


def plan_of(person: Any, pk: int) -> Plan:
    """One of them."""
    return found(plans(person), pk)


def may_keep_plan(person: Any, plan: Plan) -> bool:
    """Whoever keeps the operator's prices keeps its plans."""
    return rights.holds(person, "tariffs.keep", plan.scopes, on=now().date())


def bodies(person: Any, act: str = "employer.read") -> list[Organisation]:
    """The employers in whose name she reads, or decides."""
    if not person.is_authenticated:
        return []
    roles = rights.roles_of(person, on=now().date())
    found_: dict[int, Organisation] = {}
    for role in roles:
        if act in rights.GRANTS[role.position.kind]:
            found_.setdefault(role.position.organisation_id, role.position.organisation)
    return list(found_.values())


def body_of(person: Any, pk: int) -> Organisation:
    """One of them."""
    return found(Organisation.objects.filter(pk__in=[b.pk for b in bodies(person)]), pk)


def may_read_employer(person: Any, _target: Any) -> bool:
    """Whether there is a body in whose name she reads."""
    return bool(bodies(person))


def may_authorise(person: Any, body: Organisation) -> bool:
    """Decide for whom a body pays: in its own name."""
    return any(one.pk == body.pk for one in bodies(person, "employer.keep"))


def seat_of(person: Any, pk: int) -> EmployerSeat:
    """An authorisation of one of her bodies."""
    rows = EmployerSeat.objects.filter(organisation__in=bodies(person))
    return found(rows.select_related("organisation", "person"), pk)


def may_withdraw(person: Any, seat: EmployerSeat) -> bool:
    """Whoever decides in the name of the body."""
    return may_authorise(person, seat.organisation)


def subscription_of(person: Any, pk: int) -> Subscription:
    """One that she pays for."""
    rows = Subscription.objects.filter(payer_person_id=person.pk or 0)
    return found(rows.select_related("plan__operator"), pk)


def may_stop(person: Any, subscription: Subscription) -> bool:
    """Whoever pays for it."""
    return bool(person.pk and subscription.payer_person_id == person.pk)

"""Who keeps the shares of a body, who reads them; those of others do not exist."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from maillage.apps.memberships import rules as of_members
from maillage.apps.people import rights
from maillage.apps.people.models import Organisation
from maillage.apps.settlement.models import (
    BodyAgreement,
    CopyImport,
    CostItem,
    CostStatement,
    CostTransfer,
    HostAgreement,
    HostStatement,
    SiteResource,
)
from maillage.apps.sites.bodies import bodies, may_somewhere
from maillage.apps.sites.models import Site
from maillage.apps.sites.rules import kept
from maillage.kit.clock import now

ACT = "settlement.keep"

may_see = may_somewhere(ACT)


def own(person: Any) -> list[int]:
    """The numbers of the bodies whose shares she keeps."""
    return [body.pk for body in bodies(person, ACT)]


def readable(person: Any) -> list[int]:
    """Those whose part she reads: hers, and the employers in whose name she reads."""
    return [*own(person), *(body.pk for body in of_members.bodies(person))]


def sites(person: Any) -> QuerySet[Site]:
    """The sites that one of her bodies runs, sells for, or holds with others."""
    of = own(person)
    wanted = Q(collector__in=of) | Q(operator__in=of) | Q(holders__organisation__in=of)
    return Site.objects.filter(wanted, removed_at=None).distinct()


def sold(person: Any) -> QuerySet[Site]:
    """Those for which one of them sells: a shop's agreement, a copier."""
    of = own(person)
    wanted = Q(collector__in=of) | Q(collector=None, operator__in=of)
    return Site.objects.filter(wanted, removed_at=None)


def seller_of(site: Site) -> int | None:
    """The body that sells at a site."""
    return site.collector_id or site.operator_id


def site_of(person: Any, pk: int) -> Site:
    """A site whose costs she keeps."""
    return get_object_or_404(sites(person).select_related("collector", "operator"), pk=pk)


def sold_of(person: Any, pk: int) -> Site:
    """A site whose copier she keeps."""
    return get_object_or_404(sold(person).select_related("collector", "operator"), pk=pk)


def body_for(person: Any, site: Site) -> Organisation:
    """In whose name she issues the costs of a site: who sells, who runs it, who holds it."""
    of = {body.pk: body for body in bodies(person, ACT)}
    held = [site.collector_id, site.operator_id]
    held += site.holders.values_list("organisation", flat=True)
    return next(of[pk] for pk in held if pk in of)


def agreements(person: Any) -> QuerySet[HostAgreement]:
    """The shops with which one of her bodies shares."""
    rows = HostAgreement.objects.filter(collector__in=own(person))
    return rows.select_related("site", "shop", "collector")


def agreement_of(person: Any, pk: int) -> HostAgreement:
    """One of them."""
    return get_object_or_404(agreements(person), pk=pk)


def host_statements() -> QuerySet[HostStatement]:
    """All of them, with what their words need."""
    return HostStatement.objects.select_related(
        "agreement__site", "agreement__shop", "agreement__collector"
    )


def statement_of(person: Any, pk: int) -> HostStatement:
    """A statement that one of her bodies issued."""
    return get_object_or_404(host_statements().filter(collector__in=own(person)), pk=pk)


def hosted(person: Any) -> QuerySet[HostAgreement]:
    """The agreements of the shops whose day she keeps, of their shop alone."""
    roles = rights.roles_of(person, on=now().date())
    shops = [
        role.position.organisation_id
        for role in roles
        if "presence.host" in rights.GRANTS[role.position.kind]
    ]
    rows = HostAgreement.objects.filter(site__in=kept(person, "presence.host"), shop__in=shops)
    return rows.select_related("site", "shop", "collector")


def read_statement_of(person: Any, pk: int) -> HostStatement:
    """A statement that she issued, or that is her shop's."""
    wanted = Q(collector__in=own(person)) | Q(agreement__in=hosted(person))
    return get_object_or_404(host_statements().filter(wanted), pk=pk)


def may_keep_agreement(person: Any, of: HostAgreement | HostStatement) -> bool:
    """Whoever keeps the shares of the collector."""
    return of.collector_id in own(person)


def may_host(person: Any, _target: Any) -> bool:
    """Whether there is a site that she hosts."""
    return bool(rights.scopes_where(person, "presence.host", on=now().date()))


def pair_agreements(person: Any) -> QuerySet[BodyAgreement]:
    """The agreements of which one of her bodies is one."""
    of = own(person)
    return BodyAgreement.objects.filter(
        Q(first_body__in=of) | Q(second_body__in=of)
    ).select_related("first_body", "second_body")


def pair_agreement_of(person: Any, pk: int) -> BodyAgreement:
    """One of them."""
    return get_object_or_404(pair_agreements(person), pk=pk)


def may_keep_pair(person: Any, of: BodyAgreement) -> bool:
    """Either of the two."""
    return bool({of.first_body_id, of.second_body_id} & set(own(person)))


def pair_body(person: Any, first: int, second: int) -> int:
    """In the name of which of the two she answers; the lower when she keeps both."""
    of = own(person)
    for pk in (first, second):
        if pk in of:
            return pk
    raise Http404(first)


def may_keep_site(person: Any, of: Site | CostItem | SiteResource | CopyImport) -> bool:
    """Whoever keeps the shares of a body of the site."""
    site_id = of.pk if isinstance(of, Site) else of.site_id
    return sites(person).filter(pk=site_id).exists()


def item_of(person: Any, pk: int) -> CostItem:
    """A cost of one of her sites."""
    rows = CostItem.objects.filter(site__in=sites(person)).select_related("site")
    return get_object_or_404(rows, pk=pk)


def resource_of(person: Any, pk: int) -> SiteResource:
    """A resource of one of her sites."""
    rows = SiteResource.objects.filter(site__in=sites(person)).select_related("site")
    return get_object_or_404(rows, pk=pk)


def cost_statements(person: Any) -> QuerySet[CostStatement]:
    """Those of her sites, and those in which one of her bodies has a part or paid."""
    of = readable(person)
    wanted = Q(body__in=own(person)) | Q(lines__payer__in=of) | Q(lines__parts__organisation__in=of)
    return CostStatement.objects.filter(wanted).select_related("site", "body").distinct()


def cost_statement_of(person: Any, pk: int) -> CostStatement:
    """One of them."""
    return get_object_or_404(cost_statements(person), pk=pk)


def may_read_costs(person: Any, of: CostStatement) -> bool:
    """The partners and the payers."""
    return cost_statements(person).filter(pk=of.pk).exists()


def may_read_some_costs(person: Any, _target: Any) -> bool:
    """Whether there is a body in whose name she reads."""
    return bool(readable(person))


def transfer_of(person: Any, pk: int) -> CostTransfer:
    """What one of her bodies is owed."""
    rows = CostTransfer.objects.filter(creditor__in=own(person))
    return get_object_or_404(rows.select_related("statement__site", "creditor", "debtor"), pk=pk)


def may_charge(person: Any, of: CostTransfer) -> bool:
    """Whoever is owed."""
    return of.creditor_id in own(person)


def import_of(person: Any, pk: int) -> CopyImport:
    """A file of counters of a copier that she keeps."""
    rows = CopyImport.objects.filter(site__in=sold(person)).select_related("site")
    return get_object_or_404(rows, pk=pk)

"""Members of an invented network, what was sold to them."""

from datetime import date
from typing import Any

from factories import network_sites, people
from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships import employer, firm_path, join, keep_plan, sell
from maillage.apps.memberships.models import Carnet, EmployerSeat, Member, Plan, Subscription
from maillage.apps.people.models import Organisation, OrganisationKind, Person
from maillage.apps.sites.models import Audience, Site
from maillage.apps.tariffs.keep_list import Asked, Head, Resource, Terms, draft, write_prices
from maillage.kit.clock import now

AT = network_sites.AT
FIRST = date(2027, 3, 1)
REFERENCE = "2026-12-10-08 (fictif)"


def member(site: Site, who: Person | None = None, audience: str = Audience.MEMBER, **asked):
    """Somebody of the territory of a site."""
    words = {"starts_on": FIRST, "site": site} | asked
    return join.join(
        site.territory, who or people.person(), join.Joining(audience, **words), by=None, at=AT
    )


def plan(operator: Organisation | None = None, units: int | None = 10, **terms) -> Plan:
    """An abonnement of so many half-days of open space a month."""
    words = {
        "kind": "subscription",
        "name": "Nomade (fictif)",
        "price_cents": 4_500,
        "vat_rate_bp": 2_000,
        "every": "month",
        "deliberation_ref": REFERENCE,
        "sold_from": date(2027, 1, 1),
    } | terms
    sites = words.pop("site_ids", ())
    gives = keep_plan.Gives(
        quotas=(keep_plan.Quota(("open_space",), "half_day", units),), site_ids=sites
    )
    body = operator or network_sites.operator()
    return keep_plan.enter(body, keep_plan.Terms(**words), gives, by=None, at=AT)


def carnet_plan(operator: Organisation | None = None, **terms) -> Plan:
    """Ten tickets for six months: the rates of a real place."""
    words = {
        "kind": "carnet",
        "name": "Carnet de 10 tickets (fictif)",
        "price_cents": 6_000,
        "vat_rate_bp": 2_000,
        "tickets": 10,
        "validity_months": 6,
        "deliberation_ref": REFERENCE,
        "sold_from": date(2027, 1, 1),
    } | terms
    sites = words.pop("site_ids", ())
    rates = (
        keep_plan.Rate("open_space", "half_day", 1),
        keep_plan.Rate("office", "half_day", 2),
        keep_plan.Rate("meeting_room", "hour", 1),
    )
    body = operator or network_sites.operator()
    gives = keep_plan.Gives(rates=rates, site_ids=sites)
    return keep_plan.enter(body, keep_plan.Terms(**words), gives, by=None, at=AT)


def sold(of: Plan, to: Person, *, payer: Payer | None = None, site: Site | None = None):
    """The terms of a sale."""
    return sell.Sold(of, to, payer or Payer(person_id=to.pk), site, None)


def subscription(of: Plan, to: Person, starts_on=FIRST, *, renews=False, **more) -> Subscription:
    """An abonnement that begins."""
    return sell.subscribe(sold(of, to, **more), starts_on=starts_on, renews=renews, at=AT)


def carnet(of: Plan, to: Person, begins_on: date = FIRST, **more) -> Carnet:
    """Tickets."""
    return sell.sell_carnet(sold(of, to, **more), begins_on=begins_on, at=AT)


def firm(name: str = "Atelier Corvallin (fictif)", siren: str = "", **columns) -> Organisation:
    """A company of the territory of the invented sites."""
    register = network_sites.territories.INVENTED
    words = {"kind": OrganisationKind.EMPLOYER, "territory_siren": register, "siren": siren}
    return people.organisation(name, **(words | columns))


def authorised(by: Organisation, who: Person, half_days: int | None = None) -> EmployerSeat:
    """A body pays for somebody."""
    terms = employer.Authorised(FIRST, half_days_a_month=half_days)
    return employer.authorise(by, who, terms, by=None, at=AT)


def of(who: Person) -> Member:
    """Her sheet."""
    return Member.objects.get(person=who)


def whole(site: Site, mark: str, who: Person, body: Organisation) -> dict[str, Any]:
    """One of everything that is kept of members and prices; `mark` in every text field."""
    at = now()
    today = at.date()
    Site.objects.filter(pk=site.pk, operator=None).update(operator=body)
    listed = draft(body, Head(f"Grille {mark}", date(2027, 1, 1)), by=None, at=at)
    write_prices(
        listed, Resource("open_space"), [Asked("day", "public", 1_200)], Terms(2_000),
        version=listed.version, by=None, at=at,
    )  # fmt: skip
    firm = firm_of(f"Entreprise {mark}", site.territory_id)
    formula = plan(body, name=f"Formule {mark}", sold_from=today)
    tickets = carnet_plan(body, name=f"Carnet {mark}", sold_from=today)
    firm_path.record_stage(
        firm, site.territory, firm_path.Step("nomad", today, site.pk, note=f"Étape {mark}"),
        by=None, at=at,
    )  # fmt: skip
    sell.sell_carnet(sold(tickets, who, site=site), begins_on=today, at=at)
    return {
        "price": listed,
        "operator": body,
        "formula": formula,
        "firm": firm,
        "member": join.join(
            site.territory, who, join.Joining(Audience.MEMBER, today, site=site), by=None, at=at
        ),
        "subscription": sell.subscribe(
            sold(formula, who, site=site), starts_on=today, renews=True, at=at
        ),
        "seat": employer.authorise(firm, who, employer.Authorised(today), by=None, at=at),
    }


def firm_of(name: str, siren: str) -> Organisation:
    """A company of a territory's register."""
    return people.organisation(name, OrganisationKind.COMPANY, territory_siren=siren)

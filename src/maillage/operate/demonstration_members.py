"""Prices, members and plans of the demonstration: everything in it is invented."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from maillage.apps.ledger.charge import Payer
from maillage.apps.memberships import employer, firm_path, join, keep_plan, sell
from maillage.apps.memberships.models import Carnet, EmployerSeat, Member, Plan, Subscription
from maillage.apps.people.models import Organisation, OrganisationKind, Person
from maillage.apps.sites.models import Audience, Site
from maillage.apps.tariffs.keep_list import Asked, Head, Resource, Terms, copy, draft, write_prices
from maillage.apps.tariffs.models import PriceList
from maillage.apps.tariffs.vote import vote
from maillage.core import programme
from maillage.operate.demonstration_sites import body
from maillage.operate.personas import EMPLOYER, Body

VOTED = "{year}-12-07 (fictif)"
RATE_BP = 2_000
FREE_FOR = timedelta(days=21)
Prices = Mapping[str, Sequence[Asked]]


def _asked(unit: str, **cents: int) -> list[Asked]:
    return [Asked(unit, audience, amount) for audience, amount in cents.items()]


HUB: Prices = {
    "open_space": [
        *_asked("half_day", public=800, member=600, youth=300, job_seeker=300),
        *_asked("day", public=1_200, member=900, youth=500, job_seeker=500),
        *_asked("month", public=16_000, resident=12_000),
    ],
    "office": [
        *_asked("half_day", public=2_000, member=1_500),
        *_asked("day", public=3_500, member=2_500),
        *_asked("month", public=32_000, resident=26_000),
    ],
    "meeting_room": [
        *_asked("hour", public=1_500, member=1_200, association=0),
        *_asked("half_day", public=4_500, member=3_600),
        *_asked("day", public=8_000, member=6_500),
    ],
    "phone_box": _asked("hour", public=400, member=0),
    "machine": _asked("hour", public=1_000, member=800),
}
VILLAGE: Prices = {
    "open_space": [
        *_asked("half_day", public=600, member=500, youth=300),
        *_asked("day", public=1_000, member=800, youth=500),
        *_asked("month", public=14_000, resident=10_000),
    ]
}
CARNET = (
    keep_plan.Rate("open_space", "half_day", 1),
    keep_plan.Rate("office", "half_day", 2),
    keep_plan.Rate("meeting_room", "hour", 1),
)
PEOPLE = (
    ("Maud Ferrachat (fictif)", "maud@exemple.invalid", Audience.RESIDENT, "standard"),
    ("Basile Ormancey (fictif)", "basile@exemple.invalid", Audience.MEMBER, "youth"),
    ("Leïla Sauvagnon (fictif)", "leila@exemple.invalid", Audience.MEMBER, "job_seeker"),
    ("Tom Virechat (fictif)", "tom@exemple.invalid", Audience.MEMBER, "newcomer"),
)
CLUB = Body(OrganisationKind.ASSOCIATION, "Club de lecture des Crus (fictif)")
WORKSHOP = Body(OrganisationKind.COMPANY, "Menuiserie Valbray (fictif)")


def lay(sites: Mapping[str, int], *, at: datetime) -> None:
    """What is missing of it; sites by key, as `demonstration_sites.lay` gives them."""
    places = {key: Site.objects.get(pk=pk) for key, pk in sites.items()}
    hub, mini = places["hub"], places["mini"]
    open_sites = [place.pk for key, place in places.items() if key != "planned"]
    with transaction.atomic():
        for site, prices in ((hub, HUB), (mini, VILLAGE)):
            if site.collector is not None:
                _lay_prices(site.collector, prices, at)
        plans = _lay_plans(hub, open_sites, at)
        _lay_members(hub, at)
        _lay_sales(hub, plans, at)
        _lay_employer(at)
        _lay_firm(hub, at)


def _lay_prices(operator: Organisation, prices: Prices, at: datetime) -> None:
    if PriceList.objects.filter(operator=operator).exists():
        return
    year = at.year
    begins = date(year, 1, 1)
    made = draft(operator, Head(f"Tarifs {year} (fictif)", begins), by=None, at=at)
    for kind, asked in prices.items():
        made.refresh_from_db()
        terms = Terms(RATE_BP)
        if kind == "open_space":
            # a price for those who arrive, free for some weeks more
            until = at.date() + FREE_FOR
            asked = [*asked, Asked("month", "newcomer", 12_000, until)]
            terms = Terms(RATE_BP, free_reason="Accueil des personnes qui s'installent (fictif)")
        write_prices(made, Resource(kind), asked, terms, version=made.version, by=None, at=at)
    reference = VOTED.format(year=year - 1)
    vote(made, reference, date(year - 1, 12, 10), by=None, at=at)
    later = Head(f"Tarifs {year + 1} (fictif)", date(year + 1, 1, 1))
    copy(made, later, by=None, at=at)


def _lay_plans(hub: Site, open_sites: Sequence[int], at: datetime) -> dict[str, Plan]:
    operator = hub.collector
    if operator is None:
        return {}
    first, reference = date(at.year, 1, 1), VOTED.format(year=at.year - 1)
    half_days = keep_plan.Quota(("open_space",), "half_day", 10)
    unlimited = keep_plan.Quota(("open_space", "phone_box"), "day", None)
    everywhere = keep_plan.Gives(quotas=(half_days,), site_ids=open_sites)
    wanted = (
        (
            keep_plan.Terms(
                "subscription", "Nomade, 10 demi-journées par mois (fictif)", 4_500, RATE_BP,
                reference, first, every="month",
            ),
            everywhere,
        ),
        (
            keep_plan.Terms(
                "subscription", "Résident au mois (fictif)", 12_000, RATE_BP, reference, first,
                every="month",
            ),
            keep_plan.Gives(quotas=(unlimited,)),
        ),
        (
            keep_plan.Terms(
                "carnet", "Carnet de 10 tickets (fictif)", 6_000, RATE_BP, reference, first,
                tickets=10, validity_months=6,
            ),
            keep_plan.Gives(rates=CARNET),
        ),
        (
            keep_plan.Terms(
                "day_pass", "Pass journée (fictif)", 1_000, RATE_BP, reference, first, tickets=2
            ),
            keep_plan.Gives(rates=CARNET[:1]),
        ),
    )  # fmt: skip
    found = {}
    for terms, gives in wanted:
        known = Plan.objects.filter(operator=operator, name=terms.name).first()
        found[terms.kind + terms.name] = known or keep_plan.enter(
            operator, terms, gives, by=None, at=at
        )
    return {plan.name.partition(" ")[0].rstrip(","): plan for plan in found.values()}


def _lay_members(hub: Site, at: datetime) -> None:
    since = at.date() - timedelta(days=50)
    for name, email, audience, category in PEOPLE:
        made = _member(_person(name, email), hub, audience, since, at)
        if made is not None and category != "standard":
            checked = {"checked_on": since, "until": programme.after(at.date(), 6)}
            join.check_category(made, category, **checked, by=None, at=at)
    for email in ("elise@exemple.invalid",):
        who = Person.objects.filter(email=email).first()
        if who is not None:
            _member(who, hub, Audience.MEMBER, since, at)
    club = _person("Odette Brissaud (fictif)", "odette@exemple.invalid")
    _member(club, hub, Audience.ASSOCIATION, since, at, body(CLUB).pk)


def _person(name: str, email: str) -> Person:
    made = join.account_of(email, name)
    if not made.is_demonstration:
        made.is_demonstration = True
        made.save(update_fields=["is_demonstration"])
    return made


def _member(
    who: Person, hub: Site, audience: str, since: date, at: datetime, body_pk: int | None = None
) -> Member | None:
    if Member.objects.filter(person=who, territory=hub.territory_id).exists():
        return None
    asked = join.Joining(audience, since, body_pk, hub)
    return join.join(hub.territory, who, asked, by=None, at=at)


def _lay_sales(hub: Site, plans: Mapping[str, Plan], at: datetime) -> None:
    today = at.date()
    elise = Person.objects.filter(email="elise@exemple.invalid").first()
    maud = Person.objects.filter(email="maud@exemple.invalid").first()
    begun = today - timedelta(days=20)
    for who, name, renews in ((elise, "Nomade", True), (maud, "Résident", True)):
        plan = plans.get(name)
        if who and plan and not Subscription.objects.filter(user=who, plan=plan).exists():
            sold = _sold(plan, who, hub)
            sell.subscribe(sold, starts_on=max(begun, plan.sold_from), renews=renews, at=at)
    carnet = plans.get("Carnet")
    if elise and carnet and not Carnet.objects.filter(user=elise, plan=carnet).exists():
        begins_on = max(today - timedelta(days=40), carnet.sold_from)
        sell.sell_carnet(_sold(carnet, elise, hub), begins_on=begins_on, at=at)


def _sold(plan: Plan, who: Person, hub: Site) -> sell.Sold:
    return sell.Sold(plan, who, Payer(person_id=who.pk), hub, None)


def _lay_employer(at: datetime) -> None:
    yanis = Person.objects.filter(email="yanis@exemple.invalid").first()
    firm = body(EMPLOYER)
    if yanis is None or EmployerSeat.objects.filter(organisation=firm).exists():
        return
    first = at.date().replace(day=1)
    clara = _person("Clara Montbellet (fictif)", "clara@exemple.invalid")
    for who, half_days in ((yanis, 12), (clara, 8)):
        terms = employer.Authorised(first, half_days_a_month=half_days)
        employer.authorise(firm, who, terms, by=None, at=at)


def _lay_firm(hub: Site, at: datetime) -> None:
    firm = body(WORKSHOP)
    if firm.firm_stages.exists():
        return
    today = at.date()
    for stage, days, jobs, outcome in (
        ("nomad", 700, 1, ""), ("resident", 420, 2, ""), ("own_premises", 90, 4, "here"),
    ):  # fmt: skip
        site = hub.pk if stage != "own_premises" else None
        step = firm_path.Step(stage, today - timedelta(days=days), site, outcome, jobs)
        firm_path.record_stage(firm, hub.territory, step, by=None, at=at)

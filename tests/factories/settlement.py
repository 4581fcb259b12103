"""Agreements, uses and costs of invented bodies that share and settle."""

from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from factories import members, network_sites, people, tariffs
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.models import Booking
from maillage.apps.bookings.reserve import reserve
from maillage.apps.ledger import charge as ledger
from maillage.apps.ledger.charge import Payer, Sale
from maillage.apps.people.models import Organisation, OrganisationKind
from maillage.apps.settlement import (
    accept_pair,
    agree_bodies,
    agree_host,
    host_share,
    issue_host,
    keep_costs,
    pair_month,
)
from maillage.apps.settlement.models import (
    BodyAgreement,
    CostItem,
    CostKey,
    HostAgreement,
    HostStatement,
)
from maillage.apps.sites.models import Site

AT = network_sites.AT
MARCH = date(2027, 3, 1)
QUARTER = date(2027, 1, 1)
AFTER_MARCH = datetime(2027, 4, 2, 8, tzinfo=UTC)
REFERENCE = "Convention 2027-01 (fictif)"


def body(name: str = "Commune d’Ambre (fictif)", kind: str = OrganisationKind.COMMUNE):
    """A body of the territory of the invented sites."""
    return people.organisation(name, kind, territory_siren=network_sites.territories.INVENTED)


def shop(name: str = "Épicerie du Bief (fictif)") -> Organisation:
    """A shop that hosts seats."""
    return body(name, OrganisationKind.SHOP)


def hosted(name: str = "Épicerie du Bief (fictif)", **columns) -> tuple[Site, Organisation]:
    """A site in a shop, for which the association collects."""
    return network_sites.site(f"Chez {name}", tier="mini", **columns), shop(name)


def host(site: Site, of: Organisation, **terms) -> HostAgreement:
    """30 % of receipts since the new year, invoiced by the shop."""
    said = {"starts_on": QUARTER, "reference": REFERENCE} | terms
    if "half_day_cents" not in said:
        said = {"share_bp": 3_000} | said
    return agree_host.agree(site, of, agree_host.Terms(**said), by=None, at=AT)


def sold(site: Site, cents: int, at: datetime = AT, rate_bp: int = 2_000, **words):
    """So many cents sold at a site, tax included, to somebody."""
    origin = words.pop("origin", ("test", f"{site.pk}-{cents}-{at:%m%d%H%M%S%f}-{rate_bp}"))
    sale = Sale(
        site.collector_id, Payer(person_id=people.person().pk), None,
        ("site", str(site.pk)), origin,
    )  # fmt: skip
    line = ledger.Line(
        "Place (fictif)", at, at + timedelta(hours=3), 1, "half_day", cents, cents,
        includes_tax=True, vat_rate_bp=rate_bp,
    )  # fmt: skip
    with transaction.atomic():
        return ledger.charge(sale, [line], at=at)[0]


def given_back(charge, at: datetime = AT) -> None:
    """The whole of it."""
    with transaction.atomic():
        ledger.give_back(
            (charge.origin_kind, charge.origin_key), kept_cents=0, label="Avoir (fictif)", at=at
        )


def statement(agreement: HostAgreement, at: datetime = AFTER_MARCH) -> HostStatement:
    """The next one, as it reads now."""
    agreement = HostAgreement.objects.select_related("site", "shop", "collector").get(
        pk=agreement.pk
    )
    share = host_share.read(agreement, host_share.next_due(agreement))
    return issue_host.issue(agreement, shown=share.digest, by=None, at=at)


def two_sites() -> tuple[Site, Site]:
    """One of an association, one of a commune."""
    commune = body()
    return (
        network_sites.site("Le Pressoir (fictif)"),
        network_sites.site("La Halle (fictif)", operator=commune, collector=commune),
    )


def traveller(home: Site, away: Site, name: str = "Élise Garonval (fictif)", **terms):
    """Somebody whose plan, sold at home, holds at both."""
    who = people.person(name)
    plan = members.plan(
        home.operator,
        name=f"{home.name}, {away.name}",
        site_ids=(home.pk, away.pk),
        every="quarter",
        **terms,
    )
    members.subscription(plan, who)
    return who


def used(who, site: Site, *days: date, hours: tuple[int, int] = (9, 12)) -> list[Booking]:
    """She comes on some days, for a half-day unless told."""
    if not site.operator.price_lists.exists():
        tariffs.voted(site.operator)
    space = site.spaces.first() or network_sites.open_space(site)
    return [
        reserve(
            [Ask(space.pk, network_sites.slot(day, *hours), is_whole=False)],
            Booker(who, who.pk),
            at=AT,
        )[0]
        for day in days
    ]


def pair(one: Organisation, other: Organisation, rule: str = "public", **terms) -> BodyAgreement:
    """Both ways alike since the new year."""
    said = {"starts_on": QUARTER, "reference": REFERENCE} | terms
    return agree_bodies.agree(one, other, agree_bodies.Terms(rule, **said), by=None, at=AT)


def asked(agreement: BodyAgreement, body_id: int, month: date = MARCH) -> accept_pair.Asked:
    """The month as it reads now, in the name of one of the two."""
    pair = (agreement.first_body_id, agreement.second_body_id)
    found = pair_month.of_pair(month, pair)
    return accept_pair.Asked(month, pair, body_id, found.digest if found else "")


def settled(agreement: BodyAgreement, month: date = MARCH, at: datetime = AFTER_MARCH):
    """Both accept."""
    accept_pair.accept(asked(agreement, agreement.first_body_id, month), by=None, at=at)
    return accept_pair.accept(asked(agreement, agreement.second_body_id, month), by=None, at=at)


def cost(site: Site, payer: Organisation, cents: int = 10_000, **words) -> CostItem:
    """A cost of March, paid by somebody."""
    said = {
        "kind": "operation", "label": "Électricité (fictif)", "first_on": MARCH,
        "last_on": date(2027, 3, 31), "document": "Facture 12 (fictif)",
    } | words  # fmt: skip
    return keep_costs.enter(
        site, keep_costs.Cost(amount_cents=cents, payer=payer, **said), by=None, at=AT
    )


def key(site: Site, weights: dict[int, int], basis: str = "fixed", **words) -> CostKey:
    """A voted key of the costs of operation."""
    said = {
        "kind": "operation", "starts_on": QUARTER, "voted_on": QUARTER, "reference": REFERENCE,
    } | words  # fmt: skip
    return keep_costs.vote_key(
        site, keep_costs.Voted(basis=basis, weights=weights, **said), by=None, at=AT
    )

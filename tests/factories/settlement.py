"""Agreements, uses and costs of invented bodies that share and settle."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    copies_plan,
    cost_share,
    host_share,
    import_copies,
    issue_costs,
    issue_host,
    keep_copies,
    keep_costs,
    keep_resources,
    pair_month,
    quarters,
)
from maillage.apps.settlement.models import (
    BodyAgreement,
    CostItem,
    CostKey,
    HostAgreement,
    HostStatement,
)
from maillage.apps.sites.models import Site
from maillage.core import programme
from maillage.kit.clock import now

IBAN = "FR7630006000011234567890189"
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


def priced(site: Site) -> None:
    """5 cents a page, 20 in colour, since the new year."""
    keep_copies.set_price(site, keep_copies.PagePrice(QUARTER, 5, 20, 2_000), by=None, at=AT)


def whole(site: Site, mark: str, of: Organisation) -> dict[str, Any]:
    """One of everything that shares and settles, of a body; `mark` in every text field."""
    at = now()
    today = at.date()
    before = programme.after(quarters.quarter_of(today), -quarters.MONTHS)
    register = {"territory_siren": site.territory_id}
    site = Site.objects.select_related("operator", "collector").get(pk=site.pk)
    owner = people.organisation(f"Commerce {mark}", OrganisationKind.SHOP, **register)
    other = people.organisation(f"Commune {mark}", OrganisationKind.COMMUNE, **register)
    agreement = agree_host.agree(
        site, owner,
        agree_host.Terms(
            before, f"Convention {mark}", share_bp=3_000, minimum_cents=9_000, mandated_on=before,
            iban=IBAN,
        ),
        by=None, at=at,
    )  # fmt: skip
    terms = {"starts_on": before, "reference": f"Accord {mark}"}
    pair = agree_bodies.agree(of, other, agree_bodies.Terms("public", **terms), by=None, at=at)
    voted = {"starts_on": before, "voted_on": before, "reference": f"Vote {mark}"}
    key(site, {of.pk: 5_000, other.pk: 5_000}, **voted)
    dated = {"first_on": before, "last_on": before, "document": f"Pièce {mark}"}
    cost(site, of, 10_001, label=f"Énergie {mark}", **dated)
    shared = cost_share.read(site, before, before)
    issued = issue_costs.issue(site, shared, of, by=None, at=at)
    keep_copies.set_price(site, keep_copies.PagePrice(before, 5, 20, 2_000), by=None, at=at)
    keep_copies.match(site, "1001", Payer(organisation_id=other.pk), by=None, at=at)
    counters = f"code;mois;nb;couleur\n1001;{before:%Y-%m};10;2\n{mark};{before:%Y-%m};5;0\n"
    done = import_copies.receive(site, f"fait-{mark}.csv", counters.encode(), by=None, at=at)
    plan = copies_plan.plan_of(site, done.name, done.text)
    import_copies.import_copies(done, shown=plan.digest, by=None, at=at)
    return {
        "site": site,
        "body": of,
        "agreement": agreement,
        "statement": statement(agreement, at),
        "pair": pair,
        "item": cost(site, other, 6_000, label=f"Travaux {mark}", **dated),
        "issued": issued,
        "transfer": issued.transfers.get(),
        "resource": keep_resources.enter(
            site,
            keep_resources.Resource(
                "crowdfunding", f"Collecte {mark}", 250_000, f"Page {mark}", "announced", today
            ),
            by=None, at=at,
        ),
        "done": done,
        "waiting": import_copies.receive(
            site, f"compteurs-{mark}.csv", counters.replace(";5;", ";6;").encode(), by=None, at=at
        ),
    }  # fmt: skip


def parts_of(name: str, shared: dict[str, Any]) -> dict[str, Any]:
    """The parts of an address of shares: which number it names."""
    kind = next((kind for kind, names in ADDRESSED.items() if name in names), "site")
    one, other = shared["pair"].first_body_id, shared["pair"].second_body_id
    month = programme.after(now().date().replace(day=1), -1)
    return {"pk": shared[kind].pk, "first": one, "second": other, "month": f"{month:%Y-%m}"}


ADDRESSED = {
    "agreement": ("host_agreement", "host_issue", "host_end"),
    "statement": (
        *("host_statement", "host_statement_file", "host_pay", "host_unpay", "host_invoice"),
    ),
    "body": ("host_transfers", "host_order_list"),
    "pair": ("pair_end",),
    "item": ("cost_remove",),
    "issued": ("cost_statement", "cost_statement_file"),
    "transfer": ("cost_charge",),
    "resource": ("resource_remove",),
    "waiting": ("copies_import",),
    "done": ("copies_undo",),
    "site": (
        *("costs", "cost_new", "cost_key_new", "cost_issue", "resource_new"),
        *("copies", "copies_new", "copies_price", "copies_match"),
    ),
}
NAMES = {name for names in ADDRESSED.values() for name in names} | {
    "pair_month", "pair_accept", "pair_close",
}  # fmt: skip

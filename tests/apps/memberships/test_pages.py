"""Pages of members, plans, sales and employers: whose they are, what they do, what they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import members, network_sites, people, tariffs
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.reserve import reserve
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import (
    Carnet,
    EmployerSeat,
    FirmStage,
    Member,
    Plan,
    Subscription,
)
from maillage.apps.people import erase, export
from maillage.apps.people.models import Person, RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
HERE = ("territory", network_sites.territories.INVENTED)


@pytest.fixture
def site():
    return network_sites.site()


@pytest.fixture
def today():
    return now().date()


@pytest.fixture
def sophie(client, site):
    who = people.holder(RoleKind.SITE_MANAGER, ("site", str(site.pk)), name="Sophie Fictive")
    return people.signed_in(client, who)


@pytest.fixture
def elise():
    return people.person("Élise Fictive", "elise@exemple.fr")


def of(row, name="member", *more):
    return reverse(name, args=(row.pk, *more))


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


# --- members -------------------------------------------------------------------------------


def test_a_manager_sees_the_members_of_her_site_alone(sophie, site, elise):
    other = network_sites.site("Ailleurs", territory=site.territory)
    hers, theirs = members.member(site, elise), members.member(other, people.person("Rémi Caché"))

    page = text(sophie.get("/adherents/"))

    assert "Élise Fictive" in page
    assert "Rémi" not in page
    assert [sophie.get(of(one)).status_code for one in (hers, theirs)] == [200, 404]
    for name in ("member_change", "member_situation", "member_sale", "member_leave"):
        assert sophie.get(of(theirs, name)).status_code == 404


def test_nobody_else_keeps_members(client, site, elise):
    made = members.member(site, elise)
    for kind, scope in (
        (RoleKind.MEMBER, ("site", str(site.pk))),
        (RoleKind.HOST, ("site", str(site.pk))),
        (RoleKind.MAYOR, HERE),
        (RoleKind.SITE_MANAGER, ("site", "999999")),
        (RoleKind.PROJECT_OFFICER, people.TWIN),
    ):
        people.signed_in(client, people.holder(kind, scope))
        assert client.get(of(made)).status_code in (403, 404), kind
        assert "Élise" not in client.get("/adherents/").content.decode()


def test_somebody_without_an_account_is_entered(sophie, site):
    asked = {
        "name": "Paul Fictif", "email": "paul@exemple.fr", "territory": site.territory_id,
        "audience": "member", "organisation": "", "site": str(site.pk), "starts_on": "2026-01-01",
    }  # fmt: skip

    made = sophie.post("/adherents/nouveau/", asked)
    again = sophie.post("/adherents/nouveau/", asked)

    assert (made.status_code, again.status_code) == (302, 422)
    assert "Paul Fictif fait déjà partie du réseau" in text(again)
    assert Person.objects.filter(email="paul@exemple.fr").count() == 1


def test_a_site_that_she_does_not_keep_is_refused(sophie, site):
    other = network_sites.site("Ailleurs", territory=site.territory)
    asked = {
        "name": "Paul", "email": "paul@exemple.fr", "territory": site.territory_id,
        "audience": "member", "site": str(other.pk), "starts_on": "2026-01-01",
    }  # fmt: skip

    assert sophie.post("/adherents/nouveau/", asked).status_code == 422
    assert sophie.post("/adherents/nouveau/", asked | {"site": ""}).status_code == 422
    assert not Member.objects.exists()


def test_members_are_found_by_name(sophie, site, elise):
    members.member(site, elise)
    members.member(site, people.person("Paul Fictif"))

    page = text(sophie.get("/adherents/", {"q": "élise"}))

    assert "Élise Fictive" in page
    assert "Paul Fictif" not in page


def test_a_situation_is_seen_and_a_membership_ends_and_goes_on(sophie, site, elise, today):
    made = members.member(site, elise)

    sophie.post(
        of(made, "member_situation"),
        {"category": "youth", "checked_on": today.isoformat(), "until": ""},
    )
    late = sophie.post(
        of(made, "member_situation"),
        {"category": "youth", "checked_on": (today + timedelta(days=2)).isoformat()},
    )
    sophie.post(of(made, "member_leave"), {"on": "2027-12-31"})

    made.refresh_from_db()
    assert (made.category, made.category_checked_on, late.status_code) == ("youth", today, 422)
    assert "justificatif vu le" in text(sophie.get(of(made)))
    assert made.ends_on is not None
    sophie.post(of(made, "member_come_back"))
    made.refresh_from_db()
    assert made.ends_on is None


def test_reading_a_sheet_is_written(sophie, site, elise):
    from maillage.apps.journal.models import Entry

    sophie.get(of(members.member(site, elise)))

    assert Entry.objects.filter(act="person.read", object_key=str(elise.pk)).count() == 1


def test_a_corrected_sheet_says_when_somebody_was_first(sophie, site, elise):
    made = members.member(site, elise)
    asked = {
        "audience": "resident", "organisation": "", "site": str(site.pk),
        "starts_on": "2027-01-01", "version": str(made.version),
    }  # fmt: skip

    first, second = (sophie.post(of(made, "member_change"), asked) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 422)


# --- sales ---------------------------------------------------------------------------------


def test_a_plan_is_sold_at_the_desk(sophie, site, elise, today):
    made = members.member(site, elise)
    plan = members.plan(site.operator, sold_from=today)
    carnet = members.carnet_plan(site.operator, sold_from=today)
    sell = of(made, "member_sale")

    for one in (plan, carnet):
        sophie.post(sell, {"plan": str(one.pk), "starts_on": today.isoformat(), "payer": ""})
    again = sophie.post(sell, {"plan": str(plan.pk), "starts_on": today.isoformat()})

    assert (Subscription.objects.count(), Carnet.objects.count()) == (1, 1)
    assert list(Charge.objects.values_list("scope_key", flat=True)) == [str(site.pk)] * 2
    assert (again.status_code, "a déjà l’abonnement" in text(again)) == (422, True)
    page = text(sophie.get(of(made)))
    assert "10 sur 10" in page
    assert "Il reste 10 demi-journées" in page


def test_a_plan_of_another_operator_is_not_offered(sophie, site, elise, today):
    made = members.member(site, elise)
    other = members.plan(network_sites.operator("Autre"), sold_from=today)

    response = sophie.post(
        of(made, "member_sale"), {"plan": str(other.pk), "starts_on": today.isoformat()}
    )

    assert response.status_code == 422 or "Aucune formule" in text(response)
    assert not Subscription.objects.exists()


def test_sales_are_those_of_her_sites_with_their_total(sophie, site, elise, today):
    other = network_sites.site("Ailleurs", territory=site.territory)
    plan = members.plan(site.operator, sold_from=today)
    members.member(site, elise)
    at = now()
    from maillage.apps.memberships import sell

    for place, who in ((site, elise), (other, people.person("Rémi Caché"))):
        sold = sell.Sold(plan, who, Payer(person_id=who.pk), place, None)
        sell.subscribe(sold, starts_on=today, renews=False, at=at)

    page = text(sophie.get("/ventes/"))
    file = sophie.get("/ventes/ventes-excel.csv")

    assert "45,00 € TTC" in page
    assert "Rémi" not in page
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "37,5;20;45" in lines[1]
    assert "Rémi" not in file.content.decode()
    assert "45,00" not in text(sophie.get("/ventes/", {"mois": "2020-01"}))
    assert sophie.get("/ventes/", {"mois": "jamais"}).status_code == 200
    assert sophie.get("/ventes/autre.csv").status_code == 404


def test_bodies_settle_what_one_sold_and_another_gave(sophie, site, elise, today):
    commune = network_sites.operator("Commune fictive")
    plan = members.plan(commune, sold_from=today, site_ids=(site.pk,))
    tariffs.voted(site.operator, starts_on=today)
    from maillage.apps.memberships import sell

    sold = sell.Sold(plan, elise, Payer(person_id=elise.pk), None, None)
    sell.subscribe(sold, starts_on=today, renews=False, at=now())
    desks = network_sites.open_space(site)
    day = today + timedelta(days=1)
    while day.weekday() > 4 or day.month != today.month:
        day += timedelta(days=1)
        if day > today + timedelta(days=5):
            pytest.skip("the month ends before an open day")
    reserve(
        [Ask(desks.pk, network_sites.slot(day))],
        Booker(elise, elise.pk, override_reason="essai"), at=now(),
    )  # fmt: skip

    page = text(sophie.get("/ventes/"))

    assert "Commune fictive" in page
    assert "8,00 €" in page


# --- plans ---------------------------------------------------------------------------------


@pytest.fixture
def officer(client, site):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, HERE))


def test_plans_are_entered_corrected_withdrawn(officer, site):
    common = {
        "operator": str(site.operator.pk), "price": "45", "includes_tax": "on", "vat_rate": "20",
        "deliberation_ref": "2026-07", "sold_from": "2026-01-01",
    }  # fmt: skip
    nomad = common | {
        "name": "Nomade", "every": "month", "notice_days": "15", "space_kinds": ["open_space"],
        "unit": "half_day", "units": "10",
    }  # fmt: skip
    tickets = common | {
        "name": "Carnet", "tickets": "10", "validity_months": "6",
        "tickets-open_space": "1", "unit-open_space": "half_day",
        "tickets-meeting_room": "1", "unit-meeting_room": "hour",
    }  # fmt: skip

    assert officer.post("/tarifs/formules/nouvelle/subscription/", nomad).status_code == 302
    assert officer.post("/tarifs/formules/nouvelle/carnet/", tickets).status_code == 302
    empty = {k: v for k, v in tickets.items() if not k.startswith("tickets-")} | {"name": "Vide"}
    refused = officer.post("/tarifs/formules/nouvelle/carnet/", empty)
    assert (refused.status_code, "ne donne droit à rien" in text(refused)) == (422, True)
    assert officer.get("/tarifs/formules/nouvelle/autre/").status_code == 404
    page = text(officer.get("/tarifs/formules/"))
    assert "10 demi-journées par mois : espace ouvert" in page
    assert "1 ticket par heure : salle de réunion" in page
    plan = Plan.objects.get(name="Nomade")
    assert officer.post(of(plan, "formula"), nomad | {"price": "50"}).status_code == 302
    officer.post(of(plan, "formula_withdraw"), {"on": "2027-12-31"})
    plan.refresh_from_db()
    assert (plan.price_cents, str(plan.sold_until)) == (5_000, "2027-12-31")


def test_the_plans_of_another_territory_do_not_exist(officer):
    body = people.organisation("CC Jumelle", territory_siren=people.TWIN[1])
    plan = members.plan(body)

    assert officer.get(of(plan, "formula")).status_code == 404
    assert "Nomade" not in text(officer.get("/tarifs/formules/"))


# --- one's own -----------------------------------------------------------------------------


def test_one_reads_what_is_left_and_stops_in_one_click(client, site, elise, today):
    plan = members.plan(site.operator, sold_from=today)
    held = members.subscription(plan, elise, today, renews=True)
    members.carnet(members.carnet_plan(site.operator, sold_from=today), elise, today)
    people.signed_in(client, elise)

    page = text(client.get("/mon-abonnement/"))
    assert "Il reste 10 demi-journées" in page
    assert "45,00 € par mois" in page
    assert "10 sur 10" in page
    client.post(of(held, "subscription_stop"))
    held.refresh_from_db()
    assert not held.renews
    client.post(of(held, "subscription_resume"))
    held.refresh_from_db()
    assert held.renews
    assert client.get(of(held, "subscription_ahead")).status_code == 200
    before = held.ends_on
    client.post(of(held, "subscription_ahead"))
    held.refresh_from_db()
    assert held.ends_on > before


def test_the_subscription_of_another_does_not_exist(client, site, elise, today):
    held = members.subscription(members.plan(site.operator, sold_from=today), elise, today)
    firm = members.firm()
    paid = members.subscription(
        members.plan(site.operator, name="B", sold_from=today), elise, today,
        payer=Payer(organisation_id=firm.pk),
    )  # fmt: skip
    people.signed_in(client, people.person("Rémi Caché"))
    assert client.post(of(held, "subscription_stop")).status_code == 404
    people.signed_in(client, elise)

    assert client.post(of(paid, "subscription_stop")).status_code == 404
    assert "payé par un organisme" in text(client.get("/mon-abonnement/"))


def test_whoever_holds_nothing_is_told_where_to_go(client):
    people.signed_in(client, people.person())

    assert "Vous n’avez ni abonnement ni carnet." in text(client.get("/mon-abonnement/"))
    assert client.get("/mon-abonnement/").status_code == 200


# --- employers -----------------------------------------------------------------------------


@pytest.fixture
def ines(client, site):
    firm = members.firm()
    post = people.position(RoleKind.EMPLOYER, ("site", str(site.pk)), organisation=firm)
    people.signed_in(client, people.role(people.person("Inès Fictive"), position=post).person)
    client.firm = firm
    return client


def test_an_employer_authorises_and_withdraws(ines, today):
    address = of(ines.firm, "employer_authorise")
    asked = {
        "name": "Yanis Fictif", "email": "yanis@exemple.fr", "starts_on": today.isoformat(),
        "half_days": "8",
    }  # fmt: skip

    assert ines.get("/employeur/").url == of(ines.firm, "employer")
    assert ines.post(address, asked).status_code == 302
    assert ines.post(address, asked).status_code == 422
    seat = EmployerSeat.objects.get()
    assert (seat.half_days_a_month, seat.person.name) == (8, "Yanis Fictif")
    ines.post(of(seat, "employer_withdraw"), {"on": today.isoformat()})
    seat.refresh_from_db()
    assert seat.ends_on == today


def test_an_employer_reads_days_and_neither_place_nor_reason(ines, site, elise, today):
    members.authorised(ines.firm, elise)
    EmployerSeat.objects.update(starts_on=today)
    tariffs.voted(site.operator, starts_on=today)
    desks = network_sites.open_space(site)
    day = today + timedelta(days=1)
    reserve(
        [Ask(desks.pk, network_sites.slot(day))],
        Booker(elise, elise.pk, payer_organisation_id=ines.firm.pk, purpose="Rendez-vous secret",
               override_reason="essai"), at=now(),
    )  # fmt: skip

    page = text(ines.get(of(ines.firm, "employer"), {"mois": f"{day:%Y-%m}"}))
    file = ines.get(of(ines.firm, "employer"), {"mois": f"{day:%Y-%m}", "format": "csv"})

    assert "1 demi-journée en" in page
    assert "Élise Fictive" in page
    assert day.isoformat() in file.content.decode()
    for said in (page, file.content.decode()):
        assert "secret" not in said
        assert site.name not in said


def test_another_employer_does_not_exist(ines, elise):
    other = members.firm("Autre employeur")
    seat = members.authorised(other, elise)

    for address in (
        of(other, "employer"), of(other, "employer_authorise"), of(seat, "employer_withdraw"),
    ):  # fmt: skip
        assert ines.get(address).status_code == 404


def test_only_employers_have_the_page(client, site):
    for kind in (RoleKind.MEMBER, RoleKind.SITE_MANAGER, RoleKind.MAYOR):
        people.signed_in(client, people.holder(kind, HERE))
        assert client.get("/employeur/").status_code == 403


# --- firms ---------------------------------------------------------------------------------


def test_the_path_of_a_firm_is_written_and_undone(sophie, site):
    firm = members.firm()
    address = of(firm, "firm_step")

    sophie.post(address, {"stage": "nomad", "starts_on": "2026-01-01", "site": str(site.pk)})
    wrong = sophie.post(
        address, {"stage": "resident", "starts_on": "2026-09-01", "outcome": "here"}
    )
    sophie.post(address, {"stage": "own_premises", "starts_on": "2026-10-01", "outcome": "here"})

    assert wrong.status_code == 422
    page = text(sophie.get(of(firm, "firm_path")))
    assert "Dans ses propres locaux" in page
    assert "Installée sur le territoire" in page
    assert "Dans ses propres locaux" in text(sophie.get("/adherents/entreprises/"))
    sophie.post(of(firm, "firm_undo"))
    assert FirmStage.objects.get().stage == "nomad"
    other = people.organisation("Jumelle", "company", territory_siren=people.TWIN[1])
    assert sophie.get(of(other, "firm_path")).status_code == 404


# --- one's data ----------------------------------------------------------------------------


def test_what_is_hers_is_taken_away_and_forgotten(site, elise):
    made = members.member(site, elise)
    members.subscription(members.plan(site.operator), elise, renews=True)
    members.carnet(members.carnet_plan(site.operator), elise)
    members.authorised(members.firm(), elise)
    Member.objects.update(category="youth", category_checked_on=members.FIRST)

    tables = export.tables_of(elise)
    erase.erase(elise, by=None, at=members.AT)

    names = ("adhesions", "abonnements", "carnets", "employeurs")
    assert [len(tables[name]) for name in names] == [1, 1, 1, 1]
    assert len(tables["achats"]) == 2
    made.refresh_from_db()
    assert (made.category, made.category_checked_on) == ("standard", None)
    assert made.ends_on is not None
    assert not Subscription.objects.get().renews
    assert EmployerSeat.objects.get().ends_on is not None
    assert Charge.objects.count() == 2


# --- cost ----------------------------------------------------------------------------------


def test_pages_cost_a_constant_number_of_queries(client, site, elise, today):
    who = people.holder(RoleKind.SITE_MANAGER, ("site", str(site.pk)))
    people.signed_in(client, who)
    plan = members.plan(site.operator, sold_from=today)
    carnet = members.carnet_plan(site.operator, sold_from=today)
    made = members.member(site, elise)

    def more(person, day=today):
        members.subscription(plan, person, day, site=site)
        members.carnet(carnet, person, day, site=site)

    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    more(elise)
    firm = members.firm()
    addresses = (
        "/adherents/", of(made), of(made, "member_sale"), "/ventes/", "/adherents/entreprises/",
        of(firm, "firm_path"),
    )  # fmt: skip
    for address in addresses:
        cost(address)
    before = [cost(address) for address in addresses]
    for n in range(3):
        other = people.person(f"Autre {n}")
        members.member(site, other)
        more(other)
        members.carnet(carnet, elise, today, site=site)
        members.firm(f"Entreprise {n}")
        members.plan(site.operator, name=f"Formule {n}", sold_from=today)

    assert [cost(address) for address in addresses] == before

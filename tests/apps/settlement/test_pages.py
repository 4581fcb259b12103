"""Pages of shares: whose they are, what they do, what they refuse, what they cost."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import billing, network_sites, people, settlement
from maillage.apps.ledger.charge import Payer
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import RoleKind
from maillage.apps.settlement import cost_share, issue_costs, quarters
from maillage.apps.settlement.models import (
    BodyAgreement,
    CopyImport,
    CostItem,
    CostKey,
    CostStatement,
    HostAgreement,
    HostPayment,
    HostStatement,
    PairSettlement,
    SiteResource,
)
from maillage.core import programme
from maillage.kit import files
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
HERE = ("territory", network_sites.territories.INVENTED)


def text(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def keeper(client, body, kind=RoleKind.PROJECT_OFFICER):
    post = people.position(kind, HERE, organisation=body)
    return people.signed_in(client, people.role(people.person(), position=post).person)


def digest(page):
    return text(page).partition('name="lu" value="')[2].partition('"')[0]


@pytest.fixture
def before():
    return programme.after(quarters.quarter_of(now().date()), -quarters.MONTHS)


@pytest.fixture
def site(db):
    return network_sites.site()


@pytest.fixture
def sophie(client, site):
    return keeper(client, site.operator)


@pytest.fixture
def shop(site):
    return settlement.shop()


@pytest.fixture
def agreement(site, shop, before):
    return settlement.host(
        site, shop, starts_on=before, minimum_cents=9_000, iban=settlement.IBAN,
        mandated_on=before,
    )  # fmt: skip


# --- shops ---------------------------------------------------------------------------------


def test_an_agreement_with_a_shop_is_noted(sophie, site, shop):
    asked = {
        "site": str(site.pk), "shop": str(shop.pk), "reference": "C-1 (fictif)",
        "starts_on": "2027-01-01", "rule": "share", "share": "30", "iban": settlement.IBAN,
    }  # fmt: skip

    wrong = sophie.post(reverse("host_new"), asked | {"share": ""})
    bad_iban = sophie.post(reverse("host_new"), asked | {"iban": "FR7630006000011234567890180"})
    made = sophie.post(reverse("host_new"), asked)
    again = sophie.post(reverse("host_new"), asked)

    assert [r.status_code for r in (wrong, bad_iban, made, again)] == [422, 422, 302, 422]
    assert "Indiquez combien" in text(wrong)
    row = HostAgreement.objects.get()
    assert (row.share_bp, row.collector, row.iban) == (3_000, site.operator, settlement.IBAN)
    assert "30 % des recettes hors taxes" in text(sophie.get("/reversements/"))


def test_a_quarter_is_read_then_issued_then_paid(sophie, agreement):
    page = text(sophie.get(reverse("host_agreement", args=(agreement.pk,))))
    assert "90,00 €" in page
    issue = reverse("host_issue", args=(agreement.pk,))
    shown = sophie.get(issue)

    stale = sophie.post(issue, {"lu": "autre"})
    made = sophie.post(issue, {"lu": digest(shown)})
    twice = sophie.post(issue, {"lu": digest(shown)})

    assert [r.status_code for r in (stale, made, twice)] == [409, 302, 409]
    statement = HostStatement.objects.get()
    paid = sophie.post(
        reverse("host_pay", args=(statement.pk,)), {"paid_on": "2027-04-05", "reference": "V1"}
    )
    again = sophie.post(reverse("host_pay", args=(statement.pk,)), {"paid_on": "2027-04-05"})
    assert [paid.status_code, again.status_code] == [302, 422]
    assert "5 avril 2027" in text(sophie.get(reverse("host_statement", args=(statement.pk,))))
    assert sophie.get(reverse("host_unpay", args=(statement.pk,))).status_code == 405
    sophie.post(reverse("host_unpay", args=(statement.pk,)))
    assert HostPayment.objects.filter(removed_at=None).count() == 0
    ends = sophie.post(reverse("host_end", args=(agreement.pk,)), {"on": "2020-01-01"})
    assert ends.status_code == 422


def test_a_private_body_has_its_file_of_transfers_a_public_one_its_list(
    client, sophie, site, agreement
):
    made = settlement.statement(agreement, now())
    of = site.operator
    address = reverse("host_transfers", args=(of.pk,))
    without = sophie.post(address)
    billing.profile(of)

    file = sophie.post(address)

    assert without.status_code == 409
    assert "Il manque l’IBAN" in text(without)
    body = file.content.decode()
    assert (made.number in body, settlement.IBAN in body, ">90.00<" in body) == (True, True, True)
    listed = sophie.get(reverse("host_order_list", args=(of.pk,))).content.decode("utf-8-sig")
    assert (made.number in listed, ";90" in listed) == (True, True)
    of.kind = "commune"
    of.save()
    refused = sophie.post(address)
    assert (refused.status_code, "état de reversement" in text(refused)) == (409, True)


def test_the_shopkeeper_reads_her_part_and_nobody_else_s(client, site, shop, agreement):
    settlement.used(people.person("Visiteuse Secrète"), site, date(2027, 3, 18))
    made = settlement.statement(agreement, now())
    other = settlement.host(network_sites.site("Ailleurs"), settlement.shop("Bar (fictif)"))
    theirs = settlement.statement(other, settlement.AFTER_MARCH)
    post = people.position(RoleKind.HOST, ("site", str(site.pk)), organisation=shop)
    hers = people.signed_in(client, people.role(people.person(), position=post).person)

    page = text(hers.get("/comptoir/part/"))

    assert (made.number in page, "À payer" in page, "Secrète" in page) == (True, True, False)
    assert theirs.number != made.number or "Bar" not in page
    file = reverse("host_statement_file", args=(made.pk, "releve.pdf"))
    assert hers.get(file).content.startswith(b"%PDF")
    for closed in (
        reverse("host_statement_file", args=(theirs.pk, "releve.pdf")),
        reverse("host_statement_file", args=(made.pk, "autre.pdf")),
        reverse("host_agreement", args=(agreement.pk,)),
    ):
        assert hers.get(closed).status_code == 404
    assert hers.get("/reversements/").status_code == 403


def test_the_invoice_of_a_shop_is_written_in_its_name_and_series(sophie, site, shop, agreement):
    billing.profile(shop, vat_status="franchise", vat_number="", invoice_prefix="EPI")
    billing.details(Payer(organisation_id=site.operator_id), shop)
    made = settlement.statement(agreement, now())
    address = reverse("host_invoice", args=(made.pk,))

    issued = sophie.post(address)
    again = sophie.post(address)

    assert (issued.status_code, again.status_code) == (302, 409), text(issued)[-900:]
    document = made.charge.invoiced.line.document
    assert (document.operator, document.payer_organisation) == (shop, site.operator)
    assert (document.gross_cents, document.number[:3]) == (9_000, "EPI")
    written = files.read(document.folder, "factur-x.xml").decode()
    assert "<ram:TypeCode>389</ram:TypeCode>" in written
    assert "Autofacturation" in written


# --- between bodies ------------------------------------------------------------------------


@pytest.fixture
def settled_pair(db):
    home, away = settlement.two_sites()
    agreement = settlement.pair(home.operator, away.operator)
    settlement.used(settlement.traveller(home, away), away, date(2027, 3, 18))
    return home, away, agreement


def month_of(agreement, name="pair_month"):
    return reverse(name, args=(agreement.first_body_id, agreement.second_body_id, "2027-03"))


def test_two_bodies_accept_the_month_one_after_the_other(client, settled_pair, monkeypatch):
    home, away, agreement = settled_pair
    monkeypatch.setattr("maillage.apps.settlement.pages.pairs.now", lambda: settlement.AFTER_MARCH)
    for body, frozen in ((home.operator, 0), (away.operator, 1)):
        who = keeper(client, body)
        page = who.get(month_of(agreement))
        assert "8,00 €" in text(page)
        said = who.post(month_of(agreement, "pair_accept"), {"lu": digest(page)})
        assert said.status_code == 302
        assert PairSettlement.objects.count() == frozen

    page = text(who.get(month_of(agreement)))

    assert "Accepté par les deux organismes" in page
    assert Charge.objects.get(origin_kind="pair_settlement").amount_cents == 800
    assert "Accepter pour" not in page


def test_a_month_is_that_of_its_two_bodies_alone(client, settled_pair):
    _home, _away, agreement = settled_pair
    other = keeper(client, settlement.body("Commune voisine (fictif)"))

    for name in ("pair_month", "pair_close"):
        assert other.get(month_of(agreement, name)).status_code == 404
    assert other.post(month_of(agreement, "pair_accept")).status_code == 404
    assert other.get(reverse("pair_end", args=(agreement.pk,))).status_code == 404
    page = text(other.get("/reversements/?mois=2027-03"))
    assert ("Pressoir" in page, "Halle" in page) == (False, False)


def test_an_agreement_is_noted_between_two_bodies_then_ended(client, settled_pair):
    home, away, agreement = settled_pair
    other = settlement.body("Autre commune (fictif)")
    network_sites.site("Autre lieu", operator=other, collector=other)
    who = keeper(client, home.operator)
    asked = {
        "one": str(home.operator_id), "other": str(other.pk), "reference": "A-1 (fictif)",
        "starts_on": "2027-01", "rule": "share", "share": "80",
    }  # fmt: skip

    made = who.post(reverse("pair_new"), asked)
    again = who.post(reverse("pair_new"), asked)
    itself = who.post(reverse("pair_new"), asked | {"other": str(home.operator_id)})
    ended = who.post(reverse("pair_end", args=(agreement.pk,)), {"on": "2027-05"})

    assert [r.status_code for r in (made, again, itself, ended)] == [302, 422, 422, 302]
    assert BodyAgreement.objects.get(pk=agreement.pk).ends_on == date(2027, 5, 1)
    page = text(who.get("/reversements/?mois=2027-03"))
    assert "80 % du tarif public" in page
    assert away.operator.name in page


# --- shared costs --------------------------------------------------------------------------


def test_a_cost_is_noted_shared_issued_and_charged(client, sophie, site):
    partner = settlement.body("Parc (fictif)", "pnr")
    cost = {
        "kind": "operation", "label": "Énergie (fictif)", "amount": "100,01",
        "first_on": "2027-03-01", "last_on": "2027-03-31", "document": "F-1",
        "payer": str(site.operator_id),
    }  # fmt: skip
    key = {
        "kind": "operation", "basis": "fixed", "starts_on": "2027-01-01",
        "voted_on": "2027-01-01", "reference": "D-1",
        f"poids-{site.operator_id}": "66,67", f"poids-{partner.pk}": "33,32",
    }  # fmt: skip
    made = sophie.post(reverse("cost_new", args=(site.pk,)), cost)
    nothing = sophie.post(reverse("cost_new", args=(site.pk,)), cost | {"amount": "0"})
    short = sophie.post(reverse("cost_key_new", args=(site.pk,)), key)
    voted = sophie.post(
        reverse("cost_key_new", args=(site.pk,)), key | {f"poids-{partner.pk}": "33,33"}
    )
    issue = reverse("cost_issue", args=(site.pk,))
    shown = sophie.get(issue)
    issued = sophie.post(issue, {"lu": digest(shown), "first": "2027-03-01", "last": "2027-03-31"})

    assert [r.status_code for r in (made, nothing, short, voted)] == [302, 422, 422, 302]
    assert "font 99,99 %" in text(short)
    assert "Parc (fictif) doit 33,33 €" in text(shown)
    assert issued.status_code == 302
    statement = CostStatement.objects.get()
    transfer = statement.transfers.get()
    charged = sophie.post(reverse("cost_charge", args=(transfer.pk,)), {"vat": ""})
    assert charged.status_code == 302
    assert Charge.objects.get().amount_cents == 3_333
    reader = keeper(client, partner)
    page = text(reader.get(reverse("cost_statement", args=(statement.pk,))))
    assert ("33,33 €" in page, "Mettre à facturer" in page) == (True, False)
    assert reader.get(reverse("cost_charge", args=(transfer.pk,))).status_code == 404
    assert reader.get(reverse("costs", args=(site.pk,))).status_code == 404
    file = reader.get(reverse("cost_statement_file", args=(statement.pk, "decompte.csv")))
    assert "Énergie" in file.content.decode("utf-8-sig")


def test_an_employer_reads_the_statements_of_its_seats(client, site):
    firm = people.organisation("Atelier (fictif)", "employer", territory_siren=site.territory_id)
    settlement.key(site, {site.operator_id: 1, firm.pk: 3}, "seats")
    settlement.cost(site, site.operator, 40_000)
    shared = cost_share.read(site, date(2027, 3, 1), date(2027, 3, 31))
    made = issue_costs.issue(site, shared, site.operator, by=None, at=settlement.AFTER_MARCH)
    post = people.position(RoleKind.EMPLOYER, HERE, organisation=firm)
    who = people.signed_in(client, people.role(people.person(), position=post).person)

    assert made.number in text(who.get(reverse("cost_statements")))
    assert "300,00 €" in text(who.get(reverse("cost_statement", args=(made.pk,))))


def test_a_cost_and_a_resource_are_taken_back(sophie, site):
    item = settlement.cost(site, site.operator)
    asked = {
        "kind": "crowdfunding", "label": "Collecte (fictif)", "amount": "2500",
        "source": "Page de la collecte (fictif)", "state": "announced", "on": "2027-03-01",
    }  # fmt: skip
    sophie.post(reverse("resource_new", args=(site.pk,)), asked)
    page = text(sophie.get(reverse("costs", args=(site.pk,))))
    assert "2 500,00 €" in page
    resource = SiteResource.objects.get()

    for address in (
        reverse("cost_remove", args=(item.pk,)), reverse("resource_remove", args=(resource.pk,)),
    ):  # fmt: skip
        assert sophie.get(address).status_code == 200
        assert sophie.post(address).status_code == 302

    page = text(sophie.get(reverse("costs", args=(site.pk,))))
    assert "Collecte (fictif)" not in page
    assert CostItem.objects.get(pk=item.pk).removed_at is not None


# --- the copier ----------------------------------------------------------------------------


def test_counters_are_previewed_imported_matched_and_undone(sophie, site):
    price = {"starts_on": "2027-01-01", "mono": "0,05", "colour": "0,20", "vat": "20"}
    sent = b"code;mois;nb;couleur\n1001;2027-03;120;8\n"

    def send(data=sent):
        file = SimpleUploadedFile("c.csv", data, content_type="text/csv")
        return sophie.post(reverse("copies_new", args=(site.pk,)), {"file": file})

    assert send().status_code == 422
    assert sophie.post(reverse("copies_price", args=(site.pk,)), price).status_code == 302
    assert send().status_code == 302
    of = CopyImport.objects.get()
    preview = sophie.get(reverse("copies_import", args=(of.pk,)))
    assert "Inconnu" in text(preview)
    done = sophie.post(reverse("copies_import", args=(of.pk,)), {"lu": digest(preview)})
    assert done.status_code == 302
    assert "Dire à qui est 1001" in text(sophie.get(reverse("copies", args=(site.pk,))))
    firm = people.organisation("Atelier (fictif)", "company", territory_siren=site.territory_id)
    match = reverse("copies_match", args=(site.pk,))
    assert sophie.post(match, {"code": "1001", "payer": "o999999"}).status_code == 422
    assert sophie.post(match, {"code": "1001", "payer": f"o{firm.pk}"}).status_code == 302
    assert sum(Charge.objects.values_list("amount_cents", flat=True)) == 760
    assert send().status_code == 422
    assert sophie.post(reverse("copies_undo", args=(of.pk,))).status_code == 302
    assert sum(Charge.objects.values_list("amount_cents", flat=True)) == 0


def test_faults_of_counters_show_and_nothing_may_be_imported(sophie, site):
    settlement.priced(site)
    file = SimpleUploadedFile("c.csv", b"code;mois;nb\n1001;2027-03;beaucoup\n")
    sent = sophie.post(reverse("copies_new", args=(site.pk,)), {"file": file})

    page = text(sophie.get(sent["Location"]))

    assert "ligne 2" in page
    assert "Importer et facturer" not in page


# --- rights and costs ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [RoleKind.MEMBER, RoleKind.HOST, RoleKind.MAYOR, RoleKind.TREASURER, RoleKind.EMPLOYER]
)
def test_nobody_else_keeps_shares(client, site, agreement, kind):
    item = settlement.cost(site, site.operator)
    who = people.signed_in(client, people.holder(kind, HERE))

    for address in (
        "/reversements/", reverse("host_agreement", args=(agreement.pk,)),
        reverse("costs", args=(site.pk,)), reverse("copies", args=(site.pk,)),
        reverse("cost_remove", args=(item.pk,)), reverse("host_orders"),
        reverse("host_order_list", args=(site.operator_id,)),
    ):  # fmt: skip
        assert who.get(address).status_code in (403, 404), address


def test_the_pages_cost_as_much_with_three_of_everything(sophie, site):
    def cost(*addresses):
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert sophie.get(address).status_code == 200
            found.append(len(seen))
        return found

    def more(n):
        place = network_sites.site(f"Commerce {n}", territory=site.territory)
        made = settlement.host(place, settlement.shop(f"Bar {n} (fictif)"))
        settlement.sold(place, 1_200)
        settlement.statement(made)
        settlement.cost(site, site.operator, 100 + n, label=f"Dépense {n}")
        other = settlement.body(f"Commune {n} (fictif)")
        away = network_sites.site(f"Halle {n}", operator=other, collector=other)
        settlement.pair(site.operator, other)
        settlement.used(
            settlement.traveller(site, away, f"Personne {n} (fictif)"), away, date(2027, 3, 18)
        )

    settlement.key(site, {site.operator_id: 10_000})
    addresses = (
        "/reversements/?mois=2027-03", reverse("costs", args=(site.pk,)), reverse("host_orders"),
    )  # fmt: skip
    more(1)
    cost(*addresses)
    first = cost(*addresses)
    more(2)
    more(3)

    assert cost(*addresses) == first
    assert CostKey.objects.count() == 1

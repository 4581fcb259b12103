"""The files of the accounts: whose they are, what they say, the same bytes each time."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import accounts, billing, network_sites, people
from maillage.apps.accounts.books import Span
from maillage.apps.accounts.export import BadSpan, NoProfile, export
from maillage.apps.journal.models import Entry
from maillage.apps.people.models import OrganisationKind, RoleKind

pytestmark = pytest.mark.django_db
AT = datetime(2027, 4, 2, 8, tzinfo=UTC)
APRIL = Span(date(2027, 4, 1), date(2027, 4, 30))
MARCH = Span(date(2027, 3, 1), date(2027, 3, 31))


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def exported(key: str = "ventes", span: Span = APRIL, body=None) -> bytes:
    return export(body or network_sites.operator(), key, span, by=None, at=AT).content


def public_body():
    """A community that invoices."""
    body = people.organisation("CC du banc (fictif)", siren="200000172")
    billing.public(body)
    return body


def test_the_journal_of_sales_has_one_line_a_document_and_rate():
    payer = billing.person_payer("Élise Garonval (fictif)")
    body = network_sites.operator()
    billing.profile(body)
    billing.charged(payer, body, cents=1_200)
    billing.charged(payer, body, cents=1_055, vat_rate_bp=550)
    document = billing.issued(body, payer, cents=2_400)

    found = rows(exported())

    assert [(one["rate_percent"], one["net_eur"], one["tax_eur"]) for one in found] == [
        ("5.5", "10.0", "0.55"),
        ("20.0", "30.0", "6.0"),
    ]
    assert {one["number"] for one in found} == {document.number}
    assert {one["payer"] for one in found} == {"Élise Garonval (fictif)"}
    assert sum(float(one["gross_eur"]) for one in found) == document.gross_cents / 100


def test_a_credit_note_counts_below_0_and_names_its_invoice():
    body = network_sites.operator()
    payer = billing.person_payer()
    billing.profile(body)
    sold = billing.charged(payer, body, cents=1_200)
    invoice = billing.issued(body, payer, cents=600)
    billing.given_back(sold)
    from maillage.apps.billing.issue import issue

    issue(body, payer, until=date(2027, 4, 3), by=None, at=AT)

    found = rows(exported())
    note = next(one for one in found if one["kind"] == "avoir")

    assert (note["net_eur"], note["tax_eur"], note["gross_eur"]) == ("-10.0", "-2.0", "-12.0")
    assert note["corrects"] == invoice.number
    assert note["reason"] != ""


def test_only_the_days_asked_are_handed_over():
    inside = billing.issued(at=datetime(2027, 4, 30, 9, tzinfo=UTC))
    outside = billing.issued(at=datetime(2027, 5, 1, 9, tzinfo=UTC))

    numbers = [one["number"] for one in rows(exported())]

    assert numbers == [inside.number]
    assert outside.number not in numbers
    assert rows(exported(span=MARCH)) == []


def test_the_same_days_give_the_same_bytes_later():
    billing.issued()
    first = exported()
    later = export(
        network_sites.operator(), "ventes", APRIL, by=None, at=datetime(2030, 1, 1, tzinfo=UTC)
    )

    assert later.content == first


def test_a_name_that_a_spreadsheet_would_run_stays_a_text():
    payer = billing.person_payer('=HYPERLINK("http://exemple.invalid";"x")')
    billing.issued(payer=payer)

    for key in ("ventes", "ventes-excel"):
        assert "=HYPERLINK" in exported(key).decode()
        assert not any(
            cell.startswith("=")
            for line in exported(key).decode("utf-8-sig").splitlines()
            for cell in next(csv.reader([line], delimiter=";" if "excel" in key else ","))
        )


def test_each_export_is_a_line_of_the_journal_with_its_fingerprint():
    billing.issued()
    who = people.person()
    made = export(network_sites.operator(), "ventes", APRIL, by=who.pk, at=AT)
    (line,) = Entry.objects.filter(act="accounts.export")

    assert line.actor_id == who.pk
    assert line.facts == {
        "file": made.name,
        "first": "2027-04-01",
        "last": "2027-04-30",
        "rows": 1,
        "sha256": hashlib.sha256(made.content).hexdigest(),
    }


def test_months_in_the_wrong_order_are_refused_and_nothing_is_written():
    billing.profile()

    with pytest.raises(BadSpan):
        exported(span=Span(APRIL.last, APRIL.first))
    assert Entry.objects.filter(act="accounts.export").count() == 0


def test_a_body_that_does_not_invoice_has_no_accounts():
    with pytest.raises(NoProfile, match="CC fictive"):
        exported(body=people.organisation())


# --- pages ---------------------------------------------------------------------------------


@pytest.fixture
def kept(client):
    """A client signed in as the keeper of the accounts of the usual body."""
    billing.profile()
    return people.signed_in(client, accounts.keeper())


def asked(**more) -> dict[str, str]:
    body = more.pop("body", None) or network_sites.operator()
    return {"organisme": str(body.pk), "du": "2027-04", "au": "2027-04"} | more


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_offers_the_files_of_her_body(kept):
    response = kept.get(reverse("accounts_exports"), asked())

    assert response.status_code == 200
    assert "Journal des ventes, Excel FR" in text(response)
    assert "avril 2027" in text(response)


def test_without_a_query_the_page_shows_the_month_before(kept):
    assert kept.get(reverse("accounts_exports")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"du": "2027-13"}, {"du": "avril"}, {"du": "2027-05"}, {"organisme": "0"},
     {"organisme": "x"}],
)  # fmt: skip
def test_what_cannot_be_understood_is_said_beside_its_field(kept, wrong):
    response = kept.get(reverse("accounts_exports"), asked(**wrong))

    assert response.status_code == 422
    assert "champ à corriger" in text(response)


def test_what_the_page_sends_for_a_file_is_understood(kept):
    billing.issued()
    sent = kept.get(reverse("accounts_exports"), asked()).context["said"]

    response = kept.post(reverse("accounts_export"), sent | {"fichier": "ventes"})

    assert sent == asked()
    assert response.status_code == 200


def test_a_file_is_handed_over_by_a_post_alone(kept):
    billing.issued()
    response = kept.post(reverse("accounts_export"), asked(fichier="ventes"))

    assert response.status_code == 200
    assert response["Content-Disposition"] == (
        'attachment; filename="ventes-20270401-20270430.csv"'
    )
    assert len(rows(response.content)) == 1
    assert kept.get(reverse("accounts_export"), asked(fichier="ventes")).status_code == 405
    assert Entry.objects.filter(act="accounts.export").count() == 1
    assert "ventes-20270401-20270430.csv" in text(kept.get(reverse("accounts_exports"), asked()))


def test_a_file_that_does_not_exist_is_not_found(kept):
    assert kept.post(reverse("accounts_export"), asked(fichier="paie")).status_code == 404


def test_the_accounts_of_another_body_are_not_hers(kept):
    other = network_sites.operator("Association voisine (fictif)")
    billing.profile(other)
    billing.issued(other)

    page = kept.get(reverse("accounts_exports"), asked(body=other))
    file = kept.post(reverse("accounts_export"), asked(body=other, fichier="ventes"))

    assert page.status_code == 422
    assert other.name not in text(page)
    assert file.status_code == 404
    assert Entry.objects.filter(act="accounts.export").count() == 0


def test_the_public_treasurer_exports_the_public_bodies_and_no_other(client):
    body = public_body()
    association = people.organisation("Association (fictif)", OrganisationKind.ASSOCIATION)
    billing.profile(association)
    people.signed_in(client, accounts.treasurer(people.SIREN))

    assert client.get(reverse("accounts_exports"), asked(body=body)).status_code == 200
    other = client.get(reverse("accounts_exports"), asked(body=association))
    assert other.status_code == 422
    assert association.name not in text(other)


def test_the_public_treasurer_lands_on_the_month_to_invoice(client):
    public_body()
    people.signed_in(client, accounts.treasurer(people.SIREN))
    landed = client.get("/bienvenue/", follow=True)

    assert landed.redirect_chain[0] == ("/facturation/", 302)
    assert landed.status_code == 200


@pytest.mark.parametrize("kind", [RoleKind.MEMBER, RoleKind.MAYOR, RoleKind.HOST])
def test_who_keeps_no_accounts_has_no_such_page(kind):
    client = people.signed_in(Client(), people.holder(kind))

    assert client.get(reverse("accounts_exports")).status_code == 403


def test_the_page_costs_the_same_however_much_was_handed_over(kept):
    def queries(count: int) -> int:
        for _ in range(count):
            export(network_sites.operator(), "ventes", APRIL, by=people.person().pk, at=AT)
        with CaptureQueriesContext(connection) as counted:
            kept.get(reverse("accounts_exports"), asked())
        return len(counted)

    kept.get(reverse("accounts_exports"), asked())
    assert queries(1) == queries(2)

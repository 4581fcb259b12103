"""The month of a body as a checklist: what is left is said, closing freezes."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import accounts, billing, collecting, network_sites, people
from maillage.apps.accounts import steps
from maillage.apps.accounts.steps import DONE, NOTHING, TO_DO, Asked
from maillage.apps.billing.closed import MonthClosed
from maillage.apps.billing.models import ClosedMonth

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
AT = datetime(2026, 5, 4, 8, tzinfo=UTC)
SERVED_ON = date(2026, 3, 17)
ISSUED_AT = datetime(2026, 4, 1, 8, tzinfo=UTC)


def states(body=None, month: date = MARCH, at: datetime = AT) -> dict[str, str]:
    found = steps.of_month(Asked(body or network_sites.operator(), month, at))
    return {one.key: one.state for one in found}


@pytest.fixture
def kept(client):
    billing.profile()
    return people.signed_in(client, accounts.keeper())


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_what_was_sold_and_not_invoiced_is_to_do_then_done():
    billing.profile()
    payer = billing.person_payer()
    billing.charged(payer, on=SERVED_ON)
    before = states()
    billing.issued(payer=payer, at=ISSUED_AT, on=SERVED_ON, until=date(2026, 4, 1))

    assert (before["to_invoice"], before["issued"]) == (TO_DO, NOTHING)
    assert (states()["to_invoice"], states()["issued"]) == (DONE, DONE)


def test_a_payer_who_lacks_something_is_an_anomaly():
    billing.profile()
    firm = people.organisation("Atelier (fictif)", "company")
    billing.charged(billing.Payer(organisation_id=firm.pk), on=SERVED_ON)

    assert (states()["to_invoice"], states()["anomalies"]) == (TO_DO, TO_DO)


def test_money_that_pays_nothing_is_to_be_seen_to():
    document = billing.issued(at=ISSUED_AT, on=SERVED_ON)
    april = date(2026, 4, 1)
    when = {"received_on": date(2026, 4, 20), "at": datetime(2026, 4, 20, 9, tzinfo=UTC)}
    collecting.receipt(document, **when)
    paid = states(month=april)["receipts"]
    collecting.receipt(document, cents=500, **when)

    assert (states()["receipts"], paid, states(month=april)["receipts"]) == (NOTHING, DONE, TO_DO)


def test_a_month_that_runs_is_not_closed_yet():
    billing.profile()

    assert states(month=date(2026, 5, 1))["closing"] == NOTHING
    assert states()["closing"] == TO_DO


def test_the_page_says_what_is_left_and_closing_says_it_first(kept):
    billing.charged(billing.person_payer(), on=SERVED_ON)
    page = kept.get(reverse("accounts_month", args=("2026-03",)))
    address = reverse("accounts_close", args=(network_sites.operator().pk, "2026-03"))
    asked = kept.get(address)

    assert "il reste 1 étape" in text(page)
    assert "Il reste à faire : Ventes à facturer" in text(asked)
    # without saying so, what is left keeps the month open
    assert kept.post(address).status_code == 409
    assert not ClosedMonth.objects.exists()
    assert kept.post(address, {"quand_meme": "oui"}).status_code == 302
    assert ClosedMonth.objects.get().month == MARCH


def test_a_closed_month_is_frozen_and_the_page_says_so(kept):
    body = network_sites.operator()
    address = reverse("accounts_close", args=(body.pk, "2026-03"))
    kept.post(address)

    assert "Mars 2026 : clôturé" in text(kept.get(reverse("accounts_month", args=("2026-03",))))
    with pytest.raises(MonthClosed, match="mars 2026"):
        billing.issued(body, at=datetime(2026, 3, 20, 9, tzinfo=UTC), on=SERVED_ON)
    assert kept.post(address).status_code == 409


def test_the_month_of_another_body_is_not_hers(kept):
    other = network_sites.operator("Association voisine (fictif)")
    billing.profile(other)
    page = reverse("accounts_month", args=("2026-03",))
    close = reverse("accounts_close", args=(other.pk, "2026-03"))

    assert kept.get(page, {"organisme": other.pk}).status_code == 404
    assert kept.get(close).status_code == 404
    assert kept.post(close).status_code == 404
    assert not ClosedMonth.objects.exists()


@pytest.mark.parametrize("wrong", ["2026-13", "mars", "2026-3", "1999-01"])
def test_what_is_not_a_month_is_not_found(kept, wrong):
    assert kept.get(reverse("accounts_month", args=(wrong,))).status_code == 404


def test_the_latest_is_the_month_that_ended(kept):
    assert kept.get(reverse("accounts_latest")).status_code == 302


def test_the_page_costs_the_same_for_one_invoice_and_for_three(kept):
    page = reverse("accounts_month", args=("2026-03",))

    def queries(count: int) -> int:
        for _ in range(count):
            billing.charged(billing.person_payer(), on=SERVED_ON)
            billing.issued(at=ISSUED_AT, on=SERVED_ON)
        with CaptureQueriesContext(connection) as counted:
            kept.get(page)
        return len(counted)

    kept.get(page)
    assert queries(1) == queries(2)

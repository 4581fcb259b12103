"""The end of a month in three clicks, then a credit note, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import billing, members, network_sites, people
from maillage.apps.billing.models import Document
from maillage.apps.people.models import RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def late_work(transactional_db):
    """The worker, when the test says so."""
    return stage.LateWork()


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Go to what bears this name by the keyboard, and press it; every act leads to a page."""
    with page.expect_navigation():
        stage.enter(page, page.get_by_role(role, name=name).first)


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    """The page's title says it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.mark.parametrize(("width", "scripts"), [("desktop", True), ("phone", False)])
def test_a_month_is_issued_in_three_clicks_then_credited(opened, late_work, width, scripts):
    site = network_sites.site()
    body = site.operator
    billing.profile(body)
    last = now().date().replace(day=1) - timedelta(days=9)
    payers = [billing.person_payer(name=f"Personne {n} (fictif)") for n in range(2)]
    for payer in payers:
        billing.charged(payer, body, on=last)
    firm = members.firm("Sans adresse (fictif)")
    billing.charged(billing.Payer(organisation_id=firm.pk), body, on=last)
    post = people.position(RoleKind.SITE_MANAGER, ("site", str(site.pk)), organisation=body)
    sophie = people.role(people.person("Sophie Tarmignat (fictif)"), position=post).person

    desk = opened(person=sophie, width=width, scripts=scripts)
    # one: the month that is over, what keeps an invoice from being issued first
    page = desk.goto("/facturation/")
    heading(page, re.compile(r"2 factures prêtes, 1 à vérifier, 24,00"))
    expect(page.get_by_role("link", name=re.compile("Compléter les coordonnées"))).to_be_visible()
    # two: the act; three: its confirmation, with the numbers
    press(page, "Émettre les 2 factures", "link")
    expect(page.get_by_text("du numéro FA-")).to_be_visible()
    press(page, "Émettre les 2 factures")
    heading(page, "en cours")
    late_work()
    page.reload()
    heading(page, "2 payeurs facturés")
    expect(page.get_by_role("button", name="Réessayer")).to_be_visible()
    assert Document.objects.count() == 2
    if scripts:
        desk.refuse_faults()

    made = Document.objects.order_by("n").first()
    page = desk.goto(f"/factures/{made.pk}/")
    heading(page, made.number)
    press(page, "Faire un avoir", "link")
    page.get_by_label("Motif").fill("Geste (fictif)")
    press(page, "Émettre l’avoir")
    heading(page, "AV-")
    if scripts:
        desk.refuse_faults()

"""Money that comes in, in a browser: a receipt, a statement, debits, a mandate of one's own."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import billing, collecting, network_sites, people
from maillage.apps.collecting import balance
from maillage.apps.collecting.models import Mandate, Receipt
from maillage.apps.ledger.charge import Payer
from maillage.apps.people.models import RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)
HERE = ("territory", network_sites.territories.INVENTED)


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Go to what bears this name by the keyboard, and press it; every act leads to a page."""
    with page.expect_navigation():
        stage.enter(page, page.get_by_role(role, name=name).first)


def told(page: Page, words: str) -> None:
    """The page says it."""
    expect(page.locator("main")).to_contain_text(words)


def keep(page: Page, name: str) -> None:
    """A picture of the page, where one is asked for."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def body():
    site = network_sites.site()
    billing.profile(site.operator)
    return site.operator


@pytest.fixture
def nora(body):
    post = people.position(RoleKind.PROJECT_OFFICER, HERE, organisation=body)
    return people.role(people.person("Nora Tarmignat (fictif)"), position=post).person


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_money_is_received_on_the_oldest_invoice_then_undone(opened, width, body, nora):
    old = now().date() - timedelta(days=70)
    document = collecting.owed(cents=4_500, issued_on=old)
    collecting.owed(cents=1_200, issued_on=now().date())

    desk = opened(person=nora, width=width)
    page = desk.goto("/encaissements/")
    told(page, "57,00")
    desk.refuse_faults()
    keep(page, f"encaissements-{width}")
    press(page, "Enregistrer un encaissement", "link")
    desk.refuse_faults()
    page.get_by_label("Montant reçu, en euros").fill("0")
    press(page, "Enregistrer")
    desk.excuse("422")
    desk.refuse_faults()
    assert not Receipt.objects.exists()
    page.get_by_label("Montant reçu, en euros").fill("45,00")
    page.get_by_label("Moyen de paiement").select_option("cheque")
    press(page, "Enregistrer")
    told(page, "reçu n° 1")
    desk.refuse_faults()
    keep(page, f"recu-{width}")
    assert balance.owed_cents([document])[document.pk] == 0
    press(page, "Annuler cet encaissement", "link")
    page.get_by_label("Pourquoi").fill("Chèque sans provision")
    press(page, "Annuler l’encaissement")
    told(page, "dû à nouveau")
    assert balance.owed_cents([document])[document.pk] == 4_500


def test_a_statement_pays_what_is_sure(opened, body, nora):
    document = collecting.owed(cents=4_500)
    desk = opened(person=nora, width="desktop")
    page = desk.goto(f"/encaissements/{body.pk}/releve/")
    data = f"Date;Libellé;Montant\n20/04/2026;VIR {document.number};45,00\n".encode()
    page.get_by_label("Fichier").set_input_files(
        {"name": "releve.csv", "mimeType": "text/csv", "buffer": data}
    )
    press(page, "Lire ce relevé")
    told(page, f"paiement de {document.number}")
    desk.refuse_faults()
    keep(page, "releve")
    press(page, "Accepter ce qui est sûr (1)")
    told(page, "Rapprochée")
    assert balance.owed_cents([document])[document.pk] == 0


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_member_signs_her_mandate_then_is_debited(opened, width, body, nora):
    elise = people.person("Élise Garonval (fictif)", "elise@exemple.invalid")
    document = collecting.owed(Payer(elise.pk), 4_500)
    own = opened(person=elise, width=width)
    page = own.goto("/mes-paiements/")
    told(page, document.number)
    own.refuse_faults()
    keep(page, f"mes-paiements-{width}")
    press(page, re.compile("Payer par prélèvement"), "link")
    own.refuse_faults()
    page.get_by_label("IBAN").fill("FR14 2004")
    page.get_by_label(re.compile("J’autorise")).check()
    press(page, "Signer le mandat")
    own.excuse("422")
    own.refuse_faults()
    page.get_by_label("IBAN").fill(collecting.IBAN)
    page.get_by_label(re.compile("J’autorise")).check()
    press(page, "Signer le mandat")
    told(page, "•••• 2606")
    assert Mandate.objects.get().signed_how == "online"

    desk = opened(person=nora, width=width)
    page = desk.goto(f"/prelevements/{body.pk}/")
    told(page, document.number)
    desk.refuse_faults()
    keep(page, f"prelevements-{width}")
    press(page, "Prévenir les payeurs")
    told(page, "Chaque payeur est prévenu")
    press(page, "Faire le fichier pour la banque", "link")
    desk.refuse_faults()
    press(page, "Faire le fichier")
    told(page, "Le fichier est prêt")
    desk.refuse_faults()
    keep(page, f"remise-{width}")

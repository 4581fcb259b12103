"""A resident signs online; her deposit, her last prorated charge, her deposit returned."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import contracts, network_sites, people
from maillage.apps.bookings.models import Block
from maillage.apps.contracts import charge_due, pass_time
from maillage.apps.contracts.models import Contract, Deposit, State
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import RoleKind
from maillage.core.contract_terms import Terms
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


def told(page: Page, words: str) -> None:
    """The page says it."""
    expect(page.locator("main")).to_contain_text(words)


def keeper(site):
    """Who keeps the contracts of a site's operator."""
    scope = ("site", str(site.pk))
    post = people.position(RoleKind.SITE_MANAGER, scope, organisation=site.operator)
    return people.role(people.person("Sophie Tarmignat (fictif)"), position=post).person


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_desk_from_signature_to_the_return_of_its_deposit(opened, late_work, width):
    site = network_sites.site()
    seat = contracts.with_seat(site)
    maud = people.person("Maud Ferrachat (fictif)", "maud@exemple.invalid")
    at = now()
    terms = Terms(at.date() - timedelta(days=40), 12, 12, 1, ends_anytime=True)
    made = contracts.drafted(site, maud, terms=terms, seat_ids=[seat.pk], at=at)

    # the manager sends it
    desk = opened(person=keeper(site), width=width)
    page = desk.goto(f"/contrats/{made.pk}/")
    told(page, "Maud Ferrachat (fictif)")
    desk.refuse_faults()
    press(page, "Envoyer à la signature", "link")
    desk.refuse_faults()
    press(page, "Envoyer à la signature")
    told(page, "Le contrat est parti à maud@exemple.invalid")
    (mail,) = late_work()
    link = re.search(r"/signer/[\w-]+/", mail.body)[0]

    # she opens her mail, asks for a code, signs
    hers = opened(width=width)
    form = hers.goto(link)
    expect(form.get_by_role("heading", level=1)).to_contain_text("Contrat de résident")
    hers.refuse_faults()
    press(form, "Recevoir un code par courriel")
    (mail,) = late_work()
    form.get_by_label("Votre nom").fill("Maud Ferrachat (fictif)")
    form.get_by_label("Code reçu par courriel").fill("abcdef")
    form.get_by_label("J’ai lu ce contrat").check()
    press(form, "Signer le contrat")
    expect(form.get_by_text("Ce code ne convient pas")).to_be_visible()
    hers.refuse_faults()
    hers.excuse("422")
    form.get_by_label("Code reçu par courriel").fill(re.search(r"\b\d{6}\b", mail.body)[0])
    press(form, "Signer le contrat")
    expect(form.get_by_role("heading", name="Merci")).to_be_visible()
    hers.refuse_faults()
    hers.goto(f"{link}refuser/")
    expect(form.get_by_text("Ce lien ne sert plus")).to_be_visible()
    hers.excuse("404")

    # the operator signs, the deposit comes in
    page = desk.goto(f"/contrats/{made.pk}/signer/")
    page.get_by_label("J’ai lu ce contrat").check()
    desk.refuse_faults()
    press(page, "Signer le contrat")
    told(page, "C’est signé. Merci.")
    late_work()
    press(page, "Noter le dépôt reçu", "link")
    desk.refuse_faults()
    press(page, "Noter le dépôt reçu")
    told(page, "120,00 € détenus")
    charge_due.charge_all(now().date(), at=now())

    # it ends today, by agreement: the last month is cut
    charged = sum(Charge.objects.values_list("amount_cents", flat=True))
    page = desk.goto(f"/contrats/{made.pk}/fin/")
    page.get_by_label("Dernier jour").fill((now().date() - timedelta(days=1)).isoformat())
    page.get_by_label("Les deux parties sont d’accord").check()
    desk.refuse_faults()
    press(page, "Noter la fin")
    told(page, "La fin est notée.")
    pass_time.end_due(at=now())
    row = Contract.objects.get()
    days = (row.ends_on - row.starts_on).days
    assert (row.state, days) == (State.ENDED, 40)
    assert sum(Charge.objects.values_list("amount_cents", flat=True)) <= charged
    assert Block.objects.get(seat=seat).ended_at is not None

    # the deposit is returned
    page = desk.goto("/contrats/")
    desk.refuse_faults()
    press(page, "1 dépôt à rendre", "link")
    press(page, row.reference, "link")
    desk.refuse_faults()
    press(page, "Rendre le dépôt", "link")
    press(page, "Noter le dépôt rendu")
    told(page, "Dépôt de garantie : Réglé")
    desk.refuse_faults()
    assert Deposit.objects.get().held_cents() == 0


def test_she_refuses_and_her_link_serves_no_more(opened):
    site = network_sites.site()
    sent = contracts.sent(contracts.drafted(site, at=now()), now())
    secret = contracts.link(sent)
    watched = opened(width="phone")
    page = watched.goto(f"/signer/{secret}/")

    press(page, "Refuser de signer", "link")
    watched.refuse_faults()
    page.get_by_label("Pourquoi").fill("Trop cher (fictif)")
    press(page, "Refuser ce contrat")

    told(page, "Votre refus est noté.")
    watched.refuse_faults()
    sent.refresh_from_db()
    assert (sent.state, sent.end_reason) == (State.REFUSED, "Trop cher (fictif)")

"""From an invitation to the first page of one's work, second factor included."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from browser import stage
from browser.conftest import Watched
from factories import people
from maillage.apps.people.models import Person, RoleKind

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD_S = 30


@pytest.fixture(autouse=True)
def _clocks_may_differ(settings):
    """A code stays good while a slow machine types it."""
    settings.MFA_TOTP_TOLERANCE = 2


def code(secret: str, *, later: int = 0) -> str:
    """What the application of codes shows, now or some periods later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_S + later))


def invited(opened, premier, late_work) -> str:
    """The administrator invites; the path that the mail says."""
    people.position(organisation=premier.organisation, title="Suite du projet")
    administrator = people.holder(RoleKind.ADMINISTRATOR, people.PLATFORM)
    watched = opened(person=administrator)
    page = watched.goto("/personnes/")
    page.get_by_role("link", name="Inviter une personne").click()
    page.get_by_label("Poste").select_option(label="Suite du projet, CC Premier")
    page.get_by_label("Son adresse électronique").fill("nina@exemple.fr")
    page.get_by_label("Son nom").fill("Nina Fictive")
    late_work()
    page.get_by_role("button", name="Envoyer l’invitation").click()

    expect(page.get_by_role("status").first).to_contain_text("L’invitation part à nina@exemple.fr.")
    watched.refuse_faults()
    [message] = late_work()
    assert message.to == ["nina@exemple.fr"]
    return re.search(r"/invitations/[^/\s]+/", message.body).group()


def set_up(watched: Watched) -> str:
    """Add an application of codes by the keyboard alone; its secret."""
    page = watched.page
    stage.enter(page, page.get_by_role("link", name="Ajouter une application de codes"))
    page.wait_for_url("**/application/")
    watched.refuse_faults()
    secret = page.locator("ol code").inner_text()
    stage.type_in(page, page.get_by_label("Code à 6 chiffres"), code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gardez ces codes de secours")
    watched.refuse_faults()
    return secret


def signed_out(page: Page) -> None:
    """Leave by the account's menu."""
    menu = ".menu-phone" if page.locator(".menu-phone").is_visible() else ".account"
    page.locator(f"{menu} summary").press("Enter")
    page.locator(menu).get_by_role("button", name="Se déconnecter").press("Enter")
    page.wait_for_url(re.compile(r"//[^/]+/$"))


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_an_invitation_leads_to_an_account_with_a_second_factor(opened, premier, late_work, width):
    path = invited(opened, premier, late_work)
    watched = opened(width=width)
    page = watched.goto(path)

    expect(page.get_by_role("heading", level=1)).to_contain_text("vous confie un poste")
    watched.refuse_faults()
    stage.type_in(page, page.get_by_label("Mot de passe"), people.PASSWORD)
    stage.enter(page, page.get_by_role("button", name="Accepter le poste"))
    page.wait_for_url("**/compte/securite/")
    watched.refuse_faults()
    secret = set_up(watched)
    stage.enter(page, page.get_by_role("link", name="Les codes sont rangés, continuer"))
    page.wait_for_url("**/etudes/")
    assert Person.objects.get(email="nina@exemple.fr").name == "Nina Fictive"

    signed_out(page)
    watched.goto("/connexion/")
    stage.type_in(page, page.locator("#id_email"), "nina@exemple.fr")
    stage.type_in(page, page.get_by_label("Mot de passe"), people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/connexion/code/")
    watched.refuse_faults()
    stage.type_in(page, page.get_by_label("Code à 6 chiffres"), code(secret, later=1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/etudes/")


def test_a_password_without_the_second_factor_opens_nothing(opened, premier):
    who = people.with_second_factor(people.person(email="n@exemple.fr", password=people.PASSWORD))
    people.role(who)
    watched = opened()
    page = watched.goto("/connexion/")
    page.locator("#id_email").fill("n@exemple.fr")
    page.get_by_label("Mot de passe").fill(people.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/connexion/code/")
    page.get_by_label("Code à 6 chiffres").fill("000000")
    page.keyboard.press("Enter")

    expect(page.locator(".error-summary")).to_be_focused()
    watched.refuse_faults()
    watched.goto("/etudes/")
    page.wait_for_url("**/connexion/**")
    watched.excuse("422", "400")


def test_an_invitation_serves_once(opened, premier, late_work):
    path = invited(opened, premier, late_work)
    page = opened().goto(path)
    page.get_by_role("button", name="Accepter le poste").click()
    page.wait_for_url("**/compte/securite/")

    watched = opened()
    answer = watched.page.goto(watched.origin + path)

    assert answer is not None
    assert answer.status == 409
    watched.excuse("409")

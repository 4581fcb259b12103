"""A passkey of the browser's own: added, asked for at sign-in and before an act, then removed."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_the_live_server(settings, live_server):
    """A key belongs to a name; and this server, unlike a real one, has no certificate."""
    settings.BASE_URL = live_server.url
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True


def with_a_key(page: Page) -> None:
    """Give the browser an authenticator that says yes."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in(page: Page) -> None:
    """Address and password."""
    stage.type_in(page, page.locator("#id_email"), "nina@exemple.fr")
    stage.type_in(page, page.get_by_label("Mot de passe"), people.PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_the_second_factor_from_its_first_day_to_its_last(opened, premier):
    people.role(people.person(email="nina@exemple.fr", password=people.PASSWORD))
    watched = opened()
    page = watched.goto("/connexion/")
    with_a_key(page)
    sign_in(page)
    page.wait_for_url("**/compte/securite/")

    stage.enter(page, page.get_by_role("link", name="Ajouter une clé d’accès"))
    stage.type_in(page, page.get_by_label("Nom de la clé"), "Ordinateur de la mairie")
    stage.enter(page, page.get_by_role("button", name="Ajouter cette clé"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Gardez ces codes de secours")
    watched.goto("/compte/securite/")
    stage.enter(page, page.get_by_role("link", name="Renommer Ordinateur de la mairie"))
    expect(heading).to_have_text("Renommer la clé d’accès")
    watched.refuse_faults()
    stage.type_in(page, page.get_by_label("Nom de la clé"), "Clé du bureau")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Retirer Clé du bureau")).to_be_visible()

    page.context.clear_cookies()
    watched.goto("/connexion/")
    sign_in(page)
    page.wait_for_url("**/connexion/code/")
    stage.enter(page, page.get_by_role("button", name="Utiliser une clé d’accès"))
    page.wait_for_url("**/etudes/")

    watched.goto("/compte/securite/confirmer/?next=/compte/securite/")
    expect(heading).to_have_text("Confirmer que c’est vous")
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="Utiliser une clé d’accès"))
    page.wait_for_url(re.compile(r"/compte/securite/$"))

    stage.enter(page, page.get_by_role("link", name="Retirer Clé du bureau"))
    expect(heading).to_have_text("Retirer la clé d’accès")
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="Retirer la clé"))
    expect(heading).to_have_text("Ajoutez un second moyen de vous connecter")

"""Sign-in by an organisation's provider: an identity, never a role, never a take-over."""

import hashlib
import json
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from factories.people import PASSWORD, holder, organisation, person, signed_in, with_second_factor
from maillage.apps.people.models import Person, Role, RoleKind
from maillage.apps.people.provider import ProviderDoor

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"
CLAIMS = {
    "email": "Agent@Mairie.exemple",
    "email_verified": True,
    "given_name": "Inès",
    "usual_name": "Fictive",
    "siret": SIRET,
    "uid": "42",
}
UNVERIFIED = {**CLAIMS, "email": "doute@mairie.exemple", "email_verified": False}
SILENT = {k: v for k, v in CLAIMS.items() if k != "email_verified"}


@pytest.fixture(scope="module")
def server():
    users = [User(sub="ines", claims=CLAIMS), User(sub="doute", claims=UNVERIFIED)]
    users += [User(sub="silent", claims=SILENT)]
    with run_server_in_thread(user_claims=users, require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server, settings):
    app = {
        "provider_id": settings.OIDC_PROVIDER,
        "name": "ProConnect",
        "client_id": "maillage",
        "secret": "x",
        "settings": {"server_url": server, "scope": ["openid", "email", "profile"]},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    return server


def go(client: Client) -> str:
    """The provider's address that the button leads to."""
    return client.post("/connexion/agents/").headers["Location"]


def answer(address: str, **form: str) -> str:
    """What the provider sends the browser back to, once the person has answered."""
    sent = requests.post(address, data=form, allow_redirects=False, timeout=5)
    back = urlsplit(sent.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(client: Client, sub: str):
    return client.get(answer(go(client), sub=sub))


def test_an_agent_gets_an_account_without_any_role(client, provider, journal):
    response = sign_in(client, "ines")

    made = Person.objects.get()
    assert response.headers["Location"] == "/bienvenue/"
    assert (made.email, made.name) == ("agent@mairie.exemple", "Inès Fictive")
    assert made.declared_siret == SIRET
    assert not made.has_usable_password()
    assert not Role.objects.exists()
    assert not EmailAddress.objects.exists()
    assert journal() == ["account.open_by_provider"]


def test_the_siret_names_the_organisation_and_gives_nothing(client, provider):
    organisation("Mairie fictive", siren=SIRET[:9], siret=SIRET)
    sign_in(client, "ines")

    page = client.get("/compte/").content.decode()

    assert "Mairie fictive" in page
    assert "Il ne donne aucun rôle." in page
    assert client.get("/personnes/").status_code == 403


def test_the_same_identity_finds_its_account_again_even_with_another_address(client, provider):
    sign_in(client, "ines")
    Person.objects.update(email="changee@exemple.fr")

    sign_in(Client(), "ines")

    assert Person.objects.get().email == "changee@exemple.fr"


@pytest.mark.parametrize("sub", ["doute", "silent"])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(client, provider, sub):
    response = sign_in(client, sub)

    assert response.status_code == 403
    assert "n&#x27;a pas vérifié votre adresse" in response.content.decode()
    assert not Person.objects.exists()


def test_an_existing_account_is_not_taken_over(client, provider):
    known = person(email="agent@mairie.exemple", password=PASSWORD)

    response = sign_in(client, "ines")

    assert response.status_code == 409
    assert "Un compte existe déjà à cette adresse" in response.content.decode()
    assert not SocialAccount.objects.exists()
    assert client.get("/compte/").status_code == 302
    assert Person.objects.get() == known


def test_its_holder_links_it_from_within_then_signs_in_with_it(client, provider):
    known = holder(RoleKind.MEMBER, email="agent@mairie.exemple")
    signed_in(client, known)

    sign_in(client, "ines")
    again = Client()
    linked = SocialAccount.objects.get()

    assert linked.user == known
    known.authenticator_set.all().delete()
    sign_in(again, "ines")
    assert again.get("/compte/").status_code == 200


def test_linking_asks_again_after_a_quarter_of_an_hour(client, provider):
    signed_in(client, person(), confirmed_s_ago=3_600)

    assert go(client).startswith("/compte/securite/confirmer/")


def test_the_second_factor_is_asked_after_the_provider(client, provider):
    sign_in(Client(), "ines")
    with_second_factor(Person.objects.get())

    response = sign_in(client, "ines")

    assert response.headers["Location"] == "/connexion/code/"
    assert client.get("/compte/").status_code == 302


def test_a_closed_account_stays_closed(client, provider):
    sign_in(Client(), "ines")
    Person.objects.update(is_active=False)

    response = sign_in(client, "ines")

    assert response.status_code == 403
    assert client.get("/compte/").status_code == 302


def test_an_identity_taken_off_opens_nothing(client, provider):
    sign_in(client, "ines")
    pk = SocialAccount.objects.get().pk

    client.post(f"/compte/securite/identite/{pk}/retirer/")

    assert not SocialAccount.objects.exists()
    assert sign_in(Client(), "ines").status_code == 409


def test_a_person_who_refuses_at_the_provider_s_is_told_so(client, provider):
    response = client.get(answer(go(client), action="deny"), follow=True)

    assert "Vous avez renoncé à vous identifier" in response.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("state", ["", "&state=forged"])
def test_an_answer_to_no_question_is_refused(client, provider, state):
    go(client)

    response = client.get(f"/connexion/agents/retour/?code=x{state}")

    assert response.status_code == 401
    assert not Person.objects.exists()


def test_an_answer_to_another_browser_s_question_is_refused(client, provider):
    back = answer(go(Client()), sub="ines")

    assert client.get(back).status_code == 401
    assert not Person.objects.exists()


def test_an_answer_serves_once(client, provider):
    back = answer(go(client), sub="ines")
    client.get(back)

    assert Client().get(back).status_code == 401


def test_an_answer_with_another_nonce_is_refused(client, provider):
    back = answer(go(client), sub="ines")
    session = client.session
    session["provider_nonce"] = "another"
    session.save()

    assert client.get(back).status_code == 401
    assert not Person.objects.exists()


def test_the_question_carries_a_challenge_a_state_and_a_nonce(client, provider):
    asked = parse_qs(urlsplit(go(client)).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43
    assert asked["state"]
    assert asked["redirect_uri"] == ["http://testserver/connexion/agents/retour/"]


def test_parameters_of_the_address_do_not_reach_the_provider(client, provider):
    sent = client.post("/connexion/agents/?scope=admin&auth_params=acr_values%3Dx")

    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert "admin" not in asked["scope"][0]
    assert "acr_values" not in asked


def test_a_visit_starts_nothing(client, provider):
    assert client.get("/connexion/agents/").status_code == 405


def test_without_a_provider_its_addresses_do_not_exist(client):
    assert client.post("/connexion/agents/").status_code == 404
    assert client.get("/connexion/agents/retour/?code=x&state=y").status_code == 404
    assert "S’identifier avec" not in client.get("/connexion/").content.decode()


def test_the_button_is_there_when_there_is_a_provider(client, provider):
    assert "S’identifier avec ProConnect" in client.get("/connexion/").content.decode()


# --- the signed answer of ProConnect -----------------------------------------------------------


class Answered:
    """An answer of the provider's userinfo door."""

    def __init__(self, text: str = "", body: object = None) -> None:
        self.text, self.body = text, body
        self.headers = {"Content-Type": "application/jwt; charset=utf-8"}

    def raise_for_status(self) -> None:
        """Always well."""

    def json(self) -> object:
        """The body of the keys' door."""
        return self.body


def signed_by(key, claims: dict) -> str:
    words = {"iss": "https://issuer", "aud": "maillage", "exp": time.time() + 60, **claims}
    return jwt.encode(words, key, algorithm="RS256", headers={"kid": "1"})


def door(monkeypatch, rf, text: str, key) -> ProviderDoor:
    from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    keys = {"keys": [{**public, "kid": "1", "alg": "RS256"}]}

    class Session:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def get(self, address, **_):
            return Answered(body=keys) if address.endswith("/jwks") else Answered(text)

    monkeypatch.setattr(DefaultSocialAccountAdapter, "get_requests_session", lambda _: Session())
    made = ProviderDoor(rf.get("/"), "agents")
    made._openid_config = {
        "issuer": "https://issuer",
        "jwks_uri": "https://issuer/jwks",
        "userinfo_endpoint": "https://issuer/userinfo",
    }
    app = type("App", (), {"client_id": "maillage"})
    monkeypatch.setattr(ProviderDoor, "get_provider", lambda _: type("P", (), {"app": app}))
    return made


def test_a_signed_userinfo_is_read(monkeypatch, rf):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    claims = door(monkeypatch, rf, signed_by(key, {"sub": "ines"}), key)._fetch_user_info("x")

    assert claims["sub"] == "ines"


@pytest.mark.parametrize("forged", [{"iss": "https://other"}, {"aud": "other"}, {"exp": 1}])
def test_a_signed_userinfo_of_another_issuer_audience_or_time_is_refused(monkeypatch, rf, forged):
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    with pytest.raises(OAuth2Error):
        door(monkeypatch, rf, signed_by(key, forged), key)._fetch_user_info("x")


def test_a_userinfo_signed_by_another_key_is_refused(monkeypatch, rf):
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    ours, theirs = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in "ab")

    with pytest.raises(OAuth2Error):
        door(monkeypatch, rf, signed_by(theirs, {}), ours)._fetch_user_info("x")


def test_an_identity_belongs_to_its_issuer(settings):
    def of(server: str) -> str:
        return f"agents-{hashlib.sha256(server.encode()).hexdigest()[:8]}"

    assert of("") == settings.OIDC_PROVIDER
    assert of("https://a") != of("https://b")

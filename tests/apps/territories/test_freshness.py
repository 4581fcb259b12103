"""Public pages made once for all strangers: nothing of one is ever given to another."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from factories import people
from factories.territories import SIREN, loaded
from maillage.apps.territories import freshness, portrait_page

pytestmark = pytest.mark.django_db
HOME = f"/territoires/{SIREN}/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')


@pytest.fixture(autouse=True)
def no_page_was_made():
    freshness.forget()


def of_stranger(address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """One line each time the portrait's page is made."""
    seen: list[str] = []
    make = portrait_page.context

    def counted(of, query):
        seen.append(of.siren)
        return make(of, query)

    monkeypatch.setattr(portrait_page, "context", counted)
    return seen


def test_a_page_is_made_once_for_two_strangers(made):
    loaded()
    first, second = (Client().get(HOME).content.decode() for _ in range(2))

    assert len(made) == 1
    assert TOKEN.sub("", first) == TOKEN.sub("", second)


def test_each_stranger_has_her_own_token_and_may_use_it():
    loaded()
    clients = [Client(enforce_csrf_checks=True) for _ in range(2)]
    tokens = [TOKEN.findall(c.get(HOME).content.decode())[0] for c in clients]

    def post(client: Client, token: str) -> int:
        return client.post(
            "/apparence/", {"theme": "dark", "next": "/", "csrfmiddlewaretoken": token}
        ).status_code

    assert [post(c, t) for c, t in zip(clients, tokens, strict=True)] == [302, 302]
    assert post(clients[1], tokens[0]) == 403


def test_what_someone_signed_in_sees_is_not_given_to_a_stranger(client):
    loaded()
    hers = people.signed_in(client, people.holder(name="Zoé Fictive")).get(HOME)
    assert "Charger de nouveau" in hers.content.decode()

    page = Client().get(HOME).content.decode()

    assert "Charger de nouveau" not in page
    assert "Zoé" not in page


def test_each_address_colour_and_version_has_its_own_page(made):
    portrait = loaded()
    dark = Client()
    dark.cookies["maillage-theme"] = "dark"
    for client, address in ((Client(), HOME), (Client(), f"{HOME}?tri=name"), (dark, HOME)):
        client.get(address)
    assert len(made) == 3

    portrait.loaded_at = portrait.loaded_at.replace(year=2030)
    portrait.save()
    Client().get(HOME)

    assert len(made) == 4


def test_a_message_that_waits_is_shown_to_its_own_person_alone():
    request = of_stranger(HOME)
    request.COOKIES["messages"] = "something"
    pages = iter(["first", "second"])

    answers = [freshness.answer(request, "v", lambda: HttpResponse(next(pages))) for _ in range(2)]

    assert [a.content for a in answers] == [b"first", b"second"]


def test_a_page_with_a_nonce_is_never_given_twice():
    request = of_stranger(HOME)
    pages = iter(['<script nonce="a"></script>', '<script nonce="b"></script>'])

    answers = [freshness.answer(request, "v", lambda: HttpResponse(next(pages))) for _ in range(2)]

    assert answers[0].content != answers[1].content


def test_only_the_latest_pages_are_kept(monkeypatch):
    monkeypatch.setattr(freshness, "KEPT", 2)
    calls: list[str] = []

    def ask(address: str) -> None:
        freshness.answer(
            of_stranger(address), "v", lambda: calls.append(address) or HttpResponse("x")
        )

    for address in ("/a", "/b", "/a", "/c", "/a", "/b"):
        ask(address)

    assert calls == ["/a", "/b", "/c", "/b"]

"""Who calls the API: strangers, tokens, those whose roles ask for more."""

from datetime import timedelta

import pytest
from django.test import Client

from factories.people import holder, person, signed_in, with_second_factor
from maillage.apps.people import api_access, api_token
from maillage.apps.people.models import RoleKind
from maillage.kit.clock import now
from maillage.kit.throttle import Limit

pytestmark = pytest.mark.django_db
LIST = "/api/v1/studies"
SCOPES = tuple(api_token.SCOPES)


def asked(secret: str = "", **headers):
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    return Client(headers=headers).get(LIST)


def made(who, *, lasts_days: int = 30, at=None):
    return api_token.create(who, "Tableur", SCOPES, lasts_days=lasts_days, at=at or now())


def test_a_stranger_reads():
    assert asked().status_code == 200


def test_a_stranger_does_not_write_and_is_told_how_to_present_oneself():
    response = Client().post("/api/v1/studies/1/runs", {}, "application/json")

    assert response.status_code == 401
    assert response.json()["code"] == "needs_token"
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer", "Bearer maillage_wrong", "Basic YTpi", "nothing"])
def test_what_is_not_a_token_opens_nothing_not_even_what_is_public(header):
    response = Client(headers={"Authorization": header}).get(LIST)

    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")


def test_a_token_that_expired_was_revoked_or_whose_person_left_opens_nothing():
    expired = made(person(), lasts_days=1, at=now() - timedelta(days=2))[1]
    revoked, revoked_secret = made(person())
    api_token.revoke(revoked, by=revoked.person, at=now())
    gone = made(person(is_active=False))[1]

    assert asked(made(person())[1]).status_code == 200
    assert [asked(s).status_code for s in (expired, revoked_secret, gone)] == [401] * 3


def test_who_acts_for_a_body_needs_a_second_factor_here_too():
    officer = holder(RoleKind.PROJECT_OFFICER)
    secret = made(officer)[1]

    before = asked(secret)
    with_second_factor(officer)

    assert (before.status_code, before.json()["code"]) == (403, "second_factor_missing")
    assert asked(secret).status_code == 200


def test_a_session_opens_nothing_here():
    client = signed_in(Client(), holder(RoleKind.PROJECT_OFFICER))

    response = client.post("/api/v1/studies/1/runs", {}, "application/json")

    assert response.status_code == 401


@pytest.fixture
def limit_of_two(monkeypatch):
    monkeypatch.setattr(api_access, "READS", Limit("api-reads", 2, timedelta(days=1)))


def test_each_token_has_its_own_limit_and_is_told_when_it_opens_again(limit_of_two):
    secret, other = made(person())[1], made(person())[1]

    statuses = [asked(secret).status_code for _ in range(3)]
    last = asked(secret)

    assert statuses == [200, 200, 429]
    assert last.json()["code"] == "too_many"
    assert int(last.headers["Retry-After"]) > 0
    assert asked(other).status_code == 200


def test_strangers_are_counted_by_address_and_a_forged_header_changes_nothing(limit_of_two):
    statuses = [asked(**{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)]

    assert statuses == [200, 200, 429]


def test_wrong_tokens_are_counted_too(limit_of_two):
    assert [asked("maillage_no").status_code for _ in range(3)] == [401, 401, 429]


def test_the_limits_are_those_promised():
    limits = (api_access.READS, api_access.WRITES)

    assert [(limit.most, limit.within) for limit in limits] == [
        (600, timedelta(minutes=1)),
        (60, timedelta(minutes=1)),
    ]

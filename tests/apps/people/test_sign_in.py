"""Ways in: no path skips the second factor, nothing tells whether an account exists."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from factories.people import (
    PASSWORD,
    holder,
    person,
    signed_in,
    with_second_factor,
)
from maillage.apps.people import sign_in_link
from maillage.apps.people.models import RoleKind, SignInLink
from maillage.apps.people.tasks import send_sign_in_link
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
PERIOD_S = 30


@pytest.fixture(autouse=True)
def _clocks_may_differ(settings):
    """A code read at the end of its half minute is still good when the test sends it."""
    settings.MFA_TOTP_TOLERANCE = 1


def code() -> str:
    """What the code generator of the factories shows now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // PERIOD_S))


def try_password(client, email, password=PASSWORD, **extra):
    return client.post("/connexion/", {"email": email, "password": password}, **extra)


def is_in(client) -> bool:
    return client.get("/compte/donnees/").status_code == 200


def waiting():
    return [job.args for job in ProcrastinateJob.objects.order_by("pk")]


def comparable(response, own: str = ""):
    """Status, headers and text, without what differs at each request and what was typed."""
    skipped = {"X-Reference", "Set-Cookie", "Content-Security-Policy"}
    headers = {k: v for k, v in response.headers.items() if k not in skipped}
    text = response.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+|nonce="[^"]+"', r"\1", text)
    return response.status_code, headers, text.replace(own, "OWN") if own else text


# --- password ------------------------------------------------------------------------------


def test_a_password_opens_the_session_of_a_member(client):
    member = holder(RoleKind.MEMBER, password=PASSWORD)

    response = try_password(client, member.email.upper())

    assert response.headers["Location"] == "/bienvenue/"
    assert is_in(client)


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ("/compte/donnees/?a=1", "/compte/donnees/?a=1"),
        ("https://ailleurs.exemple/", "/bienvenue/"),
        ("//ailleurs.exemple/", "/bienvenue/"),
        ("/\\ailleurs.exemple/", "/bienvenue/"),
        ("https:ailleurs.exemple", "/bienvenue/"),
        ("/%0d%0aLocation:x", "/%0d%0aLocation:x"),
        ("http://testserver@ailleurs.exemple/", "/bienvenue/"),
        ("compte/", "/bienvenue/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_alone(client, asked, reached):
    member = holder(RoleKind.MEMBER, password=PASSWORD)

    response = client.post(
        "/connexion/", {"email": member.email, "password": PASSWORD, "next": asked}
    )

    assert response.headers["Location"] == reached


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(client):
    person(email="known@exemple.fr", password=PASSWORD)
    person(email="plain@exemple.fr")
    names = ("known", "plain", "nobod")

    answers = [
        comparable(try_password(Client(), f"{name}@exemple.fr", "une autre phrase"), name)
        for name in names
    ]

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 422


def test_the_sixth_failure_on_an_account_waits_even_with_the_right_password(client):
    known = person(password=PASSWORD)
    for n in range(5):
        try_password(client, known.email, "une autre phrase", REMOTE_ADDR=f"192.0.2.{n}")

    response = try_password(client, known.email, REMOTE_ADDR="192.0.2.99")

    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 300
    assert "Réessayez dans" in response.content.decode()
    assert not is_in(client)


def test_an_unknown_account_is_limited_like_the_others(client):
    for n in range(5):
        try_password(client, "nobody@exemple.fr", REMOTE_ADDR=f"192.0.2.{n}")

    assert try_password(client, "nobody@exemple.fr", REMOTE_ADDR="192.0.2.9").status_code == 429


def test_right_passwords_are_no_failures(client):
    known = person(password=PASSWORD)

    answers = [try_password(Client(), known.email).status_code for _ in range(12)]

    assert answers == [302] * 12


def test_an_address_is_limited_whatever_header_it_forges():
    answers = [
        try_password(Client(), f"x{n}@exemple.fr", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
        for n in range(11)
    ]

    assert [a.status_code for a in answers] == [422] * 10 + [429]


def test_a_closed_account_opens_nothing(client):
    closed = person(password=PASSWORD, is_active=False)

    assert try_password(client, closed.email).status_code == 422


def test_the_session_key_changes_at_sign_in(client):
    member = person(password=PASSWORD)
    client.get("/connexion/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key

    try_password(client, member.email)

    assert client.session.session_key != before


# --- link ----------------------------------------------------------------------------------


def test_asking_a_link_answers_the_same_for_everyone_and_works_later(client):
    known = person()

    first = comparable(client.post("/connexion/lien/", {"email": known.email}))
    second = comparable(client.post("/connexion/lien/", {"email": "nobody@exemple.fr"}))

    assert first == second
    assert [args["email"] for args in waiting()] == [known.email, "nobody@exemple.fr"]


def test_the_worker_mails_a_link_to_known_accounts_alone(mails):
    known = person()

    assert mails(send_sign_in_link, email="nobody@exemple.fr", opens="") == []
    assert [to for to, *_ in mails(send_sign_in_link, email=known.email, opens="")] == [known.email]
    assert SignInLink.objects.count() == 1


def test_the_sixth_link_of_an_hour_is_refused(client):
    answers = [
        client.post("/connexion/lien/", {"email": "x@exemple.fr"}, REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(6)
    ]

    assert [a.status_code for a in answers] == [200] * 5 + [429]


def test_the_links_of_the_two_pages_are_counted_together(client):
    for n in range(5):
        client.post("/connexion/lien/", {"email": "x@exemple.fr"}, REMOTE_ADDR=f"192.0.2.{n}")

    response = client.post("/connexion/mot-de-passe-oublie/", {"email": "x@exemple.fr"})

    assert response.status_code == 429


def test_opening_a_link_spends_nothing_its_button_does(client):
    member = person()
    secret = sign_in_link.issue(member, at=now())

    assert client.get(f"/connexion/lien/{secret}/").status_code == 200
    assert not is_in(client)
    assert client.post(f"/connexion/lien/{secret}/").status_code == 302
    assert is_in(client)
    assert Client().post(f"/connexion/lien/{secret}/").status_code == 409


def test_a_link_lasts_ten_minutes_and_serves_once(at, journal):
    member = person()
    secret = sign_in_link.issue(member, at=at)

    with pytest.raises(sign_in_link.LinkIsOver):
        sign_in_link.use(secret, at=at + timedelta(minutes=10))
    assert sign_in_link.use(secret, at=at + timedelta(minutes=9)).person == member
    with pytest.raises(sign_in_link.LinkIsOver):
        sign_in_link.use(secret, at=at + timedelta(minutes=9))
    assert journal() == ["sign_in_link.issue", "sign_in_link.use"]


def test_unknown_spent_and_closed_links_get_the_same_answer(client):
    spent, closed = person(), person()
    secrets = [sign_in_link.issue(who, at=now()) for who in (spent, closed)]
    sign_in_link.use(secrets[0], at=now())
    closed.is_active = False
    closed.save()

    answers = [
        comparable(Client().get(f"/connexion/lien/{secret}/"), secret)
        for secret in (*secrets, "x" * 43)
    ]

    assert answers[0] == answers[1] == answers[2]


def test_a_forgotten_password_leads_by_link_to_a_new_one(client, mails):
    member = person(password=PASSWORD)
    client.post("/connexion/mot-de-passe-oublie/", {"email": member.email})
    opens = waiting()[0]["opens"]
    sign = sign_in_link.issue(member, at=now(), opens=opens)

    assert client.post(f"/connexion/lien/{sign}/").headers["Location"] == "/compte/mot-de-passe/"
    client.post("/compte/mot-de-passe/", {"password": "une phrase toute neuve"})

    member.refresh_from_db()
    assert member.check_password("une phrase toute neuve")


# --- second factor --------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["password", "link", "forgotten"])
def test_no_way_in_skips_the_second_factor(client, way):
    officer = with_second_factor(holder(password=PASSWORD))
    if way == "password":
        response = try_password(client, officer.email)
    else:
        opens = "/compte/mot-de-passe/" if way == "forgotten" else ""
        secret = sign_in_link.issue(officer, at=now(), opens=opens)
        response = client.post(f"/connexion/lien/{secret}/")

    assert response.headers["Location"] == "/connexion/code/"
    assert not is_in(client)
    assert client.get("/compte/mot-de-passe/").status_code == 302
    client.post("/connexion/code/", {"code": "000000"})
    assert not is_in(client)
    client.post("/connexion/code/", {"code": code()})
    assert is_in(client)


def test_a_code_serves_once():
    officer = with_second_factor(holder(password=PASSWORD))
    shown = code()
    first, second = Client(), Client()
    for browser in (first, second):
        try_password(browser, officer.email)
    first.post("/connexion/code/", {"code": shown})

    second.post("/connexion/code/", {"code": shown})

    assert is_in(first)
    assert not is_in(second)


def test_staff_without_a_second_factor_only_reaches_its_set_up(client):
    officer = holder(password=PASSWORD)
    try_password(client, officer.email)

    assert client.get("/personnes/").headers["Location"] == "/compte/securite/"
    assert client.get("/compte/securite/").status_code == 200
    assert client.get("/compte/securite/application/").status_code == 200


def test_a_role_given_meanwhile_asks_for_the_second_factor_at_once(client):
    from factories.people import role

    member = person(password=PASSWORD)
    try_password(client, member.email)
    assert is_in(client)

    role(member)

    assert client.get("/compte/donnees/").headers["Location"] == "/compte/securite/"


def test_a_demonstration_person_needs_none_only_while_the_database_is_a_demonstration(
    client, settings
):
    invented = holder(password=PASSWORD, is_demonstration=True)
    try_password(client, invented.email)
    assert client.get("/personnes/").status_code == 302

    settings.DEMONSTRATION = True

    assert client.get("/personnes/").status_code == 200


def test_the_many_tries_of_a_code_are_limited(client):
    officer = with_second_factor(holder(password=PASSWORD))
    try_password(client, officer.email)
    for _ in range(5):
        client.post("/connexion/code/", {"code": "000000"})

    client.post("/connexion/code/", {"code": code()})

    assert not is_in(client)


# --- sensitive acts -------------------------------------------------------------------------

SENSITIVE = [
    "/compte/adresse/",
    "/compte/mot-de-passe/",
    "/compte/donnees/emporter/",
    "/compte/donnees/effacer/",
    "/compte/jetons/nouveau/",
    "/compte/securite/application/retirer/",
    "/compte/securite/cles/ajouter/",
    "/compte/securite/codes/nouveaux/",
    "/personnes/inviter/",
    "/personnes/postes/nouveau/",
]


@pytest.mark.parametrize("path", SENSITIVE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_sensitive_act_asks_again_after_a_quarter_of_an_hour(client, path, method):
    signed_in(client, holder(), confirmed_s_ago=15 * 60 + 5)

    response = getattr(client, method)(path)

    assert response.headers["Location"].startswith("/compte/securite/confirmer/?next=")


@pytest.mark.parametrize("path", [p for p in SENSITIVE if "retirer" not in p])
def test_within_the_quarter_of_an_hour_it_does_not(client, path):
    signed_in(client, holder(), confirmed_s_ago=15 * 60 - 20)

    assert client.get(path).status_code == 200


def test_with_a_second_factor_only_that_one_confirms(client):
    officer = holder(password=PASSWORD)
    signed_in(client, officer, confirmed_s_ago=3_600)
    session = client.session
    session["account_authentication_methods"] += [{"method": "password", "at": time.time()}]
    session.save()

    assert client.get("/compte/jetons/nouveau/").status_code == 302
    asked = client.get("/compte/securite/confirmer/?next=/compte/jetons/nouveau/")
    assert asked.headers["Location"].startswith("/compte/securite/confirmer/code/")
    given = client.post(
        asked.headers["Location"], {"code": code(), "next": "/compte/jetons/nouveau/"}
    )
    assert given.headers["Location"] == "/compte/jetons/nouveau/"
    assert client.get("/compte/jetons/nouveau/").status_code == 200


def test_a_member_confirms_by_password_or_by_link(client):
    member = holder(RoleKind.MEMBER, password=PASSWORD)
    client.force_login(member)
    assert client.get("/compte/donnees/effacer/").status_code == 302

    wrong = client.post("/compte/securite/confirmer/", {"password": "une autre phrase"})
    right = client.post(
        "/compte/securite/confirmer/", {"password": PASSWORD, "next": "/compte/donnees/effacer/"}
    )

    assert wrong.status_code == 422
    assert right.headers["Location"] == "/compte/donnees/effacer/"
    assert client.get("/compte/donnees/effacer/").status_code == 200


def test_a_member_without_password_confirms_by_a_link_that_comes_back(client):
    member = holder(RoleKind.MEMBER)
    client.force_login(member)
    client.post("/compte/securite/confirmer/lien/", {"next": "/compte/donnees/effacer/"})
    opens = waiting()[0]["opens"]

    client.post(f"/connexion/lien/{sign_in_link.issue(member, at=now(), opens=opens)}/")

    assert opens == "/compte/donnees/effacer/"
    assert client.get(opens).status_code == 200


# --- sessions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "idle", "whole", "lasts"),
    [
        (RoleKind.PROJECT_OFFICER, timedelta(minutes=119), timedelta(hours=11), True),
        (RoleKind.PROJECT_OFFICER, timedelta(minutes=121), timedelta(hours=3), False),
        (RoleKind.PROJECT_OFFICER, timedelta(minutes=1), timedelta(hours=12, minutes=1), False),
        (RoleKind.MEMBER, timedelta(days=13), timedelta(days=29), True),
        (RoleKind.MEMBER, timedelta(days=15), timedelta(days=16), False),
        (RoleKind.MEMBER, timedelta(days=1), timedelta(days=31), False),
    ],
)
def test_sessions_end_sooner_for_those_who_act_for_a_body(client, kind, idle, whole, lasts):
    signed_in(client, holder(kind))
    session = client.session
    session["started_at"] = (now() - whole).isoformat()
    session["seen_at"] = (now() - idle).isoformat()
    session.save()

    assert is_in(client) is lasts


def test_an_old_cookie_opens_nothing_after_sign_out(client):
    signed_in(client, person())
    cookie = client.cookies["maillage-session"].value

    client.post("/deconnexion/")

    stolen = Client()
    stolen.cookies["maillage-session"] = cookie
    assert not is_in(stolen)


def test_leaving_by_a_link_of_elsewhere_is_not_possible(client):
    signed_in(client, person())

    assert client.get("/deconnexion/").status_code == 405
    assert is_in(client)

"""Who opens what: every route × every role × own territory or another, compared to a table.

`rights_table.csv` is meant to be read: a change of rights shows there, and must be meant.
"""

import csv
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, reverse

from factories import world
from factories.people import PLATFORM, SIREN, TERRITORY, TWIN, TWIN_SIREN, holder, signed_in
from maillage.apps.people import sessions
from maillage.apps.people.models import RoleKind
from maillage.apps.people.rights import ACTS, GRANTS, STAFF

TABLE = Path(__file__).with_name("rights_table.csv")
METHODS = ("GET", "POST")
WORDS = {403: "non", 404: "absent", 405: "-", 401: "non"}
# the act that each page of people asks for, in the scope of what it shows
ACT_OF = {
    "people": "people.read",
    "person": "people.read",
    "position": "people.read",
    "invite": "people.manage",
    "position_new": "people.manage",
    "position_give": "people.manage",
    "position_close": "people.manage",
    "role_end": "people.manage",
    "role_cancel_end": "people.manage",
    "invitation_withdraw": "people.manage",
    "dossier": "handover.read",
    "dossier_file": "handover.read",
    "organisations": "people.read",
    "organisation": "people.read",
    "organisation_new": "organisations.manage",
    "organisation_edit": "organisations.manage",
    "journal": "journal.read",
    "settings": "platform.manage",
}

TAKE_OVER = ("dossier", "POST")

pytestmark = pytest.mark.django_db


class UndoneError(Exception):
    """Thrown to leave the database as it was."""


@pytest.fixture
def sessions_are_noted_once(monkeypatch):
    """What a request notes in its session is undone with it: each would note it again."""
    monkeypatch.setattr(sessions, "NOTED_EVERY", sessions.STAFF.idle)


@pytest.fixture
def refusals_are_drawn_once(monkeypatch, caplog):
    """The page of a refusal is drawn once for each person and status: ten thousand are alike."""
    handler_of = URLResolver.resolve_error_handler
    drawn: set[tuple[int, int | None]] = set()

    def resolve_error_handler(resolver: URLResolver, status: int) -> Callable[..., HttpResponse]:
        def refused(request: HttpRequest, **told: Exception) -> HttpResponse:
            if (status, request.user.pk) in drawn:
                return HttpResponse(status=status)
            drawn.add((status, request.user.pk))
            return handler_of(resolver, status)(request, **told)

        return refused

    monkeypatch.setattr(URLResolver, "resolve_error_handler", resolve_error_handler)
    caplog.set_level(logging.ERROR, "django.request")


def word(client: Client, cookie: str, method: str, address: str) -> str:
    """What an address answers, in a word, without leaving anything behind."""
    client.cookies.clear()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    try:
        with transaction.atomic():
            response = getattr(client, method.lower())(address)
            raise UndoneError
    except UndoneError:
        pass
    if response.status_code == 302 and response.headers["Location"].startswith("/connexion/?"):
        return "connexion"
    assert response.status_code < 500 or address.startswith("/sante/"), (address, response)
    return WORDS.get(response.status_code, "oui")


def kinds() -> list[str]:
    return [str(kind) for kind in RoleKind]


def cookie_of(who) -> str:
    client = signed_in(Client(), who)
    # the hours of a session begin with its first page
    client.get("/")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def alike() -> dict[str, str]:
    """Each role, and the first one that holds the same acts: rules read acts, never roles."""
    firsts: dict[tuple[frozenset[str], bool], str] = {}
    return {k: firsts.setdefault((GRANTS[k], k in STAFF), k) for k in kinds()}


def answers(outcome) -> list[dict[str, str]]:
    """The table, as the product answers today: « own | another territory » for each role."""
    made = world.territory(SIREN, "Premier", outcome)
    world.territory(TWIN_SIREN, "Second")
    same = alike()
    near = {k: cookie_of(holder(k, _scope(k))) for k in set(same.values())}
    far = {k: cookie_of(holder(k, TWIN)) for k in near if k != RoleKind.ADMINISTRATOR}
    rows, client = [], Client()
    for pattern, route in world.routes():
        parts = made.of(route.name, pattern) if "<" in pattern else {}
        address = reverse(route.name, kwargs=parts or route.default_args)
        for method in METHODS:
            row = {"adresse": "/" + pattern, "méthode": method, "nom": route.name}
            row["visiteur"] = word(client, "", method, address)
            found = dict.fromkeys(near, row["visiteur"])
            if row["visiteur"] != "-":  # a method that a page does not answer, whoever asks
                found = {k: both(client, (near[k], far.get(k)), method, address) for k in near}
            rows.append(row | {kind: found[same[kind]] for kind in kinds()})
    return rows


def both(client: Client, cookies: tuple[str, str | None], method: str, address: str) -> str:
    near, far = cookies
    own = word(client, near, method, address)
    other = word(client, far, method, address) if far else own
    return own if own == other else f"{own} | {other}"


def _scope(kind: str) -> tuple[str, str]:
    return PLATFORM if kind == RoleKind.ADMINISTRATOR else TERRITORY


@pytest.mark.long
def test_every_route_answers_each_role_as_its_act_and_as_the_table_say(
    outcome, tmp_path, refusals_are_drawn_once, sessions_are_noted_once
):
    found = answers(outcome)
    fresh = tmp_path / TABLE.name
    with fresh.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)

    wrong = [fault for row in found for fault in against_grants(row)]
    written = {
        key_of(row): row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    }
    changed = [row for row in found if written.pop(key_of(row), {}) != row]

    assert wrong == []
    assert changed == [], f"meant? then copy {fresh} over {TABLE.name}"
    assert written == {}, f"routes that are gone: copy {fresh} over {TABLE.name}"


def key_of(row: dict[str, str]) -> tuple[str, str, str]:
    return row["adresse"], row["méthode"], row["nom"]


def against_grants(row: dict[str, str]) -> list[tuple[str, str, str]]:
    """Where a page of people opens to a role without its act, or not to one that holds it."""
    act = ACT_OF.get(row["nom"])
    # taking a dossier over is its holder's alone
    if act is None or row["administrator"] == "-" or (row["nom"], row["méthode"]) == TAKE_OVER:
        return []
    faults = [] if row["visiteur"] in {"connexion", "absent"} else [("visiteur", *row)]
    for kind in kinds():
        own, _bar, other = row[kind].partition(" | ")
        is_named = "<" in row["adresse"]
        if (own == "oui") is not (act in GRANTS[kind]):
            faults.append((row["adresse"], kind, row[kind]))
        if is_named and kind != RoleKind.ADMINISTRATOR and (other or own) != "absent":
            faults.append((row["adresse"], kind, row[kind]))
    return faults


def test_every_page_of_people_says_which_act_it_asks_for():
    named = {
        route.name
        for address, route in world.routes()
        if address.startswith(("personnes/", "organisations/", "reglages/"))
    }

    assert named == set(ACT_OF)
    assert set(ACT_OF.values()) <= set(ACTS)


def test_every_route_has_a_rule():
    assert [a for a, route in world.routes() if not hasattr(route.callback, "rule")] == []

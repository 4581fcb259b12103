"""Every page of the product, as somebody who may read it: wide, narrow, light and dark."""

from typing import Any

import pytest
from django.urls import reverse

from browser import routes, stage
from browser.conftest import WIDTHS, Watched
from factories import people, studies, territories, world
from maillage.apps.people import change_email, sign_in_link
from maillage.apps.people.models import RoleKind
from maillage.apps.studies.models import RunState
from maillage.apps.territories.models import Loading
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

THEMES = ("light", "dark")
NARROW = (320, 640)


def test_each_route_is_swept_or_said_not_to_be():
    known = {name for pages in routes.PAGES.values() for name in pages}
    known |= set(routes.SEEN_ON_THE_WAY) | routes.NOT_PAGES
    names = {route.name for address, route in world.routes() if not name_of_api(address)}

    assert names - known == set(), "say in browser/routes.py who sees it"
    assert known - names == set(), "gone"


def name_of_api(address: str) -> bool:
    """Whether an address answers programs."""
    return address.startswith("api/v1/") and address != "api/v1/"


def secrets_of(made: world.World, late_work: Any) -> dict[str, dict[str, Any]]:
    """The parts of the addresses that only a mail says."""
    change_email.ask(made.person, "autre@premier.fr", at=now())
    texts = dict.fromkeys(("invitations", "compte/adresse"), "")
    for message in late_work():
        for name in texts:
            _, found, after = message.body.partition(f"/{name}/")
            texts[name] = after.partition("/")[0] if found else texts[name]
    return {
        "invitation": {"secret": texts["invitations"]},
        "account_confirm_address": {"secret": texts["compte/adresse"]},
        "open_link": {"secret": sign_in_link.issue(made.person, at=now())},
    }


def who(persona: str, made: world.World) -> Any:
    """The account that a persona opens pages with."""
    if persona == "elected":
        return people.holder(RoleKind.ELECTED_OFFICIAL)
    if persona == "administrator":
        return people.holder(RoleKind.ADMINISTRATOR, people.PLATFORM)
    return {"officer": made.person}.get(persona)


def prepare(made: world.World) -> dict[str, dict[str, Any]]:
    """What some pages need beside the common things."""
    Loading.objects.create(territory_id=made.siren, asked_at=now())
    vacant = people.position(organisation=made.organisation, title="Poste vacant")
    return {"position_close": {"pk": vacant.pk}}


def addresses(persona: str, made: world.World, known: dict[str, dict[str, Any]]) -> list[str]:
    """Every address that the persona looks at."""
    patterns = {route.name: address for address, route in world.routes()}
    site = stage.first_site(made.study)
    found = []
    for name, queries in routes.PAGES[persona].items():
        parts = known.get(name) or (made.of(name) if "<" in patterns[name] else {})
        for query in queries:
            found.append(reverse(name, kwargs=parts) + query.format(siren=made.siren, site=site))
    return found


def look(watched: Watched, address: str) -> list[str]:
    """Everything wrong with one page, at each width and in each theme."""
    page = watched.page
    answer = page.goto(watched.origin + address)
    if answer is None or answer.status != 200:
        return [f"{address}: {answer and answer.status}"]
    if not page.url.endswith(address):
        return [f"{address} led to {page.url}"]
    stage.drawn(page)
    told = [f"{address} {fault}" for fault in faults(watched)]
    watched.complaints.clear()
    return told


def faults(watched: Watched) -> list[str]:
    """What is wrong with the page that is open."""
    page = watched.page
    told = [f"{name} names two things" for name in watched.names_given_twice()]
    for width, (across, down) in {**WIDTHS, "narrow": NARROW}.items():
        page.set_viewport_size({"width": across, "height": down})
        if beyond := watched.beyond_the_window():
            told.append(f"({width}) {beyond} px beyond the window")
        for theme in THEMES if width != "narrow" else ():
            page.emulate_media(color_scheme=theme)
            told += [f"({width}, {theme}) {fault}" for fault in watched.axe_violations()]
    return told + watched.complaints


@pytest.mark.parametrize("persona", ["visitor", "officer", "elected", "administrator"])
def test_no_page_breaks_a_rule(opened, premier, late_work, persona):
    known = secrets_of(premier, late_work) | prepare(premier)
    watched = opened(person=who(persona, premier))

    told = [
        fault for address in addresses(persona, premier, known) for fault in look(watched, address)
    ]

    assert told == []


def test_no_page_of_somebody_who_sets_her_account_up_breaks_a_rule(opened, premier):
    people.role(people.person(email="nina@exemple.fr", password=people.PASSWORD))
    watched = opened()
    page = watched.goto("/connexion/")
    page.get_by_label("Adresse électronique").first.fill("nina@exemple.fr")
    page.get_by_label("Mot de passe").fill(people.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/compte/securite/")

    told = [f for address in addresses("newcomer", premier, {}) for f in look(watched, address)]

    assert told == []


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.REFUSED, RunState.STOPPED])
def test_a_run_without_result_breaks_no_rule(opened, premier, state):
    step = {"step": "candidates"} if state == RunState.RUNNING else {}
    run = studies.run(premier.study, state, 2, refusal="Trois lieux ne suffisent pas.", **step)
    watched = opened(person=premier.person)
    study = premier.study

    assert look(watched, reverse("run", args=(study.pk, study.slug, run.number))) == []


def test_a_territory_without_tables_breaks_no_rule(opened, premier):
    bare = territories.territory()
    for person in (None, people.holder(RoleKind.ADMINISTRATOR, people.PLATFORM)):
        assert look(opened(person=person), reverse("territory", args=(bare.pk,))) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [("/inconnu/", 404), ("/reglages/", 403), ("/invitations/perdue/", 409)],
)
def test_a_refusal_breaks_no_rule(opened, premier, address, status):
    watched = opened(person=premier.person)
    answer = watched.page.goto(watched.origin + address)

    assert answer is not None
    assert answer.status == status
    watched.excuse(str(status))
    assert faults(watched) == []


def test_an_empty_platform_breaks_no_rule(opened):
    watched = opened()

    told = [f for a in ("/", "/territoires/", "/projet/", "/donnees/") for f in look(watched, a)]

    assert told == []

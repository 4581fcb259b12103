"""Every page of the product, as somebody who may read it: wide, narrow, light and dark."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from browser import routes, stage
from browser.conftest import OF_COLOURS, RULES, WIDTHS, Watched
from factories import network_sites, people, studies, tariffs, territories, world
from maillage.apps.people import change_email, sign_in_link
from maillage.apps.people.models import RoleKind
from maillage.apps.presence.draw_entrance import draw_entrance
from maillage.apps.studies.models import RunState
from maillage.apps.territories.models import Loading
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

# every rule at each width and in each theme; colours in all four
LOOKS = {
    ("desktop", "light"): RULES,
    ("desktop", "dark"): OF_COLOURS,
    ("phone", "dark"): RULES,
    ("phone", "light"): OF_COLOURS,
}
NARROW = (320, 640)
PAGES_IN_A_PART = 60


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
    if persona == "employer":
        post = people.position(RoleKind.EMPLOYER, organisation=made.sold["firm"])
        return people.role(position=post).person
    return {"officer": made.person}.get(persona)


def prepare(made: world.World) -> dict[str, dict[str, Any]]:
    """What some pages need beside the common things."""
    Loading.objects.create(territory_id=made.siren, asked_at=now())
    vacant = people.position(organisation=made.organisation, title="Poste vacant")
    room = network_sites.space(network_sites.site("Lieu réservable (fictif)", slug="reservable"))
    place = {"siren": room.site.territory_id, "slug": "reservable", "space": room.pk}
    of = {"siren": place["siren"]}
    tariffs.voted(room.site.operator, starts_on=date(2026, 1, 1))
    wall = {"secret": draw_entrance(made.day["site"], by=None, at=now())}
    return {
        "entrance": wall,
        "operator_tariffs": {"pk": room.site.operator_id},
        "position_close": {"pk": vacant.pk},
        "book_space": place,
        "series_new": place,
        "site": of | {"slug": "reservable"},
        **dict.fromkeys(("network", "embed", "embedding"), of),
    }


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
    for width, theme in LOOKS:
        beyond = beyond_the_window(watched, *WIDTHS[width])
        told += [f"({width}, {theme}) {beyond} px beyond the window"] if beyond else []
        page.emulate_media(color_scheme=theme)
        rules = LOOKS[width, theme]
        told += [f"({width}, {theme}) {fault}" for fault in watched.axe_violations(rules)]
    if beyond := beyond_the_window(watched, *NARROW):
        told.append(f"(narrow) {beyond} px beyond the window")
    return told + watched.complaints


def beyond_the_window(watched: Watched, across: int, down: int) -> int:
    """How many pixels the open page is too wide in a window of that size."""
    watched.page.set_viewport_size({"width": across, "height": down})
    return watched.beyond_the_window()


def parts(persona: str) -> list[Any]:
    """(persona, part, how many): those who read much are seen in parts, side by side."""
    count = 1 + len(routes.PAGES[persona]) // PAGES_IN_A_PART
    return [(persona, n, count) for n in range(count)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("persona", "part", "count"),
    [part for persona in routes.PAGES if persona != "newcomer" for part in parts(persona)],
)
def test_no_page_breaks_a_rule(opened, premier, late_work, persona, part, count):
    known = secrets_of(premier, late_work) | prepare(premier)
    watched = opened(person=who(persona, premier))

    mine = addresses(persona, premier, known)[part::count]
    told = [fault for address in mine for fault in look(watched, address)]

    assert mine != []
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

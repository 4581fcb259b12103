"""An officer tries a network on its page, saves it, compares it, proposes it and shares it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from browser import stage
from browser.conftest import Watched
from factories import people, world
from maillage.apps.scenarios.models import Scenario, Version
from maillage.apps.studies.models import Run, RunState
from maillage.core import scenario as computing

pytestmark = pytest.mark.django_db(transaction=True)

# the page asks where the work stands every 2 s
TITLE = "Trois bourgs et sept relais"


@pytest.fixture
def searched_at_once(monkeypatch, outcome):
    """The search answers what it found for the other tests; a network drawn is computed."""
    evaluate = computing.evaluate

    def answer(place, request, *rest):
        return outcome if request.network is None else evaluate(place, request, *rest)

    monkeypatch.setattr(computing, "evaluate", answer)


def listed(made: world.World) -> str:
    """The address of the scenarios of the study."""
    return f"/etudes/{made.study.pk}-{made.study.slug}/scenarios/"


def first(made: world.World) -> str:
    """The address of scenario A, which the search found."""
    return f"{listed(made)}1/"


def minis(page: Page) -> Locator:
    """The links of the mini-coworks in the list of sites."""
    return page.locator("#lieux tbody tr", has_text="Mini-cowork").get_by_role("link")


def choose(page: Page, n: int) -> str:
    """Choose a mini-cowork in the list; its name, which the panel bears."""
    link = minis(page).nth(n)
    name = link.inner_text()
    link.click()
    expect(page.locator("#panneau h2")).to_have_text(name)
    return name


def move(page: Page) -> str:
    """Move the chosen site to the best other place, whose name it answers."""
    other = page.locator("#panneau .ranked a").first
    to = other.inner_text()
    other.click()
    expect(page.locator("#panneau h2")).to_have_text(to)
    return to


def panel_is_read(page: Page, name: str) -> None:
    """The panel speaks of a place, and the focus is on its heading."""
    heading = page.locator("#panneau h2")
    expect(heading).to_have_text(name)
    expect(heading).to_be_focused()


def tried(page: Page) -> Locator:
    """The moves that the page says are tried."""
    return page.locator(".trying > ol > li")


def to_save(page: Page) -> None:
    """Open what saves the try."""
    stage.enter(page, page.get_by_text("Enregistrer cet essai"))


def computed(page: Page, late_work: stage.LateWork) -> Page:
    """The page once the worker did its work, without anything being asked of it."""
    expect(page.get_by_text("En attente d’un calculateur")).to_be_visible()
    late_work()
    expect(page.locator("#lieux tbody tr").first).to_be_attached()
    return stage.drawn(page)


def searched(watched: Watched, made: world.World, late_work: stage.LateWork) -> Page:
    """A new scenario, from its form to its figures, the search followed on the way."""
    page = watched.goto(listed(made))
    stage.enter(page, page.get_by_role("link", name="Nouveau scénario"))
    stage.type_in(page, page.get_by_label("Titre du scénario"), TITLE)
    watched.refuse_faults()
    stage.enter(page, page.get_by_role("button", name="Calculer"))
    page.wait_for_url("**/scenarios/2/")
    run = Run.objects.latest("pk")
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, step="candidates")
    expect(page.locator("progress")).to_have_attribute("value", re.compile("[1-9]"))
    watched.refuse_faults()
    late_work()
    expect(page.locator("#lieux tbody tr").first).to_be_attached()
    return stage.drawn(page)


def moved(watched: Watched, page: Page) -> None:
    """A site goes to the best other place, comes back, and goes there again by Back."""
    name = choose(page, 0)
    panel_is_read(page, name)
    expect(page.get_by_role("heading", name="Pourquoi ce village ?")).to_be_visible()
    expect(page.locator("#chiffres del")).to_have_count(0)
    watched.refuse_faults()

    to = move(page)
    panel_is_read(page, to)
    expect(tried(page)).to_have_text([f"{name} : déplacé à {to}"])
    expect(page.locator("#chiffres .proof")).to_contain_text("habitants contre l'optimum prouvé")
    expect(page.locator("#chiffres del").first).to_be_visible()
    watched.refuse_faults()

    page.get_by_role("link", name="Annuler le dernier").first.click()
    panel_is_read(page, "Choisissez un lieu")
    expect(tried(page)).to_have_count(0)
    expect(page.locator("#chiffres del")).to_have_count(0)

    page.go_back()
    expect(tried(page)).to_have_text([f"{name} : déplacé à {to}"])
    expect(page.locator("#panneau h2")).to_have_text(to)
    stage.drawn(page)
    expect(page.locator(f'.map-pin[aria-label*="{to}"][aria-pressed=true]')).to_be_visible()


def added(page: Page) -> None:
    """One more site by the form, then more seats in it."""
    page.get_by_role("link", name="Fermer ce lieu").click()
    panel_is_read(page, "Choisissez un lieu")
    page.get_by_label("Ou ailleurs").select_option(label="Aigueperse")
    page.get_by_role("button", name="Ajouter").click()
    panel_is_read(page, "Aigueperse")
    page.get_by_label("Places", exact=True).fill("5")
    page.get_by_role("button", name="Changer les places").click()
    expect(tried(page).last).to_have_text(re.compile("^Aigueperse : 5.places$"))
    panel_is_read(page, "Aigueperse")
    expect(tried(page)).to_have_count(3)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_network_is_searched_moved_by_hand_copied_and_compared(
    opened, premier, late_work, searched_at_once, width
):
    late_work()
    watched = opened(person=premier.person, width=width)
    page = searched(watched, premier, late_work)
    moved(watched, page)
    added(page)
    to_save(page)
    watched.refuse_faults()

    page.get_by_label("Titre du scénario").fill("Un relais à Aigueperse")
    stage.enter(page, page.get_by_role("button", name="Enregistrer comme copie"))
    page.wait_for_url("**/scenarios/3/")
    computed(page, late_work)
    expect(page.locator("#lieux tbody tr", has_text="Aigueperse")).to_contain_text("5")
    assert Scenario.objects.get(number=2).version == 1

    stage.enter(page, page.get_by_role("link", name="Comparer", exact=True))
    page.wait_for_url("**/comparer/?s=3")
    watched.refuse_faults()
    page.get_by_label(f"B. {TITLE}").check()
    stage.enter(page, page.get_by_role("button", name="Comparer"))
    page.wait_for_url("**/comparer/?s=2&s=3")
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparer 2 scénarios")
    watched.refuse_faults()
    with page.expect_download() as note:
        page.get_by_role("link", name="Note de 2 pages").click()
    assert note.value.suggested_filename.endswith("-note-BC.pdf")


def follow(page: Page, name: str, leads_to: str, role: Any = "link") -> None:
    """Press what bears this name, and wait for the page it leads to."""
    stage.enter(page, page.get_by_role(role, name=name, exact=True).first)
    page.wait_for_url(f"**{leads_to}")


def test_a_proposed_scenario_is_amended_with_a_reason_and_shared_by_a_link_that_closes(
    opened, premier, late_work
):
    late_work()
    watched = opened(person=premier.person)
    page = watched.goto(first(premier))
    follow(page, "Proposer aux élus", "/proposer/")
    watched.refuse_faults()
    follow(page, "Proposer aux élus", first(premier), "button")
    expect(page.get_by_text("est proposé aux élus.")).to_be_visible()

    choose(page, 1)
    move(page)
    expect(tried(page)).to_have_count(1)
    to_save(page)
    follow(page, "Enregistrer dans A", "/enregistrer/", "button")
    expect(page.locator("#id_reason_error")).to_contain_text("dites pourquoi vous l'amendez")
    watched.excuse("409")
    watched.refuse_faults()
    page.get_by_label("Pourquoi ce changement ?").fill("Vœu de la commission des maires")
    follow(page, "Enregistrer", first(premier), "button")
    computed(page, late_work)
    follow(page, "Versions et amendements", "/versions/")
    expect(page.locator(".versions > li").first).to_contain_text("Amendement")
    expect(page.locator(".versions > li").first).to_contain_text("Vœu de la commission")
    watched.refuse_faults()

    page.goto(f"{watched.origin}{first(premier)}")
    follow(page, "Partager en lecture", "/partager/")
    stage.type_in(page, page.get_by_label("Pour qui ?"), "Les conseillers de Lancié")
    stage.enter(page, page.get_by_role("button", name="Créer le lien"))
    link = page.locator("#lien").inner_text().removeprefix(watched.origin)
    watched.refuse_faults()
    read_by_a_stranger(opened(width="phone"), link)

    follow(page, "Le lien est copié, continuer", "/partager/")
    stage.enter(page, page.get_by_role("button", name="Fermer Les conseillers de Lancié"))
    expect(page.get_by_text("ne s’ouvre plus")).to_be_visible()
    watched.refuse_faults()
    stranger = opened()
    answer = stranger.page.goto(stranger.origin + link)
    assert answer is not None
    assert answer.status == 404
    stranger.excuse("404")


def read_by_a_stranger(watched: Watched, link: str) -> None:
    """Whoever holds the link reads the scenario, its sites and its files, and changes nothing."""
    page = watched.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Scénario Premier")
    watched.refuse_faults()
    choose(page, 0)
    expect(page.get_by_role("heading", name="Pourquoi ce village ?")).to_be_visible()
    watched.refuse_faults()
    expect(page.get_by_role("button", name="Déplacer")).to_have_count(0)
    with page.expect_download():
        page.get_by_role("link", name=re.compile("Lieux .CSV")).click()


def test_with_the_keyboard_alone_focus_is_never_lost(opened, premier):
    watched = opened(person=premier.person)
    page = stage.drawn(watched.goto(first(premier)))
    name = minis(page).first.inner_text()
    stage.enter(page, minis(page).first)
    panel_is_read(page, name)

    stage.tab_to(page, page.get_by_label("Le déplacer à"))
    page.keyboard.type("Vauxrenard")
    stage.enter(page, page.get_by_role("button", name="Déplacer"))
    panel_is_read(page, "Vauxrenard")
    expect(tried(page)).to_have_text([f"{name} : déplacé à Vauxrenard"])
    assert page.locator("#panneau h2").evaluate("of => getComputedStyle(of).outlineStyle") != "none"

    stage.type_in(page, page.get_by_label("Places", exact=True), "4")
    page.keyboard.press("Enter")
    expect(tried(page)).to_have_count(2)
    panel_is_read(page, "Vauxrenard")

    stage.enter(page, page.get_by_role("link", name="Annuler le dernier").first)
    expect(tried(page)).to_have_count(1)
    panel_is_read(page, "Choisissez un lieu")
    stage.enter(page, page.get_by_role("link", name="Annuler le dernier").first)
    expect(tried(page)).to_have_count(0)
    panel_is_read(page, "Choisissez un lieu")


def dropped(page: Page, pin: Locator, place: str) -> None:
    """Drag a marker of the live map to a place, by its name."""
    pin.scroll_into_view_if_needed()
    x, y = page.evaluate(
        """(name) => {
            const live = document.querySelector("maillage-map");
            const { lon, lat } = live.tried.places.find((one) => one.name === name);
            const { x, y } = live.map.project([lon, lat]);
            const { left, top } = live.map.getCanvas().getBoundingClientRect();
            return [left + x, top + y];
        }""",
        place,
    )
    box = pin.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x + 20, y + 20, steps=5)
    page.mouse.move(x, y, steps=5)
    page.mouse.up()


def test_a_marker_dropped_on_another_village_moves_the_site(opened, premier):
    watched = opened(person=premier.person)
    page = stage.drawn(watched.goto(first(premier)))
    name = minis(page).first.inner_text()
    pin = page.locator(".map-pin", has=page.locator(".shape-mini")).and_(
        page.locator(f'[aria-label*="{name}"]')
    )

    dropped(page, pin, "Vauxrenard")

    panel_is_read(page, "Vauxrenard")
    page.wait_for_url("**?coup=deplacer*")
    expect(pin).to_have_count(0)
    there = page.locator('.map-pin[aria-label*="Vauxrenard"]')
    expect(there).to_have_attribute("aria-pressed", "true")
    expect(page.locator("figcaption")).to_contain_text("et Vauxrenard.")
    expect(page.get_by_role("link", name="Avant")).to_have_attribute(
        "href", re.compile("coup=deplacer.*vue=avant")
    )
    watched.refuse_faults()

    page.get_by_role("link", name="Annuler le dernier").first.click()
    expect(there).to_have_count(0)
    expect(pin).to_be_visible()
    expect(page).not_to_have_url(re.compile("coup"))


def test_what_is_tried_is_drawn_where_no_live_map_can_be(opened, premier):
    watched = opened(person=premier.person)
    watched.page.route("**/fichiers/cells.geojson", lambda route: route.abort())
    page = watched.goto(first(premier))
    page.wait_for_load_state("networkidle")
    choose(page, 0)
    page.wait_for_load_state("networkidle")
    to = move(page)

    title = page.locator(".map-fallback svg > title").first
    expect(title).to_contain_text(to)
    expect(tried(page)).to_have_count(1)
    page.wait_for_load_state("networkidle")
    watched.excuse("Failed to fetch", "ERR_FAILED")


def test_of_two_editors_the_second_is_told_and_keeps_her_moves(opened, premier):
    other = people.holder(name="Nora Fictive", email="nora@exemple.fr")
    claire, nora = opened(person=premier.person), opened(person=other)
    pages = [stage.drawn(watched.goto(first(premier))) for watched in (claire, nora)]
    for n, page in enumerate(pages):
        choose(page, n)
        move(page)
        expect(tried(page)).to_have_count(1)
        to_save(page)

    hers = parse_qs(urlsplit(pages[1].url).query)["coup"]

    follow(pages[0], "Enregistrer dans A", first(premier), "button")
    follow(pages[1], "Enregistrer dans A", "/enregistrer/", "button")

    nora.excuse("409")
    expect(pages[1].locator("main")).to_contain_text("Claire Premier a enregistré la version 2")
    nora.refuse_faults()
    pages[1].get_by_label("Titre du scénario").fill("La mienne")
    follow(pages[1], "Enregistrer comme copie", "/scenarios/2/", "button")
    kept = Version.objects.get(scenario__title="La mienne")
    assert kept.moves == hers
    follow(pages[1], "Scénarios", listed(premier))
    expect(pages[1].locator("#scenarios")).to_contain_text("La mienne")


def test_a_computation_is_stopped_and_the_past_version_taken_back(opened, premier, late_work):
    late_work()
    watched = opened(person=premier.person)
    page = watched.goto(f"{first(premier)}regles/")
    stage.type_in(page, page.get_by_label("Mini-coworks, au plus"), "4")
    follow(page, "Chercher de nouveau", first(premier), "button")
    stage.enter(page, page.get_by_role("button", name="Arrêter"))

    expect(page.get_by_text("Ce calcul a été arrêté.")).to_be_visible()
    watched.refuse_faults()
    late_work()
    assert Run.objects.latest("pk").state == RunState.STOPPED
    stage.enter(page, page.get_by_role("button", name="Reprendre la version 1"))
    expect(page.get_by_text("La version 1 est reprise.")).to_be_visible()
    expect(page.locator("#lieux tbody tr").first).to_be_attached()
    assert Version.objects.count() == 3


def test_without_javascript_a_site_is_chosen_changed_and_saved(opened, premier):
    watched = opened(person=premier.person, scripts=False)
    page = watched.goto(first(premier))
    name = choose(page, 0)
    page.get_by_label("Places", exact=True).fill("4")
    page.get_by_role("button", name="Changer les places").click()
    expect(tried(page)).to_have_text([re.compile(f"^{name} : 4.places$")])
    move(page)
    expect(tried(page)).to_have_count(2)
    page.get_by_role("link", name="Annuler le dernier").first.click()
    expect(tried(page)).to_have_count(1)

    page.get_by_text("Enregistrer cet essai").click()
    page.get_by_role("button", name="Enregistrer dans A").click()

    expect(page.get_by_text("La version 2 est enregistrée.")).to_be_visible()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)


@pytest.mark.parametrize("query", ["coup=danser:ici", "coup=retirer:personne", "action=deplacer"])
def test_a_move_that_cannot_be_made_is_said_beside_the_figures(opened, premier, query):
    watched = opened(person=premier.person)
    page = watched.goto(f"{first(premier)}?{query}")

    expect(page.locator("#chiffres [role=alert]")).to_be_visible()
    watched.excuse("422")
    watched.refuse_faults()

"""The interactive map: keyboard, list, and what remains without it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.urls("browser.map_page"), pytest.mark.django_db(transaction=True)]

TEMPLATES = Path(__file__).with_name("templates")


@pytest.fixture(autouse=True)
def _own_template(settings):
    """The page of these tests is no page of the product."""
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]


def ready(page: Page) -> Page:
    """The page once its map is drawn."""
    expect(page.locator("[data-ready=true]")).to_be_attached()
    return page


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_live_map_breaks_no_rule_and_asks_nobody_else(opened, width, theme):
    watched = opened(width=width, theme=theme)
    ready(watched.goto("/carte/"))

    watched.refuse_axe_violations()
    watched.refuse_sideways_scroll()
    assert watched.page.locator(".map-pin span").all_inner_texts() == ["16", "3", "8"]
    assert watched.page.locator(".map-label:visible").all_inner_texts() == ["Nord", "Milieu", "Sud"]


def test_places_are_one_stop_of_the_tab_key_walked_from_north_to_south(opened):
    page = ready(opened().goto("/carte/"))
    north, middle, south = (page.get_by_label(f"Lieu {n}") for n in ("Nord", "Milieu", "Sud"))

    assert [pin.get_attribute("tabindex") for pin in (north, middle, south)] == ["0", "-1", "-1"]
    north.focus()
    page.keyboard.press("ArrowDown")
    expect(middle).to_be_focused()
    page.keyboard.press("End")
    expect(south).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(south).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="La liste dit la même chose")).to_be_focused()


def test_choosing_a_place_opens_it_and_marks_its_line(opened):
    page = ready(opened().goto("/carte/"))

    page.get_by_label("Lieu Milieu").press("Enter")
    page.wait_for_url("**/carte/?lieu=m")
    ready(page)

    expect(page.get_by_label("Lieu Milieu")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#lieux-m")).to_have_class("chosen")
    expect(page.locator("#lieux-n")).not_to_have_class("chosen")


def test_the_server_s_drawing_stays_when_a_layer_is_missing(opened):
    watched = opened()
    page = watched.goto("/carte/?cassee=1")
    page.wait_for_load_state("networkidle")

    expect(page.get_by_label("Le dessin")).to_be_visible()
    expect(page.locator(".map-pin")).to_have_count(0)
    # the missing layer is told on the console, on purpose
    assert any("links" in complaint for complaint in watched.complaints)
    watched.complaints.clear()


def test_without_javascript_the_drawing_and_the_list_are_the_map(opened):
    page = opened(scripts=False).goto("/carte/")

    expect(page.get_by_label("Le dessin")).to_be_visible()
    expect(page.get_by_role("link", name="Sud")).to_be_visible()

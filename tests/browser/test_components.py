"""The living page under a real browser: rules of accessibility, reflow, keyboard, no JavaScript."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.urls("maillage.web.living"), pytest.mark.django_db(transaction=True)]

PAGE = "/composants/"


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_in_every_state_breaks_no_rule(opened, width, theme):
    watched = opened(width=width, theme=theme)
    watched.goto(PAGE)

    watched.refuse_axe_violations()
    watched.refuse_sideways_scroll()


def test_a_rule_broken_on_purpose_is_seen(opened):
    watched = opened()
    watched.goto(PAGE)
    watched.page.evaluate("document.querySelector('h2').textContent = ''")

    with pytest.raises(AssertionError, match="empty-heading"):
        watched.refuse_axe_violations()


def test_nothing_scrolls_sideways_at_320_pixels_nor_with_text_twice_as_large(opened):
    watched = opened(width="phone")
    watched.page.set_viewport_size({"width": 320, "height": 640})
    watched.goto(PAGE)
    watched.refuse_sideways_scroll()

    watched.page.set_viewport_size({"width": 640, "height": 640})
    watched.page.evaluate("document.documentElement.style.fontSize = '200%'")
    watched.refuse_sideways_scroll()


def test_each_stop_of_the_tab_key_shows_where_it_is(opened):
    page = opened().goto(PAGE)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    unseen, stops = [], set()

    for _ in range(90):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const here = document.activeElement;
                const look = getComputedStyle(here);
                const width = parseFloat(look.outlineWidth);
                return [here.outerHTML.slice(0, 90), look.outlineStyle, width];
            }"""
        )
        stops.add(found[0])
        if found[0].startswith("<body"):
            break
        if found[1] == "none" or found[2] < 2:
            unseen.append(found)

    assert unseen == []
    assert len(stops) > 30


def test_the_account_menu_closes_on_escape_and_gives_focus_back(opened):
    page = opened(width="phone").goto(PAGE)
    summary = page.get_by_text("Menu", exact=True)

    summary.press("Enter")
    expect(page.locator(".menu-phone")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.locator(".menu-phone")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_the_error_summary_takes_focus_and_leads_to_the_field(opened):
    page = opened().goto(PAGE)

    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name=re.compile("entre 2 et 60")).click()

    expect(page.locator("#id_faux-seats")).to_be_focused()


def test_sorting_keeps_the_place_on_the_page_and_the_focus(opened):
    page = opened().goto(PAGE)
    page.get_by_role("link", name="Habitants").first.press("Enter")

    expect(page.locator("#lieux th[aria-sort=ascending]")).to_contain_text("Habitants")
    expect(page.locator("#lieux-tri-people")).to_be_focused()
    expect(page).to_have_url(re.compile("tri=people"))
    expect(page.locator("#lieux tbody tr").first).to_have_attribute("data-key", "Émeringes")


def test_work_under_way_ends_by_itself_on_the_page(opened):
    page = opened().goto(PAGE)
    expect(page.get_by_text("Calcul en cours : 12 sur 20.")).to_be_visible()

    expect(page.get_by_text("Calcul terminé : 20 sur 20.")).to_be_visible()


def test_a_lost_connection_is_said_with_the_hour_of_the_data(opened):
    watched = opened()
    page = watched.goto(PAGE)
    page.route("**/*", lambda route: route.abort())
    page.get_by_role("link", name="Habitants").first.click()

    expect(page.locator("#connexion-perdue")).to_contain_text(
        re.compile(r"Données de \d+ h \d\d, connexion perdue\.")
    )
    # the browser's own words about the cut that this test makes
    watched.complaints[:] = [
        c for c in watched.complaints if "ERR_FAILED" not in c and "htmx:" not in c
    ]


def test_without_javascript_tables_sort_filters_filter_and_menus_open(opened):
    page = opened(scripts=False).goto(PAGE)

    page.get_by_role("link", name="Habitants").first.click()
    expect(page.locator("#lieux tbody tr").first).to_have_attribute("data-key", "Émeringes")
    page.locator("#id_commune").select_option("69090")
    page.get_by_role("button", name="Filtrer").click()
    expect(page).to_have_url(re.compile("commune=69090"))
    page.get_by_role("link", name="Commune : Fleurie").click()
    expect(page).not_to_have_url(re.compile(r"\?.*commune"))
    page.locator("form.theme").first.scroll_into_view_if_needed()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)


def test_on_paper_there_is_no_header_and_the_date_is_told(opened):
    page = opened().goto(PAGE)
    page.emulate_media(media="print")

    expect(page.locator(".site-head")).to_be_hidden()
    expect(page.get_by_text("Imprimé le")).to_be_visible()

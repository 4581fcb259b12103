"""The keyboard alone: the way to the content, where one stands, what a fragment does to it."""

import pytest
from playwright.sync_api import Page, expect

from browser.stage import drawn

pytestmark = pytest.mark.django_db(transaction=True)

# what has focus, when it does not show it: its markup; else the letter of its kind
SEEN = """() => {
    const here = document.activeElement;
    const look = getComputedStyle(here);
    const shows = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
    const box = here.getBoundingClientRect();
    const inWindow = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return [here.tagName, shows && inWindow, here.outerHTML.slice(0, 120)];
}"""
MOST_STOPS = 400


def focused(page: Page) -> str:
    """The identifier of what has focus."""
    return page.evaluate("() => document.activeElement.id")


@pytest.mark.parametrize(
    "address", ["/", "/territoires/", "/territoires/200067817/", "/connexion/", "/projet/"]
)
def test_the_first_stop_skips_to_the_content(opened, premier, address):
    page = opened().goto(address)
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")

    assert focused(page) == "contenu"


@pytest.mark.parametrize(
    "address", ["/", "/territoires/200067817/", "/projet/etudes/{pk}-{slug}/", "/personnes/"]
)
def test_each_stop_is_seen_from_the_first_to_the_last(opened, premier, address):
    signed = premier.person if address == "/personnes/" else None
    path = address.format(pk=premier.study.pk, slug=premier.study.slug)
    page = drawn(opened(person=signed).goto(path))
    unseen, stops = [], 0

    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        tag, shows, markup = page.evaluate(SEEN)
        if tag == "BODY":
            break
        stops += 1
        if not shows:
            unseen.append(markup)

    assert unseen == []
    assert 10 < stops < MOST_STOPS


def test_searching_as_one_types_leaves_focus_in_the_field(opened, premier):
    page = opened().goto("/territoires/")
    field = page.locator("#id_q")
    field.press_sequentially("beaujolais")

    expect(page.locator("#resultats h2")).to_contain_text("1 intercommunalité trouvée")
    expect(field).to_be_focused()
    expect(field).to_have_value("beaujolais")


def test_filtering_keeps_focus_on_the_filter(opened, premier):
    page = opened(person=premier.person).goto("/personnes/")
    period = page.get_by_label("Période")
    period.focus()
    period.select_option("past")

    page.wait_for_url("**state=past**")
    expect(page.get_by_role("link", name="Tout retirer")).to_be_visible()
    expect(period).to_be_focused()


def test_a_wrong_form_gives_focus_to_its_summary_which_leads_to_the_field(opened, premier):
    watched = opened(person=premier.person)
    page = watched.goto("/personnes/inviter/")
    page.get_by_role("button", name="Envoyer l’invitation").press("Enter")

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.press("Enter")

    assert focused(page).startswith("id_")
    watched.refuse_axe_violations()
    watched.excuse("422")

"""Two communes prepare the same thing: the officer writes it down and everybody sees it."""

import re

import pytest
from playwright.sync_api import expect

from browser import stage

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/territoires/200067817/initiatives/"


def declare(page, title: str, commune: str) -> None:
    """Fill the form and send it."""
    stage.enter(page, page.get_by_role("link", name="Déclarer une initiative"))
    stage.type_in(page, page.get_by_label("Titre"), title)
    page.get_by_label("Commune", exact=True).select_option(label=commune)
    page.get_by_label("Nature").select_option("mini")
    page.get_by_label("Publique").check()
    stage.enter(page, page.get_by_role("button", name="Déclarer l’initiative"))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("link", name="Initiatives", exact=True).click()


@pytest.mark.parametrize(
    ("width", "scripts"),
    [("desktop", True), ("phone", True), ("desktop", False)],
    ids=["desktop", "phone", "plain"],
)
def test_two_projects_too_near_are_seen_then_one_is_taken_off_and_put_back(
    opened, premier, width, scripts
):
    watched = opened(width=width, scripts=scripts, person=premier.person)
    page = watched.goto(LIST)
    declare(page, "Bureau de Lancié (fictif)", "Lancié")
    declare(page, "Bureau de Fleurie (fictif)", "Fleurie")

    expect(page.get_by_role("heading", level=1)).to_contain_text("minutes")
    alert = page.locator(".alerts li").filter(has_text="Fleurie et Lancié")
    expect(alert).to_contain_text(re.compile(r"Deux projets à \d+ minutes l’un de l’autre"))
    expect(alert).to_contain_text("Réunissez les deux communes.")
    if scripts:
        watched.refuse_faults()

    stage.enter(page, page.locator("#initiatives").get_by_role("link", name=re.compile("Fleurie")))
    stage.enter(page, page.get_by_role("link", name="Retirer"))
    stage.enter(page, page.get_by_role("button", name="Retirer l’initiative"))
    expect(page.locator("#messages")).to_contain_text("est retirée")
    expect(page.locator("#initiatives")).not_to_contain_text("Bureau de Fleurie")

    stage.enter(page, page.get_by_role("button", name=re.compile("Rétablir Bureau de Fleurie")))
    expect(page.get_by_role("heading", name="Bureau de Fleurie (fictif)")).to_be_visible()
    expect(page.locator(".alerts li").first).to_contain_text("Lancié")


def test_everybody_reads_on_the_page_of_a_commune_what_it_prepares(opened, premier):
    officer = opened(person=premier.person).goto(LIST)
    declare(officer, "Bureau de Lancié (fictif)", "Lancié")

    watched = opened()
    page = watched.goto("/territoires/200067817/communes/69108/")

    expect(page.locator("#initiatives")).to_be_visible()
    expect(page.get_by_role("link", name="Bureau de Lancié (fictif)").first).to_be_visible()
    watched.refuse_faults()

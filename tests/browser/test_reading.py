"""A visitor reads a portrait and a published study, and takes their files away."""

import csv
import io
import json
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from browser import stage
from maillage.apps.studies.publish import unpublish
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

PORTRAIT = "/territoires/200067817/"
WAYS = [("desktop", True), ("phone", True), ("desktop", False)]
WAY_NAMES = ["desktop", "phone", "plain"]


def taken(page: Page, link: Locator) -> bytes:
    """The bytes of a file that a link gives."""
    with page.expect_download() as given:
        link.click()
    return Path(given.value.path()).read_bytes()


def column(table: Locator, place: int) -> list[str]:
    """What a column of a table says, line by line."""
    return [
        text.strip() for text in table.locator(f"tbody td:nth-child({place})").all_inner_texts()
    ]


def as_number(text: str) -> int:
    """A number of the page, without its spaces."""
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize(("width", "scripts"), WAYS, ids=WAY_NAMES)
def test_a_visitor_finds_a_portrait_sorts_its_table_and_takes_it_away(
    opened, premier, width, scripts
):
    watched = opened(width=width, scripts=scripts)
    page = watched.goto("/territoires/")
    page.locator("#id_q").fill("villié-morgon")
    stage.enter(page, page.get_by_role("button", name="Chercher"))
    if scripts:
        # without them the only answer opens by itself; with them, typing asks once more
        expect(page.get_by_role("heading", name="1 intercommunalité trouvée")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.get_by_role("link", name="CC Saône-Beaujolais").click()
    page.wait_for_url(f"**{PORTRAIT}")
    table = page.locator("#communes")
    before = column(table, 2)

    stage.enter(page, table.locator("#communes-tri-population"))
    expect(table.locator("th[aria-sort=ascending]")).to_contain_text("Habitants")
    after = [as_number(text) for text in column(table, 2)]
    assert after == sorted(as_number(text) for text in before)
    assert len(after) > 30
    if scripts:
        expect(page.locator("#communes-tri-population")).to_be_focused()

    data = taken(page, table.get_by_role("link", name=re.compile("Données ouvertes")))
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
    inside = [int(float(line["population"])) for line in lines if line["population"]]
    assert sorted(inside) == after
    excel = taken(page, table.get_by_role("link", name=re.compile("Excel FR")))
    assert excel.startswith("\ufeff".encode())
    assert b";" in excel.splitlines()[0]


@pytest.mark.parametrize(("width", "scripts"), WAYS, ids=WAY_NAMES)
def test_a_visitor_takes_the_published_study_away(opened, premier, width, scripts):
    watched = opened(width=width, scripts=scripts)
    page = watched.goto("/projet/")
    stage.enter(page, page.get_by_role("link", name="Étude Premier"))
    page.wait_for_url("**/projet/etudes/**")
    names = [
        name.strip() for name in page.locator("#lieux tbody th").all_inner_texts() if name.strip()
    ]

    lines = list(csv.DictReader(io.StringIO(taken(page, csv_of_sites(page)).decode("utf-8"))))
    plan = json.loads(taken(page, page.locator("#fichiers a[href$='plan.json']")))
    report = taken(page, page.get_by_role("link", name="Rapport pour les élus (PDF)"))

    assert len(lines) == len(names) == len(plan["sites"]) > 3
    written = [" ".join(line.values()) for line in lines]
    assert all(any(name in line for line in written) for name in names)
    text = "".join(leaf.get_textpage().get_text_bounded() for leaf in pypdfium2.PdfDocument(report))
    assert all(name in text for name in names)


def csv_of_sites(page: Page) -> Locator:
    """The open table of the places."""
    return page.locator("#lieux a[href$='/sites.csv']")


def test_choosing_a_village_in_the_list_says_why(opened, premier):
    watched = opened()
    page = watched.goto(premier.study.get_absolute_url())
    stage.drawn(page)
    expect(page.get_by_role("heading", name="Choisissez un lieu")).to_be_visible()
    line = page.locator("#lieux tbody tr").nth(1)
    name = line.locator("th").inner_text().strip()

    stage.enter(page, line.locator("th a"))
    page.wait_for_url("**lieu=**")
    stage.drawn(page)

    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Pourquoi ce village ?")).to_be_visible()
    expect(page.locator("#lieux tr.chosen th")).to_have_text(re.compile(re.escape(name)))
    expect(
        page.get_by_label(re.compile(re.escape(name)), exact=False).and_(pressed(page))
    ).to_have_count(1)
    watched.refuse_faults()


def pressed(page: Page) -> Locator:
    """The place chosen on the map."""
    return page.locator(".map-pin[aria-pressed=true]")


def test_choosing_a_village_on_the_map_by_keyboard_says_why_before_and_after(opened, premier):
    watched = opened()
    page = watched.goto(premier.study.get_absolute_url())
    stage.drawn(page)
    pins = page.locator(".map-pin")
    stage.tab_to(page, pins.first)
    page.keyboard.press("ArrowDown")
    expect(pins.nth(1)).to_be_focused()
    key = pins.nth(1).get_attribute("data-key")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**lieu={key}**")
    stage.drawn(page)

    name = page.locator("#lieu").inner_text()
    expect(page.get_by_role("heading", name="Ce qu’il coûte")).to_be_visible()
    expect(pressed(page)).to_have_attribute("data-key", key or "")

    stage.enter(page, page.get_by_role("link", name="Avant", exact=True))
    page.wait_for_url("**vue=avant**")
    stage.drawn(page)
    expect(page.locator("#lieu")).to_have_text(name)
    expect(page.get_by_role("link", name="Avant", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    stage.enter(page, page.get_by_role("link", name="Fermer ce lieu"))
    expect(page.get_by_role("heading", name="Choisissez un lieu")).to_be_visible()
    watched.refuse_faults()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_what_a_chosen_village_says_is_in_the_window_and_has_focus(opened, premier, scripts):
    page = opened(width="phone", scripts=scripts).goto(premier.study.get_absolute_url())

    stage.enter(page, page.locator("#lieux tbody th a").nth(2))
    page.wait_for_url("**lieu=**")

    expect(page.locator("#lieu")).to_be_in_viewport()
    expect(page.locator("#lieu")).to_be_focused()


def test_a_private_study_shows_nothing_to_a_visitor(opened, premier):
    study = premier.study
    unpublish(study, by=None, at=now())
    watched = opened()
    answers = [
        watched.page.goto(watched.origin + path)
        for path in (study.get_absolute_url(), f"{study.get_absolute_url()}fichiers/plan.json")
    ]

    assert [answer.status for answer in answers if answer] == [404, 404]
    watched.excuse("404")

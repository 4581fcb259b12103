"""The directory and its module: on a phone, by keyboard, inside somebody else's page."""

import re
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from browser import stage
from factories import network_sites as ns
from factories import tariffs, territories
from maillage.apps.sites.models import Site, SiteService

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(late_work: Any) -> Site:
    """Three listed sites of the embedded territory."""
    of = territories.loaded().territory
    hub = ns.site(
        territory=of, tier="hub", lon=4.74538, lat=46.1095, commune_name="Belleville",
        opening_hours="Mo-Su 00:00-24:00", address="12 rue du Cuvage", equipment=["wifi"],
        is_step_free=True, email="pressoir@exemple.invalid", phone="04 00 00 00 01",
    )  # fmt: skip
    ns.open_space(hub)
    ns.halves(hub)
    SiteService.objects.create(
        site=hub, name="France services (fictif)", opening_hours="Mo,Th 09:00-12:00"
    )
    tariffs.voted(hub.operator, starts_on=date(2026, 1, 1))
    ns.site(
        "Épicerie Le Tilleul (fictif)", territory=of, tier="mini", lon=4.67118, lat=46.12,
        commune_name="Cercié", commune_code="69036", opening_hours="",
    )  # fmt: skip
    ns.site("Sans point (fictif)", territory=of, commune_code="69018", lon=None, lat=None)
    return hub


@pytest.fixture
def town_hall(live_server: Any, network: Site) -> Iterator[str]:
    """The web site of a town hall, on another port, with the snippet in its page."""
    body = (
        '<!doctype html><html lang="fr"><title>Mairie (fictif)</title><h1>Mairie</h1>'
        f'<iframe src="{live_server.url}/integrer/{network.territory_id}/" title="Les lieux" '
        'width="100%" height="480"></iframe>'
        f'<iframe src="{live_server.url}/lieux/" title="Refusé" width="100%"></iframe></html>'
    )

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


# the sweep looks at the same pages in the other themes
@pytest.mark.parametrize(("width", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_each_page_is_accessible_and_never_scrolls_sideways(opened, network, width, theme):
    siren = network.territory_id
    look = opened(width=width, theme=theme)
    for address in (
        "/lieux/",
        f"/lieux/{siren}/",
        "/lieux/?acces=on",
        "/lieux/?q=zzzz",
        network.get_absolute_url(),
        f"/integrer/{siren}/",
        f"/lieux/{siren}/integrer",
    ):
        look.goto(address)
        look.refuse_faults()
        look.page.set_viewport_size({"width": 320, "height": 700})
        look.refuse_sideways_scroll()
        look.page.set_viewport_size({"width": 1280 if width == "desktop" else 390, "height": 844})


def test_the_module_shows_inside_a_page_of_another_origin_and_nothing_else_does(opened, town_hall):
    look = opened()
    look.page.goto(town_hall)

    module = look.page.frame_locator("iframe[title='Les lieux']")
    expect(module.get_by_role("link", name="Le Pressoir (fictif)")).to_be_visible()
    refused = look.page.frame_locator("iframe[title='Refusé']")
    expect(refused.get_by_role("heading", level=1)).to_have_count(0)
    assert look.page.context.cookies() == []
    look.excuse(
        "third party", "frame-ancestors", "X-Frame-Options", "chrome-error", "favicon", "404"
    )


def test_a_marker_leads_to_its_site_by_keyboard(opened, network):
    page = opened().goto(f"/lieux/{network.territory_id}/")
    stage.drawn(page)

    # north to south: one stop of the Tab key for all, the arrows move among them
    stage.tab_to(page, page.get_by_role("button", name="Mini-cowork, Épicerie"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"{re.escape(network.get_absolute_url())}$"))


def test_without_scripts_the_list_and_the_drawing_say_the_same(opened, network):
    page = opened(scripts=False).goto("/lieux/?q=belleville")

    expect(page.get_by_role("link", name="Le Pressoir (fictif)")).to_be_visible()
    expect(page.locator(".map-fallback svg")).to_be_visible()
    expect(page.get_by_role("link", name="Épicerie Le Tilleul (fictif)")).to_have_count(0)

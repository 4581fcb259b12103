"""The tablet of the entrance, and the counter of a shop on a telephone."""

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import network_sites, people, presence
from maillage.apps.people.models import RoleKind, ScopeKind
from maillage.apps.presence.models import Arrival, How
from maillage.apps.presence.pair_kiosk import make_kiosk
from maillage.core.periods import Period
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)


def booked(name: str):
    """Somebody who comes from an hour ago until in two hours."""
    site = network_sites.site(opening_hours="Mo-Su 00:00-24:00")
    desks = network_sites.open_space(site, seats=2)
    at = now()
    period = Period(at - presence.timedelta(hours=1), at + presence.timedelta(hours=2))
    return presence.booking(desks, period, people.person(name), at=at)


def press(page: Page, name: str) -> None:
    """By keyboard."""
    stage.enter(page, page.get_by_role("button", name=name).first)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_tablet_is_paired_then_greets_by_reference(opened, width):
    of = booked("Élise Garonval")
    _made, code = make_kiosk(of.site, "Entrée", by=None, at=now())
    watched = opened(width=width)
    page = watched.goto("/borne/")
    watched.refuse_faults()
    page.get_by_label("Code").fill(code)
    press(page, "Relier cette tablette")
    page.wait_for_url(f"**/borne/{of.site_id}/")
    watched.refuse_faults()

    page.get_by_label("Référence de votre réservation").fill("inconnue")
    press(page, "Je suis là")
    expect(page.get_by_text("1 champ à corriger")).to_be_visible()
    watched.refuse_faults()
    watched.excuse("422")
    page.get_by_label("Référence de votre réservation").fill(of.reference)
    press(page, "Je suis là")

    expect(page.get_by_role("heading", name="Bonjour Élise")).to_be_visible()
    watched.refuse_faults()
    assert Arrival.objects.get().how == How.KIOSK


def test_the_host_notes_an_arrival_in_one_tap_and_takes_it_back(opened):
    of = booked("Élise Garonval")
    host = people.holder(RoleKind.HOST, (ScopeKind.SITE, str(of.site_id)))
    watched = opened(person=host, width="phone")
    page = watched.goto("/comptoir/")
    expect(page.get_by_role("heading", name="Une personne aujourd’hui")).to_be_visible()
    watched.refuse_faults()
    button = page.get_by_role("button", name="Noter l’arrivée")
    assert button.bounding_box()["height"] >= 48

    press(page, "Noter l’arrivée")
    expect(page.get_by_text("Arrivée à")).to_be_visible()
    watched.refuse_faults()
    assert Arrival.objects.get().how == How.HOST
    press(page, "Annuler")
    expect(page.get_by_text("C’est annulé.")).to_be_visible()
    assert not Arrival.objects.exists()

"""A member books tomorrow, then moves and cancels; a visitor's seat waits for her; by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import booking_pages as pages
from factories import network_sites as sites
from factories import people
from maillage.apps.bookings.models import Booking, State

pytestmark = pytest.mark.django_db(transaction=True)


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Go to what bears this name by the keyboard, and press it."""
    stage.enter(page, page.get_by_role(role, name=name).first)


@pytest.fixture
def place(transactional_db):
    """A hub with desks and a room, a corner in a shop."""
    hub = sites.site("Le Pressoir (fictif)", tier="hub")
    sites.open_space(hub)
    sites.space(hub, "Salle sur demande", needs_approval=True)
    sites.open_space(sites.site("Épicerie (fictif)", tier="mini"), seats=2)
    pages.priced()
    return hub


def search() -> str:
    """The search of that day."""
    return f"/reserver/?jour={pages.working_day().isoformat()}&moment=matin&minutes=0&depuis=reseau"


@pytest.mark.parametrize(("width", "scripts"), [("phone", True), ("desktop", False)])
def test_a_member_books_moves_and_cancels(opened, place, width, scripts):
    elise = people.person("Élise Garonval (fictif)")
    watched = opened(person=elise, width=width, scripts=scripts)
    page = watched.goto(search())
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 lieux libres")
    if scripts:
        watched.refuse_faults()

    press(page, re.compile("^Réserver"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Un créneau à confirmer")
    expect(page.get_by_text("Annulation gratuite jusqu’au")).to_be_visible()
    if scripts:
        watched.refuse_faults()
    press(page, "Confirmer la réservation")
    expect(page.get_by_text("C’est réservé.")).to_be_visible()
    if scripts:
        watched.refuse_faults()

    press(page, "Déplacer ou prolonger", "link")
    stage.tab_to(page, page.get_by_label("Places"))
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    press(page, "Voir ce que ça change")
    expect(page.get_by_role("heading", level=1)).to_contain_text("de plus que maintenant")
    if scripts:
        watched.refuse_faults()
    press(page, "Déplacer la réservation")
    expect(page.get_by_text("La réservation est déplacée.")).to_be_visible()

    press(page, "Annuler", "link")
    expect(page.get_by_text("Vous récupérez")).to_be_visible()
    if scripts:
        watched.refuse_faults()
    press(page, "Annuler la réservation")
    expect(page.get_by_text("La réservation est annulée.")).to_be_visible()
    assert Booking.objects.get().state == State.CANCELLED


def test_the_seat_of_a_visitor_waits_for_her(opened, place, late_work):
    watched = opened(width="phone")
    page = watched.goto(search())
    press(page, re.compile("^Réserver"))
    page.get_by_label("Votre nom").fill("Rose Lavaudry (fictif)")
    page.get_by_label("Votre adresse électronique").fill("rose@exemple.fr")
    watched.refuse_faults()
    press(page, re.compile("^Garder la place"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("La place est gardée jusqu’à")
    watched.refuse_faults()
    (sent,) = [one for one in late_work() if "rose@exemple.fr" in one.to]

    watched.goto(re.search(r"/reserver/invite/\S+", sent.body)[0])
    watched.refuse_faults()
    press(page, "Ouvrir mon compte et confirmer")

    expect(page.get_by_text("C’est réservé.")).to_be_visible()
    watched.refuse_faults()
    assert Booking.objects.get().person.email == "rose@exemple.fr"


def test_whoever_loses_the_last_seat_is_offered_the_next(opened, transactional_db):
    room = sites.space(sites.site())
    elise = people.person("Élise Garonval (fictif)")
    watched = opened(person=elise)
    page = watched.goto(
        f"/reserver/{room.site.territory_id}/{room.site.slug}/{room.pk}/"
        f"?jour={pages.working_day().isoformat()}"
    )
    watched.refuse_faults()
    press(page, "Choisir ce créneau")
    pages.booked(room, period=pages.slot(8, 13))
    press(page, "Confirmer la réservation")
    expect(page.get_by_role("alert")).to_contain_text("est complet")
    watched.excuse("409")
    watched.refuse_faults()

    press(page, re.compile(r"13\s*h"))
    press(page, "Confirmer la réservation")

    expect(page.get_by_text("C’est réservé.")).to_be_visible()
    assert Booking.objects.filter(person=elise).get().state == State.CONFIRMED


def test_a_manager_decides_between_rivals(opened, place, transactional_db):
    whole, left, _right = sites.halves(place)
    for one in (whole, left):
        one.needs_approval = True
        one.save()
    pages.booked(whole, people.person("Anne (fictif)"))
    pages.booked(left, people.person("Bruno (fictif)"))
    watched = opened(person=pages.manager(place), width="phone")
    page = watched.goto(f"/gerer/lieux/{place.pk}/reservations/")
    watched.refuse_faults()
    press(page, "2 demandes à décider", "link")
    page.wait_for_url("**/demandes/")
    watched.refuse_faults()
    press(page, re.compile("Anne"), "link")
    expect(page.get_by_text("Sera refusée si vous acceptez celle-ci")).to_be_visible()
    watched.refuse_faults()
    press(page, "Accepter la demande")

    expect(page.get_by_text("La demande est acceptée.")).to_be_visible()
    watched.refuse_faults()

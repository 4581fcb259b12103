"""The running half through its real pages: what is booked, paid, closed, cancelled and taught."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from browser import stage
from browser.conftest import Watched
from factories import booking_pages as pages
from factories import members, people
from factories import network_sites as sites
from factories import presence as taught
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.space_words import cancellable_until
from maillage.apps.machines.enrol import enrol
from maillage.apps.machines.models import Certification
from maillage.apps.machines.open_session import open_session
from maillage.apps.people.models import RoleKind, ScopeKind
from maillage.apps.sites.close_for import close_for, withdraw
from maillage.apps.sites.models import Space
from maillage.apps.sites.versions import Author
from maillage.core import periods
from maillage.core.periods import Period
from maillage.kit.clock import now
from maillage.report import french, moments

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(weeks=1)
ROUND_THE_CLOCK = "Mo-Su 00:00-24:00"


@pytest.fixture
def elise(transactional_db):
    """Whoever books."""
    return people.person("Élise Garonval (fictif)")


def press(page: Page, name: str | re.Pattern[str], role: str = "button") -> None:
    """Go to what bears this name by the keyboard, and press it."""
    stage.enter(page, page.get_by_role(role, name=name).first)


def told(page: Page, text: str) -> None:
    """The page says it."""
    expect(page.locator("main")).to_contain_text(text)


def line(page: Page, text: str) -> Locator:
    """The one line of a list that says it."""
    return page.locator("main").get_by_role("listitem").filter(has_text=text)


def space_page(space: Space, on: date) -> str:
    """Where a space is booked, at a day."""
    site = space.site
    return f"/reserver/{site.territory_id}/{site.slug}/{space.pk}/?jour={on.isoformat()}"


def search(on: date, **more: str) -> str:
    """Everything that is free at a moment of a day."""
    asked = {"jour": on.isoformat(), "moment": "matin", "minutes": "0", "depuis": "reseau"} | more
    return "/reserver/?" + "&".join(f"{name}={value}" for name, value in asked.items())


def choose(page: Page, begins: str, ends: str) -> None:
    """Type hours on the page of a space, and choose them."""
    page.get_by_label("De", exact=True).fill(begins)
    page.get_by_label("À", exact=True).fill(ends)
    press(page, "Choisir ce créneau")
    expect(page.get_by_role("heading", level=1)).to_have_text("Un créneau à confirmer")


def confirm(page: Page) -> None:
    """Book what the basket holds."""
    press(page, "Confirmer la réservation")
    told(page, "C’est réservé.")


def book_first(page: Page) -> None:
    """Book what a search shows first."""
    press(page, re.compile("^Réserver"))
    confirm(page)


# --- the whole and its parts ------------------------------------------------------------------


def test_a_whole_room_fills_its_parts_and_a_part_its_whole(opened, elise):
    whole, left, right = sites.halves()
    on, later = pages.working_day(), pages.working_day(9)
    pages.booked(left, period=pages.slot(9, 12, later))
    watched = opened(person=elise, width="phone")
    page = watched.goto(space_page(whole, on))
    choose(page, "09:00", "12:00")
    confirm(page)

    for part in (whole, left, right):
        watched.goto(space_page(part, on))
        expect(line(page, "9 h – 12 h : Complet")).to_be_visible()
    watched.refuse_faults()
    asked = {"genre": "meeting_room", "moment": "heures", "de": "09:00", "a": "12:00"}
    watched.goto(search(on, **asked))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rien de libre")
    expect(page.get_by_role("button", name="Me prévenir")).to_have_count(3)
    watched.refuse_faults()

    watched.goto(space_page(whole, later))
    expect(line(page, "9 h – 12 h : Complet")).to_be_visible()
    watched.goto(space_page(right, later))
    expect(page.get_by_role("heading", level=2, name="Libre le")).to_be_visible()
    watched.goto(search(later, **asked))
    expect(page.locator(".result-choice")).to_have_count(1)
    expect(page.locator(".result-choice")).to_contain_text("Salle B")
    watched.refuse_faults()


# --- a weekly series --------------------------------------------------------------------------


def holiday_ahead() -> date:
    """A bank holiday on a working day, in two weeks or more, the only one of the weeks around."""
    first = now().date() + timedelta(days=14)

    def is_alone(on: date) -> bool:
        around = [periods.is_holiday(on + n * WEEK, "metropole") for n in (-1, 0, 1, 2)]
        return on.weekday() < 5 and around == [False, True, False, False]

    return next(on for n in range(500) if is_alone(on := first + timedelta(days=n)))


def test_each_date_of_a_series_is_marked_added_later_and_cancelled_alone(opened, elise):
    room = sites.space(horizon_days=700)
    pages.priced()
    holiday = holiday_ahead()
    first, closed, last = (holiday + n * WEEK for n in (-1, 1, 2))
    closure = close_for(room.site, pages.slot(0, 23, closed), "Travaux", Author(None, now()))
    watched = opened(person=elise, width="phone")
    page = watched.goto(space_page(room, first))

    press(page, "Réserver toutes les semaines", "link")
    page.wait_for_url("**/serie/**")
    page.get_by_label("Jusqu’au").fill(last.isoformat())
    page.get_by_label("De", exact=True).fill("09:00")
    page.get_by_label("À", exact=True).fill("11:00")
    watched.refuse_faults()
    press(page, "Voir chaque date")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 dates libres sur 4")
    expect(line(page, moments.day(first))).to_contain_text("Libre, 30,00 €")
    expect(line(page, moments.day(holiday))).to_contain_text("Jour férié")
    expect(line(page, moments.day(closed))).to_contain_text("Travaux")
    expect(line(page, moments.day(last))).to_contain_text("Libre, 30,00 €")
    watched.refuse_faults()
    press(page, "Réserver 2 dates")
    told(page, "La série est réservée.")
    expect(line(page, f"{moments.day(holiday)}Jour férié")).to_be_visible()
    expect(line(page, f"{moments.day(closed)}Fermeture exceptionnelle")).to_be_visible()
    watched.refuse_faults()

    withdraw(closure, Author(None, now()))
    press(page, f"Ajouter cette date : {moments.day(closed)}")
    told(page, "La date est ajoutée")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 dates à venir")
    press(page, moments.day(first), "link")
    press(page, "Annuler", "link")
    press(page, "Annuler la réservation")
    told(page, "La réservation est annulée.")
    press(page, f"{room.name}, {room.site.name}", "link")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 dates à venir")
    expect(line(page, moments.day(first))).to_contain_text("Annulée")
    for on in (closed, last):
        expect(line(page, moments.day(on))).to_contain_text("Réservée")
    watched.refuse_faults()


# --- what pays --------------------------------------------------------------------------------


def test_a_half_day_takes_a_ticket_then_the_cheaper_day_is_charged(opened, elise):
    sites.open_space()
    pages.priced()
    plan = members.carnet_plan(sold_from=pages.LONG_AGO, tickets=1, name="Un ticket (fictif)")
    members.carnet(plan, elise, now().date())
    watched = opened(person=elise, width="phone")
    page = watched.goto(search(pages.working_day()))
    told(page, "0 € 1 ticket du carnet « Un ticket (fictif) »")
    book_first(page)

    later = pages.working_day(9)
    watched.goto(search(later))
    expect(page.locator(".result-choice")).to_contain_text("8,00 €")
    expect(page.locator(".result-choice")).to_contain_text("« Un ticket (fictif) » n'a plus")
    book_first(page)
    watched.goto(search(later, moment="apres-midi"))
    why = "4,00 € La journée entière coûte 12,00 € : 8,00 € sont déjà comptés."
    expect(page.locator(".result-choice")).to_contain_text(why)
    watched.refuse_faults()
    press(page, re.compile("^Réserver"))
    told(page, why)
    watched.refuse_faults()
    confirm(page)
    expect(page.locator(".booking-facts")).to_contain_text("Prix4,00 €")
    watched.refuse_faults()
    assert list(Booking.objects.order_by("pk").values_list("price_cents", flat=True)) == [
        0, 800, 400,
    ]  # fmt: skip


def test_after_the_end_of_her_plan_she_reads_why_she_pays_the_public_price(opened, elise):
    sites.open_space()
    pages.priced()
    plan = members.plan(sold_from=pages.LONG_AGO)
    held = members.subscription(plan, elise, now().date() - timedelta(days=20))
    watched = opened(person=elise, width="phone")
    page = watched.goto(search(pages.working_day()))
    told(page, "0 € compris dans l’abonnement « Nomade (fictif) »")

    watched.goto(search(pages.working_day(14)))
    choice = page.locator(".result-choice")
    expect(choice).to_contain_text("8,00 €")
    expect(choice).to_contain_text("Votre forfait « Nomade (fictif) »")
    last = held.ends_on - timedelta(days=1)
    expect(choice).to_contain_text(f"fin le {french.day(last)} : il ne paie pas après cette date.")
    watched.refuse_faults()
    press(page, re.compile("^Réserver"))
    told(page, "il ne paie pas après cette date.")
    watched.refuse_faults()
    confirm(page)
    expect(page.locator(".booking-facts")).to_contain_text("Prix8,00 €")
    watched.refuse_faults()


# --- a shop that closes -----------------------------------------------------------------------


def refuse_faults_under_the_bar(watched: Watched) -> None:
    """The same at the foot of the page, which the bar of a telephone covers in part before."""
    watched.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    watched.refuse_faults()


def test_a_host_closes_for_days_and_the_booked_person_goes_elsewhere(opened, elise):
    shop = sites.site("Épicerie (fictif)", tier="mini")
    desks = sites.open_space(sites.site("Le Tilleul (fictif)", tier="hub"))
    on = pages.working_day()
    booking = pages.booked(sites.open_space(shop, seats=2), elise, is_whole=False)
    host = people.holder(RoleKind.HOST, (ScopeKind.SITE, str(shop.pk)))
    counter = opened(person=host, width="phone")
    page = counter.goto("/comptoir/")
    press(page, "Choisir des dates", "link")
    page.wait_for_url("**/fermer/")
    page.get_by_label("Du", exact=True).fill(on.isoformat())
    page.get_by_label("Au", exact=True).fill((on + WEEK).isoformat())
    refuse_faults_under_the_bar(counter)
    press(page, "Voir qui est inscrit")
    expect(line(page, "Élise")).to_contain_text("Nous proposons Le Tilleul (fictif)")
    refuse_faults_under_the_bar(counter)
    press(page, "Fermer et prévenir 1 personne")
    told(page, "C’est fermé. 1 personne est prévenue.")
    refuse_faults_under_the_bar(counter)

    hers = opened(person=elise, width="phone")
    page = hers.goto("/mes-reservations/")
    told(page, "Le lieu ferme à ce moment")
    hers.refuse_faults()
    press(page, re.compile(moments.weekday(on), re.IGNORECASE), "link")
    told(page, "On vous propose à la même heure : Espace ouvert, Le Tilleul (fictif)")
    hers.refuse_faults()
    press(page, "Y aller")
    told(page, "C’est noté. Votre place est réservée.")
    hers.refuse_faults()
    hers.goto("/mes-reservations/")
    told(page, "Espace ouvert, Le Tilleul (fictif)")
    expect(page.locator("main")).not_to_contain_text("Le lieu ferme")
    hers.refuse_faults()
    booking.refresh_from_db()
    assert (booking.space, booking.state) == (desks, State.CONFIRMED)


# --- cancelling -------------------------------------------------------------------------------


def cancelling(watched: Watched, booking: Booking) -> Page:
    """Her booking, then what cancelling it says."""
    page = watched.goto(f"/mes-reservations/{booking.reference}/")
    press(page, "Annuler", "link")
    page.wait_for_url("**/annuler/")
    return page


def test_a_late_cancellation_is_refused_with_its_hour_and_one_in_time_says_what_comes_back(
    opened, elise
):
    site = sites.site(opening_hours=ROUND_THE_CLOCK)
    room = sites.space(site, free_cancel_min=24 * 60)
    desks = sites.open_space(site, free_cancel_min=60)
    pages.priced()
    begins = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    soon = Period(begins, begins + timedelta(hours=1))
    late = pages.booked(room, elise, soon)
    in_time = pages.booked(desks, elise, soon, is_whole=False)
    watched = opened(person=elise, width="phone")

    page = cancelling(watched, late)
    told(page, f"s’annulait sans frais jusqu’au {cancellable_until(late)}. Il est trop tard")
    watched.excuse("409")
    watched.refuse_faults()
    page = cancelling(watched, in_time)
    told(page, f"Annulation gratuite jusqu’au {cancellable_until(in_time)}.")
    told(page, "Vous récupérez 8,00 €.")
    watched.refuse_faults()
    press(page, "Annuler la réservation")
    told(page, "La réservation est annulée.")
    watched.refuse_faults()

    late.refresh_from_db()
    in_time.refresh_from_db()
    assert (late.state, in_time.state) == (State.CONFIRMED, State.CANCELLED)


# --- a machine --------------------------------------------------------------------------------


def training_under_way(machine: Space, *who):
    """A training that began an hour ago, with its trainer."""
    by = taught.trainer(machine)
    begins = now() - timedelta(hours=1)
    before = begins - timedelta(days=1)
    period = Period(begins, begins + timedelta(hours=2))
    made = open_session(machine, period, places=4, note="", by=by.person_id, at=before)
    for one in who:
        enrol(made, one, at=before)
    return made


def test_a_laser_is_refused_until_its_trainer_saw_her_able(opened, elise):
    laser = taught.laser()
    training = training_under_way(laser, elise)
    hers = opened(person=elise, width="phone")
    page = hers.goto(space_page(laser, pages.working_day()))
    told(page, "Il faut une habilitation valable le jour de l’utilisation.")
    choose(page, "09:00", "11:00")
    press(page, "Confirmer la réservation")
    expect(page.get_by_role("alert")).to_contain_text("une habilitation valable ce jour-là")
    hers.excuse("409")
    hers.refuse_faults()

    his = opened(person=training.trainer.person, width="phone")
    bench = his.goto(f"/machines/seances/{training.pk}/")
    his.refuse_faults()
    press(bench, f"Présent·e {elise.name}")
    told(bench, "présence notée")
    his.refuse_faults()
    press(bench, f"Habiliter {elise.name}")
    told(bench, "est habilité·e jusqu’au")
    his.refuse_faults()

    hers.goto("/reserver/panier/")
    confirm(page)
    hers.refuse_faults()
    hers.goto("/machines/")
    until = Certification.objects.get(person=elise).expires_on
    told(page, f"Valable jusqu’au {french.day(until)}")
    hers.refuse_faults()
    assert Booking.objects.get().state == State.CONFIRMED

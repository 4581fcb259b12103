"""The pages of the day: by right, by number of queries, by what they never say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import network_sites as network
from factories import people
from factories.people import TWIN, holder, signed_in
from factories.presence import AT, TODAY, block, booking, member, service
from maillage.apps.bookings.models import State
from maillage.apps.people.models import RoleKind, ScopeKind
from maillage.apps.presence.access_codes import Settings, set_access
from maillage.apps.presence.arrive import arrive
from maillage.apps.presence.draw_entrance import draw_entrance
from maillage.apps.presence.models import AccessCode, Arrival, How, Incident, Kiosk, NoShow
from maillage.apps.presence.pair_kiosk import make_kiosk, pair_kiosk
from maillage.apps.sites.models import Closure

pytestmark = pytest.mark.django_db
MORNING = network.slot(TODAY)
TOMORROW = network.slot(TODAY + timedelta(days=1))
CLOCKS = (
    "maillage.apps.presence.rules",
    "maillage.apps.presence.pages.board",
    "maillage.apps.presence.pages.desk",
    "maillage.apps.presence.pages.entrance",
    "maillage.apps.presence.pages.host",
    "maillage.apps.presence.pages.own",
    "maillage.apps.presence.pages.supplies",
)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It is 9 h 30 in Paris, on the day of the bookings."""
    at = AT + timedelta(minutes=30)
    for module in CLOCKS:
        monkeypatch.setattr(f"{module}.now", lambda: at)
    return at


@pytest.fixture
def site():
    return network.site()


@pytest.fixture
def desks(site):
    return network.open_space(site, seats=6)


def on(site):
    return (ScopeKind.SITE, str(site.pk))


@pytest.fixture
def sophie(site):
    return signed_in(Client(), holder(RoleKind.SITE_MANAGER, on(site)))


@pytest.fixture
def bernard(site):
    return signed_in(Client(), holder(RoleKind.HOST, on(site)))


def board(site) -> str:
    return f"/journee/{site.pk}/"


def said(response) -> str:
    return response.content.decode()


# --- rights --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "where", "status"),
    [
        (RoleKind.SITE_MANAGER, "own", 200),
        (RoleKind.SITE_MANAGER, "other", 404),
        (RoleKind.PROJECT_OFFICER, "territory", 200),
        (RoleKind.PROJECT_OFFICER, "twin", 404),
        (RoleKind.HOST, "own", 404),
        (RoleKind.MEMBER, "own", 404),
        (RoleKind.EMPLOYER, "own", 404),
    ],
)
@pytest.mark.parametrize(
    "page",
    ["", "feuille/", "incidents/nouveau/", "frequentation/", "codes/", "bornes/", "affiche/"],
)
def test_the_day_is_for_those_who_keep_it(site, kind, where, status, page):
    other = network.site("Ailleurs")
    scopes = {
        "own": on(site),
        "other": on(other),
        "territory": ("territory", site.territory_id),
        "twin": TWIN,
    }
    client = signed_in(Client(), holder(kind, scopes[where]))

    assert client.get(f"{board(site)}{page}").status_code == status


def test_a_stranger_is_asked_who_she_is(site):
    secret = draw_entrance(site, by=None, at=AT)
    for page in (board(site), "/comptoir/", f"/ici/{secret}/", "/mes-reservations/attestation/"):
        assert Client().get(page).url.startswith("/connexion/?")


def test_the_counter_is_for_the_host_of_the_site_alone(site, bernard):
    other = network.site("Ailleurs")

    assert bernard.get("/comptoir/").status_code == 200
    assert bernard.get(f"/comptoir/{site.pk}/fermer/").status_code == 200
    assert bernard.get(f"/comptoir/{other.pk}/fermer/").status_code == 404
    stranger = signed_in(Client(), member())
    assert stranger.get("/comptoir/").status_code == 403


# --- the board -----------------------------------------------------------------------------


def test_the_board_asks_as_much_for_one_booking_as_for_four(sophie, desks):
    def asked() -> int:
        sophie.get(board(desks.site))
        with CaptureQueriesContext(connection) as seen:
            assert sophie.get(board(desks.site)).status_code == 200
        return len(seen)

    booking(desks, MORNING, member())
    few = asked()
    for name in ("Yanis (fictif)", "Rose (fictif)", "Paul (fictif)"):
        arrive(booking(desks, MORNING, member(name)), on=TODAY, how=How.TAP, by=None, at=AT)
    block(desks, MORNING, member("Inès (fictif)"))

    assert asked() == few


def test_one_tap_notes_an_arrival_and_another_undoes_it(sophie, desks, site):
    of = booking(desks, MORNING, member())

    sent = sophie.post(f"{board(site)}noter/", {"acte": "arrivee", "qui": f"booking-{of.pk}"})
    assert sent.url == f"{board(site)}?jour=2027-03-17#arrivees"
    made = Arrival.objects.get()
    assert "depuis 9\u00a0h\u00a030" in said(sophie.get(board(site)))
    for act, left in (("depart", True), ("rester", False)):
        sophie.post(f"{board(site)}noter/", {"acte": act, "qui": made.pk})
        made.refresh_from_db()
        assert (made.left_at is not None) is left
    sophie.post(f"{board(site)}noter/", {"acte": "annuler", "qui": made.pk})
    assert not Arrival.objects.exists()


def test_absences_and_kept_seats_are_noted_the_same_way(sophie, desks, site):
    of = booking(desks, MORNING, member())
    kept = block(desks, MORNING, member("Inès (fictif)"))
    note = f"{board(site)}noter/"

    sophie.post(note, {"acte": "absence", "qui": f"booking-{of.pk}"})
    assert NoShow.objects.get().booking == of
    sophie.post(note, {"acte": "attendre", "qui": f"booking-{of.pk}"})
    assert not NoShow.objects.exists()
    sophie.post(note, {"acte": "arrivee", "qui": f"block-{kept.pk}"})
    assert Arrival.objects.get().block == kept


def test_nothing_of_another_site_is_noted(sophie, site):
    other = network.open_space(network.site("Ailleurs"))
    of = booking(other, MORNING, member())
    made = arrive(of, on=TODAY, how=How.TAP, by=None, at=AT)
    note = f"{board(site)}noter/"

    for data in (
        {"acte": "arrivee", "qui": f"booking-{of.pk}"},
        {"acte": "depart", "qui": made.pk},
        {"acte": "annuler", "qui": made.pk},
        {"acte": "autre", "qui": made.pk},
        {"acte": "arrivee", "qui": "booking-x"},
    ):
        assert sophie.post(note, data).status_code == 404
    assert Arrival.objects.get().left_at is None


def test_a_refusal_says_what_to_do_next(sophie, desks, site):
    of = booking(desks, MORNING, member())
    note = {"acte": "arrivee", "qui": f"booking-{of.pk}"}
    sophie.post(f"{board(site)}noter/", note)

    again = sophie.post(f"{board(site)}noter/", note)

    assert (again.status_code, "déjà notée" in said(again)) == (409, True)


def test_visitors_and_visits_are_counted_apart(sophie, site):
    hosted = service(site)
    sophie.post(f"{board(site)}visite/", {"first_name": "Rose", "people": "2"})
    wrong = sophie.post(f"{board(site)}visite/", {"first_name": "", "people": "0"})
    sophie.post(f"{board(site)}services/", {"service": hosted.pk, "count": "14"})
    refused = sophie.post(f"{board(site)}services/", {"service": hosted.pk, "count": "beaucoup"})

    page = said(sophie.get(board(site)))
    assert "14 visites" in page
    assert Arrival.objects.get().people == 2
    assert (wrong.status_code, refused.status_code) == (422, 409)


def test_what_needs_a_hand_is_told(sophie, desks, site):
    booking(desks, MORNING, member("Club photo (fictif)"), state=State.REQUESTED)
    booking(desks, MORNING, member("Rose (fictif)"), state=State.HOLD, at=AT + timedelta(hours=1))
    sophie.post(
        f"{board(site)}incidents/nouveau/",
        {"what": "Lampe cassée", "severity": "broken", "where": f"seat-{desks.seats.first().pk}",
         "takes_seat": "on"},
    )  # fmt: skip

    page = said(sophie.get(board(site)))

    assert "1 demande attend votre accord" in page
    assert "Rose (fictif) : place retenue" in page
    assert "Lampe cassée" in page
    assert "place 1 hors service" in page
    one = Incident.objects.get()
    sophie.post(f"/journee/incidents/{one.pk}/clore/", {"outcome": "Changée"})
    assert "Lampe cassée" not in said(sophie.get(board(site)))


def test_the_sheet_of_tomorrow_has_first_names_alone(sophie, desks, site):
    booking(desks, TOMORROW, member("Élise Garonval"))

    page = said(sophie.get(f"{board(site)}feuille/"))

    assert ("Élise" in page, "Garonval" in page) == (True, False)
    assert "Jeudi 18 mars 2027" in page


def test_attendance_hides_small_groups(sophie, desks, site):
    for n in range(7):
        of = booking(desks, network.slot(TODAY, 9 + n, 10 + n), member(), audience="member")
        arrive(of, on=TODAY, how=How.TAP, by=None, at=AT)
    for n in range(2):
        of = booking(desks, network.slot(TODAY, 9 + n, 10 + n), member(), audience="resident")
        arrive(of, on=TODAY, how=How.TAP, by=None, at=AT)

    page = said(sophie.get(f"{board(site)}frequentation/"))
    csv = said(sophie.get(f"{board(site)}frequentation.csv"))

    assert page.count(">secret<") == 2
    assert ">9<" in page
    assert "2027-03-15,coworking,Résidents,\n" in csv.replace("\r", "")
    assert ",2\n" not in csv.replace("\r", "")


# --- codes, tablets, the poster ------------------------------------------------------------


def test_codes_are_set_and_imported(sophie, site):
    page = f"{board(site)}codes/"
    asked = {
        "partie": "reglage", "network": "Pressoir", "source": "imported",
        "shown_before_min": "30", "log_days": "365",
    }  # fmt: skip
    assert sophie.post(page, asked | {"log_days": "900"}).status_code == 422
    assert sophie.post(page, asked).status_code == 302
    assert sophie.post(page, {"partie": "liste", "codes": ""}).status_code == 422
    assert sophie.post(page, {"partie": "liste", "codes": "a\nb"}).status_code == 302
    assert "2 codes restent" in said(sophie.get(page))
    sophie.post(f"{page}retirer/")
    assert AccessCode.objects.left().count() == 0


def test_a_tablet_notes_arrivals_by_reference_and_says_a_first_name(sophie, desks, site):
    page = sophie.post(f"{board(site)}bornes/", {"label": "Entrée"})
    code = page.context["code"]
    of = booking(desks, MORNING, member("Élise Garonval"))
    tablet = Client()
    assert tablet.get(f"/borne/{site.pk}/").url == "/borne/"
    assert tablet.post("/borne/", {"code": "AAAAA-AAAAA"}).status_code == 422
    assert tablet.post("/borne/", {"code": code}).url == f"/borne/{site.pk}/"

    greeted = tablet.post(f"/borne/{site.pk}/", {"reference": of.reference.lower()})

    assert "Bonjour Élise" in said(greeted)
    assert "Garonval" not in said(greeted)
    assert greeted.headers["Cache-Control"] == "no-store, private"
    assert Arrival.objects.get().how == How.KIOSK
    again = tablet.post(f"/borne/{site.pk}/", {"reference": of.reference})
    assert "déjà notée" in said(again)


def test_a_tablet_says_the_same_of_every_wrong_reference(desks, site):
    other = network.open_space(network.site("Ailleurs"))
    elsewhere = booking(other, MORNING, member())
    gone = booking(desks, MORNING, member(), state=State.CANCELLED)
    _made, code = make_kiosk(site, "Entrée", by=None, at=AT)
    _paired, secret = pair_kiosk(code, at=AT)
    tablet = Client()
    tablet.cookies["maillage-borne"] = secret

    answers = {
        tablet.post(f"/borne/{site.pk}/", {"reference": text}).context["form"].errors.as_text()
        for text in (elsewhere.reference, gone.reference, "INCONNUE")
    }

    assert len(answers) == 1
    assert tablet.get(f"/borne/{other.site_id}/").url == "/borne/"


def test_a_tablet_opens_nothing_else_and_nothing_once_revoked(sophie, site):
    code = sophie.post(f"{board(site)}bornes/", {"label": "Entrée"}).context["code"]
    tablet = signed_in(Client(), holder(RoleKind.SITE_MANAGER, on(site)))
    tablet.post("/borne/", {"code": code})

    # whoever was signed in on it no longer is
    assert tablet.get(board(site)).url.startswith("/connexion/")
    assert tablet.cookies["maillage-borne"]["path"] == "/borne/"
    assert tablet.cookies["maillage-borne"]["httponly"]
    sophie.post(f"/journee/bornes/{Kiosk.objects.get().pk}/retirer/")
    assert tablet.get(f"/borne/{site.pk}/").url == "/borne/"


def test_guessing_the_code_of_a_tablet_is_bounded():
    answers = [Client().post("/borne/", {"code": f"AAAA{n}"}) for n in range(12)]

    assert "Trop d" in said(answers[-1])


def test_the_poster_shows_its_code_once(sophie, site):
    page = f"{board(site)}affiche/"
    assert '<svg class="qr"' not in said(sophie.get(page))
    assert '<svg class="qr"' in said(sophie.post(page))
    assert "Une affiche existe déjà" in said(sophie.get(page))


# --- at the wall, on site ------------------------------------------------------------------


def test_the_wall_proves_a_place_and_not_a_person(desks, site):
    secret = draw_entrance(site, by=None, at=AT)
    elise = member()
    of = booking(desks, MORNING, elise)
    client, other = signed_in(Client(), elise), signed_in(Client(), member("Yanis (fictif)"))

    assert "Je suis là" in said(client.get(f"/ici/{secret}/"))
    assert not Arrival.objects.exists()
    assert "pas de réservation" in said(other.get(f"/ici/{secret}/"))
    stolen = other.post(f"/ici/{secret}/arrivee/", {"reservation": of.pk})
    assert stolen.status_code == 404
    assert client.get("/ici/inconnu/").status_code == 404

    sent = client.post(f"/ici/{secret}/arrivee/", {"reservation": of.pk})

    assert sent.url == f"/mes-reservations/{of.reference}/sur-place/"
    assert (Arrival.objects.get().how, Arrival.objects.get().person) == (How.QR, elise)
    assert "Vous êtes là depuis" in said(client.get(sent.url))


def test_a_booking_of_later_is_not_known_at_the_wall(desks, site):
    secret = draw_entrance(site, by=None, at=AT)
    elise = member()
    of = booking(desks, network.slot(TODAY, 15, 16), elise)
    client = signed_in(Client(), elise)

    assert "pas de réservation" in said(client.get(f"/ici/{secret}/"))
    early = client.post(f"/ici/{secret}/arrivee/", {"reservation": of.pk})
    assert (early.status_code, "14\u00a0h\u00a030" in said(early)) == (409, True)


def test_the_code_is_shown_to_its_holder_alone(desks, site):
    set_access(site, Settings("Pressoir", "generated", 30, keeps_log=False), by=None, at=AT)
    elise = member()
    of = booking(desks, MORNING, elise)
    arrive(of, on=TODAY, how=How.TAP, by=None, at=AT)
    page = f"/mes-reservations/{of.reference}/sur-place/"
    client, other = signed_in(Client(), elise), signed_in(Client(), member("Yanis (fictif)"))

    assert AccessCode.objects.get().code in said(client.get(page))
    assert other.get(page).status_code == 404
    client.post(page)
    assert Arrival.objects.get().left_at is not None


# --- the certificate -----------------------------------------------------------------------


def test_a_certificate_says_days_and_neither_reason_nor_place(desks, site):
    elise = member("Élise Garonval")
    of = booking(desks, MORNING, elise, purpose="Entretien chez un concurrent")
    arrive(of, on=TODAY, how=How.TAP, by=None, at=AT)
    other = booking(desks, MORNING, member("Yanis (fictif)"))
    arrive(other, on=TODAY, how=How.TAP, by=None, at=AT)
    client = signed_in(Client(), elise)

    page = client.get("/mes-reservations/attestation/?mois=2027-03")

    assert page.context["said"]["days"] == [{"day": "Mercredi 17 mars 2027", "site": ""}]
    assert "concurrent" not in said(page)
    assert site.name not in said(page)
    placed = client.get("/mes-reservations/attestation/?mois=2027-03&lieu=on")
    assert site.name in said(placed)
    empty = client.get("/mes-reservations/attestation/?mois=2027-02")
    assert empty.context["said"]["days"] == []
    wrong = client.get("/mes-reservations/attestation/?mois=nimporte")
    assert wrong.context["month"] == "2027-03"


def test_a_certificate_is_a_pdf(desks):
    import pikepdf

    elise = member('Élise #read("/etc/passwd")')
    arrive(booking(desks, MORNING, elise), on=TODAY, how=How.TAP, by=None, at=AT)
    client = signed_in(Client(), elise)

    sent = client.get("/mes-reservations/attestation.pdf?mois=2027-03&lieu=on")

    assert sent.headers["Content-Type"] == "application/pdf"
    assert len(pikepdf.open(__import__("io").BytesIO(sent.content)).pages) == 1


def test_certificates_are_typeset_so_many_times_an_hour(desks, monkeypatch):
    monkeypatch.setattr("maillage.apps.presence.pages.own.presence_days.pdf", lambda *_: b"%PDF")
    client = signed_in(Client(), member())

    answers = [client.get("/mes-reservations/attestation.pdf").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


# --- the counter of a shop -----------------------------------------------------------------


def test_the_host_sees_first_names_of_today_and_notes_them_in_one_tap(bernard, desks, site):
    elise = booking(desks, MORNING, member("Élise Garonval"), purpose="Secret")
    booking(desks, TOMORROW, member("Yanis Moulérac"))

    page = said(bernard.get("/comptoir/"))

    assert "Une personne aujourd’hui" in page
    assert ("Élise" in page, "Yanis" in page) == (True, True)
    assert [w in page for w in ("Garonval", "Moulérac", "Secret", elise.reference)] == [False] * 4
    note = f"/comptoir/{site.pk}/noter/"
    bernard.post(note, {"acte": "arrivee", "qui": f"booking-{elise.pk}"})
    made = Arrival.objects.get()
    assert made.how == How.HOST
    assert "Arrivée à 9\u00a0h\u00a030" in said(bernard.get("/comptoir/"))
    bernard.post(note, {"acte": "annuler", "qui": made.pk})
    assert not Arrival.objects.exists()
    assert bernard.post(note, {"acte": "autre"}).status_code == 404


def test_the_counter_asks_as_much_for_one_person_as_for_three(bernard, desks):
    def asked() -> int:
        bernard.get("/comptoir/")
        with CaptureQueriesContext(connection) as seen:
            assert bernard.get("/comptoir/").status_code == 200
        return len(seen)

    booking(desks, MORNING, member())
    few = asked()
    booking(desks, MORNING, member("Yanis (fictif)"))
    booking(desks, TOMORROW, member("Yanis (fictif)"))

    assert asked() == few


def test_the_host_closes_in_august_and_names_where_people_may_go(bernard, desks, site):
    elsewhere = network.open_space(network.site("Le Tilleul (fictif)", commune_name="Cercié"))
    day = network.slot(network.date(2027, 8, 4))
    booking(desks, day, member("Élise Garonval"))
    page = f"/comptoir/{site.pk}/fermer/"
    dates = {"first_on": "2027-08-02", "last_on": "2027-08-22", "reason": "Congés"}

    wrong = bernard.post(page, dates | {"last_on": "2027-08-01"})
    asked = said(bernard.post(page, dates))

    assert wrong.status_code == 422
    assert "Élise" in asked
    assert "Garonval" not in asked
    assert elsewhere.site.name in asked
    assert "Fermer et prévenir 1 personne" in asked
    assert not Closure.objects.exists()

    bernard.post(page, dates | {"sur": "oui"})

    made = Closure.objects.get()
    assert made.period.lower.astimezone(network.PARIS).date() == network.date(2027, 8, 2)
    assert made.period.upper.astimezone(network.PARIS).date() == network.date(2027, 8, 23)
    assert made.touched.get().alternative == elsewhere
    assert "Congés" in said(bernard.get("/comptoir/"))
    bernard.post(f"/comptoir/{site.pk}/rouvrir/", {"fermeture": made.pk})
    made.refresh_from_db()
    assert made.withdrawn_at is not None


@pytest.mark.parametrize(
    ("when", "begins"), [("demain", (2027, 3, 18, 0)), ("apres-midi", (2027, 3, 17, 13))]
)
def test_the_host_closes_tomorrow_or_this_afternoon_in_two_taps(bernard, site, when, begins):
    page = f"/comptoir/{site.pk}/fermer/?quand={when}"
    shown = bernard.get(page)
    assert "Personne n’est inscrit" in said(shown)
    day = "2027-03-18" if when == "demain" else "2027-03-17"
    data = {"first_on": day, "last_on": day, "reason": "Livraison", "sur": "oui", "moment": "1"}

    bernard.post(page, data)

    lower = Closure.objects.get().period.lower.astimezone(network.PARIS)
    assert (lower.year, lower.month, lower.day, lower.hour) == begins


def test_the_days_open_at_once_when_there_is_one_site(sophie, site):
    assert sophie.get("/journee/").url == board(site)
    officer = signed_in(Client(), holder(scope=("territory", site.territory_id)))
    network.site("Ailleurs")
    assert "Quel lieu ouvrez-vous" in said(officer.get("/journee/"))
    empty = signed_in(Client(), holder(scope=TWIN))
    assert "Aucun lieu à ouvrir" in said(empty.get("/journee/"))
    assert signed_in(Client(), people.person()).get("/journee/").status_code == 403

"""The pages of machines: by right, by path, by number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import network_sites as network
from factories import people
from factories.people import TWIN, holder, signed_in
from factories.presence import AT, laser, member, trainer, training
from maillage.apps.bookings import space_rules
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.reserve import reserve
from maillage.apps.machines.certify import certify
from maillage.apps.machines.enrol import enrol
from maillage.apps.machines.mark_present import mark_present
from maillage.apps.machines.models import Attendee, Certification, Sheet, Trainer, TrainingSession
from maillage.apps.people.models import RoleKind, ScopeKind

pytestmark = pytest.mark.django_db
PAGES = "maillage.apps.machines.pages"
CLOCKS = ("maillage.apps.machines.rules", f"{PAGES}.machines", f"{PAGES}.sessions")


@pytest.fixture
def clock(monkeypatch):
    """Sets the time of the pages."""

    def set_to(at):
        for module in CLOCKS:
            monkeypatch.setattr(f"{module}.now", lambda: at)

    set_to(AT)
    return set_to


@pytest.fixture
def paul(clock) -> Trainer:
    return trainer(laser())


def on(space):
    return (ScopeKind.SITE, str(space.site_id))


def client_of(person) -> Client:
    return signed_in(Client(), person)


def known(space, name="Élise Garonval (fictif)"):
    """Somebody with a role at the site."""
    return holder(RoleKind.MEMBER, on(space), name=name)


def test_scenario_18_a_machine_is_booked_by_who_was_seen_able(paul, clock):
    """Refused until the trainer says she is able; open until it expires; her machines only."""
    space, elise = paul.space, known(paul.space)
    slot = network.slot(network.TOMORROW, 14, 16)

    def books(period=slot, at=AT):
        return reserve([Ask(space.pk, period, is_whole=True)], Booker(elise, elise.pk), at=at)

    with pytest.raises(space_rules.NotCertified):
        books()
    session = training(paul)
    hers, his = client_of(elise), client_of(paul.person)
    assert hers.post(f"/machines/seances/{session.pk}/inscription/").status_code == 302
    one = Attendee.objects.get()
    page = f"/machines/seances/{session.pk}/"
    early = his.post(page, {"acte": "present", "inscription": one.pk})
    assert early.status_code == 409
    clock(AT + timedelta(hours=3))
    assert his.post(page, {"acte": "habiliter", "inscription": one.pk,
                           "expires_on": "2027-09-17"}).status_code == 409  # fmt: skip
    his.post(page, {"acte": "present", "inscription": one.pk})
    wrong = his.post(page, {"acte": "habiliter", "inscription": one.pk, "expires_on": "hier"})
    assert wrong.status_code == 422
    his.post(page, {"acte": "habiliter", "inscription": one.pk, "expires_on": "2027-09-17"})

    (made,) = books(at=AT + timedelta(hours=3))
    assert made.space == space
    late = network.slot(network.date(2027, 9, 17), 14, 16)
    with pytest.raises(space_rules.NotCertified):
        books(late, at=network.datetime(2027, 9, 10, tzinfo=network.UTC))
    assert "Valable jusqu’au 17 septembre 2027" in hers.get("/machines/").content.decode()


def test_a_trainer_of_another_machine_is_turned_away(paul):
    other = trainer(laser(paul.space.site, "Fraiseuse"), "Lise (fictif)")
    session = training(paul)
    one = enrol(session, known(paul.space), at=AT)
    lise = client_of(people.role(other.person, RoleKind.MEMBER, on(paul.space)).person)

    assert lise.get(f"/machines/seances/{session.pk}/").status_code == 403
    assert lise.post(f"/machines/seances/{session.pk}/", {"acte": "present",
                     "inscription": one.pk}).status_code == 403  # fmt: skip
    assert lise.get(f"/machines/{paul.space_id}/seances/nouvelle/").status_code == 403
    assert Attendee.objects.get().was_present is None


def test_a_manager_names_trainers_and_does_not_judge(paul):
    session = training(paul)
    one = enrol(session, known(paul.space), at=AT - timedelta(hours=1))
    sophie = client_of(holder(RoleKind.SITE_MANAGER, on(paul.space)))

    assert sophie.get(f"/machines/seances/{session.pk}/").status_code == 200
    judged = sophie.post(
        f"/machines/seances/{session.pk}/", {"acte": "present", "inscription": one.pk}
    )
    assert judged.status_code == 403
    named = {"person": one.person_id, "starts_on": "2027-03-17"}
    page = f"/machines/{paul.space_id}/formateurs/"
    assert sophie.post(page, named).status_code == 302
    assert sophie.post(page, named).status_code == 422
    assert sophie.post(page, {"person": "", "starts_on": ""}).status_code == 422
    made = Trainer.objects.get(person=one.person_id)
    sophie.post(f"{page}fin/", {"trainer": made.pk})
    made.refresh_from_db()
    assert made.ends_on == network.date(2027, 3, 17)
    assert sophie.post(f"{page}fin/", {"trainer": "x"}).status_code == 404


def test_a_machine_of_another_territory_does_not_exist(paul):
    far = client_of(holder(RoleKind.PROJECT_OFFICER, TWIN))
    nobody = client_of(member("Rose (fictif)"))
    session = training(paul)

    for client in (far, nobody):
        assert client.get(f"/machines/{paul.space_id}/").status_code == 404
        assert client.get(f"/machines/seances/{session.pk}/").status_code == 404
        assert client.post(f"/machines/seances/{session.pk}/inscription/").status_code == 404
        assert "Découpe laser" not in client.get("/machines/").content.decode()
    assert Client().get("/machines/").url.startswith("/connexion/?")


def test_a_sheet_and_a_training_are_written_by_form(paul):
    sophie = client_of(holder(RoleKind.SITE_MANAGER, on(paul.space)))
    page = f"/machines/{paul.space_id}/fiche/"
    said = {"description": "Bois", "safety": "Lunettes", "valid_months": "12", "version": "0"}

    assert sophie.get(page).status_code == 200
    assert sophie.post(page, said | {"valid_months": "0"}).status_code == 422
    assert sophie.post(page, said).status_code == 302
    second = sophie.post(page, said | {"description": "Cuir"})
    assert (second.status_code, "Cuir" in second.content.decode()) == (422, True)
    assert Sheet.objects.get().description == "Bois"

    his = client_of(paul.person)
    new = f"/machines/{paul.space_id}/seances/nouvelle/"
    asked = {"on": "2027-03-20", "from_time": "14:00", "to_time": "16:00", "places": "3"}
    assert his.post(new, asked | {"to_time": "13:00"}).status_code == 422
    assert his.post(new, asked | {"on": "2027-03-01"}).status_code == 422
    assert his.post(new, asked).status_code == 302
    made = TrainingSession.objects.get()
    assert made.period.lower.astimezone(network.PARIS).hour == 14
    cancel = f"/machines/seances/{made.pk}/annuler/"
    assert "0 personne sera prévenue" in his.get(cancel).content.decode()
    his.post(cancel)
    made.refresh_from_db()
    assert made.cancelled_at == AT


def test_a_certification_is_withdrawn_with_its_reason(paul, clock):
    after = AT + timedelta(hours=3)
    one = enrol(training(paul), known(paul.space), at=AT)
    mark_present(one, was_present=True, by=paul.person_id, at=after)
    given = certify(one, by=paul.person_id, at=after)
    clock(after)
    his = client_of(paul.person)
    page = f"/machines/habilitations/{given.pk}/retirer/"

    assert his.post(page, {"reason": ""}).status_code == 422
    assert client_of(given.person).get(page).status_code == 403
    assert his.post(page, {"reason": "Capot ouvert"}).status_code == 302

    assert "Capot ouvert" in client_of(given.person).get("/machines/").content.decode()
    assert Certification.objects.get().revoked_at == after


def test_an_enrolment_is_taken_back(paul):
    session, elise = training(paul, places=1), known(paul.space)
    client = client_of(elise)
    client.post(f"/machines/seances/{session.pk}/inscription/")
    full = client_of(known(paul.space, "Yanis (fictif)"))
    refused = full.post(f"/machines/seances/{session.pk}/inscription/")
    assert (refused.status_code, "complète" in refused.content.decode()) == (409, True)

    client.post(f"/machines/seances/{session.pk}/desinscription/")

    assert not Attendee.objects.exists()


def test_the_page_of_a_machine_asks_as_much_for_one_training_as_for_three(paul):
    client = client_of(paul.person)

    def asked() -> int:
        client.get(f"/machines/{paul.space_id}/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/machines/{paul.space_id}/").status_code == 200
        return len(seen)

    enrol(training(paul), known(paul.space), at=AT)
    few = asked()
    for hours in (5, 8):
        enrol(training(paul, in_hours=hours), known(paul.space, "Yanis (fictif)"), at=AT)

    assert asked() == few

"""« Pourquoi pas ce village ? »: who asks, what is refused, stopped, answered and imposed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people, scenarios
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios import tasks, villages
from maillage.apps.scenarios.models import Scenario, VillagePrice
from maillage.apps.scenarios.versions import latest
from maillage.apps.studies import compute
from maillage.apps.studies.models import RunState
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db

ARDILLATS, AZOLETTE, AIGUEPERSE, BEAUJEU = "69012", "69016", "69002", "69018"


@pytest.fixture
def home(one, outcome):
    territory = one.study.territory
    named = outcome.territory.communes.select("commune_code", "name").iter_rows()
    territory.members = [{"code": code, "name": name} for code, name in named]
    territory.save()
    return f"{one.get_absolute_url()}villages/"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def asked(one, code=ARDILLATS, by=None):
    return villages.ask(one, code, scenarios.author(by=by))


def test_an_elected_person_asks_reads_the_answer_and_cannot_impose(client, one, home):
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    assert "Calculer" in text_of(client.get(f"{home}{ARDILLATS}/"))

    client.post(f"{home}{ARDILLATS}/calculer/")
    row = VillagePrice.objects.get()
    assert "En attente d’un calculateur" in text_of(client.get(f"{home}{ARDILLATS}/"))
    villages.carry_out(row, now)

    page = text_of(client.get(f"{home}{ARDILLATS}/"))
    assert "Un lieu aux Ardillats : 89 habitants de plus à portée et 2 800 € de plus" in page
    assert "envoyez l’adresse de cette page" in page
    assert client.post(f"{home}{ARDILLATS}/imposer/", {"title": "A"}).status_code == 403
    assert "89 habitants de plus" in text_of(client.get(home))


def test_nobody_of_another_territory_asks(client, one, home):
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, people.TWIN))

    assert client.get(home).status_code == 404
    assert client.post(f"{home}{ARDILLATS}/calculer/").status_code == 404
    assert not VillagePrice.objects.exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [(BEAUJEU, "Beaujeu a déjà un lieu"), (AZOLETTE, "Aucun lieu possible à Azolette")],
)
def test_a_question_without_object_is_said_before_any_computation(officer, home, code, words):
    page = text_of(officer.get(f"{home}{code}/"))

    assert words in page
    assert "calculer/" not in page
    officer.post(f"{home}{code}/calculer/")
    assert not VillagePrice.objects.exists()
    assert officer.get(f"{home}01004/").status_code == 404


def test_a_village_that_no_network_serves_is_told_why(officer, one, home):
    row = asked(one, AIGUEPERSE)

    villages.carry_out(row, now)

    row.refresh_from_db()
    assert row.state == RunState.REFUSED
    assert "trop loin d&#x27;un site structurant" in text_of(officer.get(f"{home}{AIGUEPERSE}/"))


def test_asked_twice_it_is_computed_once_stopped_it_can_be_asked_again(officer, one, home):
    row = asked(one)
    assert asked(one).pk == row.pk

    officer.post(f"{home}{ARDILLATS}/arreter/")

    row.refresh_from_db()
    assert row.state == RunState.STOPPED
    assert "Recalculer" in text_of(officer.get(f"{home}{ARDILLATS}/"))
    with pytest.raises(compute.AlreadyOver):
        villages.stop(one, row, scenarios.author())
    again = asked(one)
    assert (again.pk, again.state, again.stop_asked_at) == (row.pk, RunState.QUEUED, None)


def test_a_stop_asked_meanwhile_ends_it_between_two_steps(one, monkeypatch):
    row = asked(one)
    VillagePrice.objects.update(state=RunState.RUNNING)
    villages.stop(one, row, scenarios.author())

    villages.carry_out(VillagePrice.objects.get(), now)

    assert VillagePrice.objects.get().state == RunState.STOPPED


def test_a_fault_is_not_under_way_for_ever(one, monkeypatch):
    row = asked(one)
    monkeypatch.setattr(villages.computing, "impose", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        villages.carry_out(row, now)

    row.refresh_from_db()
    assert row.state == RunState.FAILED
    assert "interrompu" in villages_message(row)
    # over: delivered again, or given up, it stays so
    villages.carry_out(row, now)
    villages.give_up(row, at=now())
    assert VillagePrice.objects.get().state == RunState.FAILED


def villages_message(row):
    from maillage.apps.scenarios import village_shown

    return str(village_shown.ended(row).text)


def test_the_queue_of_one_run_is_bounded(one, monkeypatch):
    monkeypatch.setattr(villages, "MOST_UNDER_WAY", 1)
    asked(one)

    with pytest.raises(compute.TooManyUnderWay):
        asked(one, "69058")


def test_a_village_is_imposed_in_a_new_scenario_that_can_be_removed(
    officer, one, home, monkeypatch
):
    scenarios.answered(one, ARDILLATS)
    monkeypatch.setattr(compute, "source_of", lambda *_: None)

    officer.post(f"{home}{ARDILLATS}/imposer/", {"title": "Avec Les Ardillats"})

    made = Scenario.objects.get(title="Avec Les Ardillats")
    required = latest(made).run.request["choices"]["required_communes"]
    assert list(required) == [ARDILLATS]
    one.refresh_from_db()
    assert one.version == 1
    officer.post(f"{made.get_absolute_url()}retirer/")
    made.refresh_from_db()
    assert made.removed_at is not None


def test_pages_cost_as_many_queries_however_many_answers(officer, one, home):
    def queries(address):
        with CaptureQueriesContext(connection) as seen:
            officer.get(address)
        return len(seen)

    officer.get(home)
    few = queries(home)
    scenarios.answered(one, ARDILLATS)
    own = queries(f"{home}{ARDILLATS}/")
    scenarios.answered(one, "69103")
    assert queries(home) == few
    assert queries(f"{home}{ARDILLATS}/") == own


def test_the_worker_loads_the_question_and_carries_it_out(one, monkeypatch):
    row = asked(one)
    done = []
    monkeypatch.setattr(tasks, "carry_out", lambda row, _now: done.append(row.pk))
    monkeypatch.setattr(tasks, "is_given_up", lambda _: False)

    tasks.price_village.func(None, village_id=row.pk)

    assert done == [row.pk]

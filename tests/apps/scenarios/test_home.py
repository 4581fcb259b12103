"""The scenarios on the home page of their study."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import people, studies
from factories.scenarios import author
from maillage.apps.people.models import RoleKind
from maillage.apps.scenarios import decide, remove
from maillage.apps.scenarios.models import Scenario
from maillage.apps.scenarios.open_scenario import copy
from maillage.apps.scenarios.tried import network_of
from maillage.apps.scenarios.versions import latest
from maillage.apps.studies.models import Run, RunState

pytestmark = pytest.mark.django_db


def home(study):
    return f"/etudes/{study.pk}-{study.slug}/"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def another(one, title="La même"):
    version = latest(one)
    return copy(version, title, network_of(version.run), [], "", author())


def test_a_study_without_scenario_says_how_to_make_one(officer):
    study = studies.study()

    page = text_of(officer.get(home(study)))

    assert "Aucun scénario." in page
    assert f"{home(study)}scenarios/nouveau/" in page
    assert "Tous les scénarios" not in page


def test_scenarios_are_listed_before_the_computations_with_what_each_gives(officer, one):
    decide.propose(one, author())

    page = officer.get(home(one.study))

    text = text_of(page)
    assert text.index("Les scénarios</h2>") < text.index("Les calculs</h2>")
    [row] = page.context["scenarios_table"].rows
    assert row.cells["letter"].text == "A. Trois bourgs et sept relais"
    assert row.cells["state"].code == "proposed"
    assert row.cells["share"].text.replace("\u00a0", " ").startswith("99 % (de ")
    assert row.cells["sites"] == 11
    assert [c.key for c in page.context["scenarios_table"].columns] == [
        "letter", "state", "share", "sites",
    ]  # fmt: skip


def test_two_to_four_scenarios_are_compared_at_once_and_more_are_chosen(officer, one):
    compared = f"{home(one.study)}scenarios/comparer/"
    assert officer.get(home(one.study)).context["compare_href"] == ""
    another(one)
    assert officer.get(home(one.study)).context["compare_href"] == f"{compared}?s=1,2"
    for n in range(3):
        another(one, str(n))
    assert officer.get(home(one.study)).context["compare_href"] == compared


def test_a_removed_scenario_is_not_listed_and_its_computation_may_become_another(officer, one):
    remove.remove(one, author())

    page = officer.get(home(one.study))

    assert page.context["scenarios_table"] is None
    assert "En faire un scénario" in text_of(page)


def test_a_finished_computation_becomes_a_scenario_and_the_others_do_not(officer, outcome):
    study = studies.study()
    studies.computed(study, outcome)
    studies.run(study, RunState.FAILED, number=2)
    page = text_of(officer.get(home(study)))
    assert page.count("En faire un scénario<") == 1
    assert 'form="en-faire-un-scenario" name="calcul" value="1"' in page

    officer.post(f"{home(study)}scenarios/depuis-un-calcul/", {"calcul": "1"})

    after = text_of(officer.get(home(study)))
    assert "En faire un scénario<" not in after
    assert f'href="{Scenario.objects.get().get_absolute_url()}">Scénario A</a>' in after


def test_only_those_who_make_the_study_are_offered_to_write(client, outcome, one):
    studies.run(one.study, RunState.DONE, number=2, folder="f", finished_at=one.created_at)
    Run.objects.filter(number=2).update(summary=latest(one).run.summary)
    acts = ("En faire un scénario", "Nouveau scénario", "en-faire-un-scenario")

    people.signed_in(client, people.holder(RoleKind.MAYOR))
    read = text_of(client.get(home(one.study)))
    people.signed_in(client, people.holder(RoleKind.CONSULTANT))
    drawn = text_of(client.get(home(one.study)))

    assert "A. Trois bourgs et sept relais" in read
    assert [act in read for act in acts] == [False, False, False]
    assert [act in drawn for act in acts] == [True, True, True]


def test_a_network_drawn_by_hand_is_not_the_result_of_the_study(officer, one):
    drawn = studies.run(one.study, RunState.DONE, number=2, folder="f", finished_at=one.created_at)
    Run.objects.filter(pk=drawn.pk).update(summary=latest(one).run.summary | {"is_drawn": True})

    page = officer.get(home(one.study))

    assert page.context["latest"].number == 1
    assert "Publier le calcul 1" in text_of(page)
    assert "Publier le calcul 2" not in text_of(page)


def test_the_home_page_costs_the_same_for_one_scenario_and_for_three(officer, one):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(home(one.study)).status_code == 200
        return len(asked)

    queries()
    alone = queries()
    another(one)
    another(one, "Encore")

    assert queries() == alone


def test_the_villages_left_out_are_asked_of_the_scenario_that_went_furthest(officer, one):
    decide.propose(one, author())
    another(one)

    page = officer.get(home(one.study))

    assert page.context["villages_href"] == f"{one.get_absolute_url()}villages/"

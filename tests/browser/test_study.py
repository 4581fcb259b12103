"""The officer opens a study, follows its computation, stops it or reads its result."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser import stage
from factories import people, studies
from maillage.apps.people.models import RoleKind
from maillage.apps.studies.models import Run, RunState
from maillage.core import scenario
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

# the page asks where the work stands every 2 s


def opened_study(watched) -> Page:
    """The officer writes a title and asks for the first result."""
    page = watched.goto("/etudes/")
    stage.enter(page, page.get_by_role("link", name=re.compile("Nouvelle étude")))
    stage.type_in(page, page.get_by_label("Titre de l’étude"), "Douze minutes")
    stage.type_in(page, page.get_by_label("Année des premières ouvertures"), "2027")
    stage.enter(page, page.get_by_role("button", name="Ouvrir l’étude et calculer"))
    page.wait_for_url("**/calculs/1/")
    expect(page.get_by_text("En attente d’un calculateur")).to_be_visible()
    watched.refuse_faults()
    return page


def asked() -> Run:
    """The run that the page follows."""
    return Run.objects.select_related("study").get(study__title="Douze minutes")


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_study_is_opened_followed_and_read(
    opened, premier, late_work, outcome, monkeypatch, width
):
    late_work()
    watched = opened(person=premier.person, width=width)
    page = opened_study(watched)
    Run.objects.filter(pk=asked().pk).update(state=RunState.RUNNING, step="candidates")
    expect(page.locator("progress")).to_have_attribute("value", re.compile("[1-9]"))

    monkeypatch.setattr(scenario, "evaluate", lambda *_asked: outcome)
    late_work()
    assert asked().state == RunState.DONE

    expect(page.locator("#lieux tbody tr").first).to_be_attached()
    stage.drawn(page)
    watched.refuse_faults()


def test_without_javascript_the_page_comes_back_by_itself(opened, premier, written):
    run = studies.run(premier.study, RunState.QUEUED, 2)
    study = premier.study
    page = opened(person=premier.person, scripts=False).goto(
        f"/etudes/{study.pk}-{study.slug}/calculs/2/"
    )
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)

    Run.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=now(), **written)

    expect(page.locator("#lieux tbody tr").first).to_be_attached()


def test_a_study_under_way_is_stopped(opened, premier, late_work):
    late_work()
    watched = opened(person=premier.person)
    page = opened_study(watched)
    stage.enter(page, page.get_by_role("button", name="Arrêter"))

    expect(page.get_by_text("Ce calcul a été arrêté.")).to_be_visible()
    watched.refuse_faults()
    late_work()
    assert asked().state == RunState.STOPPED
    stage.enter(page, page.get_by_role("button", name="Calculer de nouveau"))
    page.wait_for_url("**/calculs/2/")


def test_a_run_that_ends_badly_says_so_on_the_page_that_follows_it(opened, premier):
    run = studies.run(premier.study, RunState.RUNNING, 2, step="candidates")
    study = premier.study
    watched = opened(person=premier.person)
    page = watched.goto(f"/etudes/{study.pk}-{study.slug}/calculs/2/")
    Run.objects.filter(pk=run.pk).update(state=RunState.REFUSED, refusal="Trois lieux, non.")

    expect(page.get_by_text("Trois lieux, non.")).to_be_visible()
    watched.refuse_faults()


def test_who_only_reads_a_study_cannot_stop_it(opened, premier):
    studies.run(premier.study, RunState.RUNNING, 2, step="candidates")
    reader = people.holder(RoleKind.TREASURER)
    page = opened(person=reader).goto(f"/etudes/{premier.study.pk}-{premier.study.slug}/calculs/2/")

    expect(page.get_by_text("Vous pouvez quitter cette page, le calcul continue.")).to_be_visible()
    expect(page.get_by_role("button", name="Arrêter")).to_have_count(0)

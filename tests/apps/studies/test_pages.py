"""Pages of studies: who reads, who steers, what a page costs the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import people, studies
from maillage.apps.people.models import RoleKind
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.territories import reading
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))


@pytest.fixture
def result(outcome):
    return studies.computed(studies.study(), outcome)


def of_run(run, name="run", **more):
    study = run.study
    return reverse(name, args=(study.pk, study.slug, run.number), **more)


def test_a_study_is_read_by_those_in_charge_alone(client, result):
    address = of_run(result)
    file = f"{address}fichiers/plan.json"

    assert client.get(address).status_code == 302
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, people.TWIN))
    assert (client.get(address).status_code, client.get(file).status_code) == (404, 404)
    people.signed_in(client, people.holder(RoleKind.MEMBER))
    assert (client.get(address).status_code, client.get(file).status_code) == (404, 404)
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    assert (client.get(address).status_code, client.get(file).status_code) == (200, 200)


def test_a_published_study_is_everybodys(client, result):
    address = result.study.get_absolute_url()
    assert client.get(address).status_code == 404
    assert client.get(f"{address}fichiers/plan.json").status_code == 404

    Study.objects.update(published_at=now(), published_run=result.number)

    page = client.get(address)
    assert page.status_code == 200
    assert "99 % des habitants".replace(" %", "\u00a0%") in page.content.decode()
    assert client.get("/projet/").context["studies"][0].href == address


def test_a_result_shows_what_each_euro_buys_unless_it_is_older(officer, result, monkeypatch):
    whole = officer.get(of_run(result)).context["charts"]
    words = reading.document(result.folder, "page.json")
    charts = {name: chart for name, chart in words["charts"].items() if name != "front"}
    monkeypatch.setattr(reading, "document", lambda *_: {**words, "charts": charts})

    older = officer.get(of_run(result)).context["charts"]

    (front,) = [chart for chart in whole if chart["name"] == "front"]
    assert front["svg"].startswith("<svg")
    assert len(front["table"].rows) > 1
    assert [chart["name"] for chart in older] == [c["name"] for c in whole if c is not front]


def test_a_file_says_what_it_is_and_is_not_sent_twice(client, result):
    Study.objects.update(published_at=now(), published_run=result.number)
    address = f"{result.study.get_absolute_url()}fichiers/report.pdf"

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.content.startswith(b"%PDF")
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["page.json", "nothing.csv", "..%2fplan.json"])
def test_the_list_of_files_is_closed(client, result, name):
    Study.objects.update(published_at=now(), published_run=result.number)

    assert client.get(f"{result.study.get_absolute_url()}fichiers/{name}").status_code == 404


def test_why_this_village_answers_without_javascript(officer, result):
    page = officer.get(of_run(result), {"lieu": "69209"}).content.decode()

    assert "habitants passeraient au-delà de 10 minutes sans ce lieu" in page
    assert "Et si on le déplaçait" in page
    assert 'href="?lieu=69209#lieu"' in page


def test_an_unknown_site_or_view_shows_the_plan(officer, result):
    response = officer.get(of_run(result), {"lieu": "99999", "vue": "<script>"})

    assert response.status_code == 200
    assert response.context["site"] is None
    assert "<script>" not in response.content.decode().split("<main")[1].replace("%3C", "")


def test_opening_a_study_asks_for_its_first_result(officer):
    studies.territory()

    response = officer.post(
        "/etudes/nouvelle/200067817/", {"title": "Dix minutes", "first_year": "2027"}, follow=True
    )

    study = Study.objects.get()
    assert (study.title, study.runs.get().state) == ("Dix minutes", RunState.QUEUED)
    assert response.context["progress"].total > 10


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": "", "first_year": "2027"}, "Donnez un titre à l’étude."),
        ({"title": "Dix", "first_year": "an 2027"}, "Indiquez une année en quatre chiffres"),
        ({"title": "!!", "first_year": "2027"}, "au moins une lettre ou un chiffre"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(officer, typed, sentence):
    studies.territory()

    response = officer.post("/etudes/nouvelle/200067817/", typed)

    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text.replace("&#x27;", "'")
    assert Study.objects.count() == 0
    assert typed["first_year"] in text


def test_those_who_only_read_do_not_steer(client, result):
    people.signed_in(client, people.holder(RoleKind.MAYOR))
    study = result.study

    assert client.get("/etudes/nouvelle/200067817/").status_code == 403
    assert client.post(reverse("study_compute", args=(study.pk, study.slug))).status_code == 403
    assert client.post(reverse("study_withdrawal", args=(study.pk, study.slug))).status_code == 403
    assert client.post(of_run(result, "run_publication")).status_code == 403
    assert study.runs.count() == 1


def test_publishing_is_asked_then_done_and_undone(officer, result):
    address = of_run(result, "run_publication")
    withdrawal = reverse("study_withdrawal", args=(result.study.pk, result.study.slug))
    assert "Publier ce résultat" in officer.get(address).content.decode()

    officer.post(address)
    assert Study.objects.get().published_run == result.number
    assert "Retirer l’étude" in officer.get(withdrawal).content.decode()
    officer.post(withdrawal)

    assert Study.objects.get().published_at is None


def test_a_newer_result_waits_to_be_read_over_before_it_is_public(client, officer, result):
    study = result.study
    Study.objects.update(published_at=now(), published_run=result.number)
    copied = {"folder": result.folder, "files": result.files, "summary": result.summary}
    newer = studies.run(study, RunState.DONE, number=2, finished_at=now(), **copied)

    home = officer.get(reverse("study", args=(study.pk, study.slug))).content.decode()

    assert "Un résultat plus récent attend" in home
    assert client.get(study.get_absolute_url()).context["run"] == result
    officer.post(of_run(newer, "run_publication"))
    assert client.get(study.get_absolute_url()).context["run"] == newer


def test_a_computation_under_way_shows_its_step_and_stops(officer):
    run = studies.run(studies.study(), RunState.RUNNING, step="curve")

    page = officer.get(of_run(run))
    assert page.context["progress"].label == "Courbe de couverture"
    officer.post(of_run(run, "run_stop"))

    run.refresh_from_db()
    assert run.stop_asked_at is not None


@pytest.mark.parametrize("state", [RunState.STOPPED, RunState.DONE])
def test_who_follows_a_computation_is_led_to_what_it_gave(officer, state):
    run = studies.run(studies.study(), RunState.RUNNING, step="curve")
    poll = officer.get(of_run(run)).context["progress"].poll_href
    Run.objects.update(state=state, folder="studies/1/x", finished_at=now())

    fragment = officer.get(poll, headers={"HX-Request": "true"})
    page = officer.get(poll)

    assert fragment.headers["HX-Redirect"] == of_run(run)
    assert (page.status_code, page.headers["Location"]) == (302, of_run(run))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RunState.REFUSED, "Aucun réseau ne tient"),
        (RunState.STOPPED, "Ce calcul a été arrêté"),
        (RunState.FAILED, "relancez-le"),
    ],
)
def test_a_computation_without_result_says_why(officer, state, words):
    run = studies.run(studies.study(), state, refusal="Aucun réseau ne tient dans 1 €.")

    assert words in officer.get(of_run(run)).content.decode()


def test_the_elected_read_what_to_decide_and_what_their_commune_pays(client, result):
    people.signed_in(client, people.holder(RoleKind.ELECTED_OFFICIAL))

    decisions = client.get("/elus/")
    commune = client.get("/elus/69209/")

    assert "Ce que le conseil décide" in decisions.content.decode()
    assert "Elle paie" in commune.content.decode()
    assert client.get("/elus/01004/").status_code == 404


def test_the_elected_of_a_territory_without_result_are_told_so(client):
    people.signed_in(client, people.holder(RoleKind.ELECTED_OFFICIAL))

    assert "Rien à décider" in client.get("/elus/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_three_studies(officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert officer.get("/etudes/").status_code == 200
        return len(seen)

    studies.study()
    queries()
    one = queries()
    for n in range(2):
        studies.study(f"Autre {n}", slug=f"autre-{n}")

    assert queries() == one

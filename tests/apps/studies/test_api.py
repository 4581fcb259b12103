"""Studies for programs: who reads which, a computation asked for once."""

import json

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import people, studies
from maillage.apps.journal.models import Entry
from maillage.apps.people import api_token
from maillage.apps.people.models import RoleKind
from maillage.apps.studies import store
from maillage.apps.studies.models import Run, RunState
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/studies"
WRITTEN: dict = {}
ASKED = {"first_year": 2028}


def stranger() -> Client:
    return Client()


def client(kind: str = RoleKind.PROJECT_OFFICER, scope=people.TERRITORY, *, scopes=None) -> Client:
    """A program of somebody who holds a post."""
    who = people.with_second_factor(people.holder(kind, scope))
    wanted = tuple(scopes or api_token.SCOPES)
    secret = api_token.create(who, "Tableur", wanted, lasts_days=30, at=now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def twin(**said) -> Client:
    return client(scope=people.TWIN, **said)


@pytest.fixture
def private():
    return studies.study("Étude privée", slug="privee")


@pytest.fixture
def public(outcome):
    """Published: an old result, the published one, then one that was refused."""
    of = studies.study(published_at=studies.AT, published_run=2)
    if not WRITTEN:
        WRITTEN.update(store.write(outcome, of, "a" * 64, at=studies.AT))
    for number in (1, 2):
        studies.run(of, RunState.DONE, number, finished_at=studies.AT, **WRITTEN)
    studies.run(of, RunState.REFUSED, 3, refusal="Non.", finished_at=studies.AT)
    return of


def titles(of: Client) -> list[str]:
    return [line["title"] for line in of.get(ROOT).json()["items"]]


def test_everybody_lists_what_is_published_and_those_in_charge_the_rest(public, private):
    assert titles(stranger()) == ["Dix minutes"]
    assert titles(twin()) == ["Dix minutes"]
    assert set(titles(client())) == {"Dix minutes", "Étude privée"}


def test_a_token_without_the_scope_reads_as_a_stranger(private):
    narrow = client(scopes=["territories:read"])

    assert titles(narrow) == []
    assert narrow.get(f"{ROOT}/{private.pk}").status_code == 404


def test_the_list_is_of_one_territory_when_asked(public):
    elsewhere = f"{ROOT}?territory={people.TWIN_SIREN}"

    assert stranger().get(elsewhere).json()["items"] == []
    assert stranger().get(f"{ROOT}?territory={people.SIREN}").json()["total"] == 1


def test_a_private_study_does_not_exist_for_others(private):
    studies.run(private)

    for of in (stranger(), twin()):
        for path in ("", "/runs", "/runs/1", "/runs/1/plan", "/runs/1/layers/sites"):
            response = of.get(f"{ROOT}/{private.pk}{path}")
            assert (response.status_code, response.json()["code"]) == (404, "not_found")
            assert "privée" not in response.content.decode()
    assert client().get(f"{ROOT}/{private.pk}").json()["title"] == "Étude privée"


def test_others_read_the_latest_result_alone_and_those_in_charge_every_computation(public):
    def numbers(of: Client) -> list[int]:
        return [r["number"] for r in of.get(f"{ROOT}/{public.pk}/runs").json()["items"]]

    assert numbers(stranger()) == [2]
    assert numbers(client()) == [3, 2, 1]
    assert stranger().get(f"{ROOT}/{public.pk}/runs/1").status_code == 404
    refused = client().get(f"{ROOT}/{public.pk}/runs/3").json()
    assert (refused["state"], refused["refusal"], refused["plan"]) == ("refused", "Non.", None)


def test_a_result_names_files_that_answer_and_keeps_what_pages_are_made_of(public):
    sheet = stranger().get(f"{ROOT}/{public.pk}/runs/2").json()

    names = {line["name"] for line in sheet["files"]}
    assert {"plan.json", "report.pdf", "sites.csv", "coverage.geojson", "certificate.npz"} <= names
    assert "page.json" not in names
    assert stranger().get(f"{ROOT}/{public.pk}/runs/2/files/page.json").status_code == 404
    for line in sheet["files"]:
        answer = stranger().get(line["href"])
        assert answer.headers["Content-Type"] == line["media_type"]
        assert len(answer.content) == line["size_bytes"]
    for href in (sheet["plan"], *sheet["layers"]):
        assert stranger().get(href).status_code == 200


def test_a_layer_is_geojson_with_its_digest_as_tag(public):
    address = f"{ROOT}/{public.pk}/runs/2/layers/sites"
    first = stranger().get(address)
    again = stranger().get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Type"] == "application/geo+json"
    assert json.loads(first.content)["type"] == "FeatureCollection"
    assert (again.status_code, again.content) == (304, b"")


def ask(of: Client, study, content=None, **headers):
    body = ASKED if content is None else content
    address = f"{ROOT}/{study.pk}/runs"
    return of.post(address, json.dumps(body), "application/json", headers=headers)


def test_a_computation_asked_for_is_queued_and_told_where_to_follow(private):
    mine = client()
    response = ask(mine, private, {**ASKED, "hubs": [1, 2], "minis_max": 5})

    assert response.status_code == 202
    sheet = mine.get(response.headers["Location"]).json()
    assert sheet == response.json()
    assert sheet["state"] == "queued"
    assert sheet["asked"]["first_year"] == 2028
    assert sheet["asked"]["choices"]["hubs"] == [1, 2]
    assert Entry.objects.filter(act="studies.ask").count() == 1
    assert ProcrastinateJob.objects.filter(task_name="studies.compute").count() == 1


def test_the_same_demand_under_the_same_key_queues_nothing_more(private):
    mine = client()
    first, again = (ask(mine, private, **{"Idempotency-Key": "demande-1"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert Run.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="studies.compute").count() == 1


def test_another_demand_under_the_same_key_is_refused(private, public):
    mine, key = client(), {"Idempotency-Key": "demande-1"}
    ask(mine, private, **key)
    other_body = ask(mine, private, {"first_year": 2029}, **key)
    other_study = ask(mine, public, **key)

    for response in (other_body, other_study):
        assert (response.status_code, response.json()["code"]) == (422, "key_used_otherwise")
    assert Run.objects.filter(state=RunState.QUEUED).count() == 1


def test_the_key_of_somebody_else_is_another_key(private):
    ask(client(), private, **{"Idempotency-Key": "demande-1"})
    response = ask(client(), private, **{"Idempotency-Key": "demande-1"})

    assert (response.status_code, response.json()["code"]) == (409, "already_computing")


def test_a_refused_demand_may_be_sent_again_under_its_key(private):
    assert ask(client(), private).status_code == 202
    mine, key = client(), {"Idempotency-Key": "demande-1"}

    refused = ask(mine, private, **key)
    Run.objects.all().delete()

    assert (refused.status_code, refused.json()["code"]) == (409, "already_computing")
    assert ask(mine, private, **key).status_code == 202


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        (stranger, 401, "needs_token"),
        (twin, 404, "not_found"),
        (lambda: client(RoleKind.ELECTED_OFFICIAL), 403, "not_allowed"),
        (lambda: client(scopes=["studies:read"]), 403, "missing_scope"),
    ],
)
def test_who_may_not_compute_a_study_is_told_why(private, who, status, code):
    response = ask(who(), private)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert Run.objects.count() == 0


def test_a_published_study_of_others_is_read_and_not_computed(public):
    response = ask(twin(), public)

    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "body.first_year"),
        ({"first_year": "2028"}, "body.first_year"),
        ({"first_year": 1999}, "body.first_year"),
        ({**ASKED, "state": "done"}, "body.state"),
        ({**ASKED, "seed": 3}, "body.seed"),
        ({**ASKED, "hubs": [1]}, "body.hubs"),
        ({**ASKED, "keep_existing": 1}, "body.keep_existing"),
        ({**ASKED, "required_communes": ["1"]}, "body.required_communes.0"),
    ],
)
def test_a_field_that_is_unknown_or_of_another_kind_changes_nothing(private, wrong, field):
    response = ask(client(), private, wrong)

    assert response.status_code == 422
    assert [fault["field"] for fault in response.json()["errors"]] == [field]
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"hubs": [3, 2]}, "hubs_reversed"),
        ({"required_communes": ["75056"]}, "unknown_commune"),
        ({"forbidden_communes": ["75056"]}, "unknown_commune"),
    ],
)
def test_choices_that_contradict_the_territory_are_refused_at_once(private, more, code):
    response = ask(client(), private, ASKED | more)

    assert (response.status_code, response.json()["code"]) == (409, code)


def test_the_communes_of_the_territory_may_be_named(private):
    Territory.objects.update(members=[{"code": "69019", "name": "Belleville", "population": 1}])
    response = ask(client(), private, ASKED | {"required_communes": ["69019"]})

    assert response.json()["asked"]["choices"]["required_communes"] == ["69019"]


def test_the_list_asks_as_many_queries_for_one_study_as_for_three(
    private, django_assert_num_queries
):
    mine = client()
    mine.get(ROOT)
    with django_assert_num_queries(QUERIES):
        mine.get(ROOT)
    for number in (1, 2):
        studies.study(f"Autre {number}", slug=f"autre-{number}")
    with django_assert_num_queries(QUERIES):
        mine.get(ROOT)


# the token, its use, its limit, the roles, the second factor, how many, which ones
QUERIES = 6

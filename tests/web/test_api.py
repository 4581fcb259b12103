"""The API as its description says: fuzzed as a stranger and with a token, problems told."""

from datetime import timedelta

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck
from hypothesis import settings as bounded
from procrastinate.exceptions import ConnectorException
from schemathesis.config import (
    GenerationConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from factories import people, studies
from factories.territories import loaded
from factories.world import routes
from maillage.apps.people import api_access, api_token
from maillage.apps.people.models import RoleKind
from maillage.apps.studies import store
from maillage.apps.studies.models import RunState
from maillage.apps.territories import searching
from maillage.kit import read_only
from maillage.kit.clock import now
from maillage.kit.models import Answer
from maillage.kit.throttle import Limit
from maillage.web import api, problems

pytestmark = pytest.mark.django_db
MANY = Limit("many", 10**6, timedelta(minutes=1))
APPLICATION = get_wsgi_application()
EXAMPLES = 8
STUDY = 7001
WRITTEN: dict = {}


@pytest.fixture
def unlimited(monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    for name in ("READS", "WRITES"):
        monkeypatch.setattr(api_access, name, MANY)
    monkeypatch.setattr(searching, "SEARCHES", MANY)
    # as Django's own test client: the transaction of the test outlives its requests
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def published(outcome):
    """The embedded territory with its portrait, and its study published with one result."""
    loaded()
    of = studies.study(pk=STUDY, published_at=studies.AT, published_run=1)
    if not WRITTEN:
        # the files of a result, written once for all tests
        WRITTEN.update(store.write(outcome, of, "a" * 64, at=studies.AT))
    studies.run(of, RunState.DONE, finished_at=studies.AT, **WRITTEN)
    return of


def token_of(kind: str = RoleKind.PROJECT_OFFICER, *scopes: str) -> str:
    """The secret of a token of somebody who holds a post of the territory."""
    holder = people.with_second_factor(people.holder(kind))
    wanted = scopes or tuple(api_token.SCOPES)
    return api_token.create(holder, "Tableur", wanted, lasts_days=30, at=now())[1]


@pytest.fixture
def bearer():
    return {"Authorization": f"Bearer {token_of()}"}


def under(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def described(*, with_tokens: bool = False, **parts: object):
    """The description to try, with the identifiers of what exists; with invented tokens or none."""
    project = ProjectConfig(
        parameters={f"path.{name}": value for name, value in parts.items()},
        generation=GenerationConfig(max_examples=EXAMPLES, with_security_parameters=with_tokens),
    )
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    found = schemathesis.openapi.from_dict(api.schema(), config=config)
    found.app = from_this_machine
    return found


def from_this_machine(environ, start_response):
    return APPLICATION(environ | {"REMOTE_ADDR": "127.0.0.1"}, start_response)


FUZZED = bounded(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
REAL = {"siren": people.SIREN, "key": "communes", "study_id": STUDY, "number": 1}


@described(with_tokens=True).parametrize()
@FUZZED
def test_whatever_a_stranger_sends_the_answer_is_as_described(case, published, unlimited):
    case.call_and_validate()


@described(**REAL).parametrize()
@FUZZED
def test_what_exists_answers_as_described(case, published, unlimited):
    case.call_and_validate()


@described(**REAL).parametrize()
@FUZZED
def test_whatever_a_token_sends_the_answer_is_as_described(case, bearer, published, unlimited):
    # a key that served already refuses another body, and examples reuse keys
    Answer.objects.all().delete()
    case.call_and_validate(headers=bearer)


def problem_of(response, status: int, code: str) -> dict:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"].endswith(f"/api/v1/#{code}")
    return told


def test_the_description_is_openapi_31_and_says_which_errors_to_expect():
    found = Client().get("/api/v1/openapi.json").json()

    assert found["openapi"].startswith("3.1")
    for operations in found["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
            for status in ("401", "403", "404", "422", "429", "503"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"]


def test_the_description_says_the_bounds_of_what_is_sent():
    asked = api.schema()["components"]["schemas"]["Asked"]["properties"]
    bounded_ones = [asked["first_year"], asked["hubs"]["anyOf"][0]["items"]]

    assert all({"minimum", "maximum"} <= kind.keys() for kind in bounded_ones)
    assert api.schema()["components"]["schemas"]["Asked"]["additionalProperties"] is False


def test_every_operation_has_a_rule():
    found = [
        operation
        for bound in api.api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    ]

    assert len(found) == 23
    assert all(callable(operation.view_func.rule) for operation in found)
    assert [
        a for a, r in routes(get_resolver()) if a.startswith("api/") and not r.callback.rule
    ] == []


def test_the_portrait_and_the_plan_are_those_of_their_schemas(published):
    client = Client()
    portrait = client.get(f"/api/v1/territories/{people.SIREN}/portrait")
    plan = client.get(f"/api/v1/studies/{STUDY}/runs/1/plan")

    for answer, name in ((portrait, "Portrait"), (plan, "Plan")):
        schema = {"$ref": f"#/components/schemas/{name}", **api.schema()}
        jsonschema.validate(answer.json(), schema)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/territories/999999999", 404, "not_found"),
        ("/api/v1/territories/12", 422, "invalid"),
        ("/api/v1/territories?page=2", 422, "unknown_parameter"),
        ("/api/v1/territories?limit=2&limit=3", 422, "unknown_parameter"),
        ("/api/v1/territories?limit=0", 422, "invalid"),
    ],
)
def test_every_error_is_a_problem_in_french(address, status, code):
    told = problem_of(Client().get(address), status, code)

    assert told["detail"][0].isupper()
    assert told["detail"].endswith(".")
    assert told["reference"]


def test_a_wrong_value_says_which_field_and_what_to_give():
    told = problem_of(Client().get("/api/v1/territories?limit=0"), 422, "invalid")

    assert told["errors"] == [{"field": "query.limit", "message": "Donnez au moins 1."}]


def test_a_method_that_an_address_does_not_have_is_told_with_those_it_has():
    response = Client().delete("/api/v1/territories")

    problem_of(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_an_unreadable_body_is_told(published):
    client = under(token_of())
    response = client.post(f"/api/v1/studies/{STUDY}/runs", b"{", "application/json")

    problem_of(response, 400, "unreadable")


@pytest.mark.parametrize("error", [OperationalError, ConnectorException])
def test_a_database_out_of_reach_is_told_with_when_to_come_back(monkeypatch, error):
    def out_of_reach(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(api_access, "count", out_of_reach)
    response = Client().get("/api/v1/territories")

    problem_of(response, 503, "unavailable")
    assert response.headers["Retry-After"] == "20"


def test_a_fault_of_ours_is_told_without_its_detail(monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError("secret of the machine")

    monkeypatch.setattr(api_access, "count", broken)
    response = Client(raise_request_exception=False).get("/api/v1/territories")

    problem_of(response, 500, "failure")
    assert "secret" not in response.content.decode()


def test_nothing_is_written_while_the_platform_is_read_only(published):
    client = under(token_of())
    read_only.turn(on=True)
    try:
        response = client.post(f"/api/v1/studies/{STUDY}/runs", {}, "application/json")
        assert client.get(f"/api/v1/studies/{STUDY}").status_code == 200
    finally:
        read_only.turn(on=False)

    problem_of(response, 503, "read_only_now")


def test_an_answer_is_not_sent_twice():
    first = Client().get("/api/v1/territories")
    again = Client().get("/api/v1/territories", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Authorization" in first.headers["Vary"]


def test_the_head_of_an_answer_has_its_tag_and_no_content():
    whole, head = Client().get("/api/v1/territories"), Client().head("/api/v1/territories")

    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.content == b""


def test_the_reference_names_every_operation_and_brings_nothing_from_elsewhere():
    page = Client().get("/api/v1/").content.decode()

    for path, operations in api.schema()["paths"].items():
        assert path in page
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
    assert '<script src="http' not in page


def test_every_kind_of_error_has_a_title_and_a_usual_code():
    assert problems.TITLES.keys() == problems.USUAL.keys()

"""What surrounds every page: reference, caches, outages, the read-only switch."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from maillage.apps.people.models import Person
from maillage.kit import read_only
from maillage.web import static_version
from maillage.web.caching import PrivatePages
from maillage.web.outage import Outage
from maillage.web.read_only import ReadOnly
from maillage.web.reference import Reference, current


def request_of(person: object, method: str = "get") -> HttpRequest:
    request = getattr(RequestFactory(), method)("/")
    request.user = person
    return request


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


def test_every_answer_carries_the_reference_that_the_log_knows():
    seen = []

    def noting(_request: HttpRequest) -> HttpResponse:
        seen.append(current())
        return HttpResponse()

    response = Reference(noting)(request_of(AnonymousUser()))

    assert response.headers["X-Reference"] == seen[0] != ""
    assert current() == ""


def test_pages_of_signed_in_people_are_never_stored():
    mine = PrivatePages(page)(request_of(Person(pk=1)))
    posted = PrivatePages(page)(request_of(AnonymousUser(), "post"))

    assert mine.headers["Cache-Control"] == "no-store, private"
    assert posted.headers["Cache-Control"] == "no-store, private"
    assert mine.headers["Vary"] == "HX-Request, Cookie"


def test_a_public_page_may_say_how_long_it_lasts():
    def public(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    response = PrivatePages(public)(request_of(AnonymousUser()))

    assert response.headers["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("raised_by", ["view", "middleware"])
def test_a_database_out_of_reach_gives_a_sentence_and_when_to_come_back(raised_by):
    def broken(_request: HttpRequest) -> HttpResponse:
        raise OperationalError("connection refused to secret-host")

    request = request_of(AnonymousUser())
    outage = Outage(broken)
    if raised_by == "view":
        response = outage.process_exception(request, OperationalError("secret-host"))
    else:
        response = outage(request)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "20"
    assert "secret-host" not in response.content.decode()


def test_a_bug_is_not_taken_for_an_outage():
    assert Outage(page).process_exception(request_of(AnonymousUser()), ValueError()) is None


@pytest.mark.django_db
def test_while_read_only_pages_are_read_and_nothing_is_written():
    read_only.turn(on=True)
    try:
        assert ReadOnly(page)(request_of(AnonymousUser())).content == b"page"
        refused = ReadOnly(page)(request_of(AnonymousUser(), "post"))
    finally:
        read_only.turn(on=False)

    assert refused.status_code == 503
    assert "maintenance" in refused.content.decode()
    assert ReadOnly(page)(request_of(AnonymousUser(), "post")).content == b"page"


def test_the_address_of_static_files_changes_with_any_of_them(tmp_path):
    (tmp_path / "style.css").write_text("a{}")
    before = static_version.of(tmp_path)
    (tmp_path / "style.css").write_text("b{}")

    assert static_version.of(tmp_path) != before

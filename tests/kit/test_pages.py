"""A page opens to its rule alone."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from maillage.apps.people.models import Person
from maillage.kit.pages import anyone, is_fragment, page, signed_in


def request_of(person: object, method: str = "get", **headers: str) -> HttpRequest:
    request = getattr(RequestFactory(), method)("/etudes/?page=2", **headers)
    request.user = person
    return request


def never(_person: object, _target: object) -> bool:
    return False


def test_a_stranger_is_sent_to_sign_in_and_back():
    private = page(rule=signed_in)(lambda _request: HttpResponse("secret"))

    response = private(request_of(AnonymousUser()))

    assert response.status_code == 302
    assert response.headers["Location"] == "/connexion/?next=/etudes/%3Fpage%3D2"


def test_someone_without_the_right_is_refused():
    private = page(rule=never)(lambda _request: HttpResponse("secret"))

    with pytest.raises(PermissionDenied):
        private(request_of(Person(pk=1)))


def test_what_belongs_to_others_does_not_exist():
    def of_mine(_person: object, key: int) -> object:
        raise Http404(key)

    private = page(rule=signed_in, of=of_mine)(lambda _request, _target: HttpResponse("secret"))

    with pytest.raises(Http404):
        private(request_of(Person(pk=1)), key=3)
    # a stranger learns neither that it exists nor that it does not
    assert private(request_of(AnonymousUser()), key=3).status_code == 302


def test_what_is_public_and_absent_is_not_found_for_everybody():
    def of_all(_person: object, key: int) -> object:
        raise Http404(key)

    public = page(rule=anyone, of=of_all)(lambda _request, _target: HttpResponse("read"))

    with pytest.raises(Http404):
        public(request_of(AnonymousUser()), key=3)


def test_a_verb_that_is_not_declared_is_refused():
    reading = page(rule=anyone)(lambda _request: HttpResponse("read"))

    assert reading(request_of(AnonymousUser(), "post")).status_code == 405
    assert reading(request_of(AnonymousUser())).content == b"read"


def test_every_page_carries_its_rule():
    assert page(rule=never)(lambda _request: HttpResponse()).rule is never


def test_a_request_without_htmx_is_never_a_fragment():
    assert not is_fragment(request_of(AnonymousUser()))

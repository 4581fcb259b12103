"""Light, dark or as the device: kept in a cookie, and never a way out of the site."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from maillage.web.appearance import choose


def chosen(**posted: str) -> HttpResponse:
    request = RequestFactory().post("/apparence/", posted)
    request.user = AnonymousUser()
    return choose(request)


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_choice_is_kept_and_one_goes_back_to_the_page(theme):
    response = chosen(theme=theme, next="/territoires/?tri=nom")

    assert response.headers["Location"] == "/territoires/?tri=nom"
    cookie = response.cookies["maillage-theme"]
    assert cookie.value == theme
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_theme_that_does_not_exist_is_not_kept():
    assert "maillage-theme" not in chosen(theme="sepia", next="/").cookies


@pytest.mark.parametrize(
    "away", ["https://ailleurs.example/", "//ailleurs.example", "javascript:1"]
)
def test_the_way_back_never_leaves_the_site(away):
    assert chosen(theme="dark", next=away).headers["Location"] == "/"


def test_reading_the_address_changes_nothing():
    request = RequestFactory().get("/apparence/?theme=dark")
    request.user = AnonymousUser()

    assert choose(request).status_code == 405

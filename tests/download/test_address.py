"""Which addresses may be asked and followed, and what of them may be shown."""

import pytest

from maillage.core.bad_input import BadInput
from maillage.download import address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fichier.zip",
        "ftp://exemple.fr/a.zip",
        "file:///etc/passwd",
        "https://",
        "https:///a.zip",
        "javascript:alert(1)",
        "http://[::1",
        "https://exemple.fr/a b.zip",
        "https://exemple.fr/a\nHost: autre",
        "https://exemple.fr:99999/a.zip",
    ],
)
def test_what_is_no_address_of_the_web_is_refused_without_being_repeated(text):
    with pytest.raises(BadInput) as refusal:
        address.read(text)

    assert (refusal.value.code, refusal.value.facts) == ("address_not_web", {})


def test_a_password_is_sent_and_never_shown():
    found = address.read("https://marie:s%C3%A9same@exemple.fr:8443/d/a.zip?jeton=abc#fin")

    assert found.url == "https://exemple.fr:8443/d/a.zip?jeton=abc"
    assert found.authorization == "Basic bWFyaWU6c8Opc2FtZQ=="
    assert found.shown == "https://exemple.fr:8443/d/a.zip"
    assert found.file_name == "a.zip"


@pytest.mark.parametrize(
    ("here", "location", "there"),
    [
        ("https://a.fr/x/y", "https://b.fr/z", "https://b.fr/z"),
        ("https://a.fr/x/y", "/z", "https://a.fr/z"),
        ("http://127.0.0.1:80/x", "http://localhost:81/z", "http://localhost:81/z"),
        ("http://[::1]/x", "http://127.0.0.2/z", "http://127.0.0.2/z"),
    ],
)
def test_a_redirect_stays_secure_or_on_this_machine(here, location, there):
    assert address.read(here).followed_to(location).url == there


@pytest.mark.parametrize(
    ("here", "location"),
    [
        ("https://a.fr/x", "http://a.fr/x"),
        ("http://a.fr/x", "http://b.fr/x"),
        ("http://a.fr/x", "https://a.fr/x"),
        ("https://a.fr/x", "ftp://a.fr/x"),
        ("https://a.fr/x", "file:///etc/passwd"),
        ("http://a.fr/x", "http://127.0.0.1/x"),
        ("http://127.0.0.1/x", "http://a.fr/x"),
        ("https://a.fr/x", "https://[::1"),
    ],
)
def test_any_other_redirect_is_refused(here, location):
    with pytest.raises(BadInput) as refusal:
        address.read(here).followed_to(location)

    assert refusal.value.code == "download_redirect"


def test_a_password_does_not_follow_a_redirect_to_another_host():
    here = address.read("https://marie:mot@a.fr/x")

    assert here.followed_to("https://a.fr/y").authorization == here.authorization
    assert here.followed_to("https://b.fr/y").authorization is None
    assert here.followed_to("https://a.fr:8443/y").authorization is None
    assert here.followed_to("https://luc:clef@b.fr/y").authorization is None

"""Settings are read from addresses, as operators write them."""

import os
import subprocess
import sys

import pytest
from django.conf import global_settings
from django.conf import settings as django_settings

import postgres_plugin
from maillage.web import settings

# OWASP, Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256
ADVISED_ROUNDS = 600_000


def test_a_database_address_becomes_djangos_settings():
    found = settings.database("postgresql://paul:p%40ss@db.example:5433/maillage?sslmode=require")

    assert found["NAME"] == "maillage"
    assert found["USER"] == "paul"
    assert found["PASSWORD"] == "p@ss"
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "statement_timeout" in found["OPTIONS"]["options"]


def test_documents_go_to_a_folder_or_to_an_object_store():
    folder = settings.storage("/srv/maillage/files")
    bucket = settings.storage("s3://seau/prefixe?endpoint=https%3A%2F%2Fs3.example")

    assert folder == {
        "BACKEND": "maillage.kit.files.WholeFiles",
        "OPTIONS": {"location": "/srv/maillage/files"},
    }
    assert bucket["OPTIONS"]["bucket_name"] == "seau"
    assert bucket["OPTIONS"]["location"] == "prefixe"
    assert bucket["OPTIONS"]["endpoint_url"] == "https://s3.example"


def test_passwords_are_hashed_as_the_framework_advises():
    """The tests hash with fewer rounds (postgres_plugin.py): of that class, and of no other."""
    assert not hasattr(settings, "PASSWORD_HASHERS")
    assert django_settings.PASSWORD_HASHERS == global_settings.PASSWORD_HASHERS
    assert postgres_plugin.ROUNDS < postgres_plugin.REAL_ROUNDS >= ADVISED_ROUNDS


def test_cut_streets_stay_with_the_documents_when_they_are_on_this_machine():
    assert settings.cache_folder("/srv/maillage/files") == "/srv/maillage/files/cache"
    assert settings.cache_folder("s3://seau/prefixe").endswith("/maillage-cache")


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [
        ("smtp://relay.example", 25, False, False),
        ("smtp+starttls://paul:secret@relay.example:587", 587, True, False),
        ("smtps://relay.example", 465, False, True),
    ],
)
def test_a_mail_address_becomes_djangos_settings(address, port, tls, ssl):
    options = settings.mail(address)["OPTIONS"]

    assert (options["host"], options["port"]) == ("relay.example", port)
    assert (options["use_tls"], options["use_ssl"]) == (tls, ssl)


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    ours = ("MAILLAGE_", "DJANGO_ALLOW")
    asked = {k: v for k, v in os.environ.items() if not k.startswith(ours)} | environment
    return subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=asked,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_does_not_start_without_a_secret():
    done = start()

    assert done.returncode == 1
    assert "MAILLAGE_SECRET_KEY est vide" in done.stderr


def test_the_settings_of_production_pass_djangos_deployment_checks():
    done = start(
        MAILLAGE_SECRET_KEY="".join(chr(33 + n % 90) for n in range(80)),
        MAILLAGE_URL="https://maillage.example",
        MAILLAGE_MAIL="smtps://relay.example",
    )

    assert done.stderr == ""
    assert done.returncode == 0

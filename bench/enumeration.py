"""Whether an account's existence shows in the time of an answer: medians of 200 tries each.

`./run bench enumeration` : log-in, link and forgotten password, for accounts that exist and for
addresses that have none, in turn. The promise is medians within 10 %.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from maillage.operate import postgres

TRIES = 200
# below the limit of five failures for an account
TRIES_OF_ACCOUNT = 5
ACCOUNTS = TRIES // TRIES_OF_ACCOUNT
PAGES = ("/connexion/", "/connexion/lien/", "/connexion/mot-de-passe-oublie/")


def main() -> None:
    """Start a database of its own, try, print, leave nothing."""
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        server = postgres.start(Path(folder))
        try:
            os.environ["DATABASE_URL"] = server.url
            os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.web.settings"
            os.environ.setdefault("MAILLAGE_SECRET_KEY", "of-the-bench-alone-" * 4)
            measure()
        finally:
            server.stop()


def measure() -> None:
    """Print one line for each page: both medians and their gap."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    from maillage.apps.people.models import Person

    call_command("migrate", verbosity=0)
    setup_test_environment()
    for n in range(len(PAGES) * ACCOUNTS):
        Person.objects.create_user(f"known{n:03d}@exemple.fr", "Personne fictive", "une phrase")

    def ask(page: str, email: str, n: int) -> None:
        typed = {"email": email, "password": "une autre phrase"}
        Client().post(page, typed, REMOTE_ADDR=f"10.{n // 250}.{n % 250}.1")

    for page in PAGES:
        known, unknown = timed(page, ask)
        gap = 100 * (known / unknown - 1)
        print(f"{page:32} {1000 * known:6.1f} ms, inconnu {1000 * unknown:6.1f} ms, {gap:+5.1f} %")


def timed(page: str, ask: Callable[[str, str, int], None]) -> tuple[float, float]:
    """Median seconds for accounts that exist, and for those that do not, taken in turn."""
    taken: dict[str, list[float]] = {"known": [], "nobod": []}
    first = PAGES.index(page) * TRIES
    for n in range(first, first + TRIES):
        for name, times in taken.items():
            begun = time.perf_counter()
            ask(page, f"{name}{n // TRIES_OF_ACCOUNT:03d}@exemple.fr", n)
            times.append(time.perf_counter() - begun)
    return statistics.median(taken["known"]), statistics.median(taken["nobod"])


if __name__ == "__main__":
    main()

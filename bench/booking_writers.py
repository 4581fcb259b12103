"""Some of the writers of `bench/bookings.py`: CALENDAR METHOD SECONDS FIRST COUNT."""

import json
import random
import sys
import threading
import time
from collections.abc import Iterable
from datetime import timedelta

from maillage.operate.product import open_product

open_product()

from django.db import connection  # noqa: E402  (once the product is open)

from factories.bookings import booker, desk  # noqa: E402
from maillage.apps.bookings import seats  # noqa: E402
from maillage.apps.bookings.reserve import reserve  # noqa: E402
from maillage.apps.sites.models import Seat, Space  # noqa: E402
from maillage.core.periods import Period  # noqa: E402
from maillage.kit.clock import now  # noqa: E402
from maillage.kit.refusal import Refusal  # noqa: E402

CALENDAR, METHOD, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
FIRST, COUNT = int(sys.argv[4]), int(sys.argv[5])
DAYS, MORNINGS = 300, (6, 9, 12, 15, 18)
# so few that most of what is asked is taken before the end
CROWDED_DAYS = 6


def main() -> None:
    """Say ready, wait for the word, book, tell."""
    if METHOD == "global":
        one_lock_for_everybody()
    told: dict[str, list[float]] = {"done": [], "lost": []}
    broken: list[str] = []
    spaces = list(Space.objects.select_related("site").order_by("pk"))
    go = threading.Event()
    threads = [
        threading.Thread(target=write, args=(FIRST + n, spaces, go, told, broken))
        for n in range(COUNT)
    ]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    go.set()
    for thread in threads:
        thread.join()
    for said in broken[:3]:
        sys.stderr.write(f"{said}\n")
    sys.stdout.write(json.dumps(told | {"broken": len(broken)}) + "\n")


def write(
    number: int,
    spaces: list[Space],
    go: threading.Event,
    told: dict[str, list[float]],
    broken: list[str],
) -> None:
    """One person who books without a pause."""
    chance = random.Random(number)  # noqa: S311  (a seed, no secret)
    me, today = booker(f"personne{number}"), now().replace(minute=0, second=0, microsecond=0)
    connection.ensure_connection()
    go.wait()
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        if CALENDAR == "free":
            # each writer has its own spaces: nobody meets
            mine = [s for s in spaces[:-1] if s.pk % 32 == number % 32] or spaces[:-1]
            space, days = chance.choice(mine), DAYS
        else:
            space, days = spaces[-1], CROWDED_DAYS
        hour = chance.choice(MORNINGS)
        begins = today.replace(hour=hour) + timedelta(days=3 + chance.randrange(days))
        ask = desk(space, Period(begins, begins + timedelta(hours=3)))
        begun = time.perf_counter()
        try:
            reserve([ask], me, at=now())
            told["done"].append(time.perf_counter() - begun)
        except Refusal:
            told["lost"].append(time.perf_counter() - begun)
        except Exception as error:
            broken.append(repr(error))
    connection.close()


def one_lock_for_everybody() -> None:
    """As GET_LOCK: whoever books stops everybody else, then looks for overlaps and inserts."""

    def lock(space_ids: Iterable[int]) -> dict[int, list[int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(1)")
        return {
            space: list(
                Seat.objects.filter(space__path__contains=[space])
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            for space in space_ids
        }

    seats.lock = seats.lock_at_once = lock


if __name__ == "__main__":
    main()

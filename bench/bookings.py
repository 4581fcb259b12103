"""Bookings under a crowd: ./run bench bookings [SECONDS] (default: 10 for each run).

32 writers in 8 processes book on a PostgreSQL of their own, through the whole verb: rules, seats,
price, ledger, journal, message. First where nobody meets (a free calendar), then where everybody
does (twelve seats). The same runs again with one lock for everybody, taken before looking for
overlaps and inserting, as older tools do (GET_LOCK of MySQL in GRR): the ratio is what counts.
Last, what is free among 2,000 seats of 100 sites over a year.

`--crowd` runs the long series of tests/faults instead: 20 rounds of 200 attempts, by every path.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parent.parent
PROCESSES, THREADS = 8, 4
SITES, SPACES_A_SITE, SEATS_A_SPACE = 100, 2, 10
CROWDED_SEATS = 12
# of every seat-morning of the year, so many are taken
FILLED = 0.5
SEARCHES = 200
PERCENT = 100


def main() -> None:
    """Start a database, seed it, book, search, stop."""
    if "--crowd" in sys.argv:
        sys.exit(crowd())
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    from maillage.operate import postgres

    home = Path(tempfile.mkdtemp(prefix="maillage-bench-", dir="/tmp"))
    home.chmod(0o755)
    server = postgres.start(home / "postgres")
    os.environ |= {
        "DATABASE_URL": server.url,
        "MAILLAGE_FILES": str(home / "files"),
        "MAILLAGE_SECRET_KEY": "of-the-bench-alone-" * 4,
        "PYTHONPATH": str(ROOT / "tests"),
    }
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        seed()
        rates = {}
        for calendar in ("free", "crowded"):
            for method in ("seats", "global"):
                rates[calendar, method] = booked(calendar, method, seconds)
            ratio = rates[calendar, "seats"] / max(rates[calendar, "global"], 0.001)
            sys.stdout.write(f"{calendar}: {ratio:.1f} times the answers of one global lock\n")
        search()
    finally:
        server.stop()
        shutil.rmtree(home)


def crowd() -> int:
    """The long series of the tests, which print their figures."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/faults/test_bookings_crowd.py", "-s"],
        cwd=ROOT,
        env=os.environ | {"FAULT_ROUNDS": "13"},
    )
    return done.returncode


def seed() -> None:
    """A hundred invented sites with voted prices, people who book."""
    from maillage.operate.product import open_product

    open_product()
    from factories import network_sites as sites
    from factories import tariffs
    from factories.bookings import someone
    from maillage.operate import readiness

    readiness.migrate()
    for number in range(SITES):
        place = sites.site(f"Lieu {number} (fictif)", opening_hours="24/7")
        if number == 0:
            tariffs.voted(place.operator, starts_on=date(2026, 1, 1))
        for rank in range(SPACES_A_SITE):
            sites.open_space(place, name=f"Espace {rank}", seats=SEATS_A_SPACE, horizon_days=400)
    crowded = sites.site("Lieu couru (fictif)", opening_hours="24/7")
    sites.open_space(crowded, name="Espace couru", seats=CROWDED_SEATS, horizon_days=400)
    for number in range(PROCESSES * THREADS):
        someone(f"personne{number}")


def booked(calendar: str, method: str, seconds: float) -> float:
    """Answers a second to 32 writers, booked or refused."""
    forget_bookings()
    writers = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "bench" / "booking_writers.py"), calendar, method,
             str(seconds), str(number * THREADS), str(THREADS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    for writer in writers:
        # each says when it is ready, then all start together
        line(writer)
    for writer in writers:
        writer.stdin.write("go\n")  # type: ignore[union-attr]
        writer.stdin.flush()  # type: ignore[union-attr]
    told = [json.loads(line(writer)) for writer in writers]
    for writer in writers:
        writer.wait()
    done = sorted(s for one in told for s in one["done"])
    lost = sorted(s for one in told for s in one["lost"])
    broken = sum(one["broken"] for one in told)
    sys.stdout.write(
        f"{calendar:8s} {method:7s} {len(done) / seconds:6.0f} bookings/s, "
        f"{len(lost) / seconds:6.0f} refusals/s, "
        f"{broken} errors; booked {told_ms(done)}; refused {told_ms(lost)}\n"
    )
    sys.stdout.flush()
    return (len(done) + len(lost)) / seconds


def line(writer: "subprocess.Popen[str]") -> str:
    """The next line that a process says."""
    said = writer.stdout.readline() if writer.stdout else ""
    if not said:
        raise SystemExit("a writer ended before its time")
    return said


def told_ms(seconds: list[float]) -> str:
    """Median and 99th percentile."""
    if len(seconds) < 2:
        return "-"
    cuts = quantiles(seconds, n=PERCENT)
    return f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"


def forget_bookings() -> None:
    """An empty calendar again; the ledger of a bench may be emptied."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "TRUNCATE bookings_occupancy, bookings_booking, ledger_charge, journal_entry, "
            "procrastinate_jobs, memberships_use CASCADE"
        )
        cursor.execute("SET session_replication_role = origin")
    connection.close()


def search() -> None:
    """What is free in each space at some hour, then the next free slots of a full space."""
    from django.db import connection

    from factories.bookings import desk
    from maillage.apps.bookings.availability import next_free, seats_left
    from maillage.apps.sites.models import Space
    from maillage.core.periods import Period
    from maillage.kit.clock import now

    forget_bookings()
    rows = fill_a_year()
    spaces = list(Space.objects.order_by("pk"))
    at, chance = now(), random.Random(1)  # noqa: S311  (a seed, no secret)
    begin = at.replace(minute=0, second=0, microsecond=0)

    def slot() -> Period:
        first = begin + timedelta(days=chance.randrange(1, 350), hours=chance.randrange(10))
        return Period(first, first + timedelta(hours=3))

    every = [space.pk for space in spaces]
    found = timed(lambda: seats_left(every, slot(), at=at))
    following = timed(lambda: next_free(desk(chance.choice(spaces), slot()), at=at))
    sys.stdout.write(
        f"search among {len(spaces)} spaces, {SITES * SPACES_A_SITE * SEATS_A_SPACE} seats, "
        f"{rows} seats taken in a year: {told_ms(found)}; next free slots: {told_ms(following)}\n"
    )
    connection.close()


def fill_a_year() -> int:
    """Half of the mornings of every seat, written at once."""
    from django.db import connection

    from maillage.kit.clock import now

    first = now().replace(hour=8, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "INSERT INTO bookings_occupancy (seat_id, booking_id, period) "
            "SELECT seat.id, 1, tstzrange(%s + make_interval(days => day), "
            "%s + make_interval(days => day, hours => 4)) FROM sites_seat seat, "
            "generate_series(0, 364) AS day WHERE random() < %s",
            [first, first, FILLED],
        )
        rows = cursor.rowcount
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE bookings_occupancy")
    return int(rows)


def timed(act: Callable[[], object]) -> list[float]:
    """Seconds of each of two hundred."""
    found = []
    for _ in range(SEARCHES):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return found


if __name__ == "__main__":
    main()

"""kill -9 of those who book and of PostgreSQL in the middle: nothing half done, nothing lost.

FAULT_ROUNDS=13 for the long series (./run bench faults).
"""

import os
import random
import sys

import pytest

from faults.office import Office, opened

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
WRITERS = 3
ACTS_BETWEEN_KILLS = 15
SEED = """
from maillage.operate.product import open_product
open_product()
from factories import network_sites as sites, tariffs
from factories.bookings import someone
place = sites.site()
tariffs.voted(place.operator, starts_on=sites.date(2026, 1, 1))
sites.open_space(place, seats=4)
sites.halves(place)
[someone(f"personne{n}") for n in range(6)]
"""
# holds that nobody confirmed are over an hour later, whoever was killed meanwhile
AUDIT = """
import sys
from datetime import timedelta
from maillage.operate.product import open_product
open_product()
from maillage.apps.bookings import audit, expire
from maillage.kit.clock import now
later = now() + timedelta(hours=1)
expire.expire(at=later)
found = {f.name: f.found for f in audit.forbidden(at=later) if f.found}
sys.exit(str(found) if found else 0)
"""


@pytest.fixture
def office():
    with opened(SEED, random.Random(3)) as made:  # noqa: S311  (a seed, no secret)
        yield made


def open_counter(office: Office) -> None:
    """One more process that books."""
    office.open_desk("-m", "faults.booking_writer", str(office.chance.randrange(10**6)))


def test_nothing_is_half_done_whatever_is_killed(office):
    for _ in range(WRITERS):
        open_counter(office)
    for _ in range(ROUNDS):
        for kill in (office.kill_one, office.kill_database):
            office.wait_for_more(ACTS_BETWEEN_KILLS)
            kill()
            while len(office.processes) < WRITERS:
                open_counter(office)
    office.wait_for_more(ACTS_BETWEEN_KILLS)
    while office.processes:
        office.kill_one()

    office.python(AUDIT)
    states = dict(office.ask("SELECT reference, state FROM bookings_booking"))
    # what was acknowledged is there; a later act may have ended it
    cancelled = {line.split()[1] for line in office.said if line.startswith("cancelled")}
    booked = {line.split()[1] for line in office.said if line.startswith("booked")}
    sys.stdout.write(f"{2 * ROUNDS} kills, {len(office.said)} acts acknowledged\n")
    assert [ref for ref in booked if ref not in states] == []
    assert {states[ref] for ref in booked} <= {"confirmed", "cancelled"}
    assert {states[ref] for ref in cancelled} <= {"cancelled"}
    # one telling of each booking that was made, whoever was killed after
    untold = office.ask(
        "SELECT reference FROM bookings_booking WHERE NOT EXISTS (SELECT FROM procrastinate_jobs "
        "WHERE task_name = 'bookings.tell' AND (args->>'booking_id')::bigint = bookings_booking.id)"
    )
    assert untold == []

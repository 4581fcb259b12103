"""kill -9 of those who issue, of a run and of PostgreSQL: no number without its files, no gap.

FAULT_ROUNDS=13 for the long series (./run bench faults).
"""

import os
import random
import sys
import time

import pytest

from faults.office import Office, opened
from patience import wait_until

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
ISSUERS = 2
BETWEEN_KILLS = 6
PAYERS = 12
SEED = f"""
from maillage.operate.product import open_product
open_product()
from factories import billing
billing.profile()
[billing.person_payer(name=f"Personne {{n}} (fictif)") for n in range({PAYERS})]
"""
AUDIT = """
import sys
from maillage.operate.product import open_product
open_product()
from maillage.apps.billing import audit
from maillage.kit.clock import now
found = {f.name: f.found for f in audit.forbidden(at=now()) if f.found}
sys.exit(str(found) if found else 0)
"""
# what a month sold, the payers in two halves that two runs would share
CHARGE = """
from maillage.operate.product import open_product
open_product()
from factories import billing, network_sites
from maillage.apps.billing import run
from maillage.apps.people.models import Person
from maillage.kit.clock import now
at = now()
body = network_sites.operator()
for pk in Person.objects.values_list("pk", flat=True):
    billing.charged(billing.Payer(person_id=pk), body, on=at.date(), at=at,
                    origin=billing.own_origin())
print(run.start(body, at.date().replace(day=1), by=None, at=at).pk)
"""
CARRY = """
import sys
from maillage.operate.product import open_product
open_product()
from maillage.apps.billing import run
from maillage.kit.clock import now
run.carry_out(int(sys.argv[1]), now)
"""


@pytest.fixture
def office():
    with opened(SEED, random.Random(7)) as made:  # noqa: S311  (a seed, no secret)
        yield made


def open_desk(office: Office) -> None:
    """One more process that issues."""
    first = office.chance.randrange(PAYERS)
    office.open_desk("-m", "faults.billing_issuer", str(first), "5")


def wait_for_more(office: Office) -> None:
    """Then any instant between two steps of an issue."""
    office.wait_for_more(BETWEEN_KILLS)
    time.sleep(office.chance.random() / 5)


def documents(office: Office) -> list[str]:
    rows = office.ask("SELECT number FROM billing_document ORDER BY n")
    return [number for (number,) in rows]


def test_no_number_without_its_files_and_no_gap_whatever_is_killed(office):
    for _ in range(ISSUERS):
        open_desk(office)
    for _ in range(ROUNDS):
        for kill in (office.kill_one, office.kill_database):
            wait_for_more(office)
            kill()
            while len(office.processes) < ISSUERS:
                open_desk(office)
    wait_for_more(office)
    while office.processes:
        office.kill_one()

    # gaps, duplicates, dates, chain, files: everything that must never be
    office.python(AUDIT)
    told = [line.split()[1] for line in office.said]
    sys.stdout.write(f"{2 * ROUNDS} kills, {len(told)} documents acknowledged\n")
    assert set(told) <= set(documents(office))
    assert len(told) == len(set(told))

    # then a month: the same office, its run killed at a random payer and taken up
    before = documents(office)
    run = office.python(CHARGE)
    for _ in range(ROUNDS):
        carrier = office.begin("-c", CARRY, run)
        enough = len(documents(office)) + office.chance.randrange(1, 4)
        wait_until(
            lambda enough=enough, carrier=carrier: (
                len(documents(office)) >= enough or carrier.poll() is not None
            )
        )
        carrier.kill()
        carrier.wait()
        carrier.stdout.close()
    office.python(CARRY, run)
    done = documents(office)
    office.python(CARRY, run)
    assert documents(office) == done
    assert office.ask("SELECT state, total FROM billing_run") == [("done", PAYERS)]
    assert len(done) == len(before) + PAYERS
    assert office.ask("SELECT DISTINCT outcome FROM billing_runitem") == [("issued",)]
    office.python(AUDIT)

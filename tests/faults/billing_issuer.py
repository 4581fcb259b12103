"""A process that issues until it is killed: « issued NUMBER DATE » for each that is acknowledged.

python -m faults.billing_issuer FIRST STEP   payers FIRST, FIRST + STEP…, each charged then invoiced
"""

import sys
import time
from datetime import timedelta

from maillage.operate.product import open_product

open_product()

from django.db import connection, transaction  # noqa: E402

from factories import billing  # noqa: E402
from maillage.apps.billing.issue import issue  # noqa: E402
from maillage.apps.people.models import Organisation, Person  # noqa: E402
from maillage.kit.clock import now  # noqa: E402
from maillage.kit.database_errors import LOST  # noqa: E402


def main(first: int, step: int) -> None:
    """Charge and invoice one payer after the other."""
    payers: list[int] = []
    n = first
    while True:
        try:
            payers = payers or list(Person.objects.order_by("pk").values_list("pk", flat=True))
            act(billing.Payer(person_id=payers[n % len(payers)]))
        except LOST:
            # the database is away, or not there yet: what was asked is not acknowledged
            connection.close()
            time.sleep(0.1)
        n += step


def act(payer: billing.Payer) -> None:
    """One sale of today, invoiced at once."""
    at = now()
    operator = Organisation.objects.get(billing_profile__isnull=False)
    with transaction.atomic():
        billing.charged(payer, operator, on=at.date(), at=at, origin=billing.own_origin())
    for made in issue(operator, payer, until=at.date() + timedelta(days=1), by=None, at=at):
        sys.stdout.write(f"issued {made.number} {made.issued_on}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

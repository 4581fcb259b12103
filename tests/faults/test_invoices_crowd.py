"""Many who issue at once: numbers without gap nor duplicate, dates that never go back."""

import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from factories import billing, network_sites
from maillage.apps.billing import audit
from maillage.apps.billing.issue import issue
from maillage.apps.billing.models import Document

ISSUERS = 32
EACH = 2
# each issuer's clock is its own: what it read before the lock is not what decides
APART = timedelta(hours=9)


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_no_duplicate_and_dates_never_go_back():
    body = network_sites.operator()
    billing.profile(body)
    payers = [[billing.person_payer() for _n in range(EACH)] for _i in range(ISSUERS)]
    for payer in [one for mine in payers for one in mine]:
        billing.charged(payer, body)
    barrier = threading.Barrier(ISSUERS)
    said: list[str] = []
    failed: list[BaseException] = []

    def work(rank: int) -> None:
        at = billing.AT + APART * (rank % 3)
        try:
            barrier.wait()
            for payer in payers[rank]:
                made = issue(body, payer, until=billing.UNTIL, by=None, at=at)
                said.extend(one.number for one in made)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    begun = time.monotonic()
    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(ISSUERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    rows = list(Document.objects.order_by("n").values_list("n", "number", "issued_on"))
    assert [n for n, _number, _on in rows] == list(range(1, ISSUERS * EACH + 1))
    assert sorted(said) == sorted(number for _n, number, _on in rows)
    days = [on for _n, _number, on in rows]
    assert days == sorted(days)
    # the crowd came with two days: whoever was first, the later one has the last word
    assert days[-1] == (billing.AT + 2 * APART).date() > billing.AT.date()
    assert [one for one in audit.forbidden(at=billing.AT) if one.found] == []
    sys.stdout.write(f"{len(rows)} documents in {time.monotonic() - begun:.1f} s\n")

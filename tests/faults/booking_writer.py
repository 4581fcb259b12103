"""Books, holds, moves and cancels without end in a process of its own, saying what was answered.

`python -m faults.booking_writer SEED`: one line per acknowledged act, "booked REFERENCE" or
"cancelled REFERENCE"; whatever is killed in between is unknown, and never half done.
"""

import random
import sys
import time
from datetime import timedelta

from maillage.operate.product import open_product

open_product()

from django.db import connection  # noqa: E402  (once the product is open)

from factories import network_sites as sites  # noqa: E402
from factories.bookings import HALF_AN_HOUR, ask, booker, desk  # noqa: E402
from maillage.apps.bookings.cancel import cancel  # noqa: E402
from maillage.apps.bookings.change import change  # noqa: E402
from maillage.apps.bookings.confirm import confirm  # noqa: E402
from maillage.apps.bookings.models import Booking, State  # noqa: E402
from maillage.apps.bookings.reserve import Terms, reserve  # noqa: E402
from maillage.apps.sites.models import Space  # noqa: E402
from maillage.core import periods  # noqa: E402
from maillage.kit.clock import now  # noqa: E402
from maillage.kit.database_errors import is_out_of_reach  # noqa: E402
from maillage.kit.refusal import Refusal  # noqa: E402

DAYS = 20


def main() -> None:
    """Until somebody kills it."""
    chance = random.Random(int(sys.argv[1]))  # noqa: S311  (a seed, no secret)
    while True:
        try:
            for word, booking in act(chance):
                sys.stdout.write(f"{word} {booking.reference}\n")
                sys.stdout.flush()
        except Refusal:
            pass
        except Exception as error:
            if not is_out_of_reach(error):
                raise
            # what was asked is unknown
            connection.close()
            time.sleep(0.1)


def act(chance: random.Random) -> list[tuple[str, Booking]]:
    """One act of a random person, and what it did."""
    me = booker(f"personne{chance.randrange(6)}")
    spaces = list(Space.objects.filter(removed_at=None))
    slot = some_slot(chance)
    space = chance.choice(spaces)
    wanted = ask(space, slot) if chance.random() < 0.3 else desk(space, slot)
    kind = chance.choice(("book", "book", "hold", "leave", "cancel", "change"))
    if kind == "book":
        return [("booked", one) for one in reserve([wanted], me, at=now())]
    if kind == "hold":
        (hold,) = reserve([wanted], me, at=now(), terms=Terms(hold_for=HALF_AN_HOUR))
        return [("booked", confirm(hold, by=None, at=now()))]
    if kind == "leave":
        reserve([wanted], me, at=now(), terms=Terms(hold_for=timedelta(seconds=1)))
        return []
    mine = Booking.objects.filter(person=me.person, state=State.CONFIRMED).order_by("?").first()
    if mine is None:
        return []
    if kind == "cancel":
        return [("cancelled", cancel(mine, by=None, at=now()))]
    change(mine, wanted, me, at=now())
    return []


def some_slot(chance: random.Random) -> periods.Period:
    """Three hours of a working day of the coming weeks."""
    on = now().date() + timedelta(days=7 + chance.randrange(DAYS))
    while on.weekday() > 4 or periods.is_holiday(on, "metropole"):
        on += timedelta(days=1)
    begins = chance.choice((8, 9, 14, 16))
    return sites.slot(on, begins, begins + 3)


if __name__ == "__main__":
    main()

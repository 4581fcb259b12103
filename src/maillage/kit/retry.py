"""An act that two people did at once is tried again: PostgreSQL ended one of the two."""

import random
import time
from collections.abc import Callable

from django.db import OperationalError, connection

TRIES = 4
# serialization failure, deadlock
_ENDED = frozenset({"40001", "40P01"})
_PAUSE_S = 0.02


def settled[Result](act: Callable[[], Result]) -> Result:
    """Act, again when the database ended the transaction to let another one pass.

    Within a transaction it only acts: the one that began the transaction tries again.
    """
    for _ in range(TRIES - 1):
        if connection.in_atomic_block:
            break
        try:
            return act()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _ENDED:
                raise
            # apart, so that the same two do not meet again
            time.sleep(_PAUSE_S * (0.5 + random.random()))  # noqa: S311  (no secret)
    return act()

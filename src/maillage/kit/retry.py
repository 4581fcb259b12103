"""An act that two people did at once is tried again: PostgreSQL ended one of the two."""

import random
import time
from collections.abc import Callable

from django.db import connection

from maillage.kit import database_errors
from maillage.kit.refusal import Refusal

TRIES = 4
# serialization failure, deadlock
_ENDED = frozenset({"40001", "40P01"})
# a row that others held for longer than anybody should wait
_WAITED = "55P03"
_PAUSE_S = 0.02


class TooManyAtOnce(Refusal):
    """A crowd wants the same thing: nothing was done."""

    sentence = (
        "Beaucoup de personnes demandent la même chose en ce moment. Rien n’est enregistré : "
        "recommencez dans un instant."
    )
    status = 503


def settled[Result](act: Callable[[], Result]) -> Result:
    """Act, again when the database ended the transaction to let another one pass.

    Within a transaction it only acts: the one that began the transaction tries again.
    Raises TooManyAtOnce when it waited too long, or met others too often.
    """
    if connection.in_atomic_block:
        return act()
    for _ in range(TRIES):
        try:
            return act()
        except Exception as error:
            code = database_errors.code(error)
            if code == _WAITED:
                break
            if code not in _ENDED:
                raise
            # apart, so that the same two do not meet again
            time.sleep(_PAUSE_S * (0.5 + random.random()))  # noqa: S311  (no secret)
    raise TooManyAtOnce

"""Waiting for what another process or thread does, however busy the machine is.

A wait ends as soon as it may: its patience is only how long a failure takes to be told.
"""

import time
from collections.abc import Callable

PATIENCE_S = 120
TICK_S = 0.02


def wait_until(is_true: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Come back once it is true; a failure of the test when it never is."""
    deadline = time.monotonic() + patience_s
    while not is_true():
        assert time.monotonic() < deadline, "too long"
        time.sleep(TICK_S)

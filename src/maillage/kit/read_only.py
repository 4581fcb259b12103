"""The read-only switch: one row that every process reads."""

import time

from maillage.kit.models import Switch

NAME = "read-only"
# how long a process may go on with what it last read
KNOWN_FOR_S = 2.0
_known: dict[str, float] = {}


def is_on() -> bool:
    """Whether writing is refused now."""
    if time.monotonic() - _known.get("read_at", -KNOWN_FOR_S) >= KNOWN_FOR_S:
        _known["is_on"] = float(Switch.objects.filter(name=NAME).exists())
        _known["read_at"] = time.monotonic()
    return bool(_known["is_on"])


def turn(*, on: bool) -> None:
    """Close or open writing for every process."""
    if on:
        Switch.objects.get_or_create(name=NAME)
    else:
        Switch.objects.filter(name=NAME).delete()
    _known.clear()

"""The only clock: read at the edges, passed as an argument everywhere else."""

from datetime import datetime

from maillage.core.periods import PARIS


def now() -> datetime:
    """This instant, aware, in legal French time."""
    return datetime.now(PARIS)

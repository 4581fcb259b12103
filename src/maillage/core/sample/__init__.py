"""The embedded demonstration territory: CC Saône-Beaujolais, facts of official tables."""

from maillage.core.sources.gather import Tables


def load() -> Tables:
    """The tables of the embedded territory."""
    raise NotImplementedError

"""What the commands that keep a server alive have in common."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from maillage.operate.refused import Refused

# done, but what was found is not well
FAILED = 1
REFUSED = 2


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a refusal into its sentence and exit status 2."""
    try:
        yield
    except Refused as error:
        click.echo(error.sentence, err=True)
        sys.exit(REFUSED)

"""What the database's errors mean, whether a query raised them or the queueing of a job."""

import psycopg
from django.db import InterfaceError, OperationalError
from procrastinate.exceptions import ConnectorException

# what a connection that went away raises
LOST = (OperationalError, InterfaceError, ConnectorException)


def is_out_of_reach(error: BaseException) -> bool:
    """Whether the database did not answer, or ended what was asked."""
    if isinstance(error, ConnectorException):
        return isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError)
    return isinstance(error, OperationalError | InterfaceError)


def code(error: BaseException) -> str | None:
    """PostgreSQL's own code of the error (SQLSTATE), None when there is none."""
    return getattr(error.__cause__, "sqlstate", None)

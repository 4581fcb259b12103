"""A query and the queueing of a job say in two ways that the database is away."""

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from procrastinate.exceptions import ConnectorException

from maillage.kit.database_errors import code, is_out_of_reach


def queueing_that_met(cause: Exception) -> ConnectorException:
    error = ConnectorException()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OperationalError(),
        InterfaceError(),
        queueing_that_met(psycopg.OperationalError()),
        queueing_that_met(psycopg.InterfaceError()),
    ],
)
def test_a_database_that_does_not_answer_is_away(error):
    assert is_out_of_reach(error)


@pytest.mark.parametrize(
    "error",
    [DataError(), IntegrityError(), ValueError(), queueing_that_met(psycopg.DataError())],
)
def test_another_error_is_ours(error):
    assert not is_out_of_reach(error)


def test_the_code_of_an_error_is_that_of_its_cause():
    assert code(queueing_that_met(psycopg.errors.DeadlockDetected())) == "40P01"
    assert code(OperationalError()) is None

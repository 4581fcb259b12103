"""An act that the database ended is tried again; a crowd reads a sentence."""

import pytest
from django.db import OperationalError
from procrastinate.exceptions import ConnectorException

from maillage.kit import retry
from maillage.kit.retry import TooManyAtOnce, settled


class EndedError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def act_that_ends(*codes: str, kind: type[Exception] = OperationalError):
    """It raises these codes of PostgreSQL in turn, then answers how often it was called."""
    left, calls = list(codes), []

    def act() -> int:
        calls.append(1)
        if left:
            raise kind from EndedError(left.pop(0))
        return len(calls)

    return act


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [OperationalError, ConnectorException])
@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_an_act_that_made_room_for_another_is_tried_again(code, kind):
    assert settled(act_that_ends(code, code, kind=kind)) == 3


@pytest.mark.django_db(transaction=True)
def test_who_meets_others_each_time_reads_a_sentence():
    with pytest.raises(TooManyAtOnce, match="recommencez"):
        settled(act_that_ends(*["40P01"] * retry.TRIES))


@pytest.mark.django_db(transaction=True)
def test_who_waited_too_long_is_told_at_once():
    act = act_that_ends("55P03")

    with pytest.raises(TooManyAtOnce):
        settled(act)
    assert act() == 2


@pytest.mark.django_db(transaction=True)
def test_another_failure_is_told_as_it_is():
    with pytest.raises(OperationalError):
        settled(act_that_ends("08006"))


@pytest.mark.django_db
def test_within_a_transaction_it_only_acts():
    with pytest.raises(OperationalError):
        settled(act_that_ends("40P01"))

"""The same act sent twice has one effect."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from maillage.kit import once as acts
from maillage.kit.models import Answer
from maillage.kit.once import KeyUsedOtherwise, StillUnderWay, once
from maillage.kit.refusal import Refusal
from patience import PATIENCE_S

AT = datetime(2027, 3, 17, 9, 0, tzinfo=UTC)


class Refused(Refusal):
    sentence = "Non."


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_and_does_nothing_more():
    done = []

    def act():
        done.append("once")
        return {"number": len(done)}

    answers = [once("k", "same", act, at=AT) for _ in range(3)]

    assert answers == [{"number": 1}] * 3
    assert done == ["once"]


@pytest.mark.django_db
def test_a_key_that_served_for_something_else_is_refused_and_nothing_is_done():
    once("k", "one", lambda: {"n": 1}, at=AT)

    with pytest.raises(KeyUsedOtherwise) as refusal:
        once("k", "other", lambda: pytest.fail("done"), at=AT)

    assert refusal.value.status == 422


@pytest.mark.django_db
def test_what_was_refused_may_be_asked_again_under_the_same_key():
    def refuse():
        raise Refused

    with pytest.raises(Refused):
        once("k", "same", refuse, at=AT)

    assert once("k", "same", lambda: {"n": 1}, at=AT) == {"n": 1}


@pytest.mark.django_db(transaction=True)
def test_a_repeat_that_comes_before_the_answer_is_told_to_wait():
    begun, may_end = threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert may_end.wait(PATIENCE_S)
        return {"n": 1}

    def first():
        once("k", "same", slow, at=AT)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert begun.wait(PATIENCE_S)
        with pytest.raises(StillUnderWay):
            once("k", "same", lambda: pytest.fail("done"), at=AT)
    finally:
        may_end.set()
        thread.join()
    assert once("k", "same", lambda: pytest.fail("done"), at=AT) == {"n": 1}


@pytest.mark.django_db
def test_old_answers_are_forgotten_and_recent_ones_kept():
    once("old", "x", dict, at=AT - timedelta(days=3))
    once("new", "x", dict, at=AT)

    assert acts.forget(before=AT - timedelta(days=2)) == 1
    assert Answer.objects.count() == 1

"""Two people act at the same instant: one is served, the other is told; nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from factories import programmes, studies
from maillage.apps.programme import accept_deliverable, follow_phase
from maillage.apps.programme.models import Programme
from maillage.apps.programme.processes import processes
from maillage.apps.programme.schedule import move_start
from maillage.apps.programme.start import start
from maillage.kit.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2027, 1, 9)


def at_once(*acts) -> list[str]:
    """What each act answers, begun together: empty, or the code of its refusal."""
    ready = Barrier(len(acts))

    def one(act) -> str:
        try:
            ready.wait()
            act()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def test_a_phase_begins_once(at):
    phase = programmes.programme().phases.get(rank=1)

    def begin():
        follow_phase.begin(phase, ON, by=None, at=at)

    assert at_once(begin, begin) == ["", "already_begun"]


def test_a_deliverable_is_delivered_once(at):
    due = programmes.deliverable(programmes.programme())

    def deliver():
        accept_deliverable.deliver(due, ON, by=None, at=at)

    assert at_once(deliver, deliver) == ["", "already_delivered"]


def test_a_study_gets_one_programme(at):
    study = studies.study()

    def open_it():
        start(study, processes()["amo-4"], programmes.planned(), by=None, at=at)

    assert at_once(open_it, open_it) == ["", "already_started"]
    assert Programme.objects.count() == 1


def test_the_start_moves_while_a_phase_begins_and_nobody_waits_for_ever(at):
    made = programmes.programme()
    phase = made.phases.get(rank=1)

    def move():
        move_start(made, date(2027, 2, 1), version=1, by=None, at=at)

    def begin():
        follow_phase.begin(phase, ON, by=None, at=at)

    assert at_once(move, begin) in (["", ""], ["", "somebody_else_edited"])

"""Start a programme, change its dates, move its start, give it up: each exit of each verb."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import people, programmes, studies
from maillage.apps.programme.models import Deliverable, Phase, Programme
from maillage.apps.programme.processes import processes
from maillage.apps.programme.schedule import NothingToMove, SameStart, move_start, reschedule
from maillage.apps.programme.start import (
    AlreadyStarted,
    AlreadyUnderWay,
    AnotherNumberOfPhases,
    EndsBeforeItStarts,
    Planned,
    give_up,
    start,
)
from maillage.apps.programme.versions import SomebodyElseEdited

pytestmark = pytest.mark.django_db
AMO = processes()["amo-4"]
FIRST = programmes.FIRST


def spans_of(of: Programme) -> list[tuple[date, date]]:
    return list(of.phases.order_by("rank").values_list("starts_on", "ends_on"))


def edited(of: Programme, rank: int, **fields) -> list[Planned]:
    """The plan as it is, but for one phase."""
    found = []
    for phase in of.phases.order_by("rank"):
        words = {"title": phase.title, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
        found.append(Planned(**words | (fields if phase.rank == rank else {})))
    return found


def test_a_study_gets_four_phases_in_order_with_their_deliverables(journal, at):
    made = start(studies.study(), AMO, programmes.planned(), by=None, at=at)

    phases = list(made.phases.order_by("rank"))
    assert [phase.title for phase in phases] == [step.title for step in AMO.steps]
    assert [phase.rank for phase in phases] == [1, 2, 3, 4]
    assert made.starts_on == FIRST
    for phase, step in zip(phases, AMO.steps, strict=True):
        listed = phase.deliverables.order_by("pk")
        assert tuple(one.title for one in listed) == step.deliverables
        assert {one.due_on for one in listed} == {phase.ends_on}
    assert journal() == ["programme.start"]


def test_a_study_has_one_programme(programme, at):
    with pytest.raises(AlreadyStarted):
        start(programme.study, AMO, programmes.planned(), by=None, at=at)

    assert Programme.objects.count() == 1


def test_the_phases_are_those_of_the_process(at):
    with pytest.raises(AnotherNumberOfPhases, match="4 parties"):
        start(studies.study(), AMO, programmes.planned("ccsb-7"), by=None, at=at)


def test_a_phase_does_not_end_before_it_starts(programme, at):
    wrong = edited(programme, 2, ends_on=date(2026, 1, 1))

    with pytest.raises(EndsBeforeItStarts, match="Analyse de la demande"):
        start(studies.study("Autre", slug="autre"), AMO, wrong, by=None, at=at)
    with pytest.raises(EndsBeforeItStarts):
        reschedule(programme, wrong, version=1, by=None, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.filter(rank=2).update(ends_on=date(2026, 1, 1))


def test_the_deliverables_due_on_the_last_day_follow_it(programme, at, journal):
    first = programmes.deliverable(programme)
    Deliverable.objects.filter(pk=first.pk).update(due_on=date(2027, 1, 20))

    reschedule(
        programme,
        edited(programme, 1, title="Cadrage", ends_on=date(2027, 2, 10)),
        version=1,
        by=None,
        at=at,
    )

    phase = programme.phases.get(rank=1)
    due = list(phase.deliverables.order_by("pk").values_list("due_on", flat=True))
    assert (phase.title, phase.ends_on) == ("Cadrage", date(2027, 2, 10))
    assert due == [date(2027, 1, 20), date(2027, 2, 10)]
    assert journal()[-1] == "programme.reschedule"


def test_the_plan_of_another_process_is_refused(programme, at):
    with pytest.raises(AnotherNumberOfPhases):
        reschedule(programme, programmes.planned("ccsb-7"), version=1, by=None, at=at)


def test_whoever_edits_second_is_told_who_was_first(programme, at):
    paul = people.person("Paul Fictif")
    reschedule(programme, edited(programme, 1, title="De Paul"), version=1, by=paul.pk, at=at)

    with pytest.raises(SomebodyElseEdited, match="Paul Fictif a modifié"):
        reschedule(programme, edited(programme, 1, title="De Claire"), version=1, by=None, at=at)
    with pytest.raises(SomebodyElseEdited, match="Paul Fictif"):
        move_start(programme, date(2027, 2, 1), version=1, by=None, at=at)

    assert programme.phases.get(rank=1).title == "De Paul"


def test_moving_the_start_shifts_what_has_not_begun_and_keeps_lengths(programme, at, journal):
    Phase.objects.filter(rank=1).update(began_on=FIRST)
    handed = programmes.deliverable(programme, 2)
    Deliverable.objects.filter(pk=handed.pk).update(delivered_on=date(2027, 1, 9))
    before, due = spans_of(programme), programmes.deliverable(programme, 2, 1).due_on
    by = timedelta(days=14)

    days = move_start(programme, FIRST + by, version=1, by=None, at=at)

    assert days == 14
    assert spans_of(programme) == [before[0], *((a + by, b + by) for a, b in before[1:])]
    assert programmes.deliverable(programme, 2, 1).due_on == due + by
    assert programmes.deliverable(programme, 2).due_on == handed.due_on
    assert Programme.objects.get().starts_on == FIRST + by
    assert journal()[-1] == "programme.move"


def test_moving_forth_and_back_changes_nothing(programme, at):
    before = spans_of(programme)

    move_start(programme, FIRST + timedelta(days=45), version=1, by=None, at=at)
    move_start(programme, FIRST, version=2, by=None, at=at)

    assert spans_of(programme) == before


def test_nothing_moves_to_where_it_is_nor_once_all_has_begun(programme, at):
    with pytest.raises(SameStart):
        move_start(programme, FIRST, version=1, by=None, at=at)
    Phase.objects.update(began_on=FIRST)
    with pytest.raises(NothingToMove):
        move_start(programme, date(2027, 2, 1), version=1, by=None, at=at)


def test_a_programme_that_has_not_begun_is_given_up(programme, at, journal):
    give_up(programme, by=None, at=at)

    assert not Programme.objects.exists()
    assert journal()[-1] == "programme.give_up"


@pytest.mark.parametrize("what", ["phase", "deliverable", "commission"])
def test_what_is_under_way_is_not_given_up(programme, at, what):
    if what == "phase":
        Phase.objects.filter(rank=3).update(began_on=FIRST)
    elif what == "deliverable":
        Deliverable.objects.filter(phase__rank=3).update(delivered_on=FIRST)
    else:
        programmes.signed(programme)

    with pytest.raises(AlreadyUnderWay):
        give_up(programme, by=None, at=at)

    assert Programme.objects.exists()

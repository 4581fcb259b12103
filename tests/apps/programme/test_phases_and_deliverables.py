"""A phase begins and is finished, a deliverable is handed over and accepted; all of it undone."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from factories import people, programmes
from maillage.apps.programme import accept_deliverable, follow_phase, keep_deliverables
from maillage.apps.programme.models import Deliverable, Phase, Programme
from maillage.apps.programme.versions import SomebodyElseEdited

pytestmark = pytest.mark.django_db
BEGUN, TODAY, TOMORROW = date(2027, 1, 6), date(2027, 3, 17), date(2027, 3, 18)


@pytest.fixture
def phase(programme) -> Phase:
    return programme.phases.get(rank=1)


@pytest.fixture
def one(programme) -> Deliverable:
    return programmes.deliverable(programme)


# --- phases --------------------------------------------------------------------------------


def test_a_phase_begins_then_is_finished(phase, at, journal):
    follow_phase.begin(phase, BEGUN, by=None, at=at)
    follow_phase.finish(phase, TODAY, by=None, at=at)

    phase.refresh_from_db()
    assert (phase.began_on, phase.finished_on) == (BEGUN, TODAY)
    assert phase.dates.state == "done"
    assert journal()[-2:] == ["phase.begin", "phase.finish"]
    assert Programme.objects.get().version == 3


def test_the_end_then_the_beginning_are_taken_back(phase, at, journal):
    follow_phase.begin(phase, BEGUN, by=None, at=at)
    follow_phase.finish(phase, TODAY, by=None, at=at)

    follow_phase.take_back(phase, by=None, at=at)
    phase.refresh_from_db()
    assert (phase.began_on, phase.finished_on) == (BEGUN, None)
    follow_phase.take_back(phase, by=None, at=at)
    phase.refresh_from_db()
    assert phase.began_on is None
    with pytest.raises(follow_phase.NothingToTakeBack):
        follow_phase.take_back(phase, by=None, at=at)
    assert journal()[-2:] == ["phase.reopen", "phase.not_begun"]


def test_what_is_not_yet_is_not_noted(phase, at):
    with pytest.raises(follow_phase.NotYet):
        follow_phase.begin(phase, TOMORROW, by=None, at=at)
    follow_phase.begin(phase, TODAY, by=None, at=at)
    with pytest.raises(follow_phase.NotYet):
        follow_phase.finish(phase, TOMORROW, by=None, at=at)


def test_a_phase_begins_once_and_is_finished_once_after_it_began(phase, at):
    with pytest.raises(follow_phase.NotBegun):
        follow_phase.finish(phase, TODAY, by=None, at=at)
    follow_phase.begin(phase, BEGUN, by=None, at=at)
    with pytest.raises(follow_phase.AlreadyBegun):
        follow_phase.begin(phase, BEGUN, by=None, at=at)
    with pytest.raises(follow_phase.FinishedBeforeItBegan):
        follow_phase.finish(phase, date(2027, 1, 5), by=None, at=at)
    follow_phase.finish(phase, BEGUN, by=None, at=at)
    with pytest.raises(follow_phase.AlreadyFinished):
        follow_phase.finish(phase, TODAY, by=None, at=at)


@pytest.mark.parametrize(
    "wrong", [{"finished_on": TODAY}, {"began_on": TODAY, "finished_on": BEGUN}]
)
def test_the_database_holds_the_order_of_a_phase(phase, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.filter(pk=phase.pk).update(**wrong)


# --- the list ------------------------------------------------------------------------------


def test_a_deliverable_is_added_corrected_removed_and_put_back(phase, at, journal):
    made = keep_deliverables.add(phase, "  Carte \n de l’offre ", TODAY, by=None, at=at)
    keep_deliverables.correct(made, "Carte", TOMORROW, version=1, by=None, at=at)
    keep_deliverables.remove(made, by=None, at=at)
    made.refresh_from_db()
    assert (made.title, made.due_on, made.removed_at) == ("Carte", TOMORROW, at)

    keep_deliverables.put_back(made, by=None, at=at)

    made.refresh_from_db()
    assert made.removed_at is None
    assert journal()[-4:] == [
        "deliverable.add",
        "deliverable.correct",
        "deliverable.remove",
        "deliverable.put_back",
    ]


def test_a_title_is_one_line_with_a_word(phase, one, at):
    assert keep_deliverables.add(phase, "a\r\nb", TODAY, by=None, at=at).title == "a b"
    with pytest.raises(keep_deliverables.EmptyTitle):
        keep_deliverables.add(phase, " \n ", TODAY, by=None, at=at)
    with pytest.raises(keep_deliverables.EmptyTitle):
        keep_deliverables.correct(one, "", TODAY, version=1, by=None, at=at)


def test_whoever_corrects_second_is_told_who_was_first(one, at):
    paul = people.person("Paul Fictif")
    keep_deliverables.correct(one, "De Paul", TODAY, version=1, by=paul.pk, at=at)

    with pytest.raises(SomebodyElseEdited, match="Paul Fictif a modifié"):
        keep_deliverables.correct(one, "De Claire", TODAY, version=1, by=None, at=at)


def test_what_is_off_the_list_is_not_changed(one, at):
    with pytest.raises(keep_deliverables.NotRemoved):
        keep_deliverables.put_back(one, by=None, at=at)
    keep_deliverables.remove(one, by=None, at=at)

    for act in (
        lambda: keep_deliverables.remove(one, by=None, at=at),
        lambda: keep_deliverables.correct(one, "Carte", TODAY, version=2, by=None, at=at),
        lambda: accept_deliverable.deliver(one, TODAY, by=None, at=at),
        lambda: accept_deliverable.accept(one, TODAY, by=None, at=at),
        lambda: accept_deliverable.take_back(one, by=None, at=at),
    ):
        with pytest.raises(keep_deliverables.AlreadyRemoved):
            act()


# --- delivery and acceptance ---------------------------------------------------------------


def test_a_deliverable_is_handed_over_then_accepted_by_somebody(one, at, journal):
    claire = people.person()
    accept_deliverable.deliver(one, BEGUN, by=claire.pk, at=at)
    accept_deliverable.accept(one, TODAY, by=claire.pk, at=at)

    one.refresh_from_db()
    assert (one.delivered_on, one.accepted_on, one.accepted_by) == (BEGUN, TODAY, claire)
    assert journal()[-2:] == ["deliverable.deliver", "deliverable.accept"]


def test_acceptance_then_delivery_are_taken_back(one, at, journal):
    accept_deliverable.deliver(one, BEGUN, by=None, at=at)
    accept_deliverable.accept(one, TODAY, by=people.person().pk, at=at)

    accept_deliverable.take_back(one, by=None, at=at)
    one.refresh_from_db()
    assert (one.delivered_on, one.accepted_on, one.accepted_by) == (BEGUN, None, None)
    accept_deliverable.take_back(one, by=None, at=at)
    one.refresh_from_db()
    assert one.delivered_on is None
    with pytest.raises(accept_deliverable.NothingToTakeBack):
        accept_deliverable.take_back(one, by=None, at=at)
    assert journal()[-2:] == ["deliverable.not_accepted", "deliverable.not_delivered"]


def test_each_day_comes_in_its_order(one, at):
    with pytest.raises(accept_deliverable.NotDelivered):
        accept_deliverable.accept(one, TODAY, by=None, at=at)
    with pytest.raises(follow_phase.NotYet):
        accept_deliverable.deliver(one, TOMORROW, by=None, at=at)
    accept_deliverable.deliver(one, TODAY, by=None, at=at)
    with pytest.raises(accept_deliverable.AlreadyDelivered):
        accept_deliverable.deliver(one, TODAY, by=None, at=at)
    with pytest.raises(accept_deliverable.AcceptedBeforeDelivery):
        accept_deliverable.accept(one, BEGUN, by=None, at=at)
    with pytest.raises(follow_phase.NotYet):
        accept_deliverable.accept(one, TOMORROW, by=None, at=at)
    accept_deliverable.accept(one, TODAY, by=None, at=at)
    with pytest.raises(accept_deliverable.AlreadyAccepted):
        accept_deliverable.accept(one, TODAY, by=None, at=at)
    with pytest.raises(keep_deliverables.StillAccepted):
        keep_deliverables.remove(one, by=None, at=at)


@pytest.mark.parametrize(
    "wrong",
    [{"accepted_on": TODAY}, {"delivered_on": TODAY, "accepted_on": BEGUN}],
)
def test_the_database_holds_the_order_of_a_deliverable(one, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliverable.objects.filter(pk=one.pk).update(**wrong)

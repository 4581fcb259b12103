"""Trainers, trainings, certifications: each verb with all its exits."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import network_sites as network
from factories.presence import AT, TODAY, laser, member, trainer, training
from maillage.apps.journal.models import Entry
from maillage.apps.machines import certify as certifying
from maillage.apps.machines.certified import is_certified
from maillage.apps.machines.certify import (
    CertifiedBefore,
    WasNotPresent,
    WrongExpiry,
    certify,
    months_after,
    not_yet_able,
)
from maillage.apps.machines.declared import ACTS
from maillage.apps.machines.enrol import (
    AlreadyEnrolled,
    NotEnrolled,
    SessionBegun,
    SessionCancelled,
    SessionFull,
    enrol,
    withdraw,
)
from maillage.apps.machines.keep_sheet import SomebodyElseEdited, WrongDuration, keep_sheet
from maillage.apps.machines.mark_present import (
    AlreadyCertified,
    NotBegun,
    SessionWasCancelled,
    mark_present,
)
from maillage.apps.machines.models import Attendee, Certification, Trainer
from maillage.apps.machines.name_trainer import (
    AlreadyOver,
    AlreadyTrainer,
    NotAMachine,
    end_trainer,
    name_trainer,
)
from maillage.apps.machines.open_session import (
    AlreadyBegun,
    AlreadyCancelled,
    InThePast,
    NotYourMachine,
    WrongPlaces,
    cancel_session,
    open_session,
)
from maillage.apps.machines.revoke import AlreadyRevoked, NoReason, revoke
from maillage.apps.people.erase import erase
from maillage.apps.people.export import export
from maillage.core.periods import Period

pytestmark = pytest.mark.django_db
AFTER = AT + timedelta(hours=3)
EXPIRES = date(2029, 3, 17)


@pytest.fixture
def paul() -> Trainer:
    return trainer(laser())


def attendee(paul: Trainer, **said) -> Attendee:
    return enrol(training(paul, **said), member(), at=AT)


def seen(paul: Trainer) -> Attendee:
    """Somebody noted present."""
    one = attendee(paul)
    return mark_present(one, was_present=True, by=paul.person_id, at=AFTER)


def certified(paul: Trainer) -> Certification:
    return certify(seen(paul), by=paul.person_id, at=AFTER)


# --- trainers ------------------------------------------------------------------------------


def test_one_trains_on_machines_only():
    with pytest.raises(NotAMachine, match="Grande salle"):
        name_trainer(network.space(), member(), starts_on=TODAY, by=None, at=AT)


def test_one_trains_on_a_machine_once_at_a_time(paul):
    with pytest.raises(AlreadyTrainer):
        name_trainer(paul.space, paul.person, starts_on=TODAY, by=None, at=AT)

    end_trainer(paul, on=TODAY, by=None, at=AT)
    again = name_trainer(paul.space, paul.person, starts_on=TODAY, by=None, at=AT)

    assert list(Trainer.objects.current(TODAY)) == [again]
    with pytest.raises(AlreadyOver):
        end_trainer(paul, on=TODAY, by=None, at=AT)


def test_the_database_refuses_two_missions_that_overlap(paul):
    with pytest.raises(IntegrityError), transaction.atomic():
        Trainer.objects.create(space=paul.space, person=paul.person, starts_on=TODAY)


# --- the sheet -----------------------------------------------------------------------------


def kept(space, version=0, months=12, text="Découpe le bois"):
    return keep_sheet(
        space, description=text, safety="", valid_months=months, version=version, by=None, at=AT
    )


def test_the_second_who_writes_a_sheet_is_told(paul):
    assert kept(paul.space).version == 1
    assert kept(paul.space, version=1, text="Découpe le cuir").version == 2

    with pytest.raises(SomebodyElseEdited):
        kept(paul.space, version=1)
    with pytest.raises(WrongDuration):
        kept(paul.space, version=2, months=0)


# --- trainings -----------------------------------------------------------------------------


def test_only_a_trainer_of_that_machine_opens_a_training(paul):
    other = trainer(laser(paul.space.site, "Fraiseuse"), "Lise (fictif)")
    period = Period(AFTER, AFTER + timedelta(hours=1))

    with pytest.raises(NotYourMachine, match="Découpe laser"):
        open_session(paul.space, period, places=2, note="", by=other.person_id, at=AT)


def test_a_training_is_to_come_and_has_places(paul):
    past = Period(AT - timedelta(hours=1), AT)
    with pytest.raises(InThePast):
        open_session(paul.space, past, places=2, note="", by=paul.person_id, at=AT)
    with pytest.raises(WrongPlaces):
        training(paul, places=0)


def test_a_trainer_whose_mission_ends_before_the_training_does_not_open_it(paul):
    end_trainer(paul, on=TODAY + timedelta(days=1), by=None, at=AT)

    with pytest.raises(NotYourMachine):
        training(paul, in_hours=72)


def test_those_enrolled_are_told_that_a_training_is_called_off(paul, mails):
    session = training(paul)
    enrol(session, member(email="elise@exemple.fr"), at=AT)

    sent = mails(cancel_session, session, by=paul.person_id, at=AT)

    assert [(to, subject) for to, subject, _ in sent] == [
        ("elise@exemple.fr", "Formation annulée : Découpe laser")
    ]
    with pytest.raises(AlreadyCancelled):
        cancel_session(session, by=paul.person_id, at=AT)
    with pytest.raises(SessionCancelled):
        enrol(session, member(), at=AT)


def test_what_has_begun_is_not_called_off_nor_joined_nor_left(paul):
    session = training(paul)
    one = member()

    with pytest.raises(AlreadyBegun):
        cancel_session(session, by=paul.person_id, at=AFTER)
    with pytest.raises(SessionBegun):
        enrol(session, one, at=AFTER)
    with pytest.raises(SessionBegun):
        withdraw(session, one, at=AFTER)


def test_the_last_place_is_taken_once_and_given_back(paul):
    session, first, second = training(paul, places=1), member(), member("Yanis (fictif)")
    enrol(session, first, at=AT)

    with pytest.raises(AlreadyEnrolled):
        enrol(session, first, at=AT)
    with pytest.raises(SessionFull):
        enrol(session, second, at=AT)
    withdraw(session, first, at=AT)
    enrol(session, second, at=AT)

    with pytest.raises(NotEnrolled):
        withdraw(session, first, at=AT)


# --- present, able -------------------------------------------------------------------------


def test_presence_is_noted_from_the_hour_of_the_training_on(paul):
    one = attendee(paul)

    with pytest.raises(NotBegun):
        mark_present(one, was_present=True, by=paul.person_id, at=AT)
    assert mark_present(one, was_present=False, by=paul.person_id, at=AFTER).was_present is False
    assert mark_present(one, was_present=True, by=paul.person_id, at=AFTER).was_present is True


def test_nobody_was_at_a_training_called_off(paul):
    one = attendee(paul)
    cancel_session(one.session, by=paul.person_id, at=AT)

    with pytest.raises(SessionWasCancelled):
        mark_present(one, was_present=True, by=paul.person_id, at=AFTER)


def test_a_trainer_of_another_machine_neither_marks_nor_certifies(paul):
    one = seen(paul)
    other = trainer(laser(paul.space.site, "Fraiseuse"), "Lise (fictif)")

    with pytest.raises(NotYourMachine):
        mark_present(one, was_present=True, by=other.person_id, at=AFTER)
    with pytest.raises(NotYourMachine):
        certify(one, by=other.person_id, at=AFTER)
    with pytest.raises(NotYourMachine):
        not_yet_able(one, by=other.person_id, at=AFTER)
    assert not Certification.objects.exists()


def test_one_certifies_whom_one_saw(paul):
    one = attendee(paul)

    with pytest.raises(WasNotPresent):
        certify(one, by=paul.person_id, at=AFTER)
    with pytest.raises(WasNotPresent):
        not_yet_able(one, by=paul.person_id, at=AFTER)


def test_a_certification_opens_the_machine_until_the_day_it_expires(paul, mails):
    one = seen(paul)
    sent = mails(certify, one, by=paul.person_id, at=AFTER)
    given = Certification.objects.get()

    assert (given.given_on, given.expires_on, given.given_by) == (TODAY, EXPIRES, paul)
    assert is_certified(one.person_id, paul.space_id, TODAY)
    assert is_certified(one.person_id, paul.space_id, EXPIRES - timedelta(days=1))
    assert not is_certified(one.person_id, paul.space_id, EXPIRES)
    assert not is_certified(one.person_id, paul.space_id, TODAY - timedelta(days=1))
    assert not is_certified(one.person_id, laser(paul.space.site, "Fraiseuse").pk, TODAY)
    assert not is_certified(None, paul.space_id, TODAY)
    assert "17 mars 2029" in sent[0][2]


def test_the_sheet_says_how_long_a_certification_lasts(paul):
    kept(paul.space, months=6)

    assert certified(paul).expires_on == date(2027, 9, 17)


@pytest.mark.parametrize("expires_on", [TODAY, date(2020, 1, 1), date(2037, 3, 18)])
def test_a_certification_ends_after_today_and_within_ten_years(paul, expires_on):
    with pytest.raises(WrongExpiry, match="17/03/2037"):
        certify(seen(paul), expires_on=expires_on, by=paul.person_id, at=AFTER)


def test_a_certification_stands_until_it_is_revoked(paul, mails):
    given = certified(paul)
    who = given.person

    with pytest.raises(AlreadyCertified):
        mark_present(given.attendee, was_present=False, by=paul.person_id, at=AFTER)
    with pytest.raises(NoReason):
        revoke(given, reason="  ", by=paul.person_id, at=AFTER)
    sent = mails(revoke, given, reason="Carter laissé ouvert", by=paul.person_id, at=AFTER)

    assert not is_certified(who.pk, paul.space_id, TODAY)
    assert "Carter laissé ouvert" in sent[0][2]
    with pytest.raises(AlreadyRevoked):
        revoke(given, reason="Encore", by=paul.person_id, at=AFTER)
    with pytest.raises(CertifiedBefore):
        certify(given.attendee, by=paul.person_id, at=AFTER)


def test_another_training_certifies_again(paul):
    revoke(certified(paul), reason="Accident", by=paul.person_id, at=AFTER)
    who = Certification.objects.get().person
    again = enrol(training(paul, in_hours=2.5), who, at=AT)
    mark_present(again, was_present=True, by=paul.person_id, at=AFTER)
    certify(again, by=paul.person_id, at=AFTER)

    assert is_certified(who.pk, paul.space_id, TODAY)


def test_who_is_not_able_yet_may_be_seen_again(paul):
    one = seen(paul)

    assert not_yet_able(one, by=paul.person_id, at=AFTER).is_able is False
    assert certify(one, by=paul.person_id, at=AFTER).person == one.person


def test_the_database_refuses_to_judge_who_was_not_there(paul):
    one = attendee(paul)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attendee.objects.filter(pk=one.pk).update(was_present=False, is_able=True)


@pytest.mark.parametrize(
    ("on", "months", "after"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 3, 17), 24, date(2029, 3, 17)),
        (date(2027, 12, 1), 1, date(2028, 1, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(on, months, after):
    assert months_after(on, months) == after
    assert certifying.months_after(after, 0) == after


def test_every_act_has_its_name_and_its_site(paul):
    revoke(certified(paul), reason="Accident", by=paul.person_id, at=AFTER)
    site = str(paul.space.site_id)
    lines = Entry.objects.filter(scope_kind="site").order_by("pk")

    assert [(line.act, line.scope_kind, line.scope_key) for line in lines] == [
        (act, "site", site)
        for act in (
            "machine.name_trainer",
            "training.open",
            "training.enrol",
            "training.mark",
            "certification.give",
            "certification.revoke",
        )
    ]
    assert {line.act for line in lines} <= set(ACTS)


def test_who_is_erased_leaves_her_place_and_her_mission_and_what_was_is_kept(paul):
    given = certified(paul)
    enrol(training(paul, in_hours=30), given.person, at=AT)

    erase(given.person, by=given.person, at=AFTER)
    erase(paul.person, by=paul.person, at=AFTER)

    assert [one.session.period.lower <= AFTER for one in Attendee.objects.all()] == [True]
    assert Certification.objects.count() == 1
    assert not Trainer.objects.current(TODAY).exists()


def test_somebody_takes_her_trainings_and_certifications_away(paul):
    given = certified(paul)

    archive = zipfile.ZipFile(io.BytesIO(export(given.person, by=given.person, at=AFTER)))

    text = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert "Découpe laser" in text["habilitations.csv"]
    assert "2029" in text["habilitations.csv"]
    assert "Découpe laser" in text["formations.csv"]

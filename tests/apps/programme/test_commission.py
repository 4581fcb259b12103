"""A contractor is commissioned, the terms amended, the mission ended and resumed."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from factories import people, programmes, studies
from maillage.apps.programme import commission as acts
from maillage.apps.programme.models import Commission
from maillage.apps.programme.versions import SomebodyElseEdited

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return programmes.contractor()


@pytest.fixture
def mission(programme):
    return programmes.signed(programme)


def test_a_contractor_is_commissioned_with_its_amounts_and_phases(programme, body, at, journal):
    made = acts.commission(programme, programmes.terms(body), by=None, at=at)

    assert (made.amount_cents, made.vat_bp, made.with_tax_cents) == (2_450_050, 2000, 2_940_060)
    assert list(made.phases.order_by("rank").values_list("rank", flat=True)) == [1, 2]
    assert journal()[-1] == "commission.sign"


def test_a_contractor_of_another_register_is_refused(programme, at):
    other = programmes.contractor(siren=people.TWIN_SIREN)

    with pytest.raises(acts.NotOfTheRegister):
        acts.commission(programme, programmes.terms(other), by=None, at=at)


@pytest.mark.parametrize("ranks", [(), (9,), (1, 9)])
def test_the_work_belongs_to_phases_of_the_programme(programme, body, at, ranks):
    with pytest.raises(acts.NoPhase):
        acts.commission(programme, programmes.terms(body, ranks=ranks), by=None, at=at)


@pytest.mark.parametrize("wrong", [{"amount_cents": -1}, {"vat_bp": -1}, {"vat_bp": 10_001}])
def test_a_wrong_amount_is_refused(programme, body, at, wrong):
    with pytest.raises(acts.WrongAmount):
        acts.commission(programme, programmes.terms(body, **wrong), by=None, at=at)


def test_the_terms_are_amended_and_the_second_writer_told(mission, at, journal):
    paul = people.person("Paul Fictif")
    new = programmes.terms(mission.contractor, amount_cents=100, ranks=(3,))
    acts.amend(mission, new, version=1, by=paul.pk, at=at)

    with pytest.raises(SomebodyElseEdited, match="Paul Fictif"):
        acts.amend(mission, new, version=1, by=None, at=at)

    mission.refresh_from_db()
    assert (mission.amount_cents, [p.rank for p in mission.phases.all()]) == (100, [3])
    assert journal()[-1] == "commission.amend"


def test_a_mission_is_ended_then_resumed(mission, at, journal):
    acts.end(mission, date(2027, 3, 1), " Départ du chef de projet ", by=None, at=at)
    mission.refresh_from_db()
    assert (mission.ended_on, mission.end_note) == (date(2027, 3, 1), "Départ du chef de projet")
    with pytest.raises(acts.AlreadyEnded):
        acts.end(mission, date(2027, 3, 1), "", by=None, at=at)
    with pytest.raises(acts.AlreadyEnded):
        acts.amend(mission, programmes.terms(mission.contractor), version=2, by=None, at=at)

    acts.resume(mission, by=None, at=at)
    mission.refresh_from_db()
    assert (mission.ended_on, mission.end_note) == (None, "")
    with pytest.raises(acts.NotEnded):
        acts.resume(mission, by=None, at=at)
    assert journal()[-2:] == ["commission.end", "commission.resume"]


def test_a_mission_does_not_end_before_it_is_agreed(mission, at):
    with pytest.raises(acts.EndsBeforeAgreed):
        acts.end(mission, date(2020, 1, 1), "", by=None, at=at)


@pytest.mark.parametrize(
    "wrong", [{"amount_cents": -1}, {"vat_bp": 10_001}, {"ended_on": date(2020, 1, 1)}]
)
def test_the_database_refuses_what_must_never_be(mission, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Commission.objects.filter(pk=mission.pk).update(**wrong)


def test_a_phase_of_another_programme_is_refused(programme, body, at):
    other = programmes.programme(studies.study("Autre", slug="autre"), "ccsb-7")
    seventh = other.phases.get(rank=7)

    with pytest.raises(acts.NoPhase):
        acts.commission(programme, programmes.terms(body, ranks=(seventh.rank,)), by=None, at=at)

"""Declare, correct, date the status of what a commune prepares; take it off, put it back."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import people
from factories.initiatives import FLEURIE, LANCIE, SINCE, initiative
from factories.territories import INVENTED, SIREN, sample_territory, territory
from maillage.apps.journal.models import Entry
from maillage.apps.territories.change_status import (
    BeforeLastChange,
    NothingToTakeBack,
    SameStatus,
    change_status,
    take_back,
)
from maillage.apps.territories.declare_initiative import (
    Described,
    FutureStatus,
    HalfPosition,
    ImpossibleSeats,
    ImpossibleYear,
    OutsideMainland,
    SomebodyElseEdited,
    UnknownCarrier,
    UnknownCommune,
    UntitledInitiative,
    correct,
    declare,
)
from maillage.apps.territories.models import Initiative, StatusChange
from maillage.apps.territories.remove_initiative import AlreadyRemoved, NotRemoved, put_back, remove
from maillage.core.periods import PARIS

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 17, 9, tzinfo=PARIS)
TODAY = AT.date()
SAID = Described("Espace partagé", LANCIE[0], "coworking")


def journal() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def declared(described: Described = SAID, **fields) -> Initiative:
    place = sample_territory()
    return declare(described, place, since=TODAY, by=None, at=AT, **fields)


def test_an_initiative_is_declared_with_what_is_known_and_the_day_of_its_status():
    body = people.organisation()
    said = replace(SAID, carrier=body.pk, seats=6, opening_year=2028, lon=4.7, lat=46.2)

    made = declared(said, status="ongoing")

    made.refresh_from_db()
    assert (made.commune_name, made.carrier, made.seats, made.lon) == ("Lancié", body, 6, 4.7)
    assert list(made.changes.values_list("status", "on")) == [("ongoing", TODAY)]
    assert made.published_at is None
    assert journal() == ["territories.register", "initiative.declare"]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": "  "}, UntitledInitiative),
        ({"commune_code": "75056"}, UnknownCommune),
        ({"carrier": 0}, UnknownCarrier),
        ({"seats": 0}, ImpossibleSeats),
        ({"seats": 501}, ImpossibleSeats),
        ({"opening_year": 1949}, ImpossibleYear),
        ({"opening_year": 20270}, ImpossibleYear),
        ({"lon": 4.7}, HalfPosition),
        ({"lat": 46.2}, HalfPosition),
        ({"lon": 46.2, "lat": 4.7}, OutsideMainland),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(wrong, refusal):
    with pytest.raises(refusal):
        declared(replace(SAID, **wrong))

    assert not Initiative.objects.exists()


def test_a_body_of_another_register_carries_nothing_here():
    body = people.organisation(territory_siren=people.TWIN_SIREN)

    with pytest.raises(UnknownCarrier):
        declared(replace(SAID, carrier=body.pk))


def test_a_status_is_not_announced_for_tomorrow():
    with pytest.raises(FutureStatus):
        declare(SAID, sample_territory(), since=TODAY + timedelta(days=1), by=None, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lon": 4.7},
        {"lat": 46.2},
        {"lon": 200.0, "lat": 46.2},
        {"seats": 0},
        {"opening_year": 3000},
        {"kind": "unknown"},
        {"status": "maybe"},
        {"title": ""},
    ],
)
def test_the_database_refuses_what_must_never_be(wrong):
    sample_territory()
    row = initiative()

    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=row.pk).update(**wrong)


def test_a_day_has_one_status():
    sample_territory()
    row = initiative()

    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(initiative=row, status="done", on=SINCE)


def test_correcting_keeps_since_when_it_is_public():
    made = declared(replace(SAID, is_public=True))
    later = AT + timedelta(days=3)

    seen = correct(
        made, replace(SAID, title="Autre titre", is_public=True), version=1, by=None, at=later
    )
    hidden = correct(made, SAID, version=2, by=None, at=later)

    assert (seen.title, seen.published_at, seen.edited_at) == ("Autre titre", AT, later)
    assert (hidden.published_at, hidden.version) == (None, 3)
    assert journal()[-2:] == ["initiative.correct", "initiative.correct"]


def test_whoever_writes_second_is_told_who_wrote_first():
    paul = people.person("Paul Fictif")
    made = declared()
    correct(made, replace(SAID, title="De Paul"), version=1, by=paul.pk, at=AT)

    with pytest.raises(SomebodyElseEdited, match="Paul Fictif a modifié"):
        correct(made, SAID, version=1, by=None, at=AT)
    with pytest.raises(SomebodyElseEdited):
        change_status(made, "done", on=TODAY, version=1, by=None, at=AT)

    made.refresh_from_db()
    assert made.title == "De Paul"


def test_each_change_of_status_keeps_its_day():
    sample_territory()
    row = initiative()

    change_status(row, "ongoing", on=date(2026, 9, 1), version=1, by=None, at=AT)
    row = change_status(row, "done", on=TODAY, version=2, by=None, at=AT)

    assert list(row.changes.order_by("on").values_list("status", "on")) == [
        ("planned", SINCE),
        ("ongoing", date(2026, 9, 1)),
        ("done", TODAY),
    ]
    assert row.status == "done"
    assert journal()[-2:] == ["initiative.change_status"] * 2


def test_a_status_mistaken_on_its_day_is_written_over():
    sample_territory()
    row = initiative()

    row = change_status(row, "done", on=TODAY, version=1, by=None, at=AT)
    row = change_status(row, "ongoing", on=TODAY, version=2, by=None, at=AT)

    assert list(row.changes.order_by("on").values_list("status", flat=True)) == [
        "planned",
        "ongoing",
    ]


@pytest.mark.parametrize(
    ("status", "on", "refusal"),
    [
        ("planned", TODAY, SameStatus),
        ("done", SINCE - timedelta(days=1), BeforeLastChange),
        ("done", TODAY + timedelta(days=1), FutureStatus),
    ],
)
def test_the_story_of_an_initiative_goes_forward(status, on, refusal):
    sample_territory()
    row = initiative()

    with pytest.raises(refusal):
        change_status(row, status, on=on, version=1, by=None, at=AT)

    assert row.changes.count() == 1


def test_a_change_taken_back_leaves_the_status_before_since_its_own_day():
    sample_territory()
    row = change_status(initiative(), "done", on=TODAY, version=1, by=None, at=AT)

    with pytest.raises(SomebodyElseEdited):
        take_back(row, version=1, by=None, at=AT)
    row = take_back(row, version=2, by=None, at=AT)

    assert list(row.changes.values_list("status", "on")) == [("planned", SINCE)]
    assert (row.status, row.version) == ("planned", 3)
    assert journal()[-1] == "initiative.take_back_status"
    with pytest.raises(NothingToTakeBack):
        take_back(row, version=3, by=None, at=AT)


def test_what_is_taken_off_may_be_put_back_as_it_was():
    sample_territory()
    row = initiative(is_public=True)

    gone = remove(row, by=None, at=AT)
    assert not Initiative.objects.present().exists()
    assert not Initiative.objects.public().exists()
    with pytest.raises(AlreadyRemoved):
        remove(gone, by=None, at=AT)

    back = put_back(gone, by=None, at=AT)
    assert Initiative.objects.public().get() == back
    assert (back.title, back.published_at) == (row.title, row.published_at)
    with pytest.raises(NotRemoved):
        put_back(back, by=None, at=AT)
    assert journal()[-2:] == ["initiative.remove", "initiative.put_back"]


def test_each_territory_has_its_own():
    sample_territory()
    territory()
    mine, other = initiative(), initiative(commune=FLEURIE, siren=INVENTED)

    assert (mine.scopes, other.scopes) == ((("territory", SIREN),), (("territory", INVENTED),))

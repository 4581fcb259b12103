"""Describing, correcting, removing, weighing, fitting out: each with all its exits."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from factories import people, territories
from factories import premises as factory
from factories.premises import AT, said
from maillage.apps.journal.models import Entry
from maillage.apps.people import rights
from maillage.apps.premises import for_study, handing_over, keep
from maillage.apps.premises.apps import ACTS
from maillage.apps.premises.columns import (
    CommuneElsewhere,
    FarFromTown,
    HalfPosition,
    NotInFrance,
    TownUnknown,
)
from maillage.apps.premises.fitting import fits_of
from maillage.apps.premises.keep_rooms import TooLarge, keep_rooms, rooms_of
from maillage.apps.premises.models import Premises, Room
from maillage.apps.premises.remove import AlreadyRemoved, NotRemoved, put_back, remove
from maillage.apps.premises.weigh import (
    NothingCounts,
    OutOfScale,
    weigh,
    weigh_as_shipped,
    weights_of,
)
from maillage.core.fit_out import Room as Rooms
from maillage.core.fitness import CRITERIA
from maillage.core.sources import premises as core

pytestmark = pytest.mark.django_db


def described(**words):
    return keep.describe(factory.territory(), said(**words), at_town=False, by=None, at=AT)


def corrected(of, version=1, by=None, **words):
    return keep.correct(of, said(**words), at_town=False, version=version, by=by, at=AT)


def acts():
    return list(Entry.objects.order_by("pk").values_list("act", "scope_key"))


def test_describing_premises_is_in_the_journal_of_their_territory():
    made = described(area_m2=60.0, fibre=True)

    assert (made.commune_name, made.area_m2, made.fibre, made.step_free) == (
        *("Beaujeu", 60.0, True, None),
    )
    assert acts() == [("premises.describe", people.SIREN)]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"commune_code": "01004"}, CommuneElsewhere),
        ({"lon": 4.6}, HalfPosition),
        ({"lon": 46.15, "lat": 4.58}, NotInFrance),
        ({"name": "ancienne perception (FICTIF)"}, keep.AlreadyDescribed),
        ({"name": "Autre", "id": "L1"}, keep.RefTaken),
    ],
)
def test_what_cannot_be_described_is_refused(words, refusal):
    factory.premises(ref="L1")

    with pytest.raises(refusal):
        described(**words)
    assert Premises.objects.count() == 1


def test_a_point_far_from_its_commune_is_refused_where_the_town_is_known():
    described(name="Loin", lon=2.35, lat=48.85)
    territories.loaded()

    with pytest.raises(FarFromTown) as refusal:
        described(name="Plus loin", lon=2.35, lat=48.85)
    assert refusal.value.facts["commune"] == "Beaujeu"


def test_the_middle_of_a_town_that_nobody_situated_is_refused():
    with pytest.raises(TownUnknown):
        keep.describe(factory.territory(), said(), at_town=True, by=None, at=AT)


def test_correcting_grows_the_version_and_refuses_who_read_an_older_one():
    of, paul = described(), people.person("Paul Fictif")
    corrected(of, by=paul.pk, area_m2=80.0)

    with pytest.raises(keep.SomebodyElseEdited) as refusal:
        corrected(of, area_m2=90.0)

    assert refusal.value.facts == {"who": "Paul Fictif"}
    assert (Premises.objects.get().area_m2, Premises.objects.get().version) == (80.0, 2)


def test_correcting_into_another_sheet_is_refused():
    of = described()
    factory.premises("Mairie (fictif)")

    with pytest.raises(keep.AlreadyDescribed):
        corrected(of, name="Mairie (fictif)")
    assert corrected(of).version == 2


def test_removed_premises_come_back_as_they_were():
    of = described(area_m2=60.0)
    factory.room(of)

    remove(of, by=None, at=AT)
    with pytest.raises(AlreadyRemoved):
        remove(of, by=None, at=AT)
    back = put_back(of, by=None, at=AT)
    with pytest.raises(NotRemoved):
        put_back(of, by=None, at=AT)

    assert (back.removed_at, back.area_m2, back.rooms.count()) == (None, 60.0, 1)
    assert [act for act, _ in acts()] == [
        *("premises.describe", "premises.remove", "premises.put_back"),
    ]


def test_a_name_given_meanwhile_is_not_taken_back():
    of = described()
    remove(of, by=None, at=AT)
    described()

    with pytest.raises(keep.AlreadyDescribed):
        put_back(of, by=None, at=AT)


@pytest.mark.parametrize(
    "columns",
    [
        {"lon": 4.6},
        {"lon": 4.6, "lat": 46.1},
        {"position_origin": "town"},
        {"area_m2": 0},
        {"name": ""},
        {"kind": "brownfield"},
    ],
)
def test_the_database_refuses_what_must_never_be(columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory.premises(**columns)


def test_the_weights_of_a_territory_are_its_own():
    here, twin = factory.territory(), factory.territory(people.TWIN_SIREN)
    shipped = weights_of(here)

    weigh(here, dict.fromkeys(CRITERIA, 1), by=None, at=AT)

    assert weights_of(here) == dict.fromkeys(CRITERIA, 1.0)
    assert weights_of(twin) == shipped
    weigh_as_shipped(here, by=None, at=AT)
    assert weights_of(here) == shipped


@pytest.mark.parametrize(("weight", "refusal"), [(0, NothingCounts), (11, OutOfScale)])
def test_weights_out_of_reason_are_refused(weight, refusal):
    with pytest.raises(refusal):
        weigh(factory.territory(), dict.fromkeys(CRITERIA, weight), by=None, at=AT)


def test_times_are_measured_unless_somebody_declared_them():
    territories.loaded()
    measured, told = factory.placed("A (fictif)"), factory.placed("B (fictif)", services_min=3)

    by_modelling, declared = fits_of(measured.territory, [measured, told])

    assert by_modelling.origins["services"] == "modelled"
    assert by_modelling.facts.services.low < by_modelling.facts.services.high
    assert declared.origins["services"] == "declared"
    assert declared.facts.services.central == 3
    # the embedded tables have no railway station: nobody knows
    assert by_modelling.facts.station is None


def test_without_tables_what_they_would_tell_is_unknown():
    (fit,) = fits_of(factory.territory(), [factory.placed()])

    assert (fit.facts.town_centre, fit.facts.services, fit.facts.station) == (None, None, None)


def test_rooms_replace_those_before_and_grow_the_version():
    of = factory.premises(area_m2=120)
    keep_rooms(of, (Rooms("open_space", 1, 60, 8),), version=1, by=None, at=AT)
    six = (Rooms("closed_office", 6, 10, 1), Rooms("open_space", 1, 48, 6))

    keep_rooms(of, six, version=2, by=None, at=AT)

    assert rooms_of(of) == six
    assert Premises.objects.get().version == 3
    assert acts()[-1] == ("premises.keep_rooms", people.SIREN)


def test_rooms_beyond_the_area_or_over_somebodys_change_are_refused():
    of = factory.premises(area_m2=50)

    with pytest.raises(TooLarge) as refusal:
        keep_rooms(of, (Rooms("open_space", 1, 74, 8),), version=1, by=None, at=AT)
    with pytest.raises(keep.SomebodyElseEdited):
        keep_rooms(of, (Rooms("open_space", 1, 40, 8),), version=0, by=None, at=AT)

    assert str(refusal.value).startswith("24 m² de trop")
    assert not Room.objects.exists()


def test_rooms_of_premises_without_a_known_area_and_gardens_are_never_too_large():
    unknown, small = factory.premises("A"), factory.premises("B", area_m2=30)

    keep_rooms(unknown, (Rooms("open_space", 1, 900, 90),), version=1, by=None, at=AT)
    keep_rooms(small, (Rooms("garden", 1, 200, 0),), version=1, by=None, at=AT)

    assert Room.objects.count() == 2


def test_a_study_chooses_among_premises_that_are_placed_and_whose_rent_is_known():
    known = factory.placed("A (fictif)", owner="commune", area_m2=80)
    rented = factory.placed("B (fictif)", rented=True, owner="commune", kind="shop")
    factory.placed("C (fictif)")
    factory.premises("D (fictif)", rented=False)
    factory.placed("E (fictif)", owner="epci", removed_at=AT)

    found = for_study.of(known.territory)

    place = {"commune_code": "69018", "lon": 4.588, "lat": 46.155}
    assert found == (
        core.Premises(
            id=f"local-{known.pk}", name="A (fictif)", kind="building", area_m2=80.0,
            rented=False, **place,
        ),
        core.Premises(
            id=f"local-{rented.pk}", name="B (fictif)", kind="shop", area_m2=None,
            rented=True, **place,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"rented": False}, "position"),
        ({"lon": 4.6, "lat": 46.1, "position_origin": "declared"}, "loyer"),
        ({"lon": 4.6, "lat": 46.1, "position_origin": "town", "owner": "association"}, "loyer"),
    ],
)
def test_premises_left_out_of_studies_say_why(columns, words):
    assert words in for_study.why_not(factory.premises(**columns))


def test_the_dossier_lists_what_studies_leave_out():
    factory.placed("A (fictif)", owner="commune")
    left = factory.premises("B (fictif)")

    whole, missing = handing_over.lines(("territory", people.SIREN), AT.date())

    assert (whole.title, whole.href) == ("2 locaux décrits", f"/territoires/{people.SIREN}/locaux/")
    assert (missing.title, missing.href) == ("B (fictif)", left.get_absolute_url())
    assert handing_over.lines(("territory", people.TWIN_SIREN), AT.date()) == ()
    assert handing_over.lines(("site", people.SIREN), AT.date()) == ()


def test_every_act_of_premises_has_a_name_in_the_journal():
    folder = Path(handing_over.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))

    written = {act for act in re.findall(r'"(premises\.\w+)"', code) if act not in rights.ACTS}

    # a periodic task is no act
    assert written - {"premises.forget"} == set(ACTS)

"""An export of GRR: read, previewed, chosen, imported whole, never over another booking, undone."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import grr, people
from factories import network_sites as ns
from factories import sites as sheets
from maillage.apps.bookings import forget_grr, grr_choices, grr_plan, receive_grr
from maillage.apps.bookings.asked import Ask, Booker, Guest
from maillage.apps.bookings.cancel import cancel
from maillage.apps.bookings.grr_choices import Choices, PlaceChoice
from maillage.apps.bookings.grr_models import GrrImport, GrrState
from maillage.apps.bookings.grr_plan import plan_of
from maillage.apps.bookings.import_grr import (
    ChangedMeanwhile,
    NothingToImport,
    PlaceWithoutCommune,
    TooManyAtOnce,
    import_grr,
)
from maillage.apps.bookings.models import Booking, Occupancy, State
from maillage.apps.bookings.pages import grr as pages
from maillage.apps.bookings.receive_grr import AlreadyOver, TooHeavy, UnusableExport, receive
from maillage.apps.bookings.reserve import reserve
from maillage.apps.bookings.undo_grr import BookingTouched, NotDone, PlaceTouched, undo
from maillage.apps.journal.models import Entry
from maillage.apps.people.models import RoleKind
from maillage.apps.sites import keep_space
from maillage.apps.sites.models import Seat, Site, SiteStage, Space
from maillage.core.periods import PARIS, Period

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 17, 8, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
HOME = f"/gerer/import-grr/{people.SIREN}/"
BEAUJEU = "69018"


def tables(*entries, **more):
    given = {
        "site": [{"id": 1, "sitename": "Maison des services (fictif)", "ville": "Beaujeu"}],
        "area": [{"id": 1, "area_name": "Salles (fictif)", "display_days": "nyyyyyn"}],
        "room": [
            {"id": 1, "area_id": 1, "room_name": "Grande salle (fictif)", "capacity": 40},
            {"id": 2, "area_id": 1, "room_name": "Bureau 2 (fictif)"},
            {"id": 3, "area_id": 1, "room_name": "Minibus (fictif)"},
        ],
        "entry": list(entries),
    }
    return grr.tables(**(given | more))


TWO = (
    grr.entry(11, "2027-04-05T09:00", "2027-04-05T12:00", name="Conseil (fictif)"),
    grr.entry(12, "2027-04-05T14:00", "2027-04-05T16:00", room_id=2, beneficiaire="p.fictif"),
)


def received(*entries, at=AT, **more):
    of = sheets.territory()
    return receive(of, "grr.sql", grr.dump(tables(*entries, **more)), by=None, at=at)


def imported(of, at=AT):
    return import_grr(of, shown=plan_of(of, at=at).digest, by=None, at=at)


def buckets(of, at=AT):
    return plan_of(of, at=at).counts


def existing(name="Maison des services (fictif)"):
    """The same place, already described, with its large room."""
    site = ns.site(name, territory=sheets.territory(), commune_code=BEAUJEU, commune_name="Beaujeu")
    return site, ns.space(site, "Grande salle (fictif)")


def booked(space, begins, ends, at=AT):
    return reserve(
        [Ask(space.pk, Period(begins, ends), is_whole=True)],
        Booker(
            None, None, guest=Guest("Paul (fictif)", "paul@exemple.invalid"), override_reason="x"
        ),
        at=at,
    )[0]


# --- what is previewed ---------------------------------------------------------------------------


def test_a_preview_writes_nothing_and_guesses_from_names():
    plan = plan_of(received(*TWO), at=AT)

    (place,) = plan.places
    assert plan.choices.places[place.key] == PlaceChoice("new", place.name, BEAUJEU)
    assert dict(plan.choices.rooms) == {1: "new:meeting_room", 2: "new:office", 3: "none"}
    assert plan.counts == {"booked": 2}
    assert (Site.objects.count(), Booking.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Salle du conseil", "meeting_room"),
        ("Espace de coworking", "open_space"),
        ("Bureau de permanence", "office"),
        ("Fablab : découpeuse laser", "machine"),
        ("Atelier bois", "workshop"),
        ("Cabine téléphonique", "phone_box"),
        ("Vidéo-projecteur", ""),
        ("Véhicule Kangoo", ""),
        ("La Grange", "meeting_room"),
    ],
)
def test_the_kind_of_a_room_is_guessed(name, kind):
    of = received(room=[{"id": 1, "area_id": 1, "room_name": name}])

    rooms = plan_of(of, at=AT).choices.rooms
    assert rooms == {1: f"new:{kind}" if kind else "none"}


def test_the_same_name_is_the_same_place():
    site, space = existing()

    choices = plan_of(received(*TWO), at=AT).choices

    assert choices.places["s1"].becomes == str(site.pk)
    assert choices.rooms == {1: f"space:{space.pk}", 2: "new:office", 3: "none"}


def test_every_booking_of_the_file_is_in_one_bucket():
    _site, space = existing()
    booked(space, datetime(2027, 5, 3, 9, tzinfo=UTC), datetime(2027, 5, 3, 10, tzinfo=UTC))
    of = received(
        grr.entry(1, "2027-04-05T09:00", "2027-04-05T12:00"),
        grr.entry(2, "2027-04-04T09:00", "2027-04-04T12:00"),
        grr.entry(3, "2027-05-03T11:00", "2027-05-03T12:00"),
        grr.entry(4, "2026-05-03T11:00", "2026-05-03T12:00"),
        grr.entry(5, "2027-05-04T11:00", "2027-05-04T12:00", supprimer=1),
        grr.entry(6, "2027-05-05T11:00", "2027-05-05T12:00", moderate=3),
        grr.entry(7, "2027-05-06T11:00", "2027-05-06T12:00", room_id=9),
        grr.entry(8, "2027-05-07T12:00", "2027-05-07T11:00"),
        grr.entry(9, "2027-04-05T11:00", "2027-04-05T13:00"),
        grr.entry(10, "2027-05-10T11:00", "2027-05-10T12:00", room_id=3),
    )

    plan = plan_of(of, at=AT)

    assert {line.entry.id: line.bucket for line in plan.lines} == {
        1: "booked",
        2: "outside_hours",
        3: "conflict",
        4: "past",
        5: "cancelled",
        6: "refused",
        7: "no_room",
        8: "reversed",
        9: "overlapping",
        10: "not_chosen",
    }


def test_two_rooms_that_become_one_space_meet_there():
    _site, space = existing()
    of = received(
        grr.entry(1, "2027-04-05T09:00", "2027-04-05T12:00", room_id=1),
        grr.entry(2, "2027-04-05T11:00", "2027-04-05T13:00", room_id=2),
        grr.entry(3, "2027-04-05T13:00", "2027-04-05T14:00", room_id=2),
    )
    same = f"space:{space.pk}"
    choices = plan_of(of, at=AT).choices
    of = receive_grr.choose(of, Choices(choices.places, {1: same, 2: same, 3: "none"}))

    assert buckets(of) == {"booked": 2, "conflict": 1}
    assert Counter(line[1] for line in imported(of).report) == {"booked": 2, "conflict": 1}


# --- what is imported ----------------------------------------------------------------------------


def test_an_import_makes_the_place_its_spaces_and_the_bookings():
    done = imported(received(*TWO))

    site = Site.objects.get()
    assert (site.name, site.commune_code, site.is_listed) == (
        "Maison des services (fictif)",
        BEAUJEU,
        False,
    )
    assert site.opening_hours == "Mo-Fr 08:00-19:00"
    assert SiteStage.objects.get().stage == "open"
    rows = Space.objects.order_by("pk").values_list("name", "kind", "most_people", "audiences")
    assert list(rows) == [
        ("Grande salle (fictif)", "meeting_room", 40, []),
        ("Bureau 2 (fictif)", "office", None, []),
    ]
    first, second = Booking.objects.order_by("imported_from")
    assert (first.imported_from, first.guest_name, first.purpose) == (
        "grr:11",
        "c.fictif",
        "Conseil (fictif)",
    )
    assert first.period.lower == datetime(2027, 4, 5, 9, tzinfo=PARIS)
    assert (first.state, first.person_id, first.price_cents) == (State.CONFIRMED, None, None)
    assert second.guest_name == "p.fictif"
    assert Occupancy.objects.count() == 2
    assert (done.state, done.read, done.choices) == (GrrState.DONE, {}, {})
    entry = Entry.objects.get(act="bookings.import_grr")
    assert entry.facts == {"sites": 1, "spaces": 2, "bookings": 2}


def test_the_same_file_twice_adds_nothing():
    imported(received(*TWO))
    before = (Site.objects.count(), Space.objects.count(), Booking.objects.count())

    again = received(*TWO, at=LATER)

    assert buckets(again, LATER) == {"already": 2}
    with pytest.raises(NothingToImport):
        imported(again, LATER)
    assert (Site.objects.count(), Space.objects.count(), Booking.objects.count()) == before


def test_a_booking_cancelled_here_does_not_come_back():
    imported(received(*TWO))
    row = Booking.objects.get(imported_from="grr:11")
    cancel(row, by=None, at=LATER)

    assert buckets(received(*TWO, at=LATER), LATER) == {"already": 2}


def test_a_booking_moved_in_grr_since_is_told_and_left_alone():
    imported(received(*TWO))
    moved = grr.entry(11, "2027-04-06T09:00", "2027-04-06T12:00")

    assert buckets(received(moved, TWO[1], at=LATER), LATER) == {"changed": 1, "already": 1}


def test_what_is_taken_here_is_never_written_over():
    _site, space = existing()
    mine = booked(space, datetime(2027, 4, 5, 8, tzinfo=UTC), datetime(2027, 4, 5, 9, tzinfo=UTC))

    done = imported(received(*TWO))

    assert {line[0]: line[1] for line in done.report} == {11: "conflict", 12: "booked"}
    mine.refresh_from_db()
    assert mine.state == State.CONFIRMED
    assert not Booking.objects.filter(imported_from="grr:11").exists()


def test_what_waits_for_a_manager_stays_a_request():
    waiting = grr.entry(11, "2027-04-05T09:00", "2027-04-05T12:00", moderate=1)
    rooms = [{"id": 1, "area_id": 1, "room_name": "Grande salle (fictif)", "moderate": 1}]

    imported(received(waiting, room=rooms))

    assert Booking.objects.get().state == State.REQUESTED
    assert Occupancy.objects.count() == 0


def test_a_full_building_is_told():
    site, _space = existing()
    site.capacity_limit = 1
    site.save()
    both = (TWO[0], grr.entry(12, "2027-04-05T10:00", "2027-04-05T11:00", room_id=2))

    done = imported(received(*both))

    assert {line[0]: line[1] for line in done.report} == {11: "booked", 12: "full"}


def test_a_new_place_needs_its_commune():
    of = received(*TWO, site=[{"id": 1, "sitename": "Maison (fictif)", "ville": "Ailleurs"}])

    with pytest.raises(PlaceWithoutCommune):
        imported(of)
    assert Site.objects.count() == 0


def test_more_than_one_waits_for_goes_in_several_times(monkeypatch):
    monkeypatch.setattr("maillage.apps.bookings.import_grr.MOST_AT_ONCE", 1)
    of = received(*TWO)
    with pytest.raises(TooManyAtOnce):
        imported(of)

    receive_grr.choose(of, Choices(rooms={2: "none"}))
    imported(of)
    rest = received(*TWO, at=LATER)
    assert buckets(rest, LATER) == {"already": 1, "booked": 1}
    imported(rest, LATER)

    assert (Site.objects.count(), Space.objects.count(), Booking.objects.count()) == (1, 2, 2)


def test_a_preview_that_is_no_longer_true_is_shown_again():
    _site, space = existing()
    of = received(*TWO)
    seen = plan_of(of, at=AT).digest
    booked(space, datetime(2027, 4, 5, 8, tzinfo=UTC), datetime(2027, 4, 5, 9, tzinfo=UTC))

    with pytest.raises(ChangedMeanwhile):
        import_grr(of, shown=seen, by=None, at=AT)


def test_an_import_is_done_once():
    of = received(*TWO)
    seen = plan_of(of, at=AT).digest
    import_grr(of, shown=seen, by=None, at=AT)

    with pytest.raises(AlreadyOver):
        import_grr(of, shown=seen, by=None, at=AT)
    of.refresh_from_db()
    with pytest.raises(AlreadyOver):
        receive_grr.choose(of, Choices())


def test_no_password_nor_address_is_kept():
    users = [{"login": "c.fictif", "password": "$2y$SECRET", "email": "c@exemple.invalid"}]

    of = received(*TWO, utilisateurs=users)

    kept = str(GrrImport.objects.filter(pk=of.pk).values().get())
    assert "SECRET" not in kept
    assert "@exemple.invalid" not in kept


@pytest.mark.parametrize(
    ("data", "refused"), [(b"bonjour", UnusableExport), (b"x" * (10 * 2**20 + 1), TooHeavy)]
)
def test_a_file_that_is_no_export_is_refused(data, refused):
    with pytest.raises(refused):
        receive(sheets.territory(), "grr.sql", data, by=None, at=AT)


MINUTES = st.integers(0, 40 * 24 * 4).map(lambda n: n * 15)
BOOKINGS = st.lists(st.tuples(MINUTES, st.integers(-2, 20), st.integers(1, 4)), max_size=25)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=BOOKINGS)
def test_nothing_is_lost_and_nothing_overlaps(said):
    from django.db import transaction

    first = datetime(2027, 3, 1, tzinfo=PARIS)
    entries = []
    for number, (begins, quarters, room) in enumerate(said, 1):
        start = int(first.timestamp()) + begins * 60
        entries.append(
            {
                "id": number,
                "room_id": room,
                "start_time": start,
                "end_time": start + quarters * 900,
            }
        )
    with transaction.atomic():
        of = received(*entries)
        planned = plan_of(of, at=AT)
        assert sorted(line.entry.id for line in planned.lines) == [e["id"] for e in entries]
        if not planned.is_empty:
            done = imported(of)
            assert sorted(line[0] for line in done.report) == [e["id"] for e in entries]
            # what was previewed is what was done
            assert {line[0]: line[1] for line in done.report} == {
                line.entry.id: line.bucket for line in planned.lines
            }
            here = sum(line[1] in grr_plan.TAKEN for line in done.report)
            assert Booking.objects.count() == here
            undo(done, by=None, at=LATER)
            assert (Site.objects.count(), Space.objects.count(), Seat.objects.count()) == (0, 0, 0)
            assert (Booking.objects.count(), Occupancy.objects.count()) == (0, 0)
        transaction.set_rollback(True)


# --- what is undone ------------------------------------------------------------------------------


def test_undoing_leaves_what_was_there_before():
    site, space = existing()
    mine = booked(space, datetime(2027, 6, 5, 8, tzinfo=UTC), datetime(2027, 6, 5, 9, tzinfo=UTC))
    done = imported(received(*TWO))

    undone = undo(done, by=None, at=LATER)

    assert list(Booking.objects.all()) == [mine]
    assert list(Space.objects.all()) == [space]
    assert list(Site.objects.all()) == [site]
    assert (undone.state, undone.report, undone.made) == (GrrState.UNDONE, [], {})
    with pytest.raises(NotDone):
        undo(undone, by=None, at=LATER)
    assert buckets(received(*TWO, at=LATER), LATER) == {"booked": 2}


def test_a_booking_that_somebody_changed_stops_the_undoing():
    done = imported(received(*TWO))
    cancel(Booking.objects.get(imported_from="grr:11"), by=None, at=LATER)

    with pytest.raises(BookingTouched):
        undo(done, by=None, at=LATER)
    assert Booking.objects.count() == 2


def test_a_place_where_somebody_booked_since_stops_the_undoing():
    done = imported(received(*TWO))
    space = Space.objects.get(name="Grande salle (fictif)")
    booked(
        space, datetime(2027, 6, 5, 8, tzinfo=UTC), datetime(2027, 6, 5, 9, tzinfo=UTC), at=LATER
    )

    with pytest.raises(PlaceTouched):
        undo(done, by=None, at=LATER)


def test_a_place_that_somebody_described_since_stops_the_undoing():
    done = imported(received(*TWO))
    site = Site.objects.get()
    keep_space.add(site, keep_space.Described("office", "Autre (fictif)"), sheets.author(at=LATER))

    with pytest.raises(PlaceTouched):
        undo(done, by=None, at=LATER)


def test_what_is_over_is_forgotten_after_a_month():
    imported(received(*TWO))
    received(*TWO)

    assert forget_grr.forget(at=AT + timedelta(days=6)) == 0
    assert forget_grr.forget(at=AT + timedelta(days=8)) == 1
    assert forget_grr.forget(at=AT + timedelta(days=31)) == 1
    assert Booking.objects.count() == 2


# --- its pages -----------------------------------------------------------------------------------


@pytest.fixture
def officer(client, monkeypatch):
    monkeypatch.setattr(pages, "now", lambda: AT)
    sheets.territory()
    return people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER))


def send(client, data=None):
    sent = SimpleUploadedFile("grr.sql", grr.dump(tables(*TWO)) if data is None else data)
    return client.post(HOME, {"file": sent, "prefixe": ""})


def test_an_export_goes_from_the_file_to_its_report(officer):
    preview = officer.get(send(officer).url)
    assert preview.context["title"].startswith("2 réservations, 2 espaces et 1 lieu")
    assert Booking.objects.count() == 0

    said = {name: bound.value() or "" for name, bound in _fields(preview)}
    done = officer.post(
        preview.request["PATH_INFO"],
        said | {"vu": preview.context["seen"], "faire": "importer"},
        follow=True,
    )

    assert done.context["title"] == "2 réservations reprises"
    assert Booking.objects.count() == 2
    undone = officer.post(f"{preview.request['PATH_INFO']}annuler/", follow=True)
    assert undone.context["title"] == "Import annulé : tout est comme avant"


def _fields(response):
    return [(bound.html_name, bound) for bound in response.context["form"]]


def test_choices_are_kept_and_change_the_preview(officer):
    address = send(officer).url
    said = {name: bound.value() or "" for name, bound in _fields(officer.get(address))}

    after = officer.post(address, said | {"salle-2": "none", "faire": "apercu"}, follow=True)

    assert plan_of(GrrImport.objects.get(), at=AT).counts == {"booked": 1, "not_chosen": 1}
    assert after.context["title"].startswith("1 réservation")


def test_a_choice_not_yet_previewed_is_shown_before_anything_is_written(officer):
    address = send(officer).url
    preview = officer.get(address)
    said = {name: bound.value() or "" for name, bound in _fields(preview)}

    answer = officer.post(
        address, said | {"salle-2": "none", "vu": preview.context["seen"], "faire": "importer"}
    )

    assert answer.status_code == 409
    assert answer.context["title"].startswith("1 réservation")
    assert Booking.objects.count() == 0


def test_a_new_place_without_commune_is_a_field_to_correct(officer):
    address = send(officer).url
    said = {name: bound.value() or "" for name, bound in _fields(officer.get(address))}

    answer = officer.post(address, said | {"commune-s1": "", "faire": "importer"})

    assert answer.status_code == 422
    assert "Choisissez la commune" in answer.content.decode()


def test_a_wrong_file_says_what_to_do(officer):
    answer = send(officer, b"bonjour")

    assert answer.status_code == 422
    assert "Sauvegardez la base" in answer.content.decode().replace("&#x27;", "'")


def test_the_file_of_lines_holds_each_booking_and_no_formula(officer):
    hostile = grr.entry(13, "2027-04-07T09:00", "2027-04-07T12:00", name="=HYPERLINK(1)")
    address = send(officer, grr.dump(tables(*TWO, hostile))).url

    data = officer.get(f"{address}reservations.csv").content.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(data), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["11", "12", "13"]
    assert rows[3][5] == "'=HYPERLINK(1)"


def test_a_bucket_shows_its_bookings(officer):
    address = send(officer, grr.dump(tables(*TWO, grr.entry(1, "2026-01-01", "2026-01-02")))).url

    shown = officer.get(f"{address}?etat=past").context["lines"]

    assert [row.cells["number"] for row in shown.rows] == ["1"]


def test_a_hostile_name_is_only_text(officer):
    hostile = "<script>alert(1)</script>"
    rooms = [{"id": 1, "area_id": 1, "room_name": hostile}]
    entry = grr.entry(1, "2027-04-05T09:00", "2027-04-05T12:00", name=hostile)
    address = send(officer, grr.dump(tables(entry, room=rooms))).url

    assert "<script>alert" not in officer.get(address).content.decode()


@pytest.mark.parametrize("kind", [RoleKind.MEMBER, RoleKind.SITE_MANAGER, RoleKind.CHIEF_EXECUTIVE])
def test_only_those_who_keep_the_sites_of_a_territory_import(client, kind):
    of = received(*TWO)
    scope = ("site", "1") if kind == RoleKind.SITE_MANAGER else ("territory", people.SIREN)
    people.signed_in(client, people.holder(kind, scope))

    for address in (HOME, f"{HOME}{of.pk}/", f"{HOME}{of.pk}/reservations.csv"):
        assert client.get(address).status_code == 404
    assert client.post(f"{HOME}{of.pk}/annuler/").status_code == 404


def test_the_exports_of_another_territory_do_not_exist(client):
    of = received(*TWO)
    sheets.territory(people.TWIN[1])
    people.signed_in(client, people.holder(RoleKind.PROJECT_OFFICER, people.TWIN))

    assert client.get(f"{HOME}{of.pk}/").status_code == 404
    assert client.get(f"/gerer/import-grr/{people.TWIN[1]}/{of.pk}/").status_code == 404


def test_a_preview_asks_the_database_as_often_for_one_booking_as_for_fifty(officer):
    existing()

    def cost(count):
        entries = [
            grr.entry(n, f"2027-04-{1 + n % 28:02d}T09:00", f"2027-04-{1 + n % 28:02d}T09:30")
            for n in range(1, count + 1)
        ]
        rooms = [
            {"id": n, "area_id": 1, "room_name": f"Salle {n} (fictif)"} for n in range(1, count + 1)
        ]
        address = send(officer, grr.dump(tables(*entries, room=rooms))).url
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(address).status_code == 200
        return len(asked)

    cost(1)
    assert cost(1) == cost(50)


def test_names_given_twice_keep_their_area():
    of = received(
        area=[{"id": 1, "area_name": "Nord"}, {"id": 2, "area_name": "Sud"}],
        room=[
            {"id": 1, "area_id": 1, "room_name": "Salle"},
            {"id": 2, "area_id": 2, "room_name": "Salle"},
            {"id": 3, "area_id": 2, "room_name": "Salle"},
        ],
        j_site_area=[{"id_site": 1, "id_area": 1}, {"id_site": 1, "id_area": 2}],
    )

    (place,) = grr_choices.places_of(plan_of_export(of))
    names = [grr_choices.name_of(room, place) for room in place.rooms]
    assert names == ["Salle (Nord)", "Salle (Sud) 2", "Salle (Sud) 3"]
    assert len(set(imported(of).made["spaces"])) == 3


def test_a_vehicle_makes_no_place():
    of = received(
        site=[],
        j_site_area=[],
        area=[{"id": 1, "area_name": "Salles"}, {"id": 2, "area_name": "Véhicules"}],
        room=[
            {"id": 1, "area_id": 1, "room_name": "Salle"},
            {"id": 2, "area_id": 2, "room_name": "Minibus"},
        ],
    )

    choices = plan_of(of, at=AT).choices
    assert {key: choice.becomes for key, choice in choices.places.items()} == {
        "a1": "new",
        "a2": "none",
    }


def test_areas_without_site_may_share_one():
    of = received(
        grr.entry(1, "2027-04-05T09:00", "2027-04-05T12:00", room_id=1),
        grr.entry(2, "2027-04-05T09:00", "2027-04-05T12:00", room_id=2),
        site=[],
        j_site_area=[],
        area=[
            {"id": 1, "area_name": "Nord", "display_days": "nyyyyyn"},
            {"id": 2, "area_name": "Sud", "eveningends_area": 22},
        ],
        room=[
            {"id": 1, "area_id": 1, "room_name": "Salle"},
            {"id": 2, "area_id": 2, "room_name": "Salle"},
        ],
    )
    places = {
        "a1": PlaceChoice("with:a2"),
        "a2": PlaceChoice("new", "Mairie (fictif)", BEAUJEU),
    }
    of = receive_grr.choose(of, Choices(places))

    imported(of)

    assert Site.objects.get().opening_hours == ""
    rows = Space.objects.order_by("pk").values_list("name", "opening_hours")
    assert list(rows) == [("Salle", "Mo-Fr 08:00-19:00"), ("Salle (Sud)", "Mo-Su 08:00-22:00")]
    assert Booking.objects.count() == 2


@pytest.mark.parametrize("becomes", ["with:a1", "with:a9", "999999", "with:", ""])
def test_a_choice_that_leads_nowhere_is_guessed_again(becomes):
    of = received(site=[], j_site_area=[])
    receive_grr.choose(of, Choices({"a1": PlaceChoice(becomes, "X", BEAUJEU)}))

    assert plan_of(of, at=AT).choices.places["a1"].becomes == "new"


def plan_of_export(of):
    from maillage.apps.bookings import grr_kept

    return grr_kept.unpacked(of.read)

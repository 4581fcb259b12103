"""What a commune exports of GRR: its places, its rooms, its bookings, and what is left there."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import grr as exports
from maillage.core.bad_input import BadInput
from maillage.core.periods import PARIS
from maillage.core.sources import grr
from maillage.core.sources.grr_export import Area, Entry, Kind, Room, Series, Site
from maillage.core.sources.grr_sift import WHYS, sift

AT = datetime(2027, 3, 17, 9, tzinfo=PARIS)
ALL_DAYS = frozenset(range(1, 8))


def read(prefix="", /, dialect="mysqldump", **tables):
    return grr.of_bytes("base.sql", exports.dump(exports.tables(**tables), dialect), prefix)


def refusal(data, prefix=""):
    with pytest.raises(BadInput) as refused:
        grr.of_bytes("base.sql", data, prefix)
    return refused.value


def paris(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize("dialect", exports.DIALECTS)
def test_places_rooms_and_bookings_are_read_whatever_wrote_them(dialect):
    booking = exports.entry(
        *(7, "2027-04-01 09:00", "2027-04-01 10:30"),
        name=" L’atelier\n« couture » 🎉 ",
        description="Salle\r\nau fond",
        moderate=2,
        repeat_id=3,
    )
    site = {"id": 4, "sitename": "Mairie (fictif)", "sitecode": "M1", "cp": "01000"}
    site |= {"adresse_ligne1": "2 rue du Pré", "adresse_ligne3": "Bâtiment B", "ville": "Ambre"}

    found = read(
        dialect=dialect,
        site=[site],
        j_site_area=[{"id_site": 4, "id_area": 1}],
        entry=[booking],
        type_area=[{"id": 1, "type_name": "Réunion", "type_letter": "B"}],
    )

    assert (found.prefix, found.version) == ("grr_", "4.6.1")
    assert found.sites == (
        Site(4, "Mairie (fictif)", "M1", "2 rue du Pré, Bâtiment B", "01000", "Ambre"),
    )
    assert found.areas == (
        Area(
            *(1, "Salles (fictif)", 4, 480, 1140, 30, ALL_DAYS),
            is_by_period=False,
            is_restricted=False,
            rank=0,
        ),
    )
    assert found.rooms == (
        Room(
            *(1, 1, "Grande salle (fictif)", "", "", 12),
            is_moderated=False,
            is_open=True,
            rank=0,
        ),
    )
    assert found.entries == (
        Entry(
            *(7, 1, paris("2027-04-01 09:00"), paris("2027-04-01 10:30")),
            *("L’atelier « couture » 🎉", "Salle\nau fond", "A", "c.fictif", "accepted", 3, None),
            is_cancelled=False,
            has_more_fields=False,
        ),
    )
    assert found.kinds == (Kind("B", "Réunion"),)
    assert found.notes == ()


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("dialect", exports.DIALECTS)
@given(name=NAMES, body=NAMES)
def test_a_text_keeps_all_that_can_be_seen(dialect, name, body):
    booking = exports.entry(1, "2027-04-01", "2027-04-02", name=f"a{name}b", description=body)

    (found,) = read(dialect=dialect, entry=[booking]).entries

    # a letter that joins lines or words in Python is a space here
    seen = "".join(c for c in f"a{name}b" if c.isprintable() and not c.isspace())
    assert "".join(c for c in found.name if c.isprintable() and not c.isspace()) == seen
    assert "\n" not in found.name
    assert not {"\0", "\x1b", "\r"} & set(found.description)


@pytest.mark.parametrize(
    ("columns", "hours", "days"),
    [
        ({"eveningends_area": 18, "eveningends_minutes_area": 30}, (480, 1110, 30), ALL_DAYS),
        ({"display_days": "nyyyyyn"}, (480, 1140, 30), frozenset({1, 2, 3, 4, 5})),
        ({"display_days": "ynnnnnn"}, (480, 1140, 30), frozenset({7})),
        (
            {"calendar_default_values": "y", "display_days": "ynnnnnn"},
            (None, None, None),
            ALL_DAYS,
        ),
        ({"morningstarts_area": 20}, (None, None, 30), ALL_DAYS),
        ({"eveningends_area": 25}, (None, None, 30), ALL_DAYS),
        ({"resolution_area": 0}, (480, 1140, None), ALL_DAYS),
    ],
)
def test_the_hours_of_an_area_are_its_own_or_unknown(columns, hours, days):
    (area,) = read(area=[{"id": 1, "area_name": "Salles (fictif)"} | columns]).areas

    assert (area.opens_min, area.closes_min, area.step_min) == hours
    assert area.days == days


def test_a_room_says_its_places_its_moderation_and_whether_it_is_open():
    shut = {"id": 2, "area_id": 1, "room_name": "Minibus (fictif)", "statut_room": "0"}
    shut |= {"moderate": 1, "order_display": 3, "comment_room": "<p>Clé en mairie</p>"}

    (room,) = read(room=[shut]).rooms

    assert (room.capacity, room.is_open, room.is_moderated, room.rank) == (None, False, True, 3)
    assert room.comment == "<p>Clé en mairie</p>"


def test_a_series_says_its_rhythm_and_its_days():
    weekly = {"id": 3, "room_id": 1, "start_time": exports.seconds("2027-04-01 09:00")}
    weekly |= {"end_time": exports.seconds("2027-04-01 10:00"), "rep_type": 2}
    weekly |= {"end_date": exports.seconds("2027-06-30"), "rep_opt": "0100100", "rep_num_weeks": 2}
    odd = weekly | {"id": 4, "rep_type": 9, "rep_num_weeks": None}

    found = read(repeat=[weekly, odd]).repeats

    times = (paris("2027-04-01 09:00"), paris("2027-04-01 10:00"), date(2027, 6, 30))
    assert found == (
        Series(3, 1, *times, "weekly", 2, frozenset({1, 4})),
        Series(4, 1, *times, "", 1, frozenset()),
    )


def test_a_time_is_that_of_paris_on_both_sides_of_the_change_of_hour():
    # 31 October 2027 at 2:30, first in summer time then in winter time
    twice = [{"id": n, "start_time": s, "end_time": s + 900} for n, s in ((1, 0), (2, 3600))]
    for row in twice:
        row["start_time"] += 1_824_942_600
        row["end_time"] += 1_824_942_600

    found = read(entry=twice).entries

    assert [e.starts_at.isoformat() for e in found] == [
        "2027-10-31T02:30:00+02:00",
        "2027-10-31T02:30:00+01:00",
    ]
    assert [e.id for e in sift(read(entry=twice), at=AT).kept] == [1, 2]


def test_closed_days_and_holidays_are_read():
    found = read(
        calendar=[{"DAY": exports.seconds("2027-05-14")}],
        calendrier_feries=[{"DAY": exports.seconds("2027-07-14")}],
        calendrier_vacances=[{"DAY": exports.seconds("2027-07-15")}],
    )

    assert found.closed_on == {date(2027, 5, 14)}
    assert found.public_holidays == {date(2027, 7, 14)}
    assert found.school_holidays == {date(2027, 7, 15)}


def test_people_are_counted_and_nothing_of_them_is_kept_but_who_a_booking_is_for():
    users = [
        {"login": "a.fictif", "nom": "Fictif", "password": "5f4dcc3b", "email": "a@exemple.test"},
        {"login": "b.fictif", "nom": "Fictive", "password": "ab4f63f9", "email": "b@exemple.test"},
    ]
    inside = exports.entry(1, "2027-04-01 09:00", "2027-04-01 10:00", beneficiaire="a.fictif")
    outside = exports.entry(2, "2027-04-02 09:00", "2027-04-02 10:00", beneficiaire="")
    outside |= {
        "beneficiaire_ext": "Club de bridge (fictif)|c@exemple.test",
        "create_by": "z.fictif",
    }

    found = read(utilisateurs=users, entry=[inside, outside])

    assert found.users_count == 2
    assert [e.beneficiary for e in found.entries] == ["a.fictif", "Club de bridge (fictif)"]
    for private in ("5f4dcc3b", "exemple.test", "Fictive", "b.fictif", "z.fictif"):
        assert private not in repr(found)


def test_what_the_file_has_and_the_export_does_not_is_noted():
    found = read(
        utilisateurs=[{"login": "a.fictif"}],
        participants=[{"idresa": 1}, {"idresa": 2}],
        area=[{"id": 1, "area_name": "Salles (fictif)", "calendar_default_values": "y"}],
        entry=[exports.entry(1, "2027-04-01", "2027-04-02", overload_desc="@1@x@/1@")],
    )

    assert [(note.code, note.facts) for note in found.notes] == [
        ("grr_accounts", {"count": 1}),
        ("grr_more_fields", {"count": 1}),
        ("grr_default_hours", {"names": ["Salles (fictif)"]}),
        ("grr_other_tables", {"count": 2, "names": ["grr_participants"]}),
    ]


def test_another_prefix_is_found_alone_and_asked_for_among_several():
    one = exports.dump(prefix="resa_")
    two = exports.dump(prefix="mairie_", dialect="backup") + b"\n" + exports.dump(dialect="backup")

    assert grr.of_bytes("base.sql", one).prefix == "resa_"
    assert refusal(two).facts["prefixes"] == ["grr_", "mairie_"]
    assert grr.of_bytes("base.sql", two, "mairie").prefix == "mairie_"
    assert (refusal(one, "grr_").code, refusal(one, "grr_").facts["prefix"]) == (
        "dump_unknown_prefix",
        "grr_",
    )


def without(data, table):
    """An export of phpMyAdmin without one table."""
    parts = data.split(b"-- --------\n")
    return b"-- --------\n".join(p for p in parts if f"`{table}` (".encode() not in p)


def test_a_part_of_grr_is_refused_with_the_tables_that_lack():
    data = without(without(exports.dump(dialect="phpmyadmin"), "grr_room"), "grr_area")

    assert refusal(data).code == "dump_missing_tables"
    assert refusal(data).facts["tables"] == ["grr_area", "grr_room"]


def test_a_site_a_holiday_or_a_setting_may_lack():
    data = exports.dump(dialect="phpmyadmin")
    for table in ("grr_site", "grr_j_site_area", "grr_setting", "grr_calendar", "grr_utilisateurs"):
        data = without(data, table)

    found = grr.of_bytes("base.sql", data)

    assert (found.sites, found.version, found.users_count) == ((), "", 0)
    assert [area.site_id for area in found.areas] == [None]


def test_a_column_of_a_later_version_may_lack_and_one_that_is_needed_is_refused():
    data = exports.dump(exports.tables(entry=[exports.entry(1, "2027-04-01", "2027-04-02")]))
    older = data.replace(b"`supprimer`", b"`autre`").replace(b"`moderate`", b"`autre2`")
    broken = data.replace(b"`end_time`", b"`autre`")

    (entry,) = grr.of_bytes("base.sql", older).entries
    assert (entry.is_cancelled, entry.moderation) == (False, "none")
    assert refusal(broken).code == "dump_missing_columns"
    assert refusal(broken).facts["columns"] == ["end_time"]


def test_another_software_of_the_same_family_is_not_grr():
    sql = b"CREATE TABLE mrbs_area (id int, area_name text);\nCREATE TABLE mrbs_room (id int);\n"
    sql += b"CREATE TABLE mrbs_entry (id int, start_time int, room_id int);"

    assert refusal(sql).code == "dump_not_grr"
    assert refusal(sql).facts["tables"] == ["mrbs_area", "mrbs_entry", "mrbs_room"]


def test_an_export_of_the_data_alone_is_refused_when_columns_are_not_named():
    sql = b"INSERT INTO grr_entry VALUES (1,2,3);\nINSERT INTO grr_area VALUES (1);"

    assert refusal(sql).code == "dump_without_structure"


def test_a_table_that_grr_could_not_read_is_refused():
    said = "Problème avec les données de grr_entry, corruption possible !\n#"
    data = exports.dump(dialect="backup")
    cut = data.index(b"#\n# Structure de la table grr_repeat")
    data = data[:cut] + said.encode() + b"\n" + data[cut:]

    assert refusal(data).code == "dump_lost_table"
    assert refusal(data).facts["line"] == data[:cut].count(b"\n") + 1


@pytest.mark.parametrize(
    ("columns", "column", "value"),
    [
        ({"start_time": "demain"}, "start_time", "demain"),
        ({"end_time": None}, "end_time", ""),
        ({"start_time": -5}, "start_time", "-5"),
        ({"end_time": 10**12}, "end_time", "1000000000000"),
        ({"room_id": "x"}, "room_id", "x"),
    ],
)
def test_a_value_that_grr_never_writes_is_refused_with_its_line(columns, column, value):
    wrong = exports.entry(1, "2027-04-01", "2027-04-02") | columns
    data = exports.dump(exports.tables(entry=[wrong]))

    fault = refusal(data)

    line = data[: data.index(b"INTO `grr_entry`")].count(b"\n") + 1
    assert (fault.code, fault.facts["column"], fault.facts["value"]) == (
        "dump_bad_value",
        column,
        value,
    )
    assert fault.facts["line"] == line


def test_one_identifier_twice_is_refused():
    once = exports.entry(1, "2027-04-01", "2027-04-02")

    fault = refusal(exports.dump(exports.tables(entry=[once, once])))

    assert (fault.code, fault.facts["id"]) == ("dump_duplicate_id", 1)


def sifted(*entries, **tables):
    return sift(read(entry=entries, **tables), at=AT)


TOMORROW = ("2027-03-18 09:00", "2027-03-18 10:00")


@pytest.mark.parametrize(
    ("booking", "why"),
    [
        (exports.entry(1, *TOMORROW, supprimer=1), "cancelled"),
        (exports.entry(1, *TOMORROW, moderate=3), "refused"),
        (exports.entry(1, *TOMORROW, room_id=9), "no_room"),
        (exports.entry(1, *TOMORROW, room_id=2), "no_area"),
        (exports.entry(1, *TOMORROW, room_id=3), "by_period"),
        (exports.entry(1, *reversed(TOMORROW)), "reversed"),
        (exports.entry(1, TOMORROW[0], TOMORROW[0]), "reversed"),
        (exports.entry(1, "2027-03-17 08:00", "2027-03-17 09:00"), "past"),
        (exports.entry(1, "2027-03-17 08:00", "2027-03-17 09:01"), None),
        (exports.entry(1, *TOMORROW), None),
        (exports.entry(1, *TOMORROW, supprimer=1, room_id=9), "cancelled"),
    ],
)
def test_a_booking_is_kept_or_left_for_one_reason(booking, why):
    areas = [
        {"id": 1, "area_name": "Salles (fictif)"},
        {"id": 2, "area_name": "Collège (fictif)", "enable_periods": "y"},
    ]
    rooms = [
        {"id": n, "area_id": area, "room_name": f"Salle {n} (fictif)"}
        for n, area in ((1, 1), (2, 7), (3, 2))
    ]

    found = sifted(booking, area=areas, room=rooms)

    assert [left.why for left in found.left] == ([why] if why else [])
    assert len(found.kept) == (0 if why else 1)
    codes = [note.code for note in found.notes if note.code != "grr_rooms_without_area"]
    assert codes == ([f"grr_{why}"] if why else [])
    assert ("grr_rooms_without_area", ["Salle 2 (fictif)"]) in [
        (note.code, note.facts.get("names")) for note in found.notes
    ]


def test_of_two_that_overlap_the_firm_one_is_kept_then_the_first_written():
    found = sifted(
        exports.entry(1, "2027-03-18 09:00", "2027-03-18 10:00", moderate=1),
        exports.entry(2, "2027-03-18 09:30", "2027-03-18 11:00", option_reservation=1_900_000_000),
        exports.entry(3, "2027-03-18 09:45", "2027-03-18 10:15"),
        exports.entry(4, "2027-03-18 10:00", "2027-03-18 10:30"),
        exports.entry(5, "2027-03-18 10:15", "2027-03-18 10:30"),
    )

    assert [entry.id for entry in found.kept] == [3, 5]
    assert [(left.entry.id, left.against.id) for left in found.left] == [(1, 3), (2, 5), (4, 3)]


def test_a_booking_in_wait_or_out_of_hours_is_kept_and_told():
    found = sifted(
        exports.entry(1, *TOMORROW, moderate=1),
        exports.entry(2, "2027-03-18 07:59", "2027-03-18 08:30"),
        exports.entry(3, "2027-03-18 18:00", "2027-03-18 19:00"),
        exports.entry(4, "2027-03-19 18:00", "2027-03-19 19:01"),
        exports.entry(5, "2027-03-20 09:00", "2027-03-20 10:00"),
        exports.entry(6, "2027-03-22 09:00", "2027-03-23 10:00"),
        exports.entry(7, "2027-03-25 09:00", "2027-03-25 10:00", option_reservation=1_900_000_000),
        area=[{"id": 1, "area_name": "Salles (fictif)", "display_days": "nyyyyyn"}],
    )

    assert len(found.kept) == 7
    assert found.outside_hours == {2, 4, 5, 6}
    assert [(note.code, note.facts["count"]) for note in found.notes] == [
        ("grr_outside_hours", 4),
        ("grr_waiting", 1),
        ("grr_tentative", 1),
    ]


HOURS = st.integers(0, 60)


@given(
    st.lists(
        st.tuples(HOURS, HOURS, st.integers(1, 4), st.integers(0, 3), st.integers(0, 1)),
        max_size=25,
    )
)
def test_no_booking_is_lost_and_those_kept_stand_together(drawn):
    start = exports.seconds("2027-03-16 00:00")
    entries = [
        {"id": n, "start_time": start + a * 3600, "end_time": start + b * 3600}
        | {"room_id": room, "moderate": moderate, "supprimer": gone}
        for n, (a, b, room, moderate, gone) in enumerate(drawn)
    ]
    rooms = [{"id": n, "area_id": 1, "room_name": "Salle (fictif)"} for n in (1, 2)]
    rooms.append({"id": 3, "area_id": 8, "room_name": "Salle (fictif)"})

    found = sifted(*entries, room=rooms)

    told = [e.id for e in found.kept] + [left.entry.id for left in found.left]
    assert sorted(told) == list(range(len(drawn)))
    assert {left.why for left in found.left} <= set(WHYS)
    for one in found.kept:
        assert one.ends_at > AT
        for other in found.kept:
            apart = one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
            assert one.id == other.id or one.room_id != other.room_id or apart
    for left in found.left:
        if left.against:
            assert left.against in found.kept
            assert left.against.room_id == left.entry.room_id
    counts = {note.code: note.facts["count"] for note in found.notes}
    counts.pop("grr_rooms_without_area")
    for why in WHYS:
        assert counts.get(f"grr_{why}", 0) == sum(left.why == why for left in found.left)

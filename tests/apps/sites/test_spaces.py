"""The tree of spaces and the numbered seats: what is booked stays."""

from datetime import time, timedelta

import pytest

from factories import sites
from maillage.apps.journal.models import Entry
from maillage.apps.sites import keep_rules, keep_seats, keep_space, versions
from maillage.apps.sites.keep_rules import Rule
from maillage.apps.sites.keep_space import Described
from maillage.apps.sites.models import Seat, Space
from maillage.apps.sites.tree import in_order, indented

pytestmark = pytest.mark.django_db
ROOM = Described("meeting_room", "Salle A", audiences=("public",))
HOUR = timedelta(hours=1)


def numbers(space) -> list[int]:
    return list(
        space.seats.filter(removed_at=None).order_by("number").values_list("number", flat=True)
    )


def at_work(space, number, days=1):
    seat = space.seats.get(number=number)
    begins = sites.AT + timedelta(days=days)
    return sites.booked(seat, begins, begins + 2 * HOUR)


def test_a_space_is_added_with_its_seats_and_its_path():
    site = sites.site()

    whole = keep_space.add(site, Described("meeting_room", "Salle A+B"), sites.author())
    part = keep_space.add(site, ROOM, sites.author(), parent=whole, seats=1)

    part.refresh_from_db()
    assert (part.path, part.parent, part.audiences) == ([whole.pk, part.pk], whole, ["public"])
    assert numbers(part) == [1]
    assert (
        list(Entry.objects.filter(object_kind="space").values_list("act", flat=True))
        == ["spaces.add"] * 2
    )


def test_a_name_is_given_once_in_a_site():
    site = sites.site()
    keep_space.add(site, ROOM, sites.author())

    with pytest.raises(keep_space.NameTaken):
        keep_space.add(site, Described("office", "SALLE A"), sites.author())


def test_what_has_seats_has_no_part_and_what_has_parts_no_seat():
    site = sites.site()
    with_seats = sites.space(site, "Plateau")
    whole = sites.space(site, "Salle A+B", seats=0)
    sites.space(site, "Salle B", parent=whole)

    with pytest.raises(keep_space.HasSeats):
        keep_space.add(site, ROOM, sites.author(), parent=with_seats)
    with pytest.raises(keep_seats.HasParts):
        keep_seats.set_count(whole, 3, sites.author())


def test_a_parent_is_of_the_same_site_and_still_there():
    other = sites.space(sites.site("Ailleurs"), "Plateau", seats=0)
    site = sites.site()
    gone = sites.space(site, "Ancienne salle", seats=0, removed_at=sites.AT)

    with pytest.raises(keep_space.OfAnotherSite):
        keep_space.add(site, ROOM, sites.author(), parent=other)
    with pytest.raises(versions.SpaceRemoved):
        keep_space.add(site, ROOM, sites.author(), parent=gone)


def test_a_space_is_corrected_and_a_second_writer_told():
    space = sites.space(sites.site(), "Salle A")

    keep_space.correct(
        space, Described("office", "Bureau", buffer_after_min=15), sites.author(), version=1
    )

    space.refresh_from_db()
    assert (space.kind, space.name, space.buffer_after_min) == ("office", "Bureau", 15)
    assert (space.audiences, space.version) == ([], 2)
    with pytest.raises(versions.SomebodyElseEdited):
        keep_space.correct(space, ROOM, sites.author(), version=1)


def test_a_space_is_not_corrected_into_the_name_of_another():
    site = sites.site()
    sites.space(site, "Salle A")
    other = sites.space(site, "Salle B")

    with pytest.raises(keep_space.NameTaken):
        keep_space.correct(other, ROOM, sites.author(), version=1)


def test_a_space_moves_with_all_its_parts():
    site = sites.site()
    floor = sites.space(site, "Étage", seats=0, kind="building")
    whole = sites.space(site, "Salle A+B", seats=0)
    part = sites.space(site, "Salle A", parent=whole)
    gone = sites.space(site, "Salle C", parent=whole, removed_at=sites.AT)

    keep_space.move(whole, floor, sites.author(), version=1)
    for space, path in (
        (whole, [floor.pk, whole.pk]),
        (part, [floor.pk, whole.pk, part.pk]),
        (gone, [floor.pk, whole.pk, gone.pk]),
    ):
        space.refresh_from_db()
        assert space.path == path

    keep_space.move(whole, None, sites.author(), version=2)
    part.refresh_from_db()
    assert part.path == [whole.pk, part.pk]


@pytest.mark.parametrize("target", ["itself", "part"])
def test_a_tree_has_no_ring(target):
    site = sites.site()
    whole = sites.space(site, "Salle A+B", seats=0)
    part = sites.space(site, "Salle A", parent=whole, seats=0)

    with pytest.raises(keep_space.UnderItself):
        keep_space.move(whole, {"itself": whole, "part": part}[target], sites.author(), version=1)


def test_a_removed_space_takes_its_parts_and_brings_them_back():
    site = sites.site()
    whole = sites.space(site, "Salle A+B", seats=0)
    part = sites.space(site, "Salle A", parent=whole)
    before = sites.space(site, "Salle C", parent=whole)
    keep_space.remove(before, sites.author(at=sites.AT - HOUR))

    keep_space.remove(whole, sites.author())
    assert not Space.objects.present().exists()
    with pytest.raises(versions.SpaceRemoved):
        keep_space.remove(whole, sites.author())
    part.refresh_from_db()
    with pytest.raises(keep_space.ParentRemoved):
        keep_space.take_back(part, sites.author())

    keep_space.take_back(whole, sites.author())
    assert set(Space.objects.present()) == {whole, part}
    with pytest.raises(keep_space.NotRemoved):
        keep_space.take_back(whole, sites.author())


def test_a_name_taken_meanwhile_keeps_a_space_from_coming_back():
    site = sites.site()
    space = sites.space(site, "Salle A")
    keep_space.remove(space, sites.author())
    sites.space(site, "salle a")

    with pytest.raises(keep_space.NameTaken):
        keep_space.take_back(space, sites.author())


def test_a_space_whose_part_is_booked_is_not_removed():
    site = sites.site()
    whole = sites.space(site, "Salle A+B", seats=0)
    at_work(sites.space(site, "Salle A", parent=whole), 1)

    with pytest.raises(keep_space.SpaceBooked) as refused:
        keep_space.remove(whole, sites.author())

    assert "« Salle A+B » a 1 réservation à venir, jusqu'au 18 mars 2027" in str(refused.value)


def test_seats_are_added_after_the_last_and_the_highest_free_go_first():
    space = sites.space(sites.site(), seats=2)

    keep_seats.set_count(space, 4, sites.author())
    assert numbers(space) == [1, 2, 3, 4]

    at_work(space, 4)
    keep_seats.set_count(space, 2, sites.author())
    assert numbers(space) == [1, 4]

    keep_seats.set_count(space, 4, sites.author())
    assert numbers(space) == [1, 2, 3, 4]
    assert Seat.objects.filter(space=space).count() == 4


def test_a_booked_seat_is_never_removed_and_it_is_said_until_when():
    space = sites.space(sites.site(), "Plateau", seats=3)
    at_work(space, 1, days=1)
    at_work(space, 2, days=5)

    with pytest.raises(keep_seats.SeatsBooked) as refused:
        keep_seats.set_count(space, 1, sites.author())

    said = str(refused.value)
    assert "2 réservations à venir sur 2 places de « Plateau », jusqu'au 22 mars 2027" in said
    assert "descendre à 2" in said
    assert numbers(space) == [1, 2, 3]
    keep_seats.set_count(space, 1, sites.author(at=sites.AT + timedelta(days=3)))
    assert numbers(space) == [2]


def test_a_space_has_a_bounded_number_of_seats():
    with pytest.raises(keep_seats.TooManySeats):
        keep_seats.set_count(sites.space(sites.site()), 501, sites.author())


def test_a_seat_goes_out_of_order_and_back_once_each():
    seat = sites.space(sites.site()).seats.get(number=2)

    for _ in range(2):
        keep_seats.put_out_of_order(seat, sites.author())
    seat.refresh_from_db()
    assert seat.out_of_order_since == sites.AT

    for _ in range(2):
        keep_seats.put_back(seat, sites.author())
    seat.refresh_from_db()
    assert seat.out_of_order_since is None
    acts = Entry.objects.filter(act__startswith="seats.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["seats.out_of_order", "seats.put_back"]


def test_seats_get_words_beside_their_numbers_and_those_of_others_do_not():
    site = sites.site()
    space, other = sites.space(site), sites.space(site, "Autre")
    mine, theirs = space.seats.get(number=1), other.seats.get(number=1)

    keep_seats.label(space, {mine.pk: "Fenêtre", theirs.pk: "Volée"}, sites.author())

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.label, theirs.label) == ("Fenêtre", "")


def rule(kind="only", **said):
    made = {"audience": "member", "weekdays": (4, 0), "from_time": time(9), "to_time": time(12)}
    return Rule(kind, **made | said)


def test_rules_are_written_again_as_a_whole():
    space = sites.space(sites.site())

    keep_rules.keep_rules(space, [rule(), rule("at_most", most_min=60)], sites.author(), version=1)
    keep_rules.keep_rules(space, [rule(weekdays=(2,), most_min=30)], sites.author(), version=2)

    (kept,) = space.rules.all()
    assert (kept.kind, kept.weekdays, kept.most_min) == ("only", [2], None)


def test_rules_are_few_and_each_said_once():
    space = sites.space(sites.site())

    with pytest.raises(keep_rules.TwiceTheSame):
        keep_rules.keep_rules(space, [rule(), rule()], sites.author(), version=1)
    many = [rule(to_time=time(12, n)) for n in range(21)]
    with pytest.raises(keep_rules.TooManyRules):
        keep_rules.keep_rules(space, many, sites.author(), version=1)
    with pytest.raises(versions.SomebodyElseEdited):
        keep_rules.keep_rules(space, [], sites.author(), version=7)


def test_a_tree_is_read_from_the_top_parents_before_parts():
    site = sites.site()
    sites.space(site, "Bureau", rank=2)
    whole = sites.space(site, "Salle A+B", seats=0, rank=1)
    sites.space(site, "Salle B", parent=whole)
    sites.space(site, "Salle A", parent=whole)
    rows = list(Space.objects.filter(site=site))

    assert [(s.name, depth) for s, depth in in_order(rows)] == [
        ("Salle A+B", 0),
        ("Salle A", 1),
        ("Salle B", 1),
        ("Bureau", 0),
    ]
    assert [words for _, words in indented(rows)][1] == "–\u00a0Salle A"

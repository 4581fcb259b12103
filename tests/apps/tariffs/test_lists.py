"""Price lists: prepared, voted, never changed, one after the other."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from factories import network_sites, people, tariffs
from maillage.apps.tariffs import in_force, keep_list
from maillage.apps.tariffs.keep_list import Asked, Head, Resource, Terms
from maillage.apps.tariffs.models import ListState, Price, PriceList
from maillage.apps.tariffs.vote import BeginsTooEarly, VotedInTheFuture, WithoutPrice, vote

pytestmark = pytest.mark.django_db
AT = tariffs.AT
NEXT = date(2027, 7, 1)


def cents(of):
    return sorted((p.space_kind, p.unit, p.audience, p.cents) for p in of.prices.all())


def test_a_draft_is_voted_and_applies_from_its_day():
    made = tariffs.voted()

    assert (made.state, made.deliberation_ref) == (ListState.VOTED, "2026-12-10-07 (fictif)")
    assert in_force.voted_on([made.operator_id], tariffs.FIRST) == {made.operator_id: made}
    assert in_force.voted_on([made.operator_id], tariffs.FIRST - timedelta(days=1)) == {}


def test_the_next_list_ends_the_one_before():
    first = tariffs.voted()

    second = tariffs.voted(starts_on=NEXT)

    first.refresh_from_db()
    assert first.ends_on == NEXT
    held = {on: in_force.voted_on([first.operator_id], on) for on in (NEXT, date(2027, 6, 30))}
    assert held[NEXT] == {first.operator_id: second}
    assert held[date(2027, 6, 30)] == {first.operator_id: first}


def test_a_list_that_begins_before_the_last_one_is_refused():
    tariffs.voted(starts_on=NEXT)
    early = tariffs.drafted()

    with pytest.raises(BeginsTooEarly, match="01/07/2027"):
        vote(early, "8", tariffs.VOTED_ON, by=None, at=AT)

    early.refresh_from_db()
    assert early.state == ListState.DRAFT


def test_an_empty_list_and_a_vote_to_come_are_refused():
    with pytest.raises(WithoutPrice):
        vote(tariffs.empty(), "8", tariffs.VOTED_ON, by=None, at=AT)
    with pytest.raises(VotedInTheFuture):
        vote(tariffs.drafted(), "8", AT.date() + timedelta(days=1), by=None, at=AT)


def test_what_was_voted_is_neither_corrected_nor_priced_nor_withdrawn():
    made, by = tariffs.voted(), people.person()
    head = Head("Autre", NEXT)
    acts = (
        lambda: keep_list.correct(made, head, version=made.version, by=by, at=AT),
        lambda: keep_list.write_prices(
            made, Resource("open_space"), [], Terms(0), version=made.version, by=by, at=AT
        ),
        lambda: keep_list.withdraw(made, by=by, at=AT),
        lambda: vote(made, "9", tariffs.VOTED_ON, by=by, at=AT),
    )

    for act in acts:
        with pytest.raises(keep_list.AlreadyVoted):
            act()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tariffs_price SET cents = 1",
        "DELETE FROM tariffs_price",
        "UPDATE tariffs_pricelist SET starts_on = starts_on + 1",
        "DELETE FROM tariffs_pricelist",
    ],
)
def test_the_database_refuses_to_change_what_was_voted(sql):
    tariffs.voted()

    with (
        pytest.raises((InternalError, ProgrammingError), match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_the_database_refuses_two_voted_lists_on_one_day():
    made = tariffs.voted()
    other = tariffs.drafted(starts_on=NEXT)

    with pytest.raises(IntegrityError), transaction.atomic():
        PriceList.objects.filter(pk=other.pk).update(
            state="voted", deliberation_ref="x", voted_on=tariffs.VOTED_ON, starts_on=NEXT
        )
    assert PriceList.objects.voted().get() == made


def test_a_copy_has_the_same_prices_and_may_change():
    made = tariffs.voted()

    copied = keep_list.copy(made, Head("Tarifs 2028", NEXT), by=None, at=AT)

    assert cents(copied) == cents(made)
    assert copied.state == ListState.DRAFT


def test_prices_of_a_resource_are_replaced_and_the_others_stay():
    made = tariffs.drafted()

    keep_list.write_prices(
        made, Resource("open_space"), [Asked("day", "public", 900)], Terms(2_000),
        version=made.version, by=None, at=AT,
    )  # fmt: skip

    assert [one for one in cents(made) if one[0] == "open_space"] == [
        ("open_space", "day", "public", 900)
    ]
    assert len([one for one in cents(made) if one[0] == "meeting_room"]) == 3


def test_whoever_writes_second_is_told_who_wrote_first():
    made, by = tariffs.empty(), people.person("Paul Fictif")
    keep_list.correct(made, Head("Le mien", tariffs.FIRST), version=1, by=by, at=AT)

    with pytest.raises(keep_list.SomebodyElseEdited, match="Paul Fictif a modifié"):
        keep_list.correct(made, Head("Autre", tariffs.FIRST), version=1, by=by, at=AT)


def test_free_of_charge_is_said_why():
    made = tariffs.empty()
    free = [Asked("month", "newcomer", 12_000, free_until=date(2027, 6, 30))]

    with pytest.raises(keep_list.FreeWithoutReason):
        keep_list.write_prices(
            made, Resource("open_space"), free, Terms(2_000), version=1, by=None, at=AT
        )
    keep_list.write_prices(
        made, Resource("open_space"), free, Terms(2_000, free_reason="Accueil"), version=1,
        by=None, at=AT,
    )  # fmt: skip

    assert Price.objects.get().free_reason == "Accueil"


def test_a_free_time_that_ends_soon_is_told_before():
    made = tariffs.empty()
    free = [Asked("month", "newcomer", 12_000, free_until=date(2027, 4, 10))]
    keep_list.write_prices(
        made, Resource("open_space"), free, Terms(2_000, free_reason="Accueil"), version=1,
        by=None, at=AT,
    )  # fmt: skip
    made.refresh_from_db()
    vote(made, "8", tariffs.VOTED_ON, by=None, at=AT)

    def soon(on):
        return [p.audience for p in in_force.free_ends([made.operator_id], on, within_days=30)]

    assert soon(date(2027, 3, 17)) == ["newcomer"]
    assert (soon(date(2027, 2, 1)), soon(date(2027, 4, 11))) == ([], [])


def test_a_draft_is_withdrawn():
    made = tariffs.drafted()

    keep_list.withdraw(made, by=people.person(), at=AT)

    assert not PriceList.objects.exists()


def test_a_space_with_its_own_prices_does_not_take_those_of_its_kind():
    space = network_sites.open_space()
    made = tariffs.drafted(space.site.operator)
    keep_list.write_prices(
        made, Resource("open_space", space.pk), [Asked("hour", "public", 300)], Terms(2_000),
        version=made.version, by=None, at=AT,
    )  # fmt: skip
    made.refresh_from_db()
    vote(made, "8", tariffs.VOTED_ON, by=None, at=AT)
    other = network_sites.open_space(space.site, name="Autre")

    voted = in_force.read([made.operator_id])
    own, kind = (
        voted.of(one, (), operator_id=made.operator_id)[0].prices for one in (space, other)
    )

    assert [(p.unit, p.cents) for p in own] == [("hour", 300)]
    assert [(p.unit, p.cents) for p in kind] == [("half_day", 800), ("day", 1200)]


def test_each_unit_takes_the_best_audience_that_has_a_price():
    space = network_sites.open_space()
    made = tariffs.voted(
        space.site.operator,
        (
            ("open_space", "half_day", "public", 800),
            ("open_space", "half_day", "member", 500),
            ("open_space", "day", "member", 900),
            ("open_space", "half_day", "youth", 300),
        ),
    )

    (listed,) = in_force.read([made.operator_id]).of(
        space, ("youth", "member"), operator_id=made.operator_id
    )

    assert sorted((p.audience, p.unit, p.cents) for p in listed.prices) == [
        ("public", "half_day", 800),
        ("youth", "day", 900),
        ("youth", "half_day", 300),
    ]

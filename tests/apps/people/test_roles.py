"""Roles: given, ended, an end cancelled; what follows for sessions and vacancies."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from factories.people import (
    PLATFORM,
    SIREN,
    TWIN,
    holder,
    person,
    position,
    role,
    signed_in,
)
from maillage.apps.people import rights, vacancies
from maillage.apps.people.assign_role import (
    AlreadyHeld,
    BeyondOwnRights,
    EndsBeforeItStarts,
    PositionIsClosed,
    assign,
)
from maillage.apps.people.end_role import (
    AlreadyEnded,
    EndsTooEarly,
    LastAdministrator,
    NothingToCancel,
    apply_due,
    cancel,
    end,
)
from maillage.apps.people.models import Role, RoleKind
from maillage.kit.clock import now

pytestmark = pytest.mark.django_db
SCOPE = (("territory", SIREN),)


def test_a_role_gives_its_rights_from_its_first_day_to_the_last(at):
    someone, today = person(), at.date()

    assign(position(), someone, starts_on=today, ends_on=today + timedelta(2), by=None, at=at)

    def holds(days: int) -> bool:
        someone.__dict__.pop("_roles", None)
        return rights.holds(someone, "people.manage", SCOPE, on=today + timedelta(days))

    assert [holds(days) for days in (-1, 0, 1, 2)] == [False, True, True, False]


def test_whoever_is_given_a_post_is_told(at, mails, journal):
    someone = person(email="paul@exemple.fr")

    sent = mails(assign, position(), someone, starts_on=at.date(), by=holder(), at=at)

    assert [to for to, *_ in sent] == ["paul@exemple.fr"]
    assert journal() == ["role.assign"]


def test_nobody_gives_a_post_of_another_territory(at):
    with pytest.raises(BeyondOwnRights):
        assign(position(scope=TWIN), person(), starts_on=at.date(), by=holder(), at=at)

    assert Role.objects.filter(position__scope_key=TWIN[1]).count() == 0


def test_a_post_held_today_is_not_given_again_to_its_holder(at):
    held = role()

    with pytest.raises(AlreadyHeld):
        assign(held.position, held.person, starts_on=at.date(), by=None, at=at)


def test_a_person_holds_several_dated_roles(at):
    held = role(ends_on=at.date())

    again = assign(held.position, held.person, starts_on=at.date(), by=None, at=at)
    other = assign(position(RoleKind.MAYOR), held.person, starts_on=at.date(), by=None, at=at)

    assert list(held.person.roles.current(at.date()).order_by("pk")) == [again, other]


@pytest.mark.parametrize("days", [0, -1])
def test_a_role_that_ends_when_it_starts_or_before_is_not_given(at, days):
    with pytest.raises(EndsBeforeItStarts):
        assign(
            position(),
            person(),
            starts_on=at.date(),
            ends_on=at.date() + timedelta(days),
            by=None,
            at=at,
        )


def test_a_closed_post_is_given_to_nobody(at):
    with pytest.raises(PositionIsClosed):
        assign(position(closed_on=at.date()), person(), starts_on=at.date(), by=None, at=at)


def test_the_database_refuses_a_post_held_twice_by_the_same_person():
    held = role()

    with pytest.raises(IntegrityError, match="holds_a_position_once"), transaction.atomic():
        Role.objects.create(position=held.position, person=held.person, starts_on=date(2026, 1, 1))


def test_ending_a_role_today_ends_its_rights_and_leaves_the_post_vacant(at, journal):
    held, officer = role(kind=RoleKind.CHIEF_EXECUTIVE), holder()

    end(held, on=at.date(), note="Le local de Jullié.", by=officer, at=at)

    held.refresh_from_db()
    assert held.ends_on == at.date()
    assert held.hand_over_note == "Le local de Jullié."
    assert list(vacancies.vacant(SCOPE, on=at.date())) == [held.position]
    assert journal() == ["role.end"]


def test_a_vacant_post_is_announced_to_those_who_give_roles_there(at, mails):
    officer = holder(email="charge@exemple.fr")
    holder(scope=TWIN, email="autre@exemple.fr")
    held = role(kind=RoleKind.MAYOR)

    sent = mails(end, held, on=at.date(), by=officer, at=at)

    assert [to for to, *_ in sent] == ["charge@exemple.fr"]


def test_when_nobody_gives_roles_there_any_more_the_administrators_are_told(at, mails):
    holder(RoleKind.ADMINISTRATOR, PLATFORM, email="admin@exemple.fr")
    held = role()

    sent = mails(end, held, on=at.date(), by=held.person, at=at)

    assert [to for to, *_ in sent] == ["admin@exemple.fr"]


def test_a_post_that_somebody_else_still_holds_raises_no_alert(at, mails):
    held = role()
    role(position=held.position)

    assert mails(end, held, on=at.date(), by=holder(), at=at) == []


def test_a_role_that_ends_closes_the_sessions_of_its_holder(client):
    held, at = role(), now()
    signed_in(client, held.person)
    assert client.get("/compte/").status_code == 200

    end(held, on=at.date(), by=holder(), at=at)

    assert client.get("/compte/").status_code == 302


def test_an_end_to_come_takes_effect_on_its_day(at, mails):
    held, officer = role(), holder()
    later = at + timedelta(days=10)
    end(held, on=later.date(), by=officer, at=at)
    held.person.refresh_from_db()
    epoch = held.person.session_epoch

    assert apply_due(at=later - timedelta(days=1)) == 0
    sent = mails(lambda: apply_due(at=later))

    held.person.refresh_from_db()
    assert held.person.session_epoch == epoch + 1
    assert len(sent) == 1
    assert apply_due(at=later) == 0


def test_one_ends_one_s_own_role(at):
    held = role(kind=RoleKind.MEMBER)

    end(held, on=at.date(), by=held.person, at=at)

    held.refresh_from_db()
    assert held.ends_on == at.date()


def test_another_territory_does_not_end_a_role(at):
    held = role()

    with pytest.raises(BeyondOwnRights):
        end(held, on=at.date(), by=holder(scope=TWIN), at=at)

    held.refresh_from_db()
    assert held.ends_on is None


def test_a_role_is_not_ended_in_the_past_nor_before_it_starts(at):
    held, later = role(), role(starts_on=at.date() + timedelta(5))

    with pytest.raises(EndsTooEarly):
        end(held, on=at.date() - timedelta(1), by=holder(), at=at)
    with pytest.raises(EndsTooEarly):
        end(later, on=at.date() + timedelta(4), by=holder(), at=at)


def test_a_role_given_by_mistake_today_is_ended_today(at):
    held = role(starts_on=at.date())

    end(held, on=at.date(), by=holder(), at=at)

    assert not Role.objects.current(at.date()).filter(pk=held.pk).exists()


def test_a_role_that_is_over_is_not_ended_again(at):
    held = role(ends_on=at.date())

    with pytest.raises(AlreadyEnded):
        end(held, on=at.date(), by=holder(), at=at)


def test_the_last_administrator_stays(at):
    held = role(kind=RoleKind.ADMINISTRATOR, scope=PLATFORM)

    with pytest.raises(LastAdministrator):
        end(held, on=at.date(), by=held.person, at=at)

    role(kind=RoleKind.ADMINISTRATOR, scope=PLATFORM)
    end(held, on=at.date(), by=held.person, at=at)


def test_an_administrator_whose_own_end_is_noted_does_not_count_as_the_one_who_stays(at):
    held = role(kind=RoleKind.ADMINISTRATOR, scope=PLATFORM)
    role(kind=RoleKind.ADMINISTRATOR, scope=PLATFORM, ends_on=at.date() + timedelta(1))

    with pytest.raises(LastAdministrator):
        end(held, on=at.date() + timedelta(1), by=held.person, at=at)


def test_an_end_is_cancelled_until_the_evening_of_its_day(at, journal):
    held, officer = role(ends_on=at.date() + timedelta(400)), holder()
    end(held, on=at.date(), by=officer, at=at)

    cancel(held, by=officer, at=at + timedelta(hours=10))

    held.refresh_from_db()
    assert held.ends_on == at.date() + timedelta(400)
    assert held.ended_at is None
    assert journal() == ["role.end", "role.cancel_end"]


def test_an_end_of_yesterday_or_never_noted_is_not_cancelled(at):
    held, officer = role(), holder()

    with pytest.raises(NothingToCancel):
        cancel(held, by=officer, at=at)
    end(held, on=at.date(), by=officer, at=at)
    with pytest.raises(NothingToCancel):
        cancel(held, by=officer, at=at + timedelta(days=1))


def test_an_end_is_not_cancelled_by_the_one_who_left(at):
    held = role(kind=RoleKind.MAYOR)
    end(held, on=at.date(), by=holder(), at=at)

    with pytest.raises(BeyondOwnRights):
        cancel(held, by=held.person, at=at)


def test_rights_are_only_those_that_are_written():
    with pytest.raises(KeyError):
        rights.holds(person(), "people.dance", SCOPE, on=date(2027, 1, 1))


def test_a_role_in_one_territory_gives_nothing_in_another(at):
    someone = holder()

    assert rights.holds(someone, "people.manage", SCOPE, on=at.date())
    assert not rights.holds(someone, "people.manage", (TWIN,), on=at.date())


def test_every_act_is_used_by_some_rule():
    from pathlib import Path

    apps = Path(rights.__file__).parents[1]
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in apps.rglob("*.py")
        if path.name not in {"rights.py", "acts.py"}
    )

    assert [act for act in rights.ACTS if f'"{act}"' not in code] == []

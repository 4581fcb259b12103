"""Invitations: sent, taken back, accepted with an account or by opening one."""

import re
from datetime import timedelta

import pytest

from factories.people import (
    PLATFORM,
    TWIN,
    holder,
    person,
    position,
    role,
)
from maillage.apps.people.accept_invitation import (
    AnotherAddress,
    HasAnAccount,
    InvitationIsOver,
    accept,
    find,
    join,
)
from maillage.apps.people.assign_role import (
    AlreadyHeld,
    BeyondOwnRights,
    EndsBeforeItStarts,
    PositionIsClosed,
)
from maillage.apps.people.invite import LASTS, AlreadyInvited, NotPending, invite, withdraw
from maillage.apps.people.models import Invitation, Person, Role, RoleKind

pytestmark = pytest.mark.django_db


def offered(at, **changes):
    words = {"email": "Nadia@Exemple.fr ", "name": "Nadia Fictive", "starts_on": at.date()}
    post = changes.pop("position", None) or position()
    words |= {"by": holder(scope=post.scope), "at": at} | changes
    return invite(post, **words)


def secret_in(mail) -> str:
    return re.search(r"/invitations/([\w-]+)/", mail[2]).group(1)


def test_an_invitation_is_mailed_with_a_secret_of_which_only_a_digest_is_kept(at, mails, journal):
    sent = mails(offered, at)

    secret = secret_in(sent[0])
    kept = Invitation.objects.get()
    assert sent[0][0] == "nadia@exemple.fr"
    assert kept.email == "nadia@exemple.fr"
    assert secret.encode() not in bytes(kept.secret_hash)
    assert len(secret) >= 43
    assert find(secret, at=at) == kept
    assert journal() == ["invitation.send"]


def test_nobody_invites_outside_her_scope(at):
    with pytest.raises(BeyondOwnRights):
        offered(at, position=position(scope=TWIN), by=holder())

    assert not Invitation.objects.exists()


@pytest.mark.parametrize("kind", [RoleKind.ADMINISTRATOR, RoleKind.PROJECT_OFFICER])
def test_a_post_of_the_platform_is_given_by_its_administrators_alone(at, kind):
    post = position(kind, PLATFORM)

    with pytest.raises(BeyondOwnRights):
        offered(at, position=post, by=holder())

    assert offered(at, position=post, by=holder(RoleKind.ADMINISTRATOR, PLATFORM)).position == post


def test_an_administrator_s_post_in_one_s_own_territory_is_beyond_a_project_officer(at):
    with pytest.raises(BeyondOwnRights):
        offered(at, position=position(RoleKind.ADMINISTRATOR), by=holder())


def test_the_same_address_is_not_invited_twice_to_a_post(at):
    post = position()
    offered(at, position=post)

    with pytest.raises(AlreadyInvited):
        offered(at, position=post, email="nadia@exemple.fr")


def test_an_invitation_out_of_date_leaves_room_for_another(at):
    post = position()
    offered(at, position=post)

    again = offered(at + LASTS + timedelta(seconds=1), position=post)

    assert Invitation.objects.count() == 2
    assert again.position == post


def test_a_closed_post_is_offered_to_nobody(at):
    with pytest.raises(PositionIsClosed):
        offered(at, position=position(closed_on=at.date()))


def test_an_invitation_that_ends_before_it_starts_is_refused(at):
    with pytest.raises(EndsBeforeItStarts):
        offered(at, ends_on=at.date())


def test_an_invitation_taken_back_opens_nothing(at, mails, journal):
    post = position()
    officer = holder()
    sent = mails(offered, at, position=post, by=officer)

    withdraw(Invitation.objects.get(), by=officer, at=at)

    with pytest.raises(InvitationIsOver):
        find(secret_in(sent[0]), at=at)
    assert journal() == ["invitation.send", "invitation.withdraw"]


def test_an_invitation_is_not_taken_back_twice_nor_by_another_territory(at):
    offer = offered(at)

    with pytest.raises(BeyondOwnRights):
        withdraw(offer, by=holder(scope=TWIN), at=at)
    withdraw(offer, by=holder(), at=at)
    with pytest.raises(NotPending):
        withdraw(offer, by=holder(), at=at)


def test_joining_opens_the_account_with_its_role(at, journal):
    offer = offered(at)

    newcomer = join(offer, name=" Nadia Fictive ", password="une phrase de passe", at=at)

    held = Role.objects.get(person=newcomer)
    assert newcomer.email == "nadia@exemple.fr"
    assert newcomer.name == "Nadia Fictive"
    assert newcomer.check_password("une phrase de passe")
    assert (held.position, held.starts_on) == (offer.position, at.date())
    assert journal() == ["invitation.send", "invitation.accept"]


def test_joining_without_a_password_leaves_none(at):
    assert not join(offered(at), name="Nadia", password=None, at=at).has_usable_password()


def test_a_role_accepted_late_starts_on_the_day_it_is_accepted(at):
    offer = offered(at)

    newcomer = join(offer, name="Nadia", password=None, at=at + timedelta(days=3))

    assert Role.objects.get(person=newcomer).starts_on == at.date() + timedelta(days=3)


def test_an_address_that_has_an_account_is_not_opened_again(at):
    offer = offered(at)
    person(email="nadia@exemple.fr")

    with pytest.raises(HasAnAccount):
        join(offer, name="Nadia", password=None, at=at)

    assert Person.objects.filter(email="nadia@exemple.fr").count() == 1
    assert Invitation.objects.get().accepted_at is None


def test_the_holder_of_the_address_accepts_with_her_account(at):
    offer, nadia = offered(at), person(email="nadia@exemple.fr")

    accept(offer, person=nadia, at=at)

    assert Role.objects.get(person=nadia).position == offer.position


def test_another_account_does_not_accept(at):
    offer, other = offered(at), person()

    with pytest.raises(AnotherAddress):
        accept(offer, person=other, at=at)

    assert not Role.objects.filter(person=other).exists()


def test_an_invitation_is_accepted_once(at):
    offer, nadia = offered(at), person(email="nadia@exemple.fr")
    accept(offer, person=nadia, at=at)

    with pytest.raises(InvitationIsOver):
        accept(offer, person=nadia, at=at)

    assert Role.objects.filter(person=nadia).count() == 1


def test_accepting_a_post_already_held_changes_nothing(at):
    post, nadia = position(), person(email="nadia@exemple.fr")
    role(nadia, position=post)
    offer = offered(at, position=post)

    with pytest.raises(AlreadyHeld):
        accept(offer, person=nadia, at=at)

    offer.refresh_from_db()
    assert offer.accepted_at is None


def test_a_name_that_holds_line_ends_never_reaches_the_headers_of_the_mail(at, mails):
    post = position(title="Mission\r\nBcc: tout@exemple.fr")

    sent = mails(offered, at, position=post)

    assert "\n" not in sent[0][1]
    assert "\r" not in sent[0][1]

"""Erase a person: nothing that names her is left; acts, figures and invoices stay."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypedDict

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q

from maillage.apps.journal.record import record
from maillage.apps.people.end_role import refuse_last_administrator
from maillage.apps.people.models import Invitation, Person, Role
from maillage.kit.refusal import Refusal

NOBODY = "Personne effacée"


class AlreadyErased(Refusal):
    """There is nothing left to erase."""

    sentence = "Ce compte est déjà effacé."


class Erased(TypedDict):
    """What a backup's manifest carries, so that a restore forgets again."""

    person_id: int
    at: str


Eraser = Callable[[Person, datetime], None]
_erasers: list[Eraser] = []


def also(eraser: Eraser) -> Eraser:
    """Declare what another app forgets; called from its AppConfig.ready."""
    if eraser not in _erasers:
        _erasers.append(eraser)
    return eraser


def erase(person: Person, *, by: Person | None, at: datetime) -> None:
    """Close the account and forget its person, everywhere and in one transaction.

    by  None when its time is over (see `forget`)
    """
    with transaction.atomic():
        held = Person.objects.select_for_update().get(pk=person.pk)
        if held.closed_at is not None:
            raise AlreadyErased
        for role in Role.objects.current(at.date()).filter(person=held).select_related("position"):
            refuse_last_administrator(role, at.date())
        _forget(held, at)
        record("person.erase", ("person", held.pk), by=by.pk if by else None, at=at)


def remembered() -> list[Erased]:
    """Who was erased and when, by number alone: to be kept outside the backups as well."""
    closed = Person.objects.exclude(closed_at=None).order_by("pk")
    return [
        {"person_id": pk, "at": at.isoformat()}
        for pk, at in closed.values_list("pk", "closed_at")
        if at is not None
    ]


def replay(erased: Iterable[Erased], *, at: datetime) -> int:
    """After a restore, before opening: erase again those whom the backup still names; how many."""
    ids = [line["person_id"] for line in erased]
    done = 0
    with transaction.atomic():
        for held in Person.objects.select_for_update().filter(pk__in=ids, closed_at=None):
            _forget(held, at)
            record("person.erase_again", ("person", held.pk), by=None, at=at)
            done += 1
    return done


def _forget(person: Person, at: datetime) -> None:
    for eraser in _erasers:
        eraser(person, at)
    _forget_roles(person, at)
    _forget_mail(person)
    _forget_ways_in(person)
    Invitation.objects.filter(email__iexact=person.email).update(
        email=_address(person), name=NOBODY
    )
    Invitation.objects.filter(accepted_at=None, withdrawn_at=None, email=_address(person)).update(
        withdrawn_at=at
    )
    person.email, person.name = _address(person), NOBODY
    person.set_unusable_password()
    person.is_active = False
    person.declared_siret = ""
    person.last_login = person.warned_at = None
    person.session_epoch += 1
    person.closed_at = at
    person.save()


def _address(person: Person) -> str:
    return f"personne-{person.pk}@invalid"


def _forget_roles(person: Person, at: datetime) -> None:
    today = at.date()
    roles = Role.objects.filter(person=person).filter(Q(ends_on=None) | Q(ends_on__gt=today))
    for role in roles:
        role.ends_on = max(today, role.starts_on)
        role.save(update_fields=["ends_on"])
    # notes stay with the post; the names inside them go
    for role in Role.objects.exclude(hand_over_note="").filter(
        Q(hand_over_note__icontains=person.name) | Q(hand_over_note__icontains=person.email)
    ):
        note = role.hand_over_note.replace(person.name, NOBODY).replace(person.email, NOBODY)
        role.hand_over_note = note
        role.save(update_fields=["hand_over_note"])


def _forget_ways_in(person: Person) -> None:
    for rows in (
        person.sign_in_links.all(),
        person.api_tokens.all(),
        person.email_changes.all(),
        person.consents.all(),
        EmailAddress.objects.filter(user=person),
        SocialAccount.objects.filter(user=person),
        Authenticator.objects.filter(user=person),
    ):
        rows.delete()
    # a session's content is signed, no query reads it: each is opened to find its owner
    own = str(person.pk)
    keys = [
        row.session_key
        for row in Session.objects.iterator(chunk_size=1_000)
        if row.get_decoded().get(SESSION_KEY) == own
    ]
    Session.objects.filter(session_key__in=keys).delete()


def _forget_mail(person: Person) -> None:
    own = [person.email, *person.email_changes.values_list("email", flat=True)]
    said: dict[str, Any] = {"own": own, "name": person.name, "nobody": NOBODY}
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE lower(args->>'to') = ANY(%(own)s) "
            "OR lower(args->>'email') = ANY(%(own)s)",
            said,
        )
        # what waits for somebody else leaves, without her name
        for field in ("subject", "text"):
            cursor.execute(
                f"UPDATE procrastinate_jobs SET args = jsonb_set(args, '{{{field}}}', "  # noqa: S608
                f"to_jsonb(replace(args->>'{field}', %(name)s, %(nobody)s))) "
                f"WHERE strpos(args->>'{field}', %(name)s) > 0",
                said,
            )

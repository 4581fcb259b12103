"""End a role: rights stop, sessions stop, the post is vacant and those in charge are told."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from maillage.apps.journal.record import record
from maillage.apps.people import vacancies
from maillage.apps.people.assign_role import refuse_beyond_rights
from maillage.apps.people.models import Person, Position, Role, RoleKind
from maillage.kit.refusal import Refusal


class AlreadyEnded(Refusal):
    """The role is over."""

    sentence = "Ce rôle est déjà terminé. Actualisez la page du poste."


class EndsTooEarly(Refusal):
    """An end is never dated in the past: what was done meanwhile was rightly done."""

    sentence = "La fin ne peut pas précéder le {day}. Choisissez ce jour ou un jour suivant."


class LastAdministrator(Refusal):
    """The platform keeps someone who can give roles."""

    sentence = (
        "C'est la dernière personne qui administre la plateforme. "
        "Confiez d'abord ce rôle à quelqu'un d'autre."
    )


class NothingToCancel(Refusal):
    """No end was noted, or it is past."""

    sentence = "Cette fin n'est plus annulable. Confiez de nouveau le poste à la personne."


def end(role: Role, *, on: date, note: str = "", by: Person, at: datetime) -> Role:
    """The role stops at the beginning of that day; the holder may leave a note.

    One ends one's own role, or that of one's scope.
    """
    if role.person_id != by.pk:
        refuse_beyond_rights(role.position, by)
    with transaction.atomic():
        held = _locked(role)
        today = at.date()
        if held.ends_on is not None and held.ends_on <= today:
            raise AlreadyEnded
        earliest = max(today, held.starts_on)
        if on < earliest:
            raise EndsTooEarly(day=earliest.strftime("%d/%m/%Y"))
        refuse_last_administrator(held, on)
        held.ends_on = on
        held.hand_over_note = note.strip() or held.hand_over_note
        held.save(update_fields=["ends_on", "hand_over_note"])
        _record("role.end", held, by.pk, at, day=on.isoformat())
        if on <= today:
            apply(held, at=at)
    return held


def apply(role: Role, *, at: datetime) -> None:
    """What follows on the day itself, inside the transaction: sessions over, vacancy announced."""
    role.ended_at = at
    role.save(update_fields=["ended_at"])
    Person.objects.filter(pk=role.person_id).update(session_epoch=F("session_epoch") + 1)
    vacancies.announce(role.position, at=at)


def apply_due(*, at: datetime) -> int:
    """Apply the ends whose day has come; returns how many."""
    due = Role.objects.filter(ends_on__lte=at.date(), ended_at=None).order_by("pk")
    done = 0
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            # another worker may have applied it meanwhile
            role = due.select_for_update(of=("self",)).filter(pk=pk).first()
            if role is None:
                continue
            apply(role, at=at)
            _record("role.over", role, None, at)
            done += 1
    return done


def cancel(role: Role, *, by: Person, at: datetime) -> Role:
    """Undo an end until the evening of its day: the role lasts as was first agreed."""
    refuse_beyond_rights(role.position, by)
    with transaction.atomic():
        held = _locked(role)
        if held.ends_on == held.term_on or held.ends_on is None or held.ends_on < at.date():
            raise NothingToCancel
        held.ends_on, held.ended_at = held.term_on, None
        held.save(update_fields=["ends_on", "ended_at"])
        _record("role.cancel_end", held, by.pk, at)
    return held


def refuse_last_administrator(role: Role, on: date) -> None:
    """Raises LastAdministrator; two who leave at the same time are seen one after the other."""
    if role.position.kind != RoleKind.ADMINISTRATOR:
        return
    posts = Position.objects.filter(kind=RoleKind.ADMINISTRATOR, scope_kind="platform")
    list(posts.order_by("pk").select_for_update().values_list("pk", flat=True))
    others = (
        Role.objects.filter(position__in=posts, person__is_active=True, starts_on__lte=on)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .exclude(person_id=role.person_id)
    )
    if not others.exists():
        raise LastAdministrator


def _locked(role: Role) -> Role:
    return (
        Role.objects.select_for_update(of=("self",))
        .select_related("position__organisation", "person")
        .get(pk=role.pk)
    )


def _record(act: str, role: Role, by: int | None, at: datetime, **facts: Any) -> None:
    record(
        act,
        ("role", role.pk),
        by=by,
        at=at,
        scope=role.position.scope,
        person=role.person_id,
        position=role.position_id,
        **facts,
    )

"""Enter somebody among the members of a territory, correct, check a situation, end."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.memberships.models import Member
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Audience, Site
from maillage.apps.tariffs.models import Category
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Joining:
    """As whom somebody belongs.

    organisation_id  the association or the firm she comes for
    site             where she joined, None: at the territory's
    """

    audience: str
    starts_on: date
    organisation_id: int | None = None
    site: Site | None = None


class AlreadyMember(Refusal):
    """One belongs once."""

    sentence = _("{name} fait déjà partie du réseau. Ouvrez sa fiche pour la modifier.")


class WithoutAssociation(Refusal):
    """An association member comes for an association."""

    sentence = _("Choisissez l’association pour laquelle cette personne vient.")


class CheckedInTheFuture(Refusal):
    """A paper is seen today at the latest."""

    sentence = _("Le justificatif est daté d’un jour à venir. Indiquez le jour où vous l’avez vu.")


class SomebodyElseEdited(Refusal):
    """The page was read before another person's change."""

    sentence = _("Cette fiche a changé pendant votre saisie. Relisez-la, puis enregistrez.")


def account_of(email: str, name: str) -> Person:
    """The account of an e-mail, made when there is none: she enters by a link."""
    known = Person.objects.filter(email__iexact=email.strip()).first()
    return known or Person.objects.create_user(email, name)


def join(
    territory: Territory, person: Person, asked: Joining, *, by: int | None, at: datetime
) -> Member:
    """A new member; one who had left comes back to her sheet."""
    _refuse_without_association(asked)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        known = Member.objects.filter(territory=territory, person=person).first()
        if known is not None and (known.ends_on is None or known.ends_on > asked.starts_on):
            raise AlreadyMember(name=person.name)
        made = known or Member(territory=territory, person=person)
        made.site, made.audience = asked.site, asked.audience
        made.organisation_id = asked.organisation_id
        made.starts_on, made.ends_on = asked.starts_on, None
        made.save()
        _record("member.join", made, by, at, audience=made.audience)
    return made


def change(member: Member, asked: Joining, *, version: int, by: int, at: datetime) -> Member:
    """Another audience, another body, another site."""
    _refuse_without_association(asked)
    with transaction.atomic():
        held = _held(member, version)
        held.audience, held.organisation_id = asked.audience, asked.organisation_id
        held.site, held.starts_on = asked.site, asked.starts_on
        _saved("member.change", held, by, at, audience=held.audience)
    return held


def check_category(
    member: Member,
    category: str,
    *,
    checked_on: date,
    until: date | None = None,
    by: int | None,
    at: datetime,
) -> Member:
    """Say that a proof was seen, and when; the proof itself is never kept.

    until  last day it counts
    """
    if checked_on > at.date():
        raise CheckedInTheFuture
    with transaction.atomic():
        held = _held(member, None)
        held.category = category
        is_ordinary = category == Category.STANDARD
        held.category_checked_on = None if is_ordinary else checked_on
        held.category_checked_by = None if is_ordinary else by
        held.category_until = None if is_ordinary else until
        # which situation is nobody's business but the desk's: the journal says that one was seen
        _saved("member.check", held, by, at)
    return held


def leave(member: Member, *, on: date, by: int, at: datetime) -> Member:
    """From a day on she no longer belongs; what she bought stays hers."""
    with transaction.atomic():
        held = _held(member, None)
        held.ends_on = max(on, held.starts_on)
        _saved("member.leave", held, by, at)
    return held


def come_back(member: Member, *, by: int, at: datetime) -> Member:
    """Undo a leaving."""
    with transaction.atomic():
        held = _held(member, None)
        held.ends_on = None
        _saved("member.come_back", held, by, at)
    return held


def _refuse_without_association(asked: Joining) -> None:
    if asked.audience == Audience.ASSOCIATION and asked.organisation_id is None:
        raise WithoutAssociation


def _held(member: Member, version: int | None) -> Member:
    held = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if version is not None and held.version != version:
        raise SomebodyElseEdited
    return held


def _saved(act: str, held: Member, by: int | None, at: datetime, **facts: str) -> None:
    held.version += 1
    held.save()
    _record(act, held, by, at, **facts)


def _record(act: str, held: Member, by: int | None, at: datetime, **facts: str) -> None:
    record(act, ("member", held.pk), by=by, at=at, scope=held.scopes[0], reason="", **facts)

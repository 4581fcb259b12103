"""Say that somebody seen at work is able to use a machine, or not yet."""

from calendar import monthrange
from datetime import date, datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.machines.certified import local_day
from maillage.apps.machines.mark_present import refuse_unless_under_way
from maillage.apps.machines.models import MOST_MONTHS, VALID_MONTHS, Attendee, Certification, Sheet
from maillage.apps.machines.open_session import trainer_of
from maillage.apps.sites.models import Space
from maillage.kit import mail
from maillage.kit.refusal import Refusal

A_YEAR_MONTHS = 12


class WasNotPresent(Refusal):
    """One certifies whom one saw at work."""

    sentence = "{name} n’est pas noté·e présent·e à cette séance. Notez d’abord sa présence."


class WrongExpiry(Refusal):
    """It ends after today, and not in a lifetime."""

    sentence = "La fin de validité va de demain au {last}. Corrigez la date."


class CertifiedBefore(Refusal):
    """One training, one certification."""

    sentence = "Cette séance a déjà donné lieu à une habilitation retirée. Ouvrez-en une autre."


def certify(
    attendee: Attendee, *, expires_on: date | None = None, by: int, at: datetime
) -> Certification:
    """She may use the machine until a day, excluded; None: as long as the machine's sheet says."""
    with transaction.atomic():
        held = Attendee.objects.select_for_update().get(pk=attendee.pk)
        refuse_unless_under_way(held, by, at)
        space = held.session.space
        trainer = trainer_of(space, by, at=at)
        if not held.was_present:
            raise WasNotPresent(name=held.person.name)
        if hasattr(held, "certification"):
            raise CertifiedBefore
        today = local_day(space.site, at)
        until = expires_on or proposed_end(space, today)
        if not today < until <= months_after(today, MOST_MONTHS):
            raise WrongExpiry(last=f"{months_after(today, MOST_MONTHS):%d/%m/%Y}")
        _decide(held, by, at, is_able=True)
        made = Certification.objects.create(
            space=space,
            person=held.person,
            attendee=held,
            given_by=trainer,
            given_on=today,
            expires_on=until,
        )
        record(
            "certification.give",
            ("certification", made.pk),
            by=by,
            at=at,
            scope=space.scopes[0],
            person=made.person_id,
            space=space.pk,
        )
        _tell(made)
    return made


def not_yet_able(attendee: Attendee, *, by: int, at: datetime) -> Attendee:
    """She came, and needs another training."""
    with transaction.atomic():
        held = Attendee.objects.select_for_update().get(pk=attendee.pk)
        refuse_unless_under_way(held, by, at)
        if not held.was_present:
            raise WasNotPresent(name=held.person.name)
        _decide(held, by, at, is_able=False)
        scope = held.session.scopes[0]
        record(
            "training.not_yet_able",
            ("training", held.session_id),
            by=by,
            at=at,
            scope=scope,
            person=held.person_id,
        )
    return held


def proposed_end(space: Space, today: date) -> date:
    """The end of validity that the machine's sheet proposes."""
    months = Sheet.objects.filter(space=space).values_list("valid_months", flat=True).first()
    return months_after(today, months or VALID_MONTHS)


def months_after(on: date, months: int) -> date:
    """The same day some months later; the last of the month when it is shorter."""
    years, month = divmod(on.month - 1 + months, A_YEAR_MONTHS)
    year = on.year + years
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _decide(held: Attendee, by: int, at: datetime, *, is_able: bool) -> None:
    held.is_able, held.decided_at, held.decided_by = is_able, at, by
    held.save(update_fields=["is_able", "decided_at", "decided_by"])


def _tell(made: Certification) -> None:
    mail.send(
        "machines/emails/certified.txt",
        made.person.email,
        {
            "name": made.person.name,
            "machine": made.space.name,
            "until": made.expires_on,
            "space_id": made.space_id,
        },
    )

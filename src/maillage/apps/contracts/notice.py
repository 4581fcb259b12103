"""Give notice of a contract, take the notice back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maillage.apps.contracts import charge_due, seats
from maillage.apps.contracts.events import note
from maillage.apps.contracts.held import held, saved
from maillage.apps.contracts.models import Contract, Side, State
from maillage.core import contract_terms
from maillage.kit import mail
from maillage.kit.refusal import Refusal
from maillage.report import french


class EndsFirst(Refusal):
    """A contract lasts a day at least."""

    sentence = _("Le contrat commence le {day} : il ne peut pas finir avant ni ce jour-là.")
    status = 422


class TooShort(Refusal):
    """The notice agreed is owed to the other side."""

    sentence = _(
        "Le préavis est trop court. Donné le {given}, il ne peut finir le contrat qu’à partir du "
        "{earliest}. Choisissez ce jour, ou dites que les deux parties sont d’accord."
    )
    status = 422


class EndInPast(Refusal):
    """Nobody frees a seat backwards."""

    sentence = _("Le {day} est passé. Choisissez aujourd’hui ou un jour à venir.")
    status = 422


class EndsByItself(Refusal):
    """A notice does not make a contract longer."""

    sentence = _("Le contrat finit de lui-même le {day}. Choisissez un jour avant.")
    status = 422


class GivenLater(Refusal):
    """A notice is noted once it was given."""

    sentence = _("Le préavis ne peut pas être daté du {day}, qui est à venir.")
    status = 422


@dataclass(frozen=True)
class Notice:
    """Who ends it, when it was said, and the first day without.

    ends_on  None: as early as the contract allows
    agreed   both sides accept a shorter notice
    """

    given_on: date
    by_party: bool
    ends_on: date | None = None
    agreed: bool = False
    reason: str = ""


def give(
    contract: Contract, notice: Notice, *, version: int, by: int | None, at: datetime
) -> Contract:
    """The contract ends on a day: its seats are free from then on, its charges are cut.

    Raises EndsFirst, TooShort, EndInPast, EndsByItself, GivenLater, NotNow, ChangedMeanwhile.
    """
    with transaction.atomic():
        row = held(contract, State.SIGNED, State.RUNNING, version=version)
        end = _end(row, notice, at.date())
        row.ends_on, row.state = end, State.NOTICE
        row.notice_given_on, row.notice_by_party = notice.given_on, notice.by_party
        row.end_reason = notice.reason
        saved(row)
        seats.keep_on(row, by=by, at=at)
        charge_due.follow_end(row, by=by, at=at)
        note(
            "notice", row, by=by, at=at, until=end.isoformat(),
            side=Side.PARTY if notice.by_party else Side.OPERATOR,
        )  # fmt: skip
        mail.send(
            "contracts/emails/notice.txt",
            row.signatory_email,
            {
                "name": row.signatory_name,
                "operator": row.operator.name,
                "reference": row.reference,
                "last": end - contract_terms.ONE_DAY,
            },
        )
    return row


def cancel(contract: Contract, *, version: int, by: int | None, at: datetime) -> Contract:
    """The contract goes on as if nothing had been said, if its seats are still free.

    Raises SeatBooked, NotNow, ChangedMeanwhile.
    """
    with transaction.atomic():
        row = held(contract, State.NOTICE, version=version)
        row.ends_on = row.natural_end
        row.state = State.RUNNING if row.starts_on <= at.date() else State.SIGNED
        row.notice_given_on = row.notice_by_party = None
        row.end_reason = ""
        saved(row)
        seats.keep_on(row, by=by, at=at)
        charge_due.follow_end(row, by=by, at=at)
        note("cancel_notice", row, by=by, at=at)
    return row


def _end(row: Contract, notice: Notice, today: date) -> date:
    if notice.given_on > today:
        raise GivenLater(day=french.day(notice.given_on))
    earliest = contract_terms.earliest_end(row.terms, notice.given_on)
    end = notice.ends_on or max(earliest, today)
    if end <= row.starts_on:
        raise EndsFirst(day=french.day(row.starts_on))
    if end < today:
        raise EndInPast(day=french.day(end))
    if row.natural_end is not None and end > row.natural_end:
        raise EndsByItself(day=french.day(row.natural_end - contract_terms.ONE_DAY))
    if end < earliest and not notice.agreed:
        raise TooShort(given=french.day(notice.given_on), earliest=french.day(earliest))
    return end

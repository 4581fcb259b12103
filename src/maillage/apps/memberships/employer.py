"""Employers who pay: whom they authorise, for how much, since when; what is left of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from maillage.apps.journal.record import record
from maillage.apps.memberships.models import EmployerSeat, Member, held_on
from maillage.apps.memberships.spend import EmployerDay
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Audience
from maillage.core import programme
from maillage.kit.refusal import Refusal
from maillage.report import french, moments


class NotAuthorised(Refusal):
    """Nobody makes a body pay without its word."""

    sentence = _(
        "{organisation} ne prend pas en charge vos réservations le {day}. "
        "Demandez-lui de vous autoriser, ou réservez à votre nom."
    )


class EmployerQuotaSpent(Refusal):
    """The body pays for so many half-days a month, and no more."""

    sentence = _(
        "{organisation} prend en charge {most} par mois. En {month}, il en reste {left} : "
        "choisissez un autre jour, ou réservez à votre nom."
    )


class AlreadyAuthorised(Refusal):
    """One authorisation at a time."""

    sentence = _("{name} est déjà autorisé·e par {organisation} à ces dates.")


@dataclass(frozen=True)
class Authorised:
    """The terms of an authorisation.

    half_days_a_month  None: as many as wanted
    ends_on            first day without, None without end
    """

    starts_on: date
    ends_on: date | None = None
    half_days_a_month: int | None = None


def authorise(
    organisation: Organisation, person: Person, terms: Authorised, *, by: int | None, at: datetime
) -> EmployerSeat:
    """From a day on, a body pays for what somebody books."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        known = EmployerSeat.objects.filter(organisation=organisation, person=person)
        if any(_overlaps(one, terms) for one in known):
            raise AlreadyAuthorised(name=person.name, organisation=organisation.name)
        made = EmployerSeat.objects.create(
            organisation=organisation,
            person=person,
            half_days_a_month=terms.half_days_a_month,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
        )
        _record("employer.authorise", made, by, at)
    return made


def withdraw(seat: EmployerSeat, *, on: date, by: int | None, at: datetime) -> EmployerSeat:
    """From a day on it no longer pays; what is booked already stays paid."""
    with transaction.atomic():
        held = EmployerSeat.objects.select_for_update().get(pk=seat.pk)
        held.ends_on = max(on, held.starts_on)
        held.save(update_fields=["ends_on"])
        _record("employer.withdraw", held, by, at)
    return held


def days_paid(
    organisation_id: int, person_id: int, wanted: Mapping[date, int], *, lock: bool = False
) -> list[EmployerDay]:
    """The authorisation that pays for each day; refused without one, or beyond its quota.

    wanted  half-days asked for, by day
    lock    the authorisations: nobody else spends them before the end of the transaction
    """
    rows = EmployerSeat.objects.filter(
        organisation_id=organisation_id, person_id=person_id
    ).order_by("pk")
    if lock:
        rows = rows.select_for_update(no_key=True)
    seats = list(rows)
    found = []
    for on, half_days in sorted(wanted.items()):
        seat = next((s for s in seats if _is_held(s, on)), None)
        if seat is not None:
            found.append(EmployerDay(seat.pk, on, half_days))
        elif not _comes_for_association(organisation_id, person_id, on):
            raise NotAuthorised(organisation=_name(organisation_id), day=french.day(on))
    _refuse_beyond({seat.pk: seat for seat in seats}, found)
    return found


def month_of(on: date) -> tuple[date, date]:
    """First day of the month, first day of the next."""
    first = on.replace(day=1)
    return first, programme.after(first, 1)


def taken_in(seats: Sequence[EmployerSeat], on: date) -> dict[int, int]:
    """Half-days already taken in the month of a day, by authorisation."""
    first, follows = month_of(on)
    rows = (
        EmployerSeat.objects.filter(
            pk__in=[s.pk for s in seats], uses__on__gte=first, uses__on__lt=follows
        )
        .values_list("pk")
        .annotate(total=Sum("uses__taken"))
        .order_by()
    )
    return {int(pk): int(total) for pk, total in rows}


def _refuse_beyond(seats: Mapping[int, EmployerSeat], days: Sequence[EmployerDay]) -> None:
    months: dict[tuple[int, date], int] = {}
    for day in days:
        key = (day.seat_id, month_of(day.on)[0])
        months[key] = months.get(key, 0) + day.half_days
    for (pk, first), asked in months.items():
        seat = seats[pk]
        if seat.half_days_a_month is None:
            continue
        left = seat.half_days_a_month - taken_in([seat], first).get(pk, 0)
        if asked > left:
            raise EmployerQuotaSpent(
                organisation=_name(seat.organisation_id),
                most=french.count(seat.half_days_a_month, "demi-journée"),
                month=moments.month(first),
                left=max(left, 0),
            )


def _is_held(seat: EmployerSeat, on: date) -> bool:
    return seat.starts_on <= on and (seat.ends_on is None or on < seat.ends_on)


def _overlaps(one: EmployerSeat, terms: Authorised) -> bool:
    ends = [day for day in (one.ends_on, terms.ends_on) if day is not None]
    until = min(ends, default=date.max)
    return max(one.starts_on, terms.starts_on) < until


def _comes_for_association(organisation_id: int, person_id: int, on: date) -> bool:
    return Member.objects.filter(
        held_on(on),
        person_id=person_id,
        organisation_id=organisation_id,
        audience=Audience.ASSOCIATION,
    ).exists()


def _name(organisation_id: int) -> str:
    return Organisation.objects.values_list("name", flat=True).get(pk=organisation_id)


def _record(act: str, seat: EmployerSeat, by: int | None, at: datetime) -> None:
    record(
        act,
        ("employer_seat", seat.pk),
        by=by,
        at=at,
        scope=seat.scopes[0],
        organisation=seat.organisation_id,
        person=seat.person_id,
    )


def is_over(seat: EmployerSeat, on: date) -> bool:
    """Whether it no longer pays on a day."""
    return seat.ends_on is not None and seat.ends_on <= on

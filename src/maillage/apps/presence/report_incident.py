"""Tell what does not work, close it once mended; a seat that cannot serve is taken meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from maillage.apps.journal.record import record
from maillage.apps.presence.models import Incident, Severity
from maillage.apps.sites import keep_seats
from maillage.apps.sites.models import Seat, Site, Space
from maillage.apps.sites.versions import Author
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Told:
    """What somebody says of it.

    takes_seat  nobody may take this seat until it is mended
    """

    what: str
    severity: str = Severity.BROKEN
    space: Space | None = None
    seat: Seat | None = None
    takes_seat: bool = False


class NothingSaid(Refusal):
    """One must know what to mend."""

    sentence = "Décrivez en quelques mots ce qui ne va pas."


class NoSeatChosen(Refusal):
    """Which one is it?"""

    sentence = "Choisissez la place à mettre hors service, ou décochez la case."


class ElsewhereRefused(Refusal):
    """Of this site."""

    sentence = "Cet espace n’est pas de ce lieu. Choisissez un espace de ce lieu."


class AlreadyClosed(Refusal):
    """Somebody was faster."""

    sentence = "Cet incident est déjà clos. Signalez-en un autre s’il revient."


def report_incident(site: Site, told: Told, *, by: int | None, at: datetime) -> Incident:
    """Something does not work."""
    if not told.what.strip():
        raise NothingSaid
    if told.takes_seat and told.seat is None:
        raise NoSeatChosen
    space = told.seat.space if told.seat else told.space
    if space is not None and space.site_id != site.pk:
        raise ElsewhereRefused
    with transaction.atomic():
        # a seat that was out of order already is not this incident's to give back
        takes = bool(told.takes_seat and told.seat and _takes(told.seat, Author(by, at)))
        made = Incident.objects.create(
            site=site,
            space=space,
            seat=told.seat,
            what=told.what.strip(),
            severity=told.severity,
            took_seat=takes,
            opened_at=at,
            opened_by=by,
        )
        _record("incident.report", made, by, at)
    return made


def close_incident(incident: Incident, *, outcome: str, by: int | None, at: datetime) -> Incident:
    """Mended: the seat it took is given back."""
    with transaction.atomic():
        held = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        if held.closed_at:
            raise AlreadyClosed
        held.closed_at, held.closed_by, held.outcome = at, by, outcome.strip()
        held.save(update_fields=["closed_at", "closed_by", "outcome"])
        if held.took_seat and held.seat is not None and not _is_taken_by_another(held):
            keep_seats.put_back(held.seat, Author(by, at))
        _record("incident.close", held, by, at)
    return held


def _takes(seat: Seat, author: Author) -> bool:
    was_out = Seat.objects.get(pk=seat.pk).out_of_order_since is not None
    keep_seats.put_out_of_order(seat, author)
    return (
        not was_out or Incident.objects.filter(seat=seat, took_seat=True, closed_at=None).exists()
    )


def _is_taken_by_another(incident: Incident) -> bool:
    others = Incident.objects.filter(seat=incident.seat, took_seat=True, closed_at=None)
    return others.exclude(pk=incident.pk).exists()


def _record(act: str, incident: Incident, by: int | None, at: datetime) -> None:
    record(
        act,
        ("incident", incident.pk),
        by=by,
        at=at,
        scope=incident.site.scopes[0],
        severity=incident.severity,
    )

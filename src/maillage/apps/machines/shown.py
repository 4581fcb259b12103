"""The values of the pages of machines."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.machines.certified import local_day
from maillage.apps.machines.models import Attendee, Certification, Trainer, TrainingSession
from maillage.apps.sites.models import Space
from maillage.kit.components import Link
from maillage.kit.tables import Column, Row, Table
from maillage.report import french, moments

SOON = timedelta(days=60)


def session_line(session: TrainingSession) -> dict[str, Any]:
    """A training in a list; `left` needs the count of those enrolled."""
    begins, ends = when(session)
    enrolled = int(getattr(session, "enrolled", 0))
    return {
        "pk": session.pk,
        "machine": session.space.name,
        "space_id": session.space_id,
        "when": moments.slot(begins, ends),
        "trainer": session.trainer.person.name,
        "note": session.note,
        "left": max(session.places - enrolled, 0),
        "enrolled": enrolled,
        "places": session.places,
    }


def when(session: TrainingSession) -> tuple[datetime, datetime]:
    """At the clock of the site."""
    zone = ZoneInfo(session.space.site.zone)
    return session.period.lower.astimezone(zone), session.period.upper.astimezone(zone)


def to_come(spaces: Iterable[Space] | QuerySet[Space], at: datetime) -> list[TrainingSession]:
    """Trainings that have not begun, the next ones first."""
    rows = TrainingSession.objects.filter(
        space__in=spaces, cancelled_at=None, period__startswith__gt=at
    )
    return list(
        rows.select_related("space__site", "trainer__person")
        .annotate(enrolled=Count("attendees"))
        .order_by("period", "pk")
    )


def taken_place(space: Space, at: datetime) -> list[TrainingSession]:
    """Trainings that have begun, the latest first, those with somebody to judge above all."""
    rows = TrainingSession.objects.filter(
        space=space, cancelled_at=None, period__startswith__lte=at
    )
    return list(
        rows.select_related("space__site", "trainer__person")
        .annotate(enrolled=Count("attendees"))
        .order_by("-period", "-pk")[:10]
    )


def standing_words(one: Certification, on: date) -> str:
    """Until when it opens the machine, or why it does not."""
    if one.revoked_at:
        return _("Retirée : {reason}").format(reason=one.reason)
    if one.expires_on <= on:
        return _("Expirée depuis le {day}").format(day=french.day(one.expires_on))
    if one.expires_on - on <= SOON:
        return _("Valable jusqu’au {day} : prévoyez une nouvelle séance").format(
            day=french.day(one.expires_on)
        )
    return _("Valable jusqu’au {day}").format(day=french.day(one.expires_on))


def of_person(person: Any, at: datetime) -> list[dict[str, Any]]:
    """Somebody's own certifications, the last one of each machine."""
    rows = (
        Certification.objects.filter(person=person)
        .select_related("space__site")
        .order_by("space__name", "space_id", "-expires_on", "-pk")
    )
    last: dict[int, Certification] = {}
    for row in rows:
        known = last.get(row.space_id)
        if known is None or (known.revoked_at and not row.revoked_at):
            last[row.space_id] = row
    return [
        {
            "machine": one.space.name,
            "space_id": one.space_id,
            "site": one.space.site.name,
            "text": standing_words(one, local_day(one.space.site, at)),
            "is_valid": not one.revoked_at and one.expires_on > local_day(one.space.site, at),
        }
        for one in last.values()
    ]


def certified_table(space: Space, at: datetime) -> Table:
    """Who may use a machine until when, the first to expire first."""
    today = local_day(space.site, at)
    rows = (
        Certification.objects.valid(today)
        .filter(space=space)
        .select_related("person", "given_by__person")
        .order_by("expires_on", "pk")
    )
    return Table(
        "habilitations",
        _("Les personnes habilitées"),
        (
            Column("name", _("Personne")),
            Column("since", _("Depuis le")),
            Column("until", _("Jusqu’au")),
            Column("by", _("Par")),
            Column("act", _("Retirer")),
        ),
        [
            Row(
                {
                    "name": one.person.name,
                    "since": french.day(one.given_on),
                    "until": french.day(one.expires_on),
                    "by": one.given_by.person.name,
                    "act": Link(_("Retirer"), reverse("certification_revoke", args=(one.pk,))),
                },
                key=str(one.pk),
            )
            for one in rows
        ],
        empty=_("Personne n’est habilité·e aujourd’hui."),
    )


def attendees(session: TrainingSession) -> list[dict[str, Any]]:
    """Those enrolled, and what was said of them."""
    rows = (
        Attendee.objects.filter(session=session)
        .select_related("person", "certification")
        .order_by("person__name", "pk")
    )
    return [
        {
            "pk": one.pk,
            "name": one.person.name,
            "was_present": one.was_present,
            "is_able": one.is_able,
            "certification": _certification(one),
        }
        for one in rows
    ]


def _certification(one: Attendee) -> dict[str, Any] | None:
    given: Certification | None = getattr(one, "certification", None)
    if given is None:
        return None
    return {"pk": given.pk, "until": given.expires_on, "is_revoked": given.revoked_at is not None}


def trainers(space: Space, on: date) -> list[dict[str, Any]]:
    """Those who train that day or later."""
    rows = Trainer.objects.filter(space=space).select_related("person").order_by("starts_on", "pk")
    return [
        {
            "pk": one.pk,
            "name": one.person.name,
            "since": one.starts_on,
            "until": one.ends_on,
            "is_over": one.ends_on is not None and one.ends_on <= on,
        }
        for one in rows
    ]

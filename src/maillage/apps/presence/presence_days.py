"""The days on which somebody was present, for her employer: dates, never the reason."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from maillage.apps.people.models import Person
from maillage.apps.presence.models import Arrival
from maillage.report import french, moments, typeset

TEMPLATE = "attendance.typ"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day of presence; `site` empty unless she chose to say it."""

    on: date
    site: str = ""


def days_of(person: Person, month: date, *, with_site: bool) -> list[Day]:
    """Her days of a month, in order; once each, or once a site when sites are said."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    rows = (
        Arrival.objects.filter(person=person, on__gte=month, on__lte=last)
        .values_list("on", "site__name", "site__commune_name")
        .distinct()
        .order_by("on", "site__name")
    )
    found = [Day(on, f"{name}, {commune}" if with_site else "") for on, name, commune in rows]
    return list(dict.fromkeys(found))


def words(person: Person, month: date, days: list[Day], at: datetime) -> dict[str, Any]:
    """What the page and the PDF say."""
    title = french.day(month).partition(" ")[2]
    count = len({day.on for day in days})
    present = french.count(count, _("jour de présence"), _("jours de présence"))
    return {
        "title": _("Attestation de présence"),
        "month": title,
        "name": person.name,
        "sentence": _(
            "{name} a été présent·e dans un lieu du réseau les jours suivants de {month}."
        ).format(name=person.name, month=title)
        if days
        else _("Aucune présence n’est notée pour {month}.").format(month=title),
        "number": present,
        "days": [{"day": moments.day(day.on).capitalize(), "site": day.site} for day in days],
        "issued": _("Établie le {day}, d’après les arrivées notées sur place.").format(
            day=french.day(at.date())
        ),
        "limits": _(
            "Ce document ne dit ni l’objet, ni les heures de la venue. Il ne vaut que pour les "
            "jours cités."
        ),
    }


def pdf(said: dict[str, Any], at: datetime) -> bytes:
    """The same, to hand over."""
    return typeset.compile_template(TEMPLATE, said, {}, at)

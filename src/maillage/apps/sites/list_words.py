"""How the lines of a sheet are worded: labels, measures of the connection, hosted services."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from maillage.apps.sites.hours import DAYS, spans_words
from maillage.apps.sites.models import ConnectionMeasure, Label, Site, SiteService
from maillage.core import opening_hours
from maillage.report import french


@dataclass(frozen=True)
class Line:
    """One line: its name, what it says, a badge.

    origin  « observed » measured, « declared » said by somebody; "" neither
    week    the hours of a service, a sentence a day
    """

    pk: int
    title: str
    text: str = ""
    note: str = ""
    origin: str = ""
    week: tuple[str, ...] = ()


def label_words(label: Label, _site: Site, on: date) -> Line:
    """Fabrique de territoire, valable jusqu'au 3 mars 2028."""
    said = [label.reference] if label.reference else []
    if label.valid_from:
        said.append(_("depuis le {day}").format(day=french.day(label.valid_from)))
    if label.valid_until:
        words = _("expiré le {day}") if label.valid_until < on else _("jusqu’au {day}")
        said.append(words.format(day=french.day(label.valid_until)))
    return Line(label.pk, label.name, ", ".join(said))


def measure_words(measure: ConnectionMeasure, _site: Site, _on: date) -> Line:
    """3 mars 2027: 912 Mbit/s descendants, 640 montants."""
    said = _("{down} Mbit/s descendants, {up} montants").format(
        down=_speed(measure.down_mbps), up=_speed(measure.up_mbps)
    )
    origin = "observed" if measure.origin == "measured" else "declared"
    return Line(measure.pk, french.day(measure.on), said, measure.note, origin)


def service_words(service: SiteService, site: Site, on: date) -> Line:
    """France services, with its own week."""
    monday = date.fromordinal(on.toordinal() - on.weekday())
    week: tuple[str, ...] = ()
    if service.opening_hours:
        hours = opening_hours.parse(service.opening_hours, ZoneInfo(site.zone), site.holiday_area)
        week = tuple(
            f"{DAYS[day.on.weekday()]} : {spans_words(day.spans)}" for day in hours.week(monday)
        )
    return Line(service.pk, service.name, service.holder, service.note, week=week)


def _speed(value: float) -> str:
    return french.number(value, 0 if float(value).is_integer() else 1)

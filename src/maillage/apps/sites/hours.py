"""Opening hours as people write and read them: a week of mornings and afternoons, in French."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.sites.models import Closure, Site
from maillage.core import opening_hours, periods
from maillage.core.bad_input import BadInput
from maillage.core.opening_hours import Day, OpeningHours
from maillage.core.periods import Period
from maillage.kit.components import Text
from maillage.kit.refusal import Refusal
from maillage.kit.tables import Column, Row, Table
from maillage.report import french, moments, refusals
from maillage.report.hours import HOLIDAYS

DAYS: tuple[Text, ...] = (
    gettext_lazy("Lundi"),
    gettext_lazy("Mardi"),
    gettext_lazy("Mercredi"),
    gettext_lazy("Jeudi"),
    gettext_lazy("Vendredi"),
    gettext_lazy("Samedi"),
    gettext_lazy("Dimanche"),
)
CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
CLOSED_ON_HOLIDAYS = "PH off"
# a week of mornings and afternoons without any bank holiday, to read a text by
_PLAIN_MONDAY = date(2027, 3, 8)
_MIDNIGHT = time(0)

Span = tuple[time, time]
Week = tuple[tuple[Span, ...], ...]


class Unreadable(Refusal):
    """Hours that no clock can tell."""

    sentence = "{why}"
    status = 422


def checked(text: str, zone: tzinfo, area: str) -> str:
    """The text as it will be kept. Raises Unreadable."""
    return _parsed(text, zone, area).text


def of_site(site: Site, closures: Sequence[Closure] = ()) -> OpeningHours | None:
    """The hours of a site without its closures; None unknown."""
    if not site.opening_hours:
        return None
    gone = tuple(Period(c.period.lower, c.period.upper) for c in closures if c.space_id is None)
    return opening_hours.parse(
        site.opening_hours, ZoneInfo(site.zone), site.holiday_area, closures=gone
    )


def of_text(text: str, site: Site) -> OpeningHours | None:
    """Hours of something that a site holds, on its clocks; None unknown."""
    return opening_hours.parse(text, ZoneInfo(site.zone), site.holiday_area) if text else None


def _parsed(text: str, zone: tzinfo, area: str) -> OpeningHours:
    try:
        return opening_hours.parse(text, zone, area)
    except BadInput as error:
        raise Unreadable(why=refusals.for_page(refusals.sentence(error))) from error


@dataclass(frozen=True)
class Weekly:
    """Hours that a form of seven rows can say: at most two spans a day, bank holidays or not."""

    week: Week
    is_closed_on_holidays: bool


def written(weekly: Weekly) -> str:
    """In OpenStreetMap's syntax: the days that have the same hours share a rule."""
    rules = []
    for first, last, spans in _runs(weekly.week):
        if spans:
            days = CODES[first] if first == last else f"{CODES[first]}-{CODES[last]}"
            rules.append(f"{days} {','.join(_span(span) for span in spans)}")
    if rules and weekly.is_closed_on_holidays:
        rules.append(CLOSED_ON_HOLIDAYS)
    return "; ".join(rules)


def read(text: str, zone: tzinfo, area: str) -> Weekly | None:
    """The form of a text; None when it says more than the form can."""
    hours = _parsed(text, zone, area)
    week = tuple(day.spans for day in hours.week(_PLAIN_MONDAY))
    for is_closed in (True, False):
        weekly = Weekly(week, is_closed)
        if max(map(len, week)) <= 2 and _same(written(weekly), hours.text, zone, area):
            return weekly
    return None


def _same(ours: str, text: str, zone: tzinfo, area: str) -> bool:
    return bool(ours) and opening_hours.parse(ours, zone, area).text == text


def _runs(week: Week) -> list[tuple[int, int, tuple[Span, ...]]]:
    found: list[tuple[int, int, tuple[Span, ...]]] = []
    for n, spans in enumerate(week):
        if found and found[-1][2] == spans:
            found[-1] = (found[-1][0], n, spans)
        else:
            found.append((n, n, spans))
    return found


def _span(span: Span) -> str:
    # midnight at the end of a day is 24:00 there
    end = "24:00" if span[1] == _MIDNIGHT else f"{span[1]:%H:%M}"
    return f"{span[0]:%H:%M}-{end}"


def spans_words(spans: Sequence[Span]) -> str:
    """9 h – 12 h, 14 h – 18 h; fermé."""
    if not spans:
        return _("fermé")
    return ", ".join(_words(span) for span in spans)


def _words(span: Span) -> str:
    end = f"24{french.NBSP}h" if span[1] == _MIDNIGHT else moments.clock(span[1])
    return f"{moments.clock(span[0])} – {end}"


def table(hours: OpeningHours, on: date, table_id: str = "horaires") -> Table:
    """The week of a day, from its Monday: what is open, and why not."""
    monday = on - timedelta(days=on.weekday())
    days = hours.week(monday)
    reasons = {day.on: _why(day) for day in days}
    columns = [Column("day", _("Jour")), Column("hours", _("Ouverture"))]
    if any(reasons.values()):
        columns.append(Column("why", _("À savoir")))
    rows = [
        Row(
            {
                "day": f"{DAYS[day.on.weekday()]} {_without_year(day.on)}",
                "hours": spans_words(day.spans),
                "why": reasons[day.on],
            },
            key=day.on.isoformat(),
            is_selected=day.on == on,
        )
        for day in days
    ]
    return Table(table_id, _("Les heures de cette semaine"), columns, rows)


def _without_year(on: date) -> str:
    return french.day(on).removesuffix(f" {on.year}")


def _why(day: Day) -> str:
    words = [holiday_name(day.holiday)] if day.holiday else []
    return ", ".join([*words, *([_("fermeture exceptionnelle")] if day.is_closure else [])])


def holiday_name(code: str) -> str:
    """Lundi de Pâques."""
    name = HOLIDAYS[code]
    return name[:1].upper() + name[1:]


def next_holidays(site: Site, on: date, most: int = 3) -> list[tuple[date, str]]:
    """The bank holidays to come where the site is, with their names."""
    years = (periods.holidays(on.year + n, site.holiday_area) for n in (0, 1))
    days = sorted(day for year in years for day in year.items())
    return [(day, holiday_name(code)) for day, code in days if day >= on][:most]


def closure_words(closure: Closure, site: Site) -> str:
    """Du lundi 2 août 2027 au dimanche 15 août 2027; with hours unless its days are whole."""
    period = Period(closure.period.lower, closure.period.upper)
    begins, ends = period.local(ZoneInfo(site.zone))
    if begins.time() != _MIDNIGHT or ends.time() != _MIDNIGHT:
        return moments.slot(begins, ends)
    first, last = begins.date(), ends.date() - timedelta(days=1)
    if first == last:
        return moments.day(first)
    return _("du {first} au {last}").format(first=moments.day(first), last=moments.day(last))


def now_words(hours: OpeningHours | None, at: datetime) -> str:
    """Ouvert maintenant; Fermé, ouvre mardi à 9 h."""
    if hours is None:
        return _("Heures non renseignées")
    opens = hours.next_open(at)
    if opens is None:
        return _("Fermé pour longtemps")
    here = opens.astimezone(hours.zone)
    if opens <= at:
        return _("Ouvert maintenant")
    return _("Fermé, ouvre {moment}").format(moment=moments.moment(here))

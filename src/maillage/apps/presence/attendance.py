"""Who came to a site, week by week and by profile, without anyone being recognised."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from maillage.apps.presence.models import Arrival, VisitCount
from maillage.apps.sites.models import Audience, Site
from maillage.core.small_counts import LEAST, hidden, is_total_hidden
from maillage.kit.tables import Column, Number, Row, Table
from maillage.report import french
from maillage.report.shown import Cell as FileCell
from maillage.report.shown import Column as FileColumn
from maillage.report.shown import Grid

A_WEEK = timedelta(weeks=1)
WEEKS = 12
SECRET = f"moins de {LEAST} ou secret"


@dataclass(frozen=True)
class Week:
    """Visits of a week, from a Monday, by profile; None: not shown."""

    monday: date
    counts: Mapping[str, int | None]
    total: int | None


def by_audience(site: Site, last: date, weeks: int = WEEKS) -> list[Week]:
    """The last weeks, the current one first: half-days and days alike count one arrival each."""
    names = [str(value) for value in Audience.values]
    rows = (
        Arrival.objects.filter(site=site, on__gte=_first(last, weeks), on__lte=last)
        .annotate(week=TruncWeek("on"))
        .values_list("week", "audience")
        .annotate(people=Sum("people"))
    )
    return _weeks(names, ((week, name, count) for week, name, count in rows), last, weeks)


def by_service(site: Site, last: date, weeks: int = WEEKS) -> tuple[list[str], list[Week]]:
    """The same of the services that the site hosts: their visitors are no coworkers."""
    rows = (
        VisitCount.objects.filter(service__site=site, on__gte=_first(last, weeks), on__lte=last)
        .annotate(week=TruncWeek("on"))
        .values_list("week", "service__name")
        .annotate(people=Sum("count"))
    )
    found = [(week, name, count) for week, name, count in rows]
    names = sorted({name for _week, name, _count in found}, key=french.sort_key)
    return names, _weeks(names, found, last, weeks)


def table(
    key: str, caption: str, names: Mapping[str, str], weeks: Sequence[Week], empty: str
) -> Table:
    """A line a week; names: code → words."""
    columns = [
        Column("week", _("Semaine du")),
        *(Column(code, label, is_numeric=True) for code, label in names.items()),
        Column("total", _("Total"), is_numeric=True),
    ]
    rows = [
        Row(
            {
                "week": _day(week.monday),
                **{code: _shown(week.counts[code]) for code in names},
                "total": _shown(week.total),
            }
        )
        for week in weeks
    ]
    has_some = any(week.total != 0 for week in weeks)
    return Table(key, caption, columns, rows if has_some else [], empty=empty)


def grid(audiences: Sequence[Week], services: Sequence[Week], names: Sequence[str]) -> Grid:
    """Both, as a file: one line a week and a profile or a service."""
    labels = {str(value): str(label) for value, label in Audience.choices}
    lines = [
        (week.monday, "coworking", labels[code], week.counts[code])
        for week in audiences
        for code in labels
    ]
    lines += [(w.monday, "service", name, w.counts[name]) for w in services for name in names]
    columns = (
        FileColumn("semaine", _("Semaine du")),
        FileColumn("sorte", _("Sorte")),
        FileColumn("profil", _("Profil ou service")),
        FileColumn("visites", _("Visites"), is_numeric=True),
    )
    return Grid(
        _("Fréquentation"),
        columns,
        tuple(
            (
                FileCell(monday.isoformat(), monday.isoformat()),
                FileCell(kind, kind),
                FileCell(label, label),
                FileCell(SECRET if count is None else str(count), count),
            )
            for monday, kind, label, count in lines
        ),
    )


def _first(last: date, weeks: int) -> date:
    return last - timedelta(days=last.weekday()) - (weeks - 1) * A_WEEK


def _weeks(names: Sequence[str], rows: object, last: date, weeks: int) -> list[Week]:
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for week, name, count in rows:  # type: ignore[attr-defined]
        found[week][name] = int(count)
    first = _first(last, weeks)
    # weeks before the first that has anybody say nothing
    begun = min(found, default=first)
    mondays = [first + n * A_WEEK for n in reversed(range(weeks)) if first + n * A_WEEK >= begun]
    return [_week(monday, {n: found[monday].get(n, 0) for n in names}) for monday in mondays]


def _week(monday: date, counts: dict[str, int]) -> Week:
    gone = hidden(counts)
    shown = {name: None if name in gone else count for name, count in counts.items()}
    return Week(monday, shown, None if is_total_hidden(counts) else sum(counts.values()))


def _day(on: date) -> str:
    """« 15 mars 2027 », short enough for a telephone."""
    return f"{on.day}{french.NBSP}{french.short_month(on)}{french.NBSP}{on.year}"


def _shown(count: int | None) -> Number:
    if count is None:
        return Number(-1, _("secret"))
    return Number(count, french.number(count))

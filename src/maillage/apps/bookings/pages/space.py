"""A space: what it is, its rules and prices, its month, its day, and the form that books it."""

from calendar import Calendar, monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.bookings import basket, free_time, space_words
from maillage.apps.bookings.asked import Ask
from maillage.apps.bookings.forms import BookSpace
from maillage.apps.bookings.free_time import DayState, Stretch
from maillage.apps.bookings.kept import Holder
from maillage.apps.bookings.offers import Demand, Offer, each
from maillage.apps.bookings.pages.common import FIND, WRITING, WRONG, page_of_space
from maillage.apps.bookings.pages.find import why
from maillage.apps.bookings.price import Who
from maillage.apps.bookings.rules import open_space, person_of
from maillage.apps.bookings.space_rules import Setting, settings_of
from maillage.apps.sites.models import SoldBy, Space
from maillage.core import periods
from maillage.core.periods import Period
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link
from maillage.kit.pages import anyone, page
from maillage.report import french, moments

# lengths whose price is told; each from the first hour that is open
LENGTHS = (
    (gettext_lazy("1 heure"), 60),
    (gettext_lazy("Une demi-journée"), 300),
    (gettext_lazy("Une journée"), 600),
)
DAY_FROM, DAY_TO = time(7), time(21)
ALL = 100


@dataclass(frozen=True)
class DayShown:
    """A day of the month; `href` leads to its hours."""

    number: int
    href: str
    state: str
    label: str
    said: str
    is_chosen: bool
    is_outside: bool = False


@dataclass(frozen=True)
class BarShown:
    """Open time of a day on the axis of hours, in percent, and in words."""

    x: str
    width: str
    level: str
    hours: str
    left: str
    is_free: bool


@page(rule=anyone, of=open_space, methods=WRITING)
def book_space(request: HttpRequest, space: Space) -> HttpResponse:
    """The month asked for, the day chosen; posting the form chooses a slot."""
    at = now()
    today = at.astimezone(_zone(space)).date()
    on = _day(request.GET.get("jour", ""), today)
    setting = _setting(space, on)
    form = BookSpace(request.POST or None, space=space, initial=_initial(setting, on, at))
    if form.is_valid():
        basket.add(request.session, form.ask)
        return redirect("basket")
    me = person_of(request.user)
    holder = Holder(me.pk if me else None)
    stretches = free_time.of_day(setting, on, at=at, holder=holder)
    context = {
        "form": form,
        "name": space.name,
        "what": space_words.what(space),
        "site": space.site.name,
        "commune": space.site.commune_name,
        "site_href": space.site.get_absolute_url(),
        "sentences": space_words.sentences(setting),
        "prices": _prices(setting, on, Who(me.pk if me else None)),
        "month": _month(setting, on, at, holder),
        "day": moments.day(on),
        "bars": [_bar(one, setting) for one in stretches],
        "ticks": _ticks(),
        "state": _headline(on, stretches),
        "series": f"{page_of_space(space)}serie/?jour={on.isoformat()}",
        "act": _("Demander ce créneau") if space.needs_approval else _("Choisir ce créneau"),
        "crumbs": [FIND, Crumb(space.site.name, space.site.get_absolute_url()), Crumb(space.name)],
    }
    return render(request, "bookings/space.html", context, status=WRONG if form.errors else 200)


def _zone(space: Space) -> ZoneInfo:
    return ZoneInfo(space.site.zone)


def _day(asked: str, today: date) -> date:
    try:
        return max(date.fromisoformat(asked), today)
    except ValueError:
        return today + periods.ONE_DAY


def _setting(space: Space, on: date) -> Setting:
    """With the closures of the whole month, and the days around it that the table shows."""
    zone = _zone(space)
    first, last = _span(on)
    around = periods.days(first, last, zone)
    return settings_of([space.pk], first=around.begins, last=around.ends)[space.pk]


def _span(on: date) -> tuple[date, date]:
    weeks = Calendar().monthdatescalendar(on.year, on.month)
    return weeks[0][0], weeks[-1][-1]


def _initial(setting: Setting, on: date, at: datetime) -> dict[str, Any]:
    """The first open hours of the day, as long as a half-day at most."""
    hours = setting.hours()
    whole = periods.day(on, setting.zone)
    found = hours.open_periods(max(whole.begins, at), whole.ends) if hours else ()
    initial: dict[str, Any] = {"jour": on, "personnes": 1}
    if found:
        begins, ends = found[0].local(setting.zone)
        last = min(ends, begins + timedelta(minutes=LENGTHS[1][1]))
        initial |= {"de": begins.strftime("%H:%M"), "a": last.strftime("%H:%M")}
    return initial


def _prices(setting: Setting, on: date, who: Who) -> list[dict[str, str]]:
    """What some lengths would cost her, on a day that is open."""
    hours = setting.hours()
    if hours is None:
        return []
    opening = hours.next_open(periods.day(on, setting.zone).begins)
    if opening is None:
        return []
    demands, labels = [], []
    for label, minutes in LENGTHS:
        if not _is_possible(setting.space, minutes):
            continue
        period = Period(opening, opening + timedelta(minutes=minutes))
        is_whole = setting.space.sold_by == SoldBy.WHOLE
        demands.append(Demand(setting, Ask(setting.space.pk, period, 1, is_whole)))
        labels.append(label)
    return [
        {"label": str(label), "price": offer.text, "why": _why(offer)}
        for label, offer in zip(labels, each(demands, who), strict=True)
    ]


def _is_possible(space: Space, minutes: int) -> bool:
    return space.shortest_min <= minutes and minutes <= (space.longest_min or minutes)


def _why(offer: Offer) -> str:
    return why(offer) if offer.spends or offer.refusal else ""


def _month(setting: Setting, on: date, at: datetime, holder: Holder) -> dict[str, Any]:
    """Weeks from Monday; the days of other months are left blank."""
    first, last = _span(on)
    states = free_time.of_month(setting, first, last, at=at, holder=holder)
    here = page_of_space(setting.space)
    today = at.astimezone(setting.zone).date()
    before, after = on.replace(day=1) - periods.ONE_DAY, _next_month(on)
    return {
        "title": f"{moments.month(on)}",
        "days": [moments.weekday_named(n) for n in range(7)],
        "weeks": [
            [_day_shown(day, states[day], on, here) for day in week]
            for week in Calendar().monthdatescalendar(on.year, on.month)
        ],
        "before": Link(moments.month(before), f"{here}?jour={max(before.replace(day=1), today)}")
        if before >= today
        else None,
        "after": Link(moments.month(after), f"{here}?jour={after}"),
    }


def _next_month(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1]) + periods.ONE_DAY


def _day_shown(day: date, state: DayState, chosen: date, here: str) -> DayShown:
    is_outside = day.month != chosen.month
    is_open = state in (DayState.FREE, DayState.SOME, DayState.FULL) and not is_outside
    return DayShown(
        number=day.day,
        href=f"{here}?jour={day.isoformat()}#jour" if is_open else "",
        state=state.value,
        label=str(state.label),
        said=f"{moments.day(day)} : {str(state.label).lower()}",
        is_chosen=day == chosen,
        is_outside=is_outside,
    )


def _headline(on: date, stretches: Sequence[Stretch]) -> str:
    """What the day is worth, in one sentence."""
    day = moments.day(on)
    if not stretches:
        return _("Fermé le {day}").format(day=day)
    free = [one for one in stretches if one.free]
    if not free:
        return _("Complet le {day}").format(day=day)
    if len(stretches) == len(free) and all(one.free == one.seats for one in free):
        return _("Libre le {day}").format(day=day)
    hours = sum(one.period.hours for one in free)
    return _("Reste {hours} le {day}").format(hours=moments.length(round(hours * 60)), day=day)


def _bar(one: Stretch, setting: Setting) -> BarShown:
    begins, ends = one.period.local(setting.zone)
    x, width = _percent(begins, ends)
    if not one.free:
        level, left = "full", _("Complet")
    elif setting.space.sold_by == SoldBy.WHOLE or one.free == one.seats:
        level = "free"
        left = space_words.left(one.free, one.seats, is_whole=setting.space.sold_by == SoldBy.WHOLE)
    else:
        level, left = "some", space_words.left(one.free, one.seats, is_whole=False)
    return BarShown(x, width, level, moments.span(begins, ends), left, bool(one.free))


def _percent(begins: datetime, ends: datetime) -> tuple[str, str]:
    """On an axis that begins at 7 h and ends at 21 h."""
    first, whole = _minutes(DAY_FROM), _minutes(DAY_TO) - _minutes(DAY_FROM)
    last = _minutes(ends.time()) if ends.date() == begins.date() else _minutes(DAY_TO)
    a = min(max((_minutes(begins.time()) - first) / whole, 0), 1)
    b = min(max((last - first) / whole, a), 1)
    return f"{a * ALL:.2f}", f"{(b - a) * ALL:.2f}"


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _ticks() -> list[dict[str, str]]:
    hours = range(8, 21, 3)
    first, whole = _minutes(DAY_FROM), _minutes(DAY_TO) - _minutes(DAY_FROM)
    return [
        {"x": f"{(n * 60 - first) / whole * ALL:.2f}", "label": f"{n}{french.NBSP}h"} for n in hours
    ]

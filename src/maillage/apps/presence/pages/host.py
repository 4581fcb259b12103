"""The counter of a shop that hosts seats, on a phone: first names, one tap, closing days."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.bookings.asked import period_of, range_of
from maillage.apps.bookings.close_out import alternative, close_out, reopen
from maillage.apps.bookings.models import State
from maillage.apps.presence import rules
from maillage.apps.presence.forms import NOON, Close
from maillage.apps.presence.free import free_now
from maillage.apps.presence.models import How
from maillage.apps.presence.pages.board import come, take_back
from maillage.apps.presence.pages.common import POST, WRITING, named, status_of
from maillage.apps.presence.today import (
    Expected,
    Today,
    bookings_of,
    closed_words,
    local_day,
    name_of,
    read,
)
from maillage.apps.sites.models import Closure, Site
from maillage.apps.sites.versions import Author
from maillage.core import periods
from maillage.core.periods import Period
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import page
from maillage.kit.refusal import Refusal
from maillage.report import moments

A_DAY = timedelta(days=1)
AHEAD_DAYS = 7
NUMBERS = ("Personne", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf")
COMING = ("expected", "late", "missed")
AFTERNOON, TOMORROW = "apres-midi", "demain"


@page(rule=rules.may_host_somewhere)
def counter(request: HttpRequest) -> HttpResponse:
    """Today at the shop."""
    sites = list(
        rules.sites(request.user, "presence.host").select_related("territory").order_by("name")
    )
    asked = request.GET.get("lieu", "")
    site = next((s for s in sites if str(s.pk) == asked), sites[0] if sites else None)
    if site is None:
        return render(request, "presence/counter_empty.html", {})
    at = now()
    on = local_day(site, at)
    today = read(site, on, at=at)
    expected = [one for one in today.expected if one.state not in ("requested", "held")]
    awaited = next((one.key for one in expected if one.state in COMING), "")
    context = {
        "site": {"pk": site.pk, "name": site.name},
        "others": [{"pk": s.pk, "name": s.name} for s in sites if s.pk != site.pk],
        "day": moments.day(on),
        "title": _title(sum(one.people for one in expected)),
        "people": [{**_line(one, today), "is_next": one.key == awaited} for one in expected],
        "free": _free(today),
        "is_closed": not today.open_periods,
        "days": _days(site, on, at),
        "closures": _closures(site, at),
        "kinds": {"afternoon": AFTERNOON, "tomorrow": TOMORROW},
        "on": on,
    }
    return render(request, "presence/counter.html", context)


@page(rule=rules.may_host, of=rules.hosted_of, methods=POST)
def note(request: HttpRequest, site: Site) -> HttpResponse:
    """One tap."""
    on = local_day(site, now())
    match request.POST.get("acte"):
        case "arrivee":
            come(request, site, on, How.HOST)
        case "annuler":
            take_back(request, site)
            messages.success(request, _("C’est annulé."))
        case _:
            raise Http404
    return redirect(_home(site))


@page(rule=rules.may_host, of=rules.hosted_of, methods=WRITING)
def close(request: HttpRequest, site: Site) -> HttpResponse:
    """Close: the dates, then whom it touches and what they are offered, then done."""
    at = now()
    zone = ZoneInfo(site.zone)
    quick = _quick(site, request.GET.get("quand", ""), at)
    form = Close(
        request.POST if request.method == "POST" else None,
        initial={"first_on": local_day(site, at) + A_DAY, "last_on": local_day(site, at) + A_DAY},
    )
    period = quick
    if request.method == "POST" and form.is_valid():
        period = form.period(zone, at)
        if quick and request.POST.get("moment"):
            period = quick
        if request.POST.get("sur") == "oui":
            done = _closed(request, site, form, period, at)
            if done:
                return done
    elif request.method == "GET" and quick:
        begins, ends = quick.local(zone)
        last = (ends - timedelta(minutes=1)).date()
        form = Close(initial={"first_on": begins.date(), "last_on": last})
    context = {
        "crumbs": [Crumb(site.name, _home(site)), Crumb(_("Fermer"))],
        "site": {"pk": site.pk, "name": site.name},
        "form": form,
        "is_sure": period is not None and not form.errors,
        "slot": closed_words(period, zone) if period else "",
        "touched": _touched(site, period, at) if period else [],
        "is_quick": quick is not None,
        "reason": request.POST.get("reason") or _("Fermeture exceptionnelle"),
        "first": form["first_on"].value(),
        "last": form["last_on"].value(),
        "home": _home(site),
    }
    return render(request, "presence/close.html", context, status=status_of(form))


@page(rule=rules.may_host, of=rules.hosted_of, methods=POST)
def open_again(request: HttpRequest, site: Site) -> HttpResponse:
    """Think better of it."""
    row = named(Closure.objects.filter(site=site), request.POST.get("fermeture", ""))
    standing = reopen(row, Author(request.user.pk, now()))
    words = ngettext(
        "C’est rouvert. {n} réservation tient de nouveau.",
        "C’est rouvert. {n} réservations tiennent de nouveau.",
        len(standing),
    )
    messages.success(request, words.format(n=len(standing)) if standing else _("C’est rouvert."))
    return redirect(_home(site))


def _closed(
    request: HttpRequest, site: Site, form: Close, period: Period, at: datetime
) -> HttpResponse | None:
    author = Author(request.user.pk, at)
    try:
        _closure, touched = close_out(site, period, form.cleaned_data["reason"], author)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    words = ngettext(
        "C’est fermé. {n} personne est prévenue.",
        "C’est fermé. {n} personnes sont prévenues.",
        len(touched),
    )
    done = words.format(n=len(touched)) if touched else _("C’est fermé. Personne n’était inscrit.")
    messages.success(request, done)
    return redirect(_home(site))


def _touched(site: Site, period: Period, at: datetime) -> list[dict[str, Any]]:
    """Those who booked then, first names alone, and where they may go instead."""
    zone = ZoneInfo(site.zone)
    closing = Closure(site=site, period=range_of(period), reason="")
    found = []
    for booking in bookings_of(site, period, at=at):
        if booking.state != State.CONFIRMED:
            continue
        booking.space.site = booking.site = site
        space = alternative(booking, closing, at=at)
        begins, ends = booking.period.lower.astimezone(zone), booking.period.upper.astimezone(zone)
        found.append(
            {
                "first_name": name_of(booking).split()[0],
                "slot": moments.slot(begins, ends),
                "elsewhere": f"{space.site.name}, {space.site.commune_name}" if space else "",
            }
        )
    return found


def _quick(site: Site, when: str, at: datetime) -> Period | None:
    """The afternoon of today, or tomorrow; None for any other word."""
    zone = ZoneInfo(site.zone)
    on = local_day(site, at)
    if when == TOMORROW:
        return periods.day(on + A_DAY, zone)
    if when == AFTERNOON:
        whole = periods.day(on, zone)
        noon = periods.instant(on, NOON, zone)
        return Period(max(noon, at), whole.ends)
    return None


def _title(count: int) -> str:
    if count == 0:
        return _("Personne aujourd’hui")
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return ngettext("{n} personne aujourd’hui", "{n} personnes aujourd’hui", count).format(n=number)


def _line(one: Expected, today: Today) -> dict[str, Any]:
    arrival = one.arrival
    return {
        "key": one.key,
        "first_name": one.first_name,
        "hours": moments.span(one.begins, one.ends),
        "where": one.where,
        "people": one.people,
        "is_first": one.is_first,
        "may_arrive": one.state in COMING,
        "is_absent": one.state == "absent",
        "arrival": arrival.pk if arrival else None,
        "since": moments.clock(arrival.at.astimezone(today.zone).time()) if arrival else "",
    }


def _free(today: Today) -> str:
    """« 1 place libre maintenant »."""
    if not any(p.contains(today.at) for p in today.open_periods or ()):
        return ""
    leaves = {seat.space_id for seat in today.seats}
    free = sum(one.free for one in free_now(today, today.at) if one.space.pk in leaves)
    return ngettext("{n} place libre maintenant", "{n} places libres maintenant", free).format(
        n=free
    )


def _days(site: Site, on: date, at: datetime) -> list[dict[str, Any]]:
    """How many people each of the next days: read at once."""
    zone = ZoneInfo(site.zone)
    ahead = periods.days(on + A_DAY, on + AHEAD_DAYS * A_DAY, zone)
    bookings = [b for b in bookings_of(site, ahead, at=at) if b.state == State.CONFIRMED]
    closures = list(
        Closure.objects.filter(
            site=site, space=None, withdrawn_at=None, period__overlap=range_of(ahead)
        ).order_by("period")
    )
    found = []
    for n in range(1, AHEAD_DAYS + 1):
        day = periods.day(on + n * A_DAY, zone)
        there = [b for b in bookings if Period(b.period.lower, b.period.upper).overlaps(day)]
        closed = any(Period(c.period.lower, c.period.upper).contains(day) for c in closures)
        people = sum(b.party for b in there)
        found.append(
            {
                "day": moments.weekday(on + n * A_DAY).capitalize() + f" {(on + n * A_DAY).day}",
                "names": [name_of(b).split()[0] for b in there] if n == 1 else [],
                "people": people,
                "is_closed": closed,
            }
        )
    return found


def _closures(site: Site, at: datetime) -> list[dict[str, Any]]:
    zone = ZoneInfo(site.zone)
    rows = Closure.objects.filter(
        site=site, space=None, withdrawn_at=None, period__endswith__gt=at
    ).order_by("period", "pk")
    return [
        {
            "pk": one.pk,
            "slot": closed_words(period_of(one.period), zone),
            "reason": one.reason,
        }
        for one in rows
    ]


def _home(site: Site) -> str:
    return f"{reverse('counter')}?lieu={site.pk}"

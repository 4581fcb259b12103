"""The values that the board of a day hands to its page."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.presence.free import FreeNow, free_by_hour, free_now
from maillage.apps.presence.models import Access, AccessCode, CodeSource, VisitCount
from maillage.apps.presence.today import Expected, Today, closed_words
from maillage.apps.sites.models import Closure, Site, SiteService, SoldBy
from maillage.apps.tariffs.in_force import free_ends
from maillage.kit.components import Text
from maillage.kit.tables import Cell, Column, Row, Table
from maillage.report import french, moments

FREE_ENDS_DAYS = 30
CLOSES_DAYS = 14
FEW_CODES = 10

COMING = ("expected", "late", "missed")
# one word a state, with its icon
STATES: dict[str, tuple[str, str]] = {
    "here": ("Là", "circle-check"),
    "left": ("Parti·e", "logout"),
    "absent": ("Absent·e", "circle-x"),
    "requested": ("À approuver", "clock"),
    "held": ("Place retenue", "clock"),
}


def arrivals(today: Today) -> list[dict[str, Any]]:
    """The lines of those expected."""
    return [_line(today, one) for one in today.expected]


def _line(today: Today, one: Expected) -> dict[str, Any]:
    word, icon = STATES.get(one.state, ("", ""))
    late = today.at.astimezone(today.zone) - one.begins
    arrival = one.arrival
    return {
        "key": one.key,
        "name": one.name,
        "begins": moments.clock(one.begins.time()),
        "hours": moments.span(one.begins, one.ends),
        "where": one.where,
        "people": one.people,
        "state": one.state,
        "word": word,
        "icon": icon,
        "since": moments.clock(arrival.at.astimezone(today.zone).time()) if arrival else "",
        "gone": _clock(today, arrival.left_at) if arrival else "",
        "arrival": arrival.pk if arrival else None,
        "until": _clock(today, one.hold_until),
        "late": _("En retard de {length}").format(length=moments.length(_minutes(late)))
        if one.state == "late"
        else "",
        "is_first": one.is_first and one.state in COMING,
        "may_arrive": one.state in COMING,
        "may_be_absent": one.state in ("late", "missed") and not one.is_kept,
        "is_kept": one.is_kept,
        "reference": one.reference,
    }


def visitors(today: Today) -> list[dict[str, Any]]:
    """Those whom nobody expected."""
    return [
        {
            "pk": one.pk,
            "name": one.first_name or _("Visite"),
            "people": one.people,
            "since": moments.clock(one.at.astimezone(today.zone).time()),
            "gone": _clock(today, one.left_at),
        }
        for one in today.visitors
    ]


def counts(today: Today) -> dict[str, Any]:
    """Present, expected, and the seats left when there are fewest."""
    seats = [seat for seat in today.seats if seat.out_of_order_since is None]
    leaves = [s for s in today.spaces if any(seat.space_id == s.pk for seat in seats)]
    by_hour: dict[str, int] = {}
    for space in leaves:
        for hour in free_by_hour(today, space):
            if hour.free is not None:
                clock = moments.clock(hour.begins.time())
                by_hour[clock] = by_hour.get(clock, 0) + hour.free
    fewest = min(by_hour, key=lambda clock: by_hour[clock], default="")
    return {
        "present": today.present,
        "seats": len(seats),
        "expected": sum(e.people for e in today.expected if e.state not in ("held", "requested")),
        "to_come": sum(e.people for e in today.expected if e.state in COMING),
        "fewest": by_hour.get(fewest),
        "fewest_at": fewest,
    }


def free_lines(today: Today) -> list[dict[str, Text]]:
    """Of each space, what is free now, in words."""
    return [
        {"name": one.space.name, "text": _free(today, one)} for one in free_now(today, today.at)
    ]


def _free(today: Today, one: FreeNow) -> str:
    until = _clock(today, one.until)
    if not one.is_open:
        return _("Fermé")
    if one.seats == 0:
        return _("Hors service")
    if one.is_whole or one.space.sold_by == SoldBy.WHOLE:
        if one.free == one.seats:
            return _("Libre jusqu’à {until}").format(until=until) if until else _("Libre")
        return _("Pas libre avant {until}").format(until=until)
    if not one.free:
        return _("Complet, libre à {until}").format(until=until)
    words = ngettext("{n} place libre sur {seats}", "{n} places libres sur {seats}", one.free)
    return words.format(n=one.free, seats=one.seats)


def free_table(today: Today) -> Table:
    """The same as the drawing: of each space, the seats free hour by hour."""
    leaves = [s for s in today.spaces if any(seat.space_id == s.pk for seat in today.seats)]
    hours = {space.pk: free_by_hour(today, space) for space in leaves}
    clocks = [moments.clock(h.begins.time()) for h in next(iter(hours.values()), [])]
    rows = []
    for space in leaves:
        cells: dict[str, Cell] = {"name": space.name, "seats": len(today.seats_of(space))}
        for clock, hour in zip(clocks, hours[space.pk], strict=True):
            cells[clock] = _("Fermé") if hour.free is None else hour.free
        rows.append(Row(cells, key=str(space.pk)))
    return Table(
        "libres",
        _("Places libres, heure par heure"),
        (
            Column("name", _("Espace")),
            Column("seats", _("Places"), is_numeric=True),
            *(Column(clock, clock, is_numeric=True) for clock in clocks),
        ),
        rows,
    )


def taken_table(today: Today) -> Table:
    """The same as the drawing: who has what, from when to when."""
    rows = [
        Row({"name": one.name, "where": one.where, "hours": moments.span(one.begins, one.ends)})
        for one in today.expected
        if one.state not in ("requested",)
    ]
    return Table(
        "pris",
        _("Qui, où, de quand à quand"),
        (
            Column("name", _("Personne")),
            Column("where", _("Place")),
            Column("hours", _("Heures")),
        ),
        rows,
        empty=_("Rien n’est réservé ce jour-là."),
    )


def alerts(today: Today) -> list[dict[str, Text]]:
    """What needs a hand, each with its icon."""
    site = today.site
    found: list[dict[str, Text]] = []
    waiting = Booking.objects.filter(
        site=site, state=State.REQUESTED, period__endswith__gt=today.at
    ).count()
    if waiting:
        words = ngettext(
            "{n} demande attend votre accord.", "{n} demandes attendent votre accord.", waiting
        )
        found.append({"icon": "mail", "text": words.format(n=waiting), "kind": "requests"})
    for one in today.expected:
        if one.state == "held":
            words = _("{name} : place retenue jusqu’à {until}, pas encore confirmée.")
            until = _clock(today, one.hold_until)
            found.append({"icon": "clock", "text": words.format(name=one.name, until=until)})
    found += [{"icon": "calendar-off", "text": text} for text in _closures(today)]
    found += [{"icon": "coin-euro", "text": text} for text in _free_periods(site, today.on)]
    left = _codes_left(site)
    if left is not None and left < FEW_CODES:
        words = ngettext("Il reste {n} code Wi-Fi.", "Il reste {n} codes Wi-Fi.", left)
        if not left:
            words = _("Il ne reste aucun code Wi-Fi à donner.")
        found.append({"icon": "ticket", "text": words.format(n=left), "kind": "codes"})
    return found


def incidents(today: Today) -> list[dict[str, Any]]:
    """What does not work."""
    return [
        {
            "pk": one.pk,
            "what": one.what,
            "where": one.space.name if one.space else "",
            "severity": one.get_severity_display(),
            "is_danger": one.severity == "danger",
            "since": one.opened_at,
            "seat": one.seat.number if one.seat and one.took_seat else None,
        }
        for one in today.incidents
    ]


def services(site: Site, on: date) -> list[dict[str, Any]]:
    """The services that the site hosts, with the visits of the day."""
    known = {
        row.service_id: row.count for row in VisitCount.objects.filter(service__site=site, on=on)
    }
    hosted = SiteService.objects.filter(site=site, removed_at=None).order_by("name", "pk")
    return [{"pk": one.pk, "name": one.name, "visits": known.get(one.pk)} for one in hosted]


def opening(today: Today) -> str:
    """When the site is open that day, in words."""
    if today.open_periods is None:
        return _("horaires non renseignés")
    if not today.open_periods:
        return _("fermé ce jour")
    spans = [moments.span(*p.local(today.zone)) for p in today.open_periods]
    return _("ouvert {spans}").format(spans=french.listed(spans))


def _closures(today: Today) -> Sequence[str]:
    rows = Closure.objects.filter(
        site=today.site,
        withdrawn_at=None,
        period__endswith__gt=today.at,
        period__startswith__lt=today.at + timedelta(days=CLOSES_DAYS),
    ).select_related("space")
    words = _("{what} fermé {slot} : {reason}.")
    return [
        words.format(
            what=one.space.name if one.space else _("Lieu"),
            slot=closed_words(period_of(one.period), today.zone),
            reason=one.reason,
        )
        for one in rows.order_by("period", "pk")
    ]


def _free_periods(site: Site, on: date) -> Sequence[str]:
    seller = site.collector_id or site.operator_id
    if seller is None:
        return []
    ends = {p.free_until for p in free_ends([seller], on, within_days=FREE_ENDS_DAYS)}
    words = _("La période gratuite se termine le {day}.")
    return [words.format(day=french.day(end)) for end in sorted(end for end in ends if end)]


def _codes_left(site: Site) -> int | None:
    access = Access.objects.filter(site=site).first()
    if access is None or access.source != CodeSource.IMPORTED:
        return None
    return AccessCode.objects.left().filter(site=site).count()


def _clock(today: Today, at: Any) -> str:
    return moments.clock(at.astimezone(today.zone).time()) if at else ""


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)

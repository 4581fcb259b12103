"""The bookings of a site for those who manage it: list, requests, book for somebody, cancel."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.bookings import space_words
from maillage.apps.bookings.asked import Booker, Guest, period_of, range_of
from maillage.apps.bookings.availability import seats_left_each
from maillage.apps.bookings.cancel import Cancelling, cancel
from maillage.apps.bookings.decide import approve, refuse, rivals
from maillage.apps.bookings.forms import BookFor, FilterBookings, FindPerson, Move, Why
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.pages.common import (
    WRITING,
    FormShown,
    done,
    form_page,
    local,
    managed_page,
    row_of,
    slot_of,
    told,
    zone_of,
)
from maillage.apps.bookings.pages.mine import change_pages, consequence, initial_of
from maillage.apps.bookings.reserve import reserve
from maillage.apps.bookings.rules import managed_booking, managed_site, may_manage, may_override
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import Member
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Site, Space
from maillage.core import periods
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Link, filters_of
from maillage.kit.pages import page
from maillage.report import french, moments

MOST_FOUND = 20
LIVE = (State.CONFIRMED, State.HOLD, State.REQUESTED)


def crumbs_of(site: Site, *more: Crumb) -> list[Crumb]:
    """From the list of sites she keeps."""
    return [Crumb(_("Gérer"), "/gerer/"), Crumb(site.name, f"/gerer/lieux/{site.pk}/"), *more]


def _list(site: Site) -> Crumb:
    return Crumb(_("Réservations"), reverse("managed_bookings", args=(site.pk,)))


def _requests(site: Site) -> Crumb:
    return Crumb(_("Demandes"), reverse("requests", args=(site.pk,)))


@page(rule=may_manage, of=managed_site)
def managed_bookings(request: HttpRequest, site: Site) -> HttpResponse:
    """A day of the site, space by space."""
    at = now()
    spaces = _spaces(site)
    form = FilterBookings(request.GET, spaces=spaces)
    asked = form.cleaned_data if form.is_valid() else {}
    on = asked.get("jour") or local(at, site).date()
    whole = periods.day(on, zone_of(site))
    rows = Booking.objects.filter(
        site=site, state__in=LIVE, period__overlap=range_of(whole)
    ).exclude(state=State.HOLD, hold_until__lte=at)
    if asked.get("espace"):
        rows = rows.filter(space=asked["espace"])
    found = list(rows.select_related("space", "site", "person").order_by("period", "space", "pk"))
    here = reverse("managed_bookings", args=(site.pk,))
    waiting = Booking.objects.filter(site=site, state=State.REQUESTED).count()
    context = {
        "title": _count(len(found), on),
        "site": site.name,
        "kept": reverse("managed_blocks", args=(site.pk,)),
        "rows": [_managed_row(one) for one in found],
        "filters": filters_of(form, request.GET),
        "before": f"{here}?{_with(request, on - timedelta(days=1))}",
        "after": f"{here}?{_with(request, on + timedelta(days=1))}",
        "new": f"{reverse('book_for', args=(site.pk,))}?jour={on.isoformat()}",
        "requests": reverse("requests", args=(site.pk,)),
        "waiting": ngettext("{n} demande à décider", "{n} demandes à décider", waiting).format(
            n=waiting
        )
        if waiting
        else "",
        "calendar": reverse("site_calendar", args=(site.pk,)),
        "crumbs": crumbs_of(site, Crumb(_("Réservations"))),
    }
    return render(request, "bookings/managed.html", context)


def _count(number: int, on: date) -> str:
    if not number:
        return _("Aucune réservation le {day}").format(day=moments.day(on))
    count = french.count(number, "réservation")
    return _("{count} le {day}").format(count=count, day=moments.day(on))


def _with(request: HttpRequest, on: date) -> str:
    query = request.GET.copy()
    query["jour"] = on.isoformat()
    return query.urlencode()


def _managed_row(one: Booking) -> dict[str, Any]:
    return {
        "row": row_of(one, managed_page(one)),
        "who": who(one),
        "party": space_words.people(one),
    }


def who(one: Booking) -> str:
    """Who comes, as a manager reads it."""
    if one.person is not None:
        return one.person.name
    return _("{name}, sans compte").format(name=one.guest_name or _("Sans nom"))


def _spaces(site: Site) -> list[Space]:
    rows = Space.objects.bookable().filter(site=site).select_related("site")
    return list(rows.order_by("rank", "name"))


@page(rule=may_manage, of=managed_booking)
def managed(request: HttpRequest, of: Booking) -> HttpResponse:
    """One of them: who, when, what it costs, what was decided."""
    at = now()
    context = {
        "row": row_of(of, managed_page(of)),
        "slot": slot_of(of),
        "who": who(of),
        "email": of.person.email if of.person else of.guest_email,
        "party": space_words.people(of),
        "purpose": of.purpose,
        "payer": of.payer_organisation.name if of.payer_organisation else "",
        "override": of.override_reason,
        "decision": of.decision_note,
        "charges": [
            {"label": one.label, "amount": french.cents(one.amount_cents)}
            for one in Charge.objects.of("booking", of.pk)
        ],
        "is_request": of.state == State.REQUESTED,
        "decide": reverse("request_decide", args=(of.site_id, of.reference)),
        "change": reverse("managed_change", args=(of.site_id, of.reference)),
        "cancel": reverse("managed_cancel", args=(of.site_id, of.reference)),
        "may_change": of.state == State.CONFIRMED and of.period.upper > at,
        "may_cancel": of.state in (State.CONFIRMED, State.HOLD),
        "crumbs": crumbs_of(of.site, _list(of.site), Crumb(of.reference)),
    }
    return render(request, "bookings/managed_booking.html", context)


@page(rule=may_manage, of=managed_booking, methods=WRITING)
def managed_cancel(request: HttpRequest, of: Booking) -> HttpResponse:
    """The site cancels: nothing is kept, and the person reads why."""
    form = Why(request.POST or None)
    if form.is_valid():
        how = Cancelling(is_manager=True, reason=form.cleaned_data["motif"])
        if done(form, partial(cancel, of, by=request.user.pk, at=now(), how=how)):
            back = reverse("managed_bookings", args=(of.site_id,))
            return told(request, _("La réservation est annulée, la personne est prévenue."), back)
    shown = FormShown(
        _("Annuler la réservation"),
        _("Annuler et prévenir"),
        Link(_("Garder"), managed_page(of)),
        f"{who(of)}, {of.space.name} : {slot_of(of)}. {consequence(of, now(), is_manager=True)}",
    )
    crumbs = crumbs_of(of.site, _list(of.site), Crumb(of.reference, managed_page(of)))
    return form_page(request, form, shown, crumbs)


@page(rule=may_manage, of=managed_booking, methods=WRITING)
def managed_change(request: HttpRequest, of: Booking) -> HttpResponse:
    """Move it for its person, under the rules of the space."""
    spaces = _spaces(of.site)
    form = Move(
        request.POST or None,
        space=of.space,
        spaces=spaces if of.space in spaces else [of.space, *spaces],
        initial=initial_of(of),
    )
    booker = Booker(of.person, request.user.pk, payer_organisation_id=of.payer_organisation_id)
    crumbs = crumbs_of(of.site, _list(of.site))
    return change_pages(request, of, form, booker, managed_page(of), crumbs)


@page(rule=may_manage, of=managed_site)
def requests(request: HttpRequest, site: Site) -> HttpResponse:
    """The requests to decide, oldest first, each with its rivals."""
    rows = list(_waiting(site))
    context = {
        "title": _("Aucune demande à décider")
        if not rows
        else ngettext("{n} demande à décider", "{n} demandes à décider", len(rows)).format(
            n=len(rows)
        ),
        "rows": [
            {
                **_managed_row(one),
                "decide": reverse("request_decide", args=(site.pk, one.reference)),
                "purpose": one.purpose,
                "rivals": _overlapping(one, rows),
            }
            for one in rows
        ],
        "crumbs": crumbs_of(site, Crumb(_("Demandes"))),
    }
    return render(request, "bookings/requests.html", context)


def _waiting(site: Site) -> QuerySet[Booking]:
    rows = Booking.objects.filter(site=site, state=State.REQUESTED)
    return rows.select_related("space", "site", "person").order_by("created_at", "pk")


def _overlapping(one: Booking, rows: list[Booking]) -> int:
    """How many others want some of the same seats at the same time: read from the same list."""
    return sum(
        other != one
        and period_of(other.period).overlaps(period_of(one.period))
        and (other.space_id in one.space.path or one.space_id in other.space.path)
        for other in rows
    )


@page(rule=may_manage, of=managed_booking, methods=WRITING)
def request_decide(request: HttpRequest, of: Booking) -> HttpResponse:
    """What approving would refuse is told before; a refusal says why."""
    back = reverse("requests", args=(of.site_id,))
    form = Why(request.POST if "refuser" in request.POST else None)
    if "accepter" in request.POST:
        gone = approve(of, by=request.user.pk, at=now())
        refused = ngettext(
            " {n} autre demande est refusée.", " {n} autres demandes sont refusées.", len(gone)
        ).format(n=len(gone))
        return told(request, _("La demande est acceptée.") + (refused if gone else ""), back)
    if form.is_valid():
        reason = form.cleaned_data["motif"]
        if done(form, partial(refuse, of, reason, by=request.user.pk, at=now())):
            return told(request, _("La demande est refusée, la personne est prévenue."), back)
    others = rivals(of) if of.state == State.REQUESTED else []
    context = {
        "form": form,
        "row": row_of(of, managed_page(of)),
        "slot": slot_of(of),
        "who": who(of),
        "party": space_words.people(of),
        "purpose": of.purpose,
        "is_open": of.state == State.REQUESTED,
        "is_free": _is_free(of, now()),
        "rivals": [
            {**_managed_row(one), "slot": slot_of(one), "is_gone": gone}
            for one, gone in zip(others, _would_go(of, others, now()), strict=True)
        ],
        "crumbs": crumbs_of(of.site, _requests(of.site), Crumb(of.reference)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bookings/decide.html", context, status=status)


def _is_free(of: Booking, at: datetime) -> bool:
    left = seats_left_each({of.space_id: period_of(of.period)}, at=at)[of.space_id]
    return left.holds(of.party, is_whole=of.is_whole)


def _would_go(of: Booking, others: list[Booking], at: datetime) -> list[bool]:
    """Which rivals no longer fit once this one is approved."""
    left = seats_left_each({o.space_id: period_of(o.period) for o in others}, at=at)
    return [
        of.is_whole or other.is_whole or left[other.space_id].free - of.party < other.party
        for other in others
    ]


@page(rule=may_manage, of=managed_site, methods=WRITING)
def book_for(request: HttpRequest, site: Site) -> HttpResponse:
    """For somebody found by name, or who has no account; a rule may be passed over, saying why."""
    spaces = _spaces(site)
    if not spaces:
        return redirect(f"/gerer/lieux/{site.pk}/")
    search = FindPerson(request.GET if "qui" in request.GET else None)
    people = _people(site, search) if search.is_valid() else []
    form = BookFor(
        request.POST or None,
        space=spaces[0],
        spaces=spaces,
        people=people or _chosen(request, site),
        may_override=may_override(request.user, site),
        initial=_initial(request, site, spaces, people),
    )
    if form.is_valid():
        made: list[Booking] = []
        booker = _booker(form, request.user.pk)
        if done(form, lambda: made.extend(reserve([form.ask], booker, at=now()))):
            return told(request, _("C’est réservé."), managed_page(made[0]))
    shown = FormShown(
        _("Réserver pour une personne"),
        _("Réserver"),
        Link(_("Revenir aux réservations"), reverse("managed_bookings", args=(site.pk,))),
    )
    more = {"search": search, "is_empty": search.is_bound and search.is_valid() and not people}
    crumbs = crumbs_of(site, _list(site))
    return form_page(request, form, shown, crumbs, "bookings/book_for.html", **more)


def _people(site: Site, search: FindPerson) -> list[tuple[int, str]]:
    """Those who belong to the network, or who already booked at this site."""
    text = search.cleaned_data["qui"]
    known = Q(pk__in=Member.objects.filter(territory=site.territory_id).values("person")) | Q(
        pk__in=Booking.objects.filter(site=site).values("person")
    )
    rows = Person.objects.filter(known, is_active=True).filter(
        Q(name__icontains=text) | Q(email__istartswith=text)
    )
    return [(pk, f"{name} ({email})") for pk, name, email in _named(rows)[:MOST_FOUND]]


def _chosen(request: HttpRequest, site: Site) -> list[tuple[int, str]]:
    """Whoever the form names, among the same people."""
    asked = request.POST.get("personne", "")
    if not asked.isdigit():
        return []
    known = Q(memberships__territory=site.territory_id) | Q(bookings__site=site)
    rows = Person.objects.filter(known, pk=int(asked), is_active=True).distinct()
    return [(pk, f"{name} ({email})") for pk, name, email in _named(rows)]


def _named(rows: QuerySet[Person]) -> QuerySet[Person, tuple[int, str, str]]:
    return rows.order_by("name", "pk").values_list("pk", "name", "email")


def _booker(form: BookFor, by: int | None) -> Booker:
    typed = form.cleaned_data
    person = Person.objects.filter(pk=typed.get("personne") or 0).first()
    guest = None if person else Guest(typed["nom"], typed.get("courriel", ""))
    return Booker(
        person,
        by,
        guest=guest,
        purpose=typed.get("objet", ""),
        override_reason=typed.get("malgre", ""),
    )


def _initial(
    request: HttpRequest, site: Site, spaces: list[Space], people: list[tuple[int, str]]
) -> dict[str, Any]:
    hour = local(now(), site).replace(minute=0) + timedelta(hours=1)
    asked = request.GET.get("jour", "")
    return {
        "espace": spaces[0].pk,
        "jour": asked or hour.date().isoformat(),
        "de": hour.strftime("%H:%M"),
        "a": (hour + timedelta(hours=2)).strftime("%H:%M"),
        "personnes": 1,
        "personne": people[0][0] if len(people) == 1 else "",
    }

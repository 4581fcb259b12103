"""A series: every date seen before it is booked, then one object whose dates live apart."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.bookings.asked import Booker
from maillage.apps.bookings.forms import Repeat
from maillage.apps.bookings.models import Occurrence, OccurrenceState, Series, State
from maillage.apps.bookings.pages.common import (
    FIND,
    MINE,
    POST,
    WRITING,
    WRONG,
    dialog_page,
    done,
    euros,
    own_page,
    page_of_space,
    slot_of,
    told,
)
from maillage.apps.bookings.payers import payers_of
from maillage.apps.bookings.rules import open_space, person_of
from maillage.apps.bookings.series import book, cancel_dates, retry_skipped
from maillage.apps.bookings.series_dates import HOLIDAY, Dated, preview, reason
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Space
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page, signed_in
from maillage.report import french, moments


@page(rule=signed_in, of=open_space, methods=WRITING)
def series_new(request: HttpRequest, space: Space) -> HttpResponse:
    """The form, then each date with what becomes of it, then the button that books them."""
    me, at = _me(request), now()
    first = _first(request, at)
    form = Repeat(
        request.POST or None,
        space=space,
        payers=payers_of(me, on=at.date()),
        initial={"premier": first, "dernier": first + timedelta(weeks=10), "personnes": 1},
    )
    dates: list[Dated] = []
    if form.is_valid():
        booker = Booker(
            me,
            me.pk,
            payer_organisation_id=form.cleaned_data.get("payeur") or None,
            purpose=form.cleaned_data["objet"],
        )
        if "fait" in request.POST:
            made: list[Series] = []
            if done(form, lambda: made.append(book(form.wanted, booker, at=at).series)):
                return told(
                    request, _("La série est réservée."), reverse("own_series", args=(made[0].pk,))
                )
        done(form, lambda: dates.extend(preview(form.wanted, booker, at=at)))
    free = [one for one in dates if one.is_free]
    context = {
        "form": form,
        "name": f"{space.name}, {space.site.name}",
        "dates": [_date(one) for one in dates],
        "title": _found(len(free), len(dates)) if dates else _("Réserver toutes les semaines"),
        "is_bookable": bool(free),
        "act": ngettext("Réserver {n} date", "Réserver {n} dates", len(free)).format(n=len(free)),
        "total": _total(free),
        "keep": Link(_("Revenir à l’espace"), page_of_space(space)),
        "crumbs": [FIND, Crumb(space.name, page_of_space(space)), Crumb(_("Série"))],
    }
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "bookings/series_new.html", context, status=status)


def _first(request: HttpRequest, at: datetime) -> date:
    """The day she was looking at, else tomorrow."""
    try:
        return date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return at.date() + timedelta(days=1)


def _found(free: int, every: int) -> str:
    if not free:
        return _("Aucune date libre sur {every}").format(every=every)
    if free == every:
        return ngettext("{n} date libre", "Les {n} dates sont libres", every).format(n=every)
    return _("{free} dates libres sur {every}").format(free=free, every=every)


def _total(free: list[Dated]) -> str:
    if not free or any(one.cents is None for one in free):
        return ""
    return euros(sum(one.cents or 0 for one in free))


def _date(one: Dated) -> dict[str, str]:
    return {
        "day": moments.day(one.on),
        "is_free": "oui" if one.is_free else "",
        # the rule says closed, not why
        "says": f"{reason(one.code)}. {one.says}" if one.code == HOLIDAY else one.says,
        "price": "" if one.cents is None else euros(one.cents),
    }


def own_series_of(person: Any, pk: int) -> Series:
    """One of hers."""
    rows = Series.objects.filter(person_id=person.pk).select_related("space__site", "person")
    return get_object_or_404(rows, pk=pk)


@page(rule=signed_in, of=own_series_of)
def own_series(request: HttpRequest, of: Series) -> HttpResponse:
    """Its dates: booked, skipped with why, cancelled."""
    at = now()
    rows = of.occurrences.select_related("booking__site", "booking__space").order_by("on")
    dates = [_occurrence(one) for one in rows]
    left = sum(
        one.booking is not None
        and one.booking.state == State.CONFIRMED
        and one.booking.period.lower > at
        for one in rows
    )
    context = {
        "title": f"{of.space.name}, {of.space.site.name}",
        "hours": f"{moments.clock(of.from_time)} – {moments.clock(of.to_time)}",
        "dates": dates,
        "series_pk": of.pk,
        "left": ngettext("{n} date à venir", "{n} dates à venir", left).format(n=left),
        "cancel": reverse("own_series_cancel", args=(of.pk,)) if left else "",
        "crumbs": [MINE, Crumb(_("Série"))],
    }
    return render(request, "bookings/series.html", context)


def _occurrence(one: Occurrence) -> dict[str, Any]:
    is_skipped = one.state == OccurrenceState.SKIPPED
    return {
        "pk": one.pk,
        "day": moments.day(one.on),
        "state": one.state,
        "label": _("Sautée") if is_skipped else str(OccurrenceState(one.state).label),
        "why": reason(one.why) if is_skipped else "",
        "href": own_page(one.booking) if one.booking else "",
        "is_skipped": is_skipped,
    }


def own_occurrence(person: Any, pk: int, occurrence: int) -> Occurrence:
    """A date of one of hers."""
    series = own_series_of(person, pk)
    return get_object_or_404(
        series.occurrences.select_related("series__space__site"), pk=occurrence
    )


@page(rule=signed_in, of=own_occurrence, methods=POST)
def series_retry(request: HttpRequest, of: Occurrence) -> HttpResponse:
    """Add a date that was skipped."""
    me = _me(request)
    booker = Booker(me, me.pk, payer_organisation_id=of.series.payer_organisation_id)
    made = retry_skipped(of, booker, at=now())
    return told(
        request,
        _("La date est ajoutée : {slot}.").format(slot=slot_of(made)),
        reverse("own_series", args=(of.series_id,)),
    )


@page(rule=signed_in, of=own_series_of, methods=WRITING)
def own_series_cancel(request: HttpRequest, of: Series) -> HttpResponse:
    """All the dates to come, with one message."""
    back = reverse("own_series", args=(of.pk,))
    if request.method == "POST":
        found = cancel_dates(of, by=request.user.pk, at=now())
        count = french.count(len(found.bookings), "date annulée", "dates annulées")
        stay = french.count(len(found.left), "date reste", "dates restent")
        said = _("{count}. {stay} : le délai est passé.").format(count=count, stay=stay)
        return told(request, said if found.left else f"{count}.", back)
    dialog = Dialog(
        _("Annuler les dates à venir ?"),
        _("Celles dont le délai d’annulation gratuite est passé restent réservées."),
        _("Annuler les dates"),
        Link(_("Garder"), back),
    )
    return dialog_page(request, dialog, [MINE, Crumb(_("Série"), back)], _("Annuler"))


def _me(request: HttpRequest) -> Person:
    me = person_of(request.user)
    if me is None:
        raise ValueError("a page of one's own has its person")
    return me

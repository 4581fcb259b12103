"""One's own bookings: what comes, what is asked, what is waited for, what is past."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.apps.bookings import space_words, what_if
from maillage.apps.bookings.asked import Ask, Booker
from maillage.apps.bookings.cancel import cancel, kept_percent
from maillage.apps.bookings.change import change
from maillage.apps.bookings.confirm import confirm
from maillage.apps.bookings.forms import Move, OneSlot
from maillage.apps.bookings.models import Booking, Closed, Series, State, Wait, WaitState
from maillage.apps.bookings.pages.common import (
    MINE,
    POST,
    WRITING,
    WRONG,
    dialog_page,
    done,
    euros,
    local,
    own_page,
    row_of,
    slot_of,
    told,
)
from maillage.apps.bookings.rules import own, own_booking, person_of
from maillage.apps.bookings.waiting import accept, wait, withdraw
from maillage.apps.ledger.models import Charge
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Space
from maillage.kit.clock import now
from maillage.kit.components import Crumb, Dialog, Link
from maillage.kit.pages import page, signed_in
from maillage.report import french, moments

ON_A_PAGE = 20
LIVE = (State.CONFIRMED, State.HOLD)
OVER = (State.CANCELLED, State.REFUSED, State.EXPIRED)
CLOSING = gettext_lazy("Le lieu ferme à ce moment. Ouvrez cette réservation pour choisir la suite")


@page(rule=signed_in)
def own_bookings(request: HttpRequest) -> HttpResponse:
    """To come first; a fixed number of queries."""
    at = now()
    every = own(request.user).select_related("series")
    coming = list(every.filter(state__in=LIVE, period__endswith__gt=at).order_by("period", "pk"))
    closed = _to_answer(coming)
    asked = list(every.filter(state=State.REQUESTED).order_by("period", "pk"))
    past = (
        every.filter(state=State.CONFIRMED, period__endswith__lte=at) | every.filter(state__in=OVER)
    ).order_by("-period", "-pk")
    shown = Paginator(past, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _headline(coming, at),
        "coming": [
            row_of(one, own_page(one), str(CLOSING) if one.pk in closed else _note(one, at))
            for one in coming
        ],
        "asked": [row_of(one, own_page(one)) for one in asked],
        "waits": [_wait(one) for one in _waits(request)],
        "series": [_series(one) for one in _kept_series(request, at)],
        "past": [row_of(one, own_page(one)) for one in shown],
        "shown": shown,
        "base": "?",
    }
    return render(request, "bookings/mine.html", context)


def _headline(coming: list[Booking], at: datetime) -> str:
    """The next one, in a sentence."""
    if not coming:
        return _("Aucune réservation à venir")
    first = coming[0]
    begins = local(first.period.lower, first.site)
    if first.period.lower <= at:
        until = local(first.period.upper, first.site)
        return _("En ce moment : {place}, jusqu’à {hour}").format(
            place=first.site.name, hour=moments.clock(until.time())
        )
    return _("Prochaine place : {place}, {moment}").format(
        place=first.site.name, moment=moments.moment(begins)
    )


def _to_answer(coming: list[Booking]) -> set[int]:
    """Those that a closure touches, while their person has not answered."""
    rows = Closed.objects.filter(
        booking__in=[one.pk for one in coming if one.state == State.CONFIRMED],
        answered_at=None,
        closure__withdrawn_at=None,
    )
    return set(rows.values_list("booking_id", flat=True))


def _note(one: Booking, at: datetime) -> str:
    """Until when it is cancelled for nothing."""
    if one.state == State.HOLD and one.hold_until:
        until = local(one.hold_until, one.site)
        return _("Proposée jusqu’au {moment}").format(moment=moments.moment(until))
    if not kept_percent(one, at):
        return _("Annulation gratuite jusqu’au {moment}").format(
            moment=space_words.cancellable_until(one)
        )
    return _("Le délai d’annulation gratuite est passé")


def _waits(request: HttpRequest) -> QuerySet[Wait]:
    rows = Wait.objects.filter(
        person=_me(request), state__in=(WaitState.WAITING, WaitState.OFFERED)
    )
    return rows.select_related("space__site", "offer").order_by("period", "pk")


def _wait(one: Wait) -> dict[str, Any]:
    site = one.space.site
    begins, ends = local(one.period.lower, site), local(one.period.upper, site)
    return {
        "title": f"{one.space.name}, {site.name}",
        "slot": moments.slot(begins, ends),
        "pk": one.pk,
        "offer": own_page(one.offer) if one.offer and one.state == WaitState.OFFERED else "",
    }


def _kept_series(request: HttpRequest, at: datetime) -> QuerySet[Series]:
    rows = Series.objects.filter(person=_me(request), cancelled_at=None, last_on__gte=at.date())
    return rows.select_related("space__site").order_by("first_on", "pk")


def _series(one: Series) -> dict[str, str]:
    return {
        "title": f"{one.space.name}, {one.space.site.name}",
        "href": reverse("own_series", args=(one.pk,)),
        "hours": f"{moments.clock(one.from_time)} – {moments.clock(one.to_time)}",
        "dates": _("du {first} au {last}").format(
            first=french.day(one.first_on), last=french.day(one.last_on)
        ),
    }


@page(rule=signed_in, of=own_booking)
def booking_page(request: HttpRequest, of: Booking) -> HttpResponse:
    """Everything about one: what it is, what it costs, until when it changes."""
    at = now()
    is_live = of.state in (State.CONFIRMED, State.REQUESTED, State.HOLD)
    is_to_come = of.period.lower > at
    context = {
        "row": row_of(of, own_page(of)),
        "slot": slot_of(of),
        "site_href": of.site.get_absolute_url(),
        "address": _address(of),
        "party": space_words.people(of),
        "purpose": of.purpose,
        "payer": of.payer_organisation.name if of.payer_organisation else "",
        "charges": _charges(of),
        "price": "" if of.price_cents is None else euros(of.price_cents),
        "note": _note(of, at) if of.state in LIVE and is_to_come else "",
        "decision": of.decision_note,
        "is_offer": of.state == State.HOLD and of.hold_until is not None and of.hold_until > at,
        "may_change": of.state == State.CONFIRMED and of.period.upper > at,
        "may_cancel": is_live and is_to_come,
        "closed": _closed(of),
        "crumbs": [MINE, Crumb(of.reference)],
    }
    return render(request, "bookings/booking.html", context)


def _address(of: Booking) -> str:
    return ", ".join(part for part in (of.site.address, of.site.commune_name) if part)


def _charges(of: Booking) -> list[dict[str, str]]:
    rows = Charge.objects.of("booking", of.pk)
    return [{"label": one.label, "amount": euros(one.amount_cents)} for one in rows]


def _closed(of: Booking) -> dict[str, Any] | None:
    """The closure that touches it, while its person has not answered."""
    row = of.closed.filter(answered_at=None).select_related("closure", "alternative__site").first()
    if row is None or row.closure.withdrawn_at or of.state != State.CONFIRMED:
        return None
    other = row.alternative
    return {
        "reason": row.closure.reason,
        "alternative": f"{other.name}, {other.site.name}, {other.site.commune_name}"
        if other
        else "",
        "pk": row.pk,
    }


def _named(space: Space) -> str:
    return f"{space.name}, {space.site.name}, {space.site.commune_name}"


@page(rule=signed_in, of=own_booking, methods=POST)
def booking_confirm(request: HttpRequest, of: Booking) -> HttpResponse:
    """Take the seat that was kept for her."""
    row = Wait.objects.filter(offer=of).first()
    if row is not None:
        accept(row, by=request.user.pk, at=now())
    else:
        confirm(of, by=request.user.pk, at=now())
    return told(request, _("C’est réservé."), own_page(of))


@page(rule=signed_in, of=own_booking, methods=WRITING)
def booking_cancel(request: HttpRequest, of: Booking) -> HttpResponse:
    """The deadline and the exact consequence, then the act."""
    at = now()
    if request.method == "POST":
        cancel(of, by=request.user.pk, at=at)
        return told(request, _("La réservation est annulée."), reverse("own_bookings"))
    is_request = of.state != State.CONFIRMED
    dialog = Dialog(
        _("Retirer cette demande ?") if is_request else _("Annuler cette réservation ?"),
        f"{of.space.name}, {of.site.name} : {slot_of(of)}. {consequence(of, at)}",
        _("Retirer la demande") if is_request else _("Annuler la réservation"),
        Link(_("Garder"), own_page(of)),
    )
    return dialog_page(request, dialog, [MINE, Crumb(of.reference, own_page(of))], _("Annuler"))


def consequence(of: Booking, at: datetime, *, is_manager: bool = False) -> str:
    """What is given back and what is kept, to the cent."""
    if of.state != State.CONFIRMED:
        return _("Rien ne vous sera demandé.")
    found = what_if.cancelled(of, at=at, is_manager=is_manager)
    deadline = space_words.cancellable_until(of)
    if found.kept_percent:
        kept = space_words.kept_words(found.kept_percent)
        return _(
            "L’annulation était gratuite jusqu’au {deadline} : {kept} reste dû, {given} rendus."
        ).format(deadline=deadline, kept=kept, given=euros(found.given_back_cents))
    given = []
    if found.given_back_cents:
        given.append(euros(found.given_back_cents))
    if found.tickets:
        given.append(french.count(found.tickets, "ticket"))
    if found.units:
        given.append(
            french.count(found.units, "unité de votre abonnement", "unités de votre abonnement")
        )
    back = _("Vous récupérez {what}.").format(what=french.listed(given)) if given else ""
    if is_manager:
        return back or _("Rien n’avait été compté.")
    free = _("Annulation gratuite jusqu’au {deadline}.").format(deadline=deadline)
    return f"{free} {back}".strip()


@page(rule=signed_in, of=own_booking, methods=WRITING)
def booking_change(request: HttpRequest, of: Booking) -> HttpResponse:
    """Another time or another space: the difference is told, then the change is made."""
    me = _me(request)
    form = Move(
        request.POST or None,
        space=of.space,
        spaces=_same_kind(of),
        initial=initial_of(of),
    )
    booker = Booker(me, me.pk, payer_organisation_id=of.payer_organisation_id)
    return change_pages(request, of, form, booker, own_page(of), [MINE])


def change_pages(
    request: HttpRequest,
    of: Booking,
    form: Move,
    booker: Booker,
    back: str,
    crumbs: list[Crumb],
) -> HttpResponse:
    """The form, then what it would cost with the button that does it."""
    found: dict[str, Any] = {}
    if form.is_valid():
        ask, at = form.ask, now()
        if "fait" in request.POST:
            version = request.POST.get("version", "")
            asked = int(version) if version.isdigit() else 0
            if done(form, lambda: change(of, ask, booker, version=asked, at=at)):
                return told(request, _("La réservation est déplacée."), back)
        else:
            done(form, lambda: found.update(_told(of, ask, booker, form, at)))
    context = {
        "form": form,
        "found": found,
        "slot": f"{of.space.name}, {of.site.name} : {slot_of(of)}",
        "version": of.version,
        "keep": Link(_("Garder comme c’est"), back),
        "crumbs": [*crumbs, Crumb(of.reference, back), Crumb(_("Déplacer"))],
    }
    status = WRONG if form.is_bound and form.errors else 200
    return render(request, "bookings/change.html", context, status=status)


def _told(of: Booking, ask: Ask, booker: Booker, form: Move, at: datetime) -> dict[str, Any]:
    moved = what_if.moved(of, ask, booker, at=at)
    begins, ends = local(ask.period.begins, of.site), local(ask.period.ends, of.site)
    return {
        "slot": f"{form.space.name}, {of.site.name} : {moments.slot(begins, ends)}",
        "difference": _difference(moved),
        "price": "" if moved.after_cents is None else euros(moved.after_cents),
    }


def _difference(moved: what_if.Moved) -> str:
    more = moved.more_cents
    if more is None:
        return _("Le tarif n’est pas renseigné : le lieu vous le dira.")
    if more > 0:
        return _("{amount} de plus que maintenant.").format(amount=euros(more))
    if more < 0:
        return _("{amount} de moins que maintenant.").format(amount=euros(-more))
    return _("Le prix ne change pas.")


def initial_of(of: Booking) -> dict[str, Any]:
    """The form as the booking is."""
    begins, ends = local(of.period.lower, of.site), local(of.period.upper, of.site)
    return {
        "espace": of.space_id,
        "jour": begins.date(),
        "de": begins.strftime("%H:%M"),
        "a": ends.strftime("%H:%M"),
        "personnes": of.party,
        "entier": of.is_whole,
    }


def _same_kind(of: Booking) -> list[Space]:
    """The spaces of its site to which it may move; its own is one of them."""
    rows = Space.objects.bookable().filter(site=of.site_id, kind=of.space.kind)
    found = list(rows.select_related("site").order_by("rank", "name"))
    return found if of.space in found else [of.space, *found]


@page(rule=signed_in, methods=POST)
def wait_add(request: HttpRequest) -> HttpResponse:
    """Be told when that slot becomes free."""
    form = OneSlot(request.POST)
    ask = form.ask if form.is_valid() else None
    if ask is None:
        return redirect("find_place")
    wait(ask, _me(request), at=now())
    return told(
        request, _("C’est noté. Vous recevrez un message si une place se libère."), MINE.href
    )


def own_wait(person: Any, pk: int) -> Wait:
    """One of hers."""
    rows = Wait.objects.filter(person_id=person.pk).select_related("space__site")
    return get_object_or_404(rows, pk=pk)


@page(rule=signed_in, of=own_wait, methods=POST)
def wait_withdraw(request: HttpRequest, of: Wait) -> HttpResponse:
    """Wait no longer."""
    withdraw(of, by=request.user.pk, at=now())
    return told(request, _("Vous n’attendez plus cette place."), MINE.href)


def _me(request: HttpRequest) -> Person:
    me = person_of(request.user)
    if me is None:
        raise ValueError("a page of one's own has its person")
    return me

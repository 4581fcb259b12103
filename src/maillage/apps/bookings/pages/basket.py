"""The one checkout: several slots, their total, their conditions; booked all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.apps.bookings import basket, guest, offers, space_words
from maillage.apps.bookings.asked import Ask, Booker, Guest
from maillage.apps.bookings.basket import Checked
from maillage.apps.bookings.forms import Checkout, ComeAsGuest, OneSlot
from maillage.apps.bookings.models import Booking, State
from maillage.apps.bookings.offers import Demand, Offer
from maillage.apps.bookings.pages.common import (
    FIND,
    POST,
    WRITING,
    WRONG,
    euros,
    hidden,
    own_page,
    page_of_space,
    slot,
    slot_of,
)
from maillage.apps.bookings.pages.find import conditions, why
from maillage.apps.bookings.payers import payers_of
from maillage.apps.bookings.price import Who
from maillage.apps.bookings.reserve import NoSeatLeft
from maillage.apps.bookings.rules import person_of
from maillage.apps.people.models import Person
from maillage.kit.clock import now
from maillage.kit.components import Crumb
from maillage.kit.pages import anyone, page
from maillage.kit.refusal import Refusal
from maillage.kit.throttle import Limit, address_of, count
from maillage.report import moments

HOLDS_OF_ADDRESS = Limit("seats kept from an address", 20, timedelta(hours=1))
HOLDS_OF_EMAIL = Limit("seats kept for an e-mail", 5, timedelta(hours=1))
CONFLICT = 409


@dataclass(frozen=True)
class Line:
    """A slot of the basket, in words; `others` are the slots offered instead of it."""

    number: int
    title: str
    href: str
    slot: str
    party: str
    price: str
    why: str
    conditions: str
    others: Sequence[dict[str, Any]] = ()


@page(rule=anyone, methods=POST)
def basket_add(request: HttpRequest) -> HttpResponse:
    """A button of a list: this slot, in the basket."""
    ask = _asked(request)
    if ask is not None:
        basket.add(request.session, ask)
    return redirect("basket")


@page(rule=anyone, methods=POST)
def basket_change(request: HttpRequest, number: int) -> HttpResponse:
    """Another slot instead of this one; without a slot, it is taken away."""
    ask = _asked(request)
    if ask is None:
        basket.remove(request.session, number)
        messages.success(request, _("Ce créneau est retiré."))
    else:
        basket.replace(request.session, number, ask)
    return redirect("basket")


@page(rule=anyone, methods=WRITING)
def checkout(request: HttpRequest) -> HttpResponse:
    """Read again, then book."""
    me = person_of(request.user)
    if request.method != "POST":
        return _shown(request, _form(request, me), None)
    form = _form(request, me)
    if not form.is_valid():
        return _shown(request, form, None)
    try:
        return _book(request, me, form.cleaned_data)
    except NoSeatLeft as refusal:
        return _shown(request, form, refusal, refusal)
    except Refusal as refusal:
        return _shown(request, form, refusal)


def _asked(request: HttpRequest) -> Ask | None:
    form = OneSlot(request.POST)
    return form.ask if form.is_valid() else None


def _form(request: HttpRequest, me: Person | None) -> Checkout | ComeAsGuest:
    typed = request.POST if request.method == "POST" else None
    if me is None:
        return ComeAsGuest(typed)
    return Checkout(typed, payers=payers_of(me, on=now().date()))


def _book(request: HttpRequest, me: Person | None, typed: dict[str, Any]) -> HttpResponse:
    at = now()
    held = basket.asks(request.session)
    checked = Checked(request.POST.get("jeton", "")[:64], request.POST.get("vu", "")[:32])
    if me is None:
        return _book_as_guest(request, held, checked, typed, at)
    booker = Booker(
        me, me.pk, payer_organisation_id=typed.get("payeur") or None, purpose=typed.get("objet", "")
    )
    references = basket.book(held, booker, checked, at=at)
    basket.clear(request.session)
    rows = list(
        Booking.objects.filter(reference__in=references)
        .select_related("space__site")
        .order_by("pk")
    )
    messages.success(request, said(rows))
    return redirect(own_page(rows[0]) if len(rows) == 1 else "own_bookings")


def _book_as_guest(
    request: HttpRequest,
    held: Sequence[Ask],
    checked: Checked,
    typed: dict[str, Any],
    at: datetime,
) -> HttpResponse:
    email = typed["courriel"].strip().lower()
    count(HOLDS_OF_ADDRESS, address_of(request), at=at)
    count(HOLDS_OF_EMAIL, email, at=at)
    who = Guest(typed["nom"], email)
    is_kept = guest.book(held, who, checked, purpose=typed["objet"], at=at)
    basket.clear(request.session)
    until = moments.clock((at + guest.HOLD).time()) if is_kept else ""
    return render(request, "bookings/guest_sent.html", {"until": until, "crumbs": [FIND]})


def said(rows: Sequence[Booking]) -> str:
    """« C’est réservé. Lancié, mercredi 17 mars, 8 h 30 – 12 h 30. Annulation… »."""
    first = rows[0]
    if len(rows) > 1:
        asked = sum(one.state == State.REQUESTED for one in rows)
        done = ngettext(
            "C’est fait : {n} créneau réservé.",
            "C’est fait : {n} créneaux réservés.",
            len(rows) - asked,
        ).format(n=len(rows) - asked)
        sent = ngettext("{n} demande envoyée.", "{n} demandes envoyées.", asked).format(n=asked)
        return f"{done} {sent}" if asked else done
    place = f"{first.site.name}, {slot_of(first)}."
    if first.state == State.REQUESTED:
        return _("Demande envoyée. {place} Le lieu vous répondra par courriel.").format(place=place)
    return _("C’est réservé. {place} Annulation gratuite jusqu’au {moment}.").format(
        place=place, moment=space_words.cancellable_until(first)
    )


def _shown(
    request: HttpRequest,
    form: Checkout | ComeAsGuest,
    refusal: Refusal | None,
    full: NoSeatLeft | None = None,
) -> HttpResponse:
    held = basket.asks(request.session)
    settings = basket.settings_for(held)
    demands = [Demand(settings[one.space_id], one) for one in held if one.space_id in settings]
    me = person_of(request.user)
    payer = form.data.get("payeur", "") if form.is_bound else ""
    who = Who(me.pk if me else None, int(payer) or None if payer.isdigit() else None)
    told = offers.in_turn(demands, who)
    wrong = basket.refused_one(held, settings, full) if full else None
    context = {
        "form": form,
        "lines": [
            _line(n, one, offer, full if n == wrong else None)
            for n, (one, offer) in enumerate(zip(demands, told, strict=True))
        ],
        "total": _total(told),
        "title": _title(demands),
        "act": _act(demands),
        "refusal": str(refusal) if refusal else "",
        "token": token_urlsafe(16),
        "seen": basket.digest(held),
        "is_known": me is not None,
        "minutes": int(guest.HOLD.total_seconds() // 60),
        "crumbs": [FIND, Crumb(_("Confirmer"))],
    }
    status = CONFLICT if refusal else WRONG if form.is_bound and form.errors else 200
    return render(request, "bookings/basket.html", context, status=status)


def _title(demands: Sequence[Demand]) -> str:
    if not demands:
        return _("Aucun créneau choisi")
    if len(demands) > 1:
        return _("{n} créneaux à confirmer").format(n=len(demands))
    if demands[0].setting.space.needs_approval:
        return _("Une demande à envoyer")
    return _("Un créneau à confirmer")


def _act(demands: Sequence[Demand]) -> str:
    asked = sum(one.setting.space.needs_approval for one in demands)
    if asked == len(demands):
        return _("Envoyer la demande") if asked == 1 else _("Envoyer les demandes")
    if len(demands) == 1:
        return _("Confirmer la réservation")
    return _("Confirmer les {n} créneaux").format(n=len(demands))


def _total(told: Sequence[Offer]) -> str:
    """What they come to together, when there is more than one and each has a price."""
    if len(told) < 2 or any(one.cents is None for one in told):
        return ""
    return euros(sum(one.cents or 0 for one in told))


def _line(number: int, one: Demand, offer: Offer, full: NoSeatLeft | None) -> Line:
    space, ask = one.setting.space, one.ask
    others = [
        {
            "text": slot(period, space.site),
            "fields": hidden(Ask(ask.space_id, period, ask.party, ask.is_whole)),
        }
        for period in (full.slots if full else ())
    ]
    return Line(
        number=number,
        title=f"{space.name}, {space.site.name}",
        href=page_of_space(space),
        slot=slot(ask.period, space.site),
        party=space_words.party(ask.party, is_whole=ask.is_whole),
        price=offer.text,
        why=why(offer),
        conditions=conditions(one),
        others=others,
    )

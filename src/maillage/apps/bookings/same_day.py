"""What somebody already booked that day: the cheaper combination of the whole day is charged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Q

from maillage.apps.bookings.asked import period_of
from maillage.apps.bookings.models import Booking, State
from maillage.apps.ledger.models import Charge
from maillage.apps.memberships.models import Use
from maillage.apps.sites.models import SoldBy, Space
from maillage.core import periods, tariffs
from maillage.core.bad_input import BadInput
from maillage.core.money import with_tax
from maillage.core.periods import Period
from maillage.core.tariffs import Quote

DIFFERENCE = "difference"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Others:
    """Her confirmed bookings around some days, with the same payer."""

    bookings: tuple[Booking, ...] = ()

    def upgraded(
        self,
        alone: Quote,
        lists: Sequence[tariffs.PriceList],
        space: Space,
        use: tariffs.Use,
    ) -> Quote:
        """The quote, or what is left to pay once the day is counted as a whole.

        Only money is compared: what tickets or a plan pay stays as it is.
        """
        same = self._of_the_day(space, use)
        if alone.spends or not same:
            return alone
        paid = _paid(same)
        if paid is None:
            return alone
        whole = _whole(lists, use, [period_of(b.period) for b in same])
        if whole is None or len(whole.by_rate) != 1:
            return alone
        due = max(whole.total_cents - paid, 0)
        if due >= alone.total_cents:
            return alone
        return Quote((_difference(whole, paid, same),), (), alone.why)

    def _of_the_day(self, space: Space, use: tariffs.Use) -> list[Booking]:
        days = periods.local_days(use.period, use.zone)
        if len(days) > 1:
            return []
        today = periods.day(days[0], use.zone)
        found = []
        for booking in self.bookings:
            period = period_of(booking.period)
            is_same = (
                booking.site_id == space.site_id
                and booking.space.kind == space.kind
                and _seats(booking) == use.seats
                and period.shared(today) == period
                and not period.overlaps(use.period)
            )
            if is_same:
                found.append(booking)
        return found


def _seats(booking: Booking) -> int:
    """How many times its price is asked; 0 for desks taken all together, never combined."""
    if not booking.is_whole:
        return booking.party
    return int(booking.space.sold_by == SoldBy.WHOLE)


def others(person_id: int | None, organisation_id: int | None, within: Period) -> Others:
    """Those of a person on these days, paid by her or by this body."""
    if person_id is None:
        return Others()
    rows = Booking.objects.filter(
        person_id=person_id,
        payer_organisation_id=organisation_id,
        state=State.CONFIRMED,
        price_cents__gt=0,
        period__overlap=(within.begins - A_DAY, within.ends + A_DAY),
    ).select_related("space")
    return Others(tuple(rows.order_by("pk")))


def linked(booking: Booking) -> list[Booking]:
    """The other bookings of her day that are counted together with this one."""
    keys = _together({booking.pk}) - {booking.pk}
    rows = Booking.objects.filter(pk__in=keys).select_related("space__site", "site")
    return [row for row in rows.order_by("pk") if _counts(row)]


def _counts(row: Booking) -> bool:
    """Still hers, or cancelled in time: what a late cancellation keeps is not shared."""
    if row.state == State.CONFIRMED:
        return True
    is_in_time = row.ended_at is not None and row.ended_at <= row.free_until
    return row.state == State.CANCELLED and is_in_time


def _together(keys: set[int]) -> set[int]:
    """These bookings, and all those whose charges name one of them or are named by one."""
    found = set(keys)
    while True:
        of_them = Q(origin_key__in=[str(pk) for pk in found], why__has_key=DIFFERENCE)
        for pk in found:
            of_them |= Q(why__contains={DIFFERENCE: {"with": [pk]}})
        more = set(found)
        for key, why in Charge.objects.filter(of_them, origin_kind="booking").values_list(
            "origin_key", "why"
        ):
            more |= {int(key), *why[DIFFERENCE]["with"]}
        if more == found:
            return found
        found = more


def _paid(bookings: Sequence[Booking]) -> int | None:
    """What they cost, tax included; None when tickets or a plan paid some of it."""
    keys = [str(b.pk) for b in bookings]
    used = Use.objects.filter(origin_kind="booking", origin_key__in=keys, employer_seat=None)
    if used.standing().exists():
        return None
    every = {b.pk: b for b in bookings}
    every |= {b.pk: b for booking in bookings for b in linked(booking)}
    return sum(standing_cents(pk) for pk in every)


def standing_cents(booking_id: int) -> int:
    """What is still owed for a booking, tax included."""
    return sum(to_pay_cents(c) for c in Charge.objects.of("booking", booking_id))


def to_pay_cents(charge: Charge) -> int:
    """Of a charge, tax included."""
    if charge.includes_tax:
        return charge.amount_cents
    sign = -1 if charge.amount_cents < 0 else 1
    return sign * with_tax(abs(charge.amount_cents), charge.vat_rate_bp)


def _whole(
    lists: Sequence[tariffs.PriceList], use: tariffs.Use, with_: Sequence[Period]
) -> Quote | None:
    every = sorted([use.period, *with_])
    span = Period(every[0].begins, max(p.ends for p in every))
    try:
        return tariffs.quote(lists, replace(use, period=span, open=tuple(every)))
    except BadInput:
        return None


def _difference(whole: Quote, paid: int, same: Sequence[Booking]) -> tariffs.Line:
    """One line: what is left to pay, and what it is made of."""
    first = whole.lines[0]
    due = max(whole.total_cents - paid, 0)
    facts = {
        "with": [b.pk for b in same],
        "whole_cents": whole.total_cents,
        "counted_cents": paid,
    }
    return replace(
        first,
        price=replace(first.price, cents=due, includes_tax=True, free_until=None),
        quantity=1,
        why=(tariffs.Why(DIFFERENCE, facts),),
    )

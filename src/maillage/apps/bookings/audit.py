"""What must never be among bookings, counted on live data; a sound base has none of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

# expired holds are swept each minute, and by whoever wants their seat before
SWEPT_WITHIN = timedelta(minutes=5)
GUARDS = (
    "a_seat_is_taken_once_at_a_time",
    "an_occupancy_has_a_finite_period",
    "an_occupancy_has_one_cause",
    "a_booking_has_a_finite_period",
    "a_hold_and_only_a_hold_expires",
)


@dataclass(frozen=True)
class Forbidden:
    """One forbidden thing: identifiers of what shows it, never a name."""

    name: str
    says: str
    found: tuple[str, ...]


_OVERLAPS = """
SELECT a.id || '-' || b.id FROM bookings_occupancy a
JOIN bookings_occupancy b ON b.seat_id = a.seat_id AND b.id > a.id AND b.period && a.period
ORDER BY a.id
"""
# seats of a live booking that one of its rows covers from its beginning to its end
_UNCOVERED = """
SELECT booking.reference FROM bookings_booking booking
LEFT JOIN bookings_occupancy row ON row.booking_id = booking.id AND row.period @> booking.period
WHERE booking.state = 'confirmed' OR (booking.state = 'hold' AND booking.hold_until > %(at)s)
GROUP BY booking.id
HAVING count(DISTINCT row.seat_id) < CASE WHEN booking.is_whole THEN 1 ELSE booking.party END
ORDER BY booking.id
"""
# a whole space, to come, in which one may still sit beside it
_NOT_WHOLE = """
SELECT booking.reference FROM bookings_booking booking
JOIN sites_space leaf ON booking.space_id = ANY(leaf.path) AND leaf.removed_at IS NULL
JOIN sites_seat seat ON seat.space_id = leaf.id AND seat.removed_at IS NULL
    AND seat.out_of_order_since IS NULL
WHERE booking.is_whole AND booking.state = 'confirmed' AND upper(booking.period) > %(at)s
  AND NOT EXISTS (SELECT FROM bookings_occupancy row WHERE row.seat_id = seat.id
                  AND row.booking_id = booking.id AND row.period @> booking.period)
GROUP BY booking.id ORDER BY booking.id
"""
_OF_THE_DEAD = """
SELECT row.id::text FROM bookings_occupancy row
JOIN bookings_booking booking ON booking.id = row.booking_id
WHERE booking.state NOT IN ('hold', 'confirmed')
   OR row.hold_until IS DISTINCT FROM booking.hold_until
ORDER BY row.id
"""
_STUCK = """
SELECT reference FROM bookings_booking
WHERE state = 'hold' AND hold_until < %(at)s - %(swept_within)s::interval ORDER BY id
"""
_ORPHAN_CHARGES = """
SELECT charge.id::text FROM ledger_charge charge
WHERE charge.origin_kind = 'booking'
  AND NOT EXISTS (SELECT FROM bookings_booking WHERE id::text = charge.origin_key)
ORDER BY charge.id
"""
_UNCHARGED = """
SELECT booking.reference FROM bookings_booking booking
WHERE booking.state = 'confirmed' AND booking.price_cents IS NOT NULL
  AND (booking.person_id IS NOT NULL OR booking.payer_organisation_id IS NOT NULL)
  AND NOT EXISTS (SELECT FROM ledger_charge charge WHERE charge.origin_kind = 'booking'
                  AND charge.origin_key = booking.id::text)
ORDER BY booking.id
"""
_UNPRICED = """
SELECT booking.reference FROM bookings_booking booking
JOIN ledger_charge charge ON charge.origin_kind = 'booking'
    AND charge.origin_key = booking.id::text
WHERE booking.state IN ('hold', 'requested', 'refused', 'expired')
GROUP BY booking.id HAVING sum(charge.amount_cents) <> 0
ORDER BY booking.id
"""
_UNTOLD = """
SELECT booking.reference FROM bookings_booking booking
WHERE NOT EXISTS (SELECT FROM journal_entry entry WHERE entry.object_kind = 'booking'
                  AND entry.object_key = booking.id::text)
ORDER BY booking.id
"""
_DEAD_OFFERS = """
SELECT wait.id::text FROM bookings_wait wait
LEFT JOIN bookings_booking offer ON offer.id = wait.offer_id
WHERE wait.state = 'offered' AND offer.state IS DISTINCT FROM 'hold'
ORDER BY wait.id
"""
_BROKEN_SERIES = """
SELECT occurrence.id::text FROM bookings_occurrence occurrence
JOIN bookings_booking booking ON booking.id = occurrence.booking_id
WHERE (occurrence.state = 'booked') <> (booking.state IN ('hold', 'requested', 'confirmed'))
  AND booking.state NOT IN ('refused', 'expired')
ORDER BY occurrence.id
"""
_GUARDS = "SELECT conname FROM pg_constraint WHERE convalidated"

QUERIES: Mapping[str, tuple[str, str]] = {
    "bookings.overlap": ("place prise deux fois en même temps", _OVERLAPS),
    "bookings.uncovered": ("réservation qui ne tient pas ses places", _UNCOVERED),
    "bookings.not_whole": ("espace réservé en entier, une place libre", _NOT_WHOLE),
    "bookings.of_the_dead": ("place tenue par une réservation finie", _OF_THE_DEAD),
    "bookings.stuck_hold": ("réservation retenue au-delà de son délai", _STUCK),
    "bookings.orphan_charge": ("vente d'une réservation absente", _ORPHAN_CHARGES),
    "bookings.uncharged": ("réservation confirmée sans vente", _UNCHARGED),
    "bookings.charged_for_nothing": ("vente d'une réservation qui n'a pas eu lieu", _UNPRICED),
    "bookings.untold": ("réservation sans ligne au journal", _UNTOLD),
    "bookings.dead_offer": ("place proposée qui n'est plus retenue", _DEAD_OFFERS),
    "bookings.broken_series": ("date de série contraire à sa réservation", _BROKEN_SERIES),
}


def forbidden(*, at: datetime) -> tuple[Forbidden, ...]:
    """Every forbidden thing, with what shows it: nothing on a sound base."""
    facts: dict[str, Any] = {"at": at, "swept_within": SWEPT_WITHIN}
    found = []
    with connection.cursor() as cursor:
        for name, (says, query) in QUERIES.items():
            cursor.execute(query, facts)
            found.append(Forbidden(name, says, tuple(key for (key,) in cursor.fetchall())))
        cursor.execute(_GUARDS)
        there = {name for (name,) in cursor.fetchall()}
    missing = tuple(name for name in GUARDS if name not in there)
    return (*found, Forbidden("bookings.unguarded", "protection de la base absente", missing))

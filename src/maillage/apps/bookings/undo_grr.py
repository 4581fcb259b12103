"""Undo an import of GRR: what it made goes away, unless somebody counts on it since."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from maillage.apps.bookings import seats
from maillage.apps.bookings.grr_models import GrrImport, GrrState
from maillage.apps.bookings.models import Booking
from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.sites.models import Seat, Site, Space
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal


class NotDone(Refusal):
    """There is nothing to undo."""

    sentence = "Cet import n'est pas fait, ou il est déjà annulé. Revenez aux imports."


class BookingTouched(Refusal):
    """Somebody changed or cancelled one of them."""

    sentence = (
        "{count} de ces réservations ont changé depuis l'import : l'annuler effacerait ce travail. "
        "Annulez une à une celles que vous ne voulez pas garder."
    )


class PlaceTouched(Refusal):
    """Somebody described the place, or booked there."""

    sentence = (
        "« {name} » a servi depuis l'import : des personnes y ont réservé ou l'ont décrit. Gardez "
        "l'import, et retirez à la main ce qui est en trop."
    )


def undo(of: GrrImport, *, by: int | None, at: datetime) -> GrrImport:
    """Take away the bookings, then the spaces, then the sites that the import made."""
    with transaction.atomic():
        Territory.objects.select_for_update(no_key=True).get(pk=of.territory_id)
        held = GrrImport.objects.select_for_update().select_related("territory").get(pk=of.pk)
        if held.state != GrrState.DONE:
            raise NotDone
        _take_away(held)
        held.state, held.made, held.report = GrrState.UNDONE, {}, []
        held.save(update_fields=["state", "made", "report"])
        record(
            "bookings.undo_grr_import",
            ("grr_import", held.pk),
            by=by,
            at=at,
            scope=held.territory.scopes[0],
        )
    return held


def _take_away(held: GrrImport) -> None:
    made = held.made
    bookings = list(
        Booking.objects.filter(pk__in=made["bookings"])
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    gone = len(made["bookings"]) - len(bookings)
    touched = gone + sum(row.version != 1 for row in bookings)
    if touched:
        raise BookingTouched(count=touched)
    spaces = list(Space.objects.filter(pk__in=made["spaces"]).order_by("-pk"))
    sites = list(Site.objects.filter(pk__in=made["sites"]).order_by("pk"))
    _refuse_used(held, sites, spaces, {row.pk for row in bookings})
    seats.lock_taken(bookings)
    for row in bookings:
        seats.leave(row)
    _delete(Booking.objects.filter(pk__in=[row.pk for row in bookings]), "une réservation")
    _delete(Seat.objects.filter(space__in=spaces), "un espace")
    for space in spaces:
        _delete(Space.objects.filter(pk=space.pk), space.name)
    for site in sites:
        _delete(Site.objects.filter(pk=site.pk), site.name)


def _refuse_used(held: GrrImport, sites: list[Site], spaces: list[Space], own: set[int]) -> None:
    """Whoever acted on a site or a space since the import left a line in the journal."""
    kept = Booking.objects.filter(space__in=spaces) | Booking.objects.filter(site__in=sites)
    other = kept.exclude(pk__in=own).select_related("space").first()
    if other is not None:
        raise PlaceTouched(name=other.space.name)
    since = Entry.objects.filter(at__gt=held.done_at)
    for site in sites:
        if since.filter(scope_kind="site", scope_key=str(site.pk)).exists():
            raise PlaceTouched(name=site.name)
    for space in spaces:
        if since.filter(object_kind="space", object_key=str(space.pk)).exists():
            raise PlaceTouched(name=space.name)


def _delete(rows: Any, name: str) -> None:
    try:
        rows.delete()
    except ProtectedError as error:
        raise PlaceTouched(name=name) from error

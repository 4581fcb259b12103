"""Who takes which seats, when: bookings, what they occupy, series, blocks, the waiting list."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from maillage.apps.bookings.grr_models import GrrImport  # noqa: F401  (models are found here)
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Audience, Seat, Site, Space

FINITE = Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False) & Q(
    period__lower_inc=True, period__upper_inc=False
)


class State(models.TextChoices):
    HOLD = "hold", "Retenue"
    REQUESTED = "requested", "Demandée"
    CONFIRMED = "confirmed", "Confirmée"
    CANCELLED = "cancelled", "Annulée"
    REFUSED = "refused", "Refusée"
    EXPIRED = "expired", "Expirée"


# those whose seats nobody else may take; a hold only until it expires
OCCUPYING = (State.HOLD, State.CONFIRMED)


class Series(models.Model):
    """Bookings that come back: one object, each date of which is an `Occurrence`.

    recurrence  as `core.periods.Recurrence` writes itself
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="series")
    person = models.ForeignKey(Person, models.PROTECT, related_name="series")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="series_paid"
    )
    is_whole = models.BooleanField()
    party = models.PositiveIntegerField(default=1)
    from_time = models.TimeField()
    to_time = models.TimeField()
    first_on = models.DateField()
    last_on = models.DateField()
    recurrence = models.JSONField()
    purpose = models.CharField(max_length=200, blank=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="a_series_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"série {self.pk}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.space.scopes


class BookingQuerySet(models.QuerySet["Booking"]):
    def occupying(self) -> Self:
        """Holds and confirmed bookings."""
        return self.filter(state__in=OCCUPYING)


class Booking(models.Model):
    """Seats of a space, taken or asked for, by someone, for a time.

    reference          in addresses and messages: no order, no count can be read in it
    is_whole, party    the whole space, or as many of its seats
    period             what was asked, without the buffers
    person, guest_*    who comes: an account, or somebody met by e-mail who has none yet
    payer_organisation who pays when it is not the person
    audience           under which rules and prices it was made
    hold_until         a hold is nothing after it
    free_until         cancelled before, nothing is kept; later, `late_kept_percent` is
    price_cents        what its charges come to, as told when it was made; None before it is priced
    override_reason    why a manager went beyond a rule of the space
    """

    reference = models.CharField(max_length=12, unique=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="bookings")
    space = models.ForeignKey(Space, models.PROTECT, related_name="bookings")
    is_whole = models.BooleanField()
    party = models.PositiveIntegerField(default=1)
    period = DateTimeRangeField()
    state = models.CharField(max_length=10, choices=State)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="bookings")
    guest_name = models.CharField(max_length=120, blank=True)
    guest_email = models.EmailField(max_length=254, blank=True)
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="bookings_paid"
    )
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.PUBLIC)
    purpose = models.CharField(max_length=200, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="bookings")
    hold_until = models.DateTimeField(null=True)
    free_until = models.DateTimeField()
    late_kept_percent = models.PositiveSmallIntegerField()
    price_cents = models.BigIntegerField(null=True)
    override_reason = models.CharField(max_length=300, blank=True)
    decision_note = models.CharField(max_length=300, blank=True)
    imported_from = models.CharField(max_length=80, blank=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=FINITE, name="a_booking_has_a_finite_period"),
            models.CheckConstraint(
                condition=Q(state="hold", hold_until__isnull=False)
                | (~Q(state="hold") & Q(hold_until=None)),
                name="a_hold_and_only_a_hold_expires",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("hold", "requested", "confirmed"), ended_at=None)
                | Q(state__in=("cancelled", "refused", "expired"), ended_at__isnull=False),
                name="what_is_over_has_its_date",
            ),
            models.CheckConstraint(condition=Q(party__gte=1), name="a_party_has_somebody"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="booking_state_known"),
            models.UniqueConstraint(
                fields=("site", "imported_from"),
                condition=~Q(imported_from=""),
                name="a_booking_is_imported_once",
            ),
        ]
        indexes = [
            GistIndex(fields=("space", "period"), name="bookings_by_space_and_time"),
            models.Index(fields=("person", "state"), name="bookings_by_person"),
            models.Index(fields=("hold_until",), condition=Q(state="hold"), name="holds_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.site.scopes


class Block(models.Model):
    """Seats kept for a resident, or for an employer's people, on some weekdays until a day.

    release_min   unused, a day is given to others this long before it begins; None: never
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="blocks")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="blocks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="blocks")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    first_on = models.DateField()
    last_on = models.DateField()
    release_min = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None)
                | Q(person=None, organisation__isnull=False),
                name="a_block_is_of_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="a_block_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"bloc {self.pk}"


class Release(models.Model):
    """A day of a block given to others, by its holder or because nobody used it."""

    block = models.ForeignKey(Block, models.CASCADE, related_name="releases")
    on = models.DateField()
    is_automatic = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("block", "on"), name="a_day_is_released_once"),
        ]

    def __str__(self) -> str:
        return f"{self.block_id} {self.on}"


class Occupancy(models.Model):
    """One seat, taken for a time, by a booking or a block: two rows of a seat never overlap.

    period      with the buffers of the space
    hold_until  of a booking that is a hold: past it, whoever wants the seat removes the row
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="occupied")
    booking = models.ForeignKey(Booking, models.CASCADE, null=True, related_name="occupied")
    block = models.ForeignKey(Block, models.CASCADE, null=True, related_name="occupied")
    period = DateTimeRangeField()
    hold_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=FINITE, name="an_occupancy_has_a_finite_period"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False, block=None)
                | Q(booking=None, block__isnull=False, hold_until=None),
                name="an_occupancy_has_one_cause",
            ),
            ExclusionConstraint(
                name="a_seat_is_taken_once_at_a_time",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [GistIndex(fields=("period",), name="occupancy_by_time")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.period}"


class OccurrenceState(models.TextChoices):
    BOOKED = "booked", "Réservée"
    SKIPPED = "skipped", "Passée"
    CANCELLED = "cancelled", "Annulée"


class Occurrence(models.Model):
    """One date of a series; a skipped one keeps why, and may be tried again."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="occurrences")
    on = models.DateField()
    state = models.CharField(max_length=10, choices=OccurrenceState)
    why = models.CharField(max_length=30, blank=True)
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="occurrence")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("series", "on"), name="a_series_meets_a_day_once"),
            models.CheckConstraint(
                condition=Q(state="skipped") | Q(booking__isnull=False),
                name="an_occurrence_that_was_booked_has_its_booking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.on}"


class WaitState(models.TextChoices):
    WAITING = "waiting", "En attente"
    OFFERED = "offered", "Proposée"
    TAKEN = "taken", "Prise"
    WITHDRAWN = "withdrawn", "Retirée"
    PASSED = "passed", "Passée"


class Wait(models.Model):
    """Someone who waits for seats of a space; `offer` is a hold made for her, for a time."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="waits")
    person = models.ForeignKey(Person, models.PROTECT, related_name="waits")
    is_whole = models.BooleanField()
    party = models.PositiveIntegerField(default=1)
    period = DateTimeRangeField()
    state = models.CharField(max_length=10, choices=WaitState, default=WaitState.WAITING)
    offer = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="wait")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=FINITE, name="a_wait_has_a_finite_period"),
            models.CheckConstraint(condition=Q(party__gte=1), name="a_wait_is_for_somebody"),
            models.UniqueConstraint(
                fields=("space", "person", "period"),
                condition=Q(state__in=("waiting", "offered")),
                name="one_waits_once_for_a_slot",
            ),
        ]
        indexes = [
            models.Index(fields=("space", "state", "asked_at"), name="waits_in_order"),
        ]

    def __str__(self) -> str:
        return f"attente {self.pk}"


class Closed(models.Model):
    """A booking that a closure touches, and the alternative its holder was offered."""

    closure = models.ForeignKey("sites.Closure", models.CASCADE, related_name="touched")
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="closed")
    alternative = models.ForeignKey(Space, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("closure", "booking"), name="touched_once"),
        ]

    def __str__(self) -> str:
        return f"{self.closure_id} {self.booking_id}"


class FeedKind(models.TextChoices):
    PERSON = "person", "Mes réservations"
    SPACE = "space", "Un espace"
    SITE = "site", "Un lieu"


class Feed(models.Model):
    """A private address of a calendar: made by a person, replaced, revoked; only its hash is kept.

    key  of the space or the site, "" for her own bookings
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="feeds")
    kind = models.CharField(max_length=10, choices=FeedKind)
    key = models.CharField(max_length=20, blank=True)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("person", "kind", "key"), name="one_feed_of_a_kind_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

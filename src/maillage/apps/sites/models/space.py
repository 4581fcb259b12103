"""The spaces of a site as a tree, their numbered seats, their rules by group and hour."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from maillage.apps.sites.models.site import Site

LONGEST_BUFFER_MIN = 240
LONGEST_HORIZON_DAYS = 800


class SpaceKind(models.TextChoices):
    BUILDING = "building", "Bâtiment"
    OPEN_SPACE = "open_space", "Espace ouvert"
    OFFICE = "office", "Bureau fermé"
    MEETING_ROOM = "meeting_room", "Salle de réunion"
    WORKSHOP = "workshop", "Atelier"
    PHONE_BOX = "phone_box", "Cabine"
    MACHINE = "machine", "Machine"


class SoldBy(models.TextChoices):
    SEAT = "seat", "À la place"
    WHOLE = "whole", "En entier"
    BOTH = "both", "À la place ou en entier"


class Audience(models.TextChoices):
    MEMBER = "member", "Adhérents et abonnés"
    RESIDENT = "resident", "Résidents"
    ASSOCIATION = "association", "Associations"
    PUBLIC = "public", "Tout public"


class SpaceQuerySet(models.QuerySet["Space"]):
    def present(self) -> Self:
        """Those that nobody removed."""
        return self.filter(removed_at=None)

    def bookable(self) -> Self:
        """Those that may be booked."""
        return self.present().filter(is_bookable=True, site__removed_at=None)


class Space(models.Model):
    """A part of a site, as a tree; the seats of a space are those of its leaves.

    path             identifiers of its ancestors and itself, from the top: set by `keep_space`
    opening_hours    its own, "" as its site
    *_min            minutes; `step_min` is the grain of hours that may be asked
    audiences        who may book it; empty: nobody but the managers
    free_cancel_min  cancelled this long before, nothing is kept; later `late_kept_percent` is
    most_ahead       bookings to come that one person may hold, None without limit
    needs_approval   a manager decides on each request
    needs_certification  of its machine
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="spaces")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    path = ArrayField(models.BigIntegerField(), default=list)
    kind = models.CharField(max_length=20, choices=SpaceKind)
    name = models.CharField(max_length=120)
    rank = models.PositiveSmallIntegerField(default=0)
    sold_by = models.CharField(max_length=10, choices=SoldBy, default=SoldBy.WHOLE)
    is_bookable = models.BooleanField(default=True)
    area_m2 = models.FloatField(null=True)
    most_people = models.PositiveIntegerField(null=True)
    opening_hours = models.CharField(max_length=300, blank=True)
    buffer_before_min = models.PositiveSmallIntegerField(default=0)
    buffer_after_min = models.PositiveSmallIntegerField(default=0)
    step_min = models.PositiveSmallIntegerField(default=30)
    shortest_min = models.PositiveIntegerField(default=30)
    longest_min = models.PositiveIntegerField(null=True)
    notice_min = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveSmallIntegerField(default=180)
    most_ahead = models.PositiveSmallIntegerField(null=True)
    needs_approval = models.BooleanField(default=False)
    needs_certification = models.BooleanField(default=False)
    audiences = ArrayField(models.CharField(max_length=20, choices=Audience), default=list)
    free_cancel_min = models.PositiveIntegerField(default=60)
    late_kept_percent = models.PositiveSmallIntegerField(default=100)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("site", "name"),
                condition=Q(removed_at=None),
                name="one_space_per_name_in_a_site",
            ),
            models.CheckConstraint(
                condition=Q(
                    buffer_before_min__lte=LONGEST_BUFFER_MIN,
                    buffer_after_min__lte=LONGEST_BUFFER_MIN,
                    horizon_days__lte=LONGEST_HORIZON_DAYS,
                ),
                name="buffers_and_horizon_are_bounded",
            ),
            models.CheckConstraint(
                condition=Q(step_min__in=(5, 10, 15, 20, 30, 60)) & Q(shortest_min__gt=0),
                name="a_step_divides_the_hour",
            ),
            models.CheckConstraint(
                condition=Q(longest_min=None) | Q(longest_min__gte=F("shortest_min")),
                name="the_longest_is_not_below_the_shortest",
            ),
            models.CheckConstraint(
                condition=Q(late_kept_percent__lte=100), name="what_is_kept_is_at_most_all"
            ),
        ]
        indexes = [GinIndex(fields=("path",), name="spaces_by_path")]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.site.scopes


class Seat(models.Model):
    """A numbered place of a leaf: a room has one, an open space as many as it has desks.

    plan  the floor plan it stands on
    x, y  on that plan, percent from its left and top
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="seats")
    plan = models.ForeignKey("sites.FloorPlan", models.SET_NULL, null=True, related_name="seats")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    out_of_order_since = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("space", "number"), name="seats_are_numbered"),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__range=(0, 100), y__range=(0, 100)),
                name="a_seat_is_on_its_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.number)


class RuleKind(models.TextChoices):
    ONLY = "only", "Réservé à"
    AT_MOST = "at_most", "Durée maximale"


class SpaceRule(models.Model):
    """A rule of a space by group and hour: these hours of these weekdays, this audience.

    kind         "only": nobody else then; "at_most": `most_min` minutes for this audience then
    weekdays     0 Monday to 6 Sunday
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=10, choices=RuleKind)
    audience = models.CharField(max_length=20, choices=Audience)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    from_time = models.TimeField()
    to_time = models.TimeField()
    most_min = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_time__gt=F("from_time")), name="a_rule_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(kind="only", most_min=None) | Q(kind="at_most", most_min__gt=0),
                name="a_limit_has_its_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.audience}"

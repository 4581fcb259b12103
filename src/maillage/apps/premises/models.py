"""Premises of a territory: what is known of each, its rooms, the weights, the imports."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from maillage.apps.territories.models import Territory


class Kind(models.TextChoices):
    BUILDING = "building", "Bâtiment"
    SHOP = "shop", "Commerce"
    BUSINESS_PARK = "business_park", "Zone d’activité"


class State(models.TextChoices):
    EXISTING = "existing", "Existant"
    PLANNED = "planned", "Prévu"


class Works(models.TextChoices):
    NONE = "none", "Aucun"
    LIGHT = "light", "Légers"
    HEAVY = "heavy", "Lourds"


class Owner(models.TextChoices):
    COMMUNE = "commune", "Commune"
    EPCI = "epci", "Intercommunalité"
    STATE = "state", "État ou autre public"
    ASSOCIATION = "association", "Association"
    PRIVATE = "private", "Privé"


class Host(models.TextChoices):
    RESTAURANT = "restaurant", "Café ou restaurant"
    BAKERY = "bakery", "Boulangerie"
    GROCERY = "grocery", "Épicerie ou supérette"
    POST = "post", "Point poste"
    LIBRARY = "library", "Bibliothèque"
    SERVICE_HOUSE = "service_house", "France services"
    OTHER = "other", "Autre commerce"


class PositionOrigin(models.TextChoices):
    DECLARED = "declared", "Point indiqué"
    TOWN = "town", "Milieu du bourg"


class PremisesQuerySet(models.QuerySet["Premises"]):
    def present(self) -> Self:
        """Those that nobody removed."""
        return self.filter(removed_at=None)


class Premises(models.Model):
    """A building, a shop or a business park that could hold a place; "" and None are unknown.

    ref              its identifier in the lists of the territory, "" without one
    motorway_exit    the exit its minutes lead to, in words
    *_min            minutes by car that somebody declared; unknown ones may be modelled
    version          grows with each change, of its rooms too
    removed_at       removed, and ready to be put back
    """

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="premises")
    ref = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=160)
    commune_code = models.CharField(max_length=5)
    commune_name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, blank=True)
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    position_origin = models.CharField(max_length=10, choices=PositionOrigin, blank=True)
    area_m2 = models.FloatField(null=True)
    fibre = models.BooleanField(null=True)
    step_free = models.BooleanField(null=True)
    works = models.CharField(max_length=10, choices=Works, blank=True)
    owner = models.CharField(max_length=12, choices=Owner, blank=True)
    rented = models.BooleanField(null=True)
    host = models.CharField(max_length=20, choices=Host, blank=True)
    opening_hours = models.CharField(max_length=300, blank=True)
    motorway_exit = models.CharField(max_length=80, blank=True)
    motorway_min = models.PositiveSmallIntegerField(null=True)
    services_min = models.PositiveSmallIntegerField(null=True)
    station_min = models.PositiveSmallIntegerField(null=True)
    notes = models.TextField(max_length=2_000, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = PremisesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("territory", "commune_code", "name"),
                condition=Q(removed_at=None),
                name="one_premises_per_name_in_a_commune",
            ),
            models.UniqueConstraint(
                fields=("territory", "ref"),
                condition=Q(removed_at=None) & ~Q(ref=""),
                name="one_premises_per_ref",
            ),
            models.CheckConstraint(
                condition=Q(position_origin="", lon=None, lat=None)
                | (~Q(position_origin="") & Q(lon__isnull=False) & Q(lat__isnull=False)),
                name="a_position_is_whole_and_has_an_origin",
            ),
            models.CheckConstraint(
                condition=Q(area_m2=None) | Q(area_m2__gt=0), name="premises_have_an_area_above_0"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="premises_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="premises_have_a_name"),
        ]
        indexes = [
            models.Index(fields=("territory", "removed_at"), name="premises_by_territory"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return (("territory", self.territory_id),)

    def get_absolute_url(self) -> str:
        """Its sheet."""
        return reverse("premises", args=(self.territory_id, self.pk))


class Room(models.Model):
    """Some rooms of one function; `area_m2` and `seats` are those of each."""

    premises = models.ForeignKey(Premises, models.CASCADE, related_name="rooms")
    rank = models.PositiveSmallIntegerField()
    function = models.CharField(max_length=20)
    count = models.PositiveSmallIntegerField()
    area_m2 = models.FloatField()
    seats = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("premises", "rank"), name="rooms_are_in_order"),
            models.CheckConstraint(
                condition=Q(count__gte=1, area_m2__gte=0), name="rooms_exist_and_have_an_area"
            ),
        ]


class Weighting(models.Model):
    """The weights of the criteria that a territory chose: {criterion: weight}."""

    territory = models.OneToOneField(
        Territory, models.CASCADE, related_name="premises_weights", primary_key=True
    )
    weights = models.JSONField()


class ImportState(models.TextChoices):
    WAITING = "waiting", "À confirmer"
    DONE = "done", "Importé"
    UNDONE = "undone", "Annulé"


class Import(models.Model):
    """A list somebody sent: kept until it is confirmed, then until it may be undone no longer.

    text    the file as it was read, "" once it is imported
    before  [{premises, version, fields}]: what undoing writes back, `fields` null for what the
            import added; `version` is the one the import left
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="premises_imports")
    name = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    before: Any = models.JSONField(default=list)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", done_at=None)
                | (~Q(state="waiting") & Q(done_at__isnull=False, text="")),
                name="an_import_that_is_done_keeps_no_text",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("asked_at")),
                name="an_import_is_done_after_it_is_asked",
            ),
        ]

"""What else is known of a site: who holds it, what was planned, its pictures, its labels."""

from django.db import models
from django.db.models import F, Q

from maillage.apps.people.models import Organisation
from maillage.apps.sites.models.site import Site, Tier

ALL_BP = 10_000


class SiteHolder(models.Model):
    """A body that holds a site, and its share; those of a co-managed site make the whole.

    share_bp  hundredths of a percent
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="holders")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sites_held")
    share_bp = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("site", "organisation"), name="a_body_holds_once"),
            models.CheckConstraint(
                condition=Q(share_bp__gt=0, share_bp__lte=ALL_BP),
                name="a_share_is_a_part_of_the_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.organisation_id}"


class SiteTarget(models.Model):
    """What the plan promised of a site, read from the computation of a retained scenario.

    candidate          the place in that computation
    is_in_plan         whether the version adopted last still has it
    source_run         key of the computation
    inhabitants        for whom it is the nearest place of the plan, within its minutes
    occupied_days_*    expected days a year once mature: little, expected, much demand
    investment_eur_*   once, before tax; operation_eur_* a full year
    *_share            of the investment paid by grants, of the operation paid by employers (0-1);
                       the communes and the intercommunality pay the rest
    """

    site = models.OneToOneField(Site, models.CASCADE, related_name="target")
    candidate = models.CharField(max_length=80)
    is_in_plan = models.BooleanField(default=True)
    study = models.BigIntegerField()
    study_title = models.CharField(max_length=200)
    scenario_number = models.PositiveIntegerField()
    scenario_letter = models.CharField(max_length=4)
    version = models.PositiveIntegerField()
    source_run = models.BigIntegerField()
    tier = models.CharField(max_length=10, choices=Tier)
    seats = models.PositiveIntegerField()
    opening_year = models.PositiveSmallIntegerField()
    inhabitants = models.PositiveIntegerField()
    occupied_days_low = models.FloatField()
    occupied_days = models.FloatField()
    occupied_days_high = models.FloatField()
    investment_eur_low = models.FloatField()
    investment_eur = models.FloatField()
    investment_eur_high = models.FloatField()
    operation_eur_low = models.FloatField()
    operation_eur = models.FloatField()
    operation_eur_high = models.FloatField()
    grants_share = models.FloatField()
    employers_share = models.FloatField()
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    occupied_days__gte=F("occupied_days_low"),
                    occupied_days__lte=F("occupied_days_high"),
                    investment_eur__gte=F("investment_eur_low"),
                    investment_eur__lte=F("investment_eur_high"),
                    operation_eur__gte=F("operation_eur_low"),
                    operation_eur__lte=F("operation_eur_high"),
                ),
                name="a_target_is_within_its_interval",
            ),
            models.CheckConstraint(
                condition=Q(grants_share__range=(0, 1), employers_share__range=(0, 1)),
                name="payers_pay_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.candidate}"


class Adoption(models.Model):
    """A version of a scenario taken into operation: what undoing it needs.

    made      [{site, version}] opened by it, at the version it left them
    before    [{site, target}]: the target that each had, null when it had none
    """

    study = models.BigIntegerField()
    scenario = models.BigIntegerField()
    version = models.PositiveIntegerField()
    territory = models.ForeignKey("territories.Territory", models.PROTECT, related_name="adoptions")
    made = models.JSONField(default=list)
    before = models.JSONField(default=list)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__gte=F("at")),
                name="an_adoption_is_undone_after_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}.{self.version}"


class Label(models.Model):
    """A label that a site received, « Fabrique de territoire », and how long it holds."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="labels")
    name = models.CharField(max_length=120)
    reference = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
                name="a_label_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_label_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """What a photo and a floor plan share: two sizes, re-encoded, and words for who does not see.

    folder         of its files, `large.webp` and `small.webp`
    width, height  of the large one, pixels
    """

    folder = models.CharField(max_length=120, unique=True)
    files = models.JSONField(default=list)
    alt = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    rank = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="a_%(class)s_says_what_it_shows"),
        ]


class Photo(Picture):
    """A picture of a site, for its public page."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="photos")
    credit = models.CharField(max_length=120, blank=True)

    class Meta(Picture.Meta):
        pass

    def __str__(self) -> str:
        return self.alt


class FloorPlan(Picture):
    """A level of a site, on which seats are placed."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="plans")
    name = models.CharField(max_length=80)

    class Meta(Picture.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class MeasureOrigin(models.TextChoices):
    MEASURED = "measured", "Mesuré sur place"
    DECLARED = "declared", "Déclaré par l’opérateur"


class ConnectionMeasure(models.Model):
    """The connection of a site on a day: megabits per second, down and up."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="measures")
    on = models.DateField()
    down_mbps = models.FloatField()
    up_mbps = models.FloatField()
    origin = models.CharField(max_length=10, choices=MeasureOrigin)
    note = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(down_mbps__gte=0, up_mbps__gte=0), name="a_speed_is_not_below_0"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.on}"


class SiteService(models.Model):
    """A public service that a site hosts, with hours of its own: « France services »."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="hosted")
    name = models.CharField(max_length=120)
    holder = models.CharField(max_length=120, blank=True)
    opening_hours = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("site", "name"),
                condition=Q(removed_at=None),
                name="a_site_hosts_a_service_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_service_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

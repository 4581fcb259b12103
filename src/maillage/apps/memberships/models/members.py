"""Who belongs to the network of a territory, and the path of its firms."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Audience, Site
from maillage.apps.tariffs.models import Category
from maillage.apps.territories.models import Territory

BELONGING = tuple((code, label) for code, label in Audience.choices if code != Audience.PUBLIC)


def held_on(on: date) -> Q:
    """`starts_on` has come, `ends_on` has not."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=on))


class Member(models.Model):
    """Somebody who belongs to the network of a territory.

    site                 where she joined; None: at the territory's
    organisation         the association or the firm she comes for
    category             seen by the desk on `category_checked_on`; the proof is never kept
    category_until       last day it counts, None without end
    ends_on              first day without
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="members_of")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="members")
    audience = models.CharField(max_length=20, choices=BELONGING, default=Audience.MEMBER)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="members"
    )
    category = models.CharField(max_length=20, choices=Category, default=Category.STANDARD)
    category_checked_on = models.DateField(null=True)
    category_checked_by = models.BigIntegerField(null=True)
    category_until = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("person", "territory"), name="one_belongs_once"),
            models.CheckConstraint(
                condition=Q(category="standard", category_checked_on=None, category_until=None)
                | (~Q(category="standard") & Q(category_checked_on__isnull=False)),
                name="a_category_was_checked",
            ),
            models.CheckConstraint(
                condition=~Q(audience="association") | Q(organisation__isnull=False),
                name="an_association_member_has_her_association",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_membership_does_not_end_before_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held: where she joined, then the territory."""
        territory = ("territory", self.territory_id)
        return (("site", str(self.site_id)), territory) if self.site_id else (territory,)


class Stage(models.TextChoices):
    NOMAD = "nomad", "Nomade"
    RESIDENT = "resident", "Résidente d'un lieu"
    OWN_PREMISES = "own_premises", "Dans ses propres locaux"
    LEFT = "left", "Partie"


class Outcome(models.TextChoices):
    """What a firm became when its path ended."""

    HERE = "here", "Installée sur le territoire"
    ELSEWHERE = "elsewhere", "Installée ailleurs"
    STOPPED = "stopped", "Activité arrêtée"
    UNKNOWN = "unknown", "Non connu"


class FirmStage(models.Model):
    """A step of a firm's path in a territory: nomad, resident, own premises, from a day on.

    outcome  of the last step: own premises or left
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="firm_stages")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="firm_stages")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="firm_stages")
    stage = models.CharField(max_length=20, choices=Stage)
    starts_on = models.DateField()
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    jobs = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("organisation", "territory", "starts_on"), name="one_step_a_day"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(stage__in=("own_premises", "left")),
                name="an_outcome_ends_a_path",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.starts_on}"

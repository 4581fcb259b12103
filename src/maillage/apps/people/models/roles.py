"""Positions, who holds them and who is invited to."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Func, Q

from maillage.apps.people.models.person import Organisation, Person


class RoleKind(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administration de la plateforme"
    PROJECT_OFFICER = "project_officer", "Chargé·e de mission"
    CHIEF_EXECUTIVE = "chief_executive", "Direction générale des services"
    ELECTED_OFFICIAL = "elected_official", "Élu·e communautaire"
    MAYOR = "mayor", "Maire"
    TREASURER = "treasurer", "Comptable public"
    SITE_MANAGER = "site_manager", "Gestion d'un lieu"
    HOST = "host", "Commerce hôte"
    EMPLOYER = "employer", "Employeur"
    MEMBER = "member", "Usager ou usagère"
    VOLUNTEER = "volunteer", "Bénévole"
    COORDINATOR = "coordinator", "Coordination du réseau"
    CONSULTANT = "consultant", "Prestataire d'étude"


class ScopeKind(models.TextChoices):
    PLATFORM = "platform", "Toute la plateforme"
    TERRITORY = "territory", "Territoire"
    NETWORK = "network", "Réseau"
    SITE = "site", "Lieu"


class Position(models.Model):
    """A post of an organisation, whoever holds it: it may be vacant.

    scope_kind, scope_key  where it counts: ("territory", SIREN), ("network", id), ("site", id)
    needs_holder           whether an empty post raises an alert
    closed_on              the post itself is given up from that day on
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    kind = models.CharField(max_length=20, choices=RoleKind)
    title = models.CharField(max_length=120)
    scope_kind = models.CharField(max_length=20, choices=ScopeKind)
    scope_key = models.CharField(max_length=40, blank=True)
    needs_holder = models.BooleanField(default=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope_kind="platform", scope_key="")
                | (~Q(scope_kind="platform") & ~Q(scope_key="")),
                name="only_the_platform_has_no_key",
            ),
        ]
        indexes = [models.Index(fields=("scope_kind", "scope_key"), name="positions_by_scope")]

    def __str__(self) -> str:
        return self.title

    @property
    def scope(self) -> tuple[str, str]:
        """Where it counts, as rights and the journal name it."""
        return (self.scope_kind, self.scope_key)

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return (self.scope,)


class RoleQuerySet(models.QuerySet["Role"]):
    def current(self, on: date) -> Self:
        """Roles held on that day; `ends_on` is the first day without."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)


class DateRange(Func):
    """starts_on and ends_on as one half-open range."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Role(models.Model):
    """Who holds a position, from a day (included) to a day (excluded).

    ends_on          the first day without; the day it starts when it was never held
    term_on          the end agreed at the start, to which a cancelled end comes back
    ended_at         when its end took effect: sessions over, the vacancy announced
    dossier_seen_at  when its holder opened the dossier of the one before
    """

    position = models.ForeignKey(Position, models.PROTECT, related_name="roles")
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    term_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    dossier_seen_at = models.DateTimeField(null=True)
    hand_over_note = models.TextField(max_length=20_000, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_role_does_not_end_before_it_starts",
            ),
            ExclusionConstraint(
                name="a_person_holds_a_position_once_at_a_time",
                expressions=[
                    ("position", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Invitation(models.Model):
    """A position offered to an e-mail; the secret is in the mail, only its hash is here."""

    position = models.ForeignKey(Position, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

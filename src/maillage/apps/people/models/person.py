"""Accounts, and the bodies that people act for."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class PersonManager(BaseUserManager["Person"]):
    """Accounts are found by e-mail, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str, password: str | None = None) -> "Person":
        """A new account; without a password, it signs in by link or by its organisation's."""
        person = self.model(email=email.strip().lower(), name=name)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Someone with an account.

    session_epoch   sessions of an earlier epoch are over everywhere
    declared_siret  the establishment named by the provider at sign-in; it gives no role
    warned_at       told that an account that nobody uses will be erased
    closed_at       erased: nothing personal is left, the row keeps the journal readable
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    declared_siret = models.CharField(max_length=14, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    warned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a session must match to go on: the password and the epoch."""
        return salted_hmac(
            "maillage.people.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()

    @property
    def initials(self) -> str:
        """Two letters for the header."""
        return "".join(part[0] for part in self.name.split()[:2]).upper()


class OrganisationKind(models.TextChoices):
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    PNR = "pnr", "Parc naturel régional"
    PAYS = "pays", "Pays ou PETR"
    METROPOLE = "metropole", "Métropole"
    STATE = "state", "État et opérateurs"
    ASSOCIATION = "association", "Association"
    COMPANY = "company", "Entreprise"
    EMPLOYER = "employer", "Employeur partenaire"
    SHOP = "shop", "Commerce hôte"
    BANK = "bank", "Banque"
    CONSULTANT = "consultant", "Assistance à maîtrise d'ouvrage"


class Organisation(models.Model):
    """A body with a type and a public number.

    siren, siret, rna  as published, empty when it has none
    territory_siren    the intercommunality in whose register it stands; empty for the platform's
    """

    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=160)
    siren = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    rna = models.CharField(max_length=10, blank=True)
    territory_siren = models.CharField(max_length=9, blank=True)
    is_demonstration = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^\d{9}$"), name="siren_has_nine_digits"
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^\d{14}$"), name="siret_has_14_digits"
            ),
            models.CheckConstraint(
                condition=Q(rna="") | Q(rna__regex=r"^W[0-9A-Z]\d{8}$"), name="rna_has_its_form"
            ),
            models.UniqueConstraint(
                fields=("territory_siren", "siren", "siret"),
                condition=~Q(siren=""),
                name="one_organisation_per_number_and_register",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        if not self.territory_siren:
            return (("platform", ""),)
        return (("territory", self.territory_siren),)

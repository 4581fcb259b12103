"""Who signs, what happened in which order, the documents that came of it, the seats it keeps."""

from django.db import models
from django.db.models import Q

from maillage.apps.bookings.models import Block
from maillage.apps.contracts.models.agreed import Contract
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Seat


class Side(models.TextChoices):
    PARTY = "party", "Cocontractant"
    OPERATOR = "operator", "Organisme"


class Signature(models.Model):
    """One of the two who sign: invited by mail, then signed or refused.

    secret_hash   of the link, None once it served; `code_hash` of the code sent by mail
    typed_name    as the signatory wrote it
    consent       the sentence agreed to, whole
    how           `account`: signed in; `code`: by a code received at the address
    address_hash  keyed digest of the network address: proves sameness, tells no address
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="signatures")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    secret_hash = models.BinaryField(max_length=32, unique=True, null=True)
    expires_at = models.DateTimeField(null=True)
    code_hash = models.BinaryField(max_length=32, null=True)
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)
    typed_name = models.CharField(max_length=120, blank=True)
    consent = models.TextField(blank=True)
    how = models.CharField(max_length=10, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    rules_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("contract", "side"), name="each_side_signs_once"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | (~Q(typed_name="") & ~Q(consent="")),
                name="a_signature_has_a_name_and_a_consent",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(refused_at=None),
                name="one_signs_or_refuses",
            ),
            models.CheckConstraint(
                condition=(Q(signed_at=None) & Q(refused_at=None)) | Q(secret_hash=None),
                name="a_link_serves_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.contract_id}"


class Event(models.Model):
    """One thing that happened to a contract; each holds the digest of the one before.

    facts  what is known of it: no address, no name beyond those of the contract
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    before_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("contract", "number"), name="events_follow_each_other"),
        ]

    def __str__(self) -> str:
        return self.what


class Paper(models.Model):
    """A stored document of a contract: the text that was sent, the evidence of its signature.

    files  [{name, size_bytes, sha256}] of `folder`
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10)
    folder = models.CharField(max_length=100, unique=True)
    files = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("contract", "kind"), name="one_paper_of_a_kind"),
        ]

    def __str__(self) -> str:
        return self.folder

    @property
    def name(self) -> str:
        """Of its only file."""
        return str(self.files[0]["name"])

    @property
    def sha256(self) -> str:
        """Of its only file."""
        return str(self.files[0]["sha256"])


class KeptSeat(models.Model):
    """A seat that a contract keeps; `block` takes it, up to a day, once the contract is sent."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="kept_seats")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="contracts")
    block = models.ForeignKey(Block, models.PROTECT, null=True, related_name="contracts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("contract", "seat"), name="a_contract_keeps_a_seat_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.seat_id}"

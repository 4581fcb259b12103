"""A contract: its parties, place, term, price."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from maillage.apps.contracts.models.wording import HouseRules, Wording
from maillage.apps.ledger.models import ONE_PAYER
from maillage.apps.memberships.models import Plan
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Site
from maillage.apps.tariffs.models import WHOLE_BP
from maillage.core import contract_terms
from maillage.core.contract_terms import Terms

MOST_MONTHS = 120
ONE_PARTY = Q(party_person__isnull=False, party_organisation=None) | Q(
    party_person=None, party_organisation__isnull=False
)


class Kind(models.TextChoices):
    OCCUPANCY = "occupancy", "Occupation de place ou de bureau"
    RESIDENT = "resident", "Résident"
    DOMICILIATION = "domiciliation", "Domiciliation"
    HOST_SHOP = "host_shop", "Commerce hôte"
    CO_MANAGEMENT = "co_management", "Cogestion d'un lieu"
    CHARTER = "charter", "Charte du réseau"
    PROVISION = "provision", "Mise à disposition entre collectivités"


class State(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SENT = "sent", "À signer"
    SIGNED = "signed", "Signé"
    RUNNING = "running", "En cours"
    NOTICE = "notice", "Préavis en cours"
    ENDED = "ended", "Terminé"
    WITHDRAWN = "withdrawn", "Retiré"
    REFUSED = "refused", "Refusé"


# signed by both, and not over
LIVE = (State.SIGNED, State.RUNNING, State.NOTICE)
SIGNED = (*LIVE, State.ENDED)
# not signed by both yet
OPEN = (State.DRAFT, State.SENT)
ENDED = (State.ENDED, State.WITHDRAWN, State.REFUSED)


class Every(models.TextChoices):
    MONTH = "month", "Mois"
    QUARTER = "quarter", "Trimestre"


class Proration(models.TextChoices):
    DAYS = "days", "Au prorata des jours"
    WHOLE = "whole", "Toute période commencée est due"


class Contract(models.Model):
    """What an operator and a party agreed, or are about to.

    reference        how people name it, "C-2027-0012"
    wording          the operator's own articles; None: those of the shipped template
    shipped_version  of the shipped template, when it is used
    signatory_*      who signs for the party
    place            what is occupied, in words: « Bureau 3, 12 m² »
    months           of the first term, None without end; `renewal_months` 0: not renewed
    price_cents      of one month or quarter; 0 with `worth_cents` when it is given free
    is_charged       whether anything is owed under it: a charter is not
    sent_at          when its document was drawn, after which nothing of it changes
    ends_on          first day without, once it is decided
    alerted_for      the end of the term that was announced to both
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts_kept")
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="contracts")
    shipped_version = models.PositiveIntegerField(null=True)
    house_rules = models.ForeignKey(HouseRules, models.PROTECT, null=True, related_name="contracts")
    party_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="contracts")
    party_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="contracts"
    )
    payer_person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="contracts_paid"
    )
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="contracts_paid"
    )
    party_address = models.CharField(max_length=200, blank=True)
    signatory_name = models.CharField(max_length=120)
    signatory_email = models.EmailField(max_length=254)
    signatory_title = models.CharField(max_length=80, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="contracts")
    place = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    months = models.PositiveSmallIntegerField(null=True)
    renewal_months = models.PositiveSmallIntegerField(default=0)
    notice_months = models.PositiveSmallIntegerField(default=1)
    ends_anytime = models.BooleanField(default=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="contracts")
    is_charged = models.BooleanField(default=True)
    price_cents = models.BigIntegerField(default=0)
    worth_cents = models.BigIntegerField(default=0)
    includes_tax = models.BooleanField(default=True)
    vat_rate_bp = models.PositiveIntegerField(default=0)
    every = models.CharField(max_length=10, choices=Every, default=Every.MONTH)
    proration = models.CharField(max_length=10, choices=Proration, default=Proration.DAYS)
    deposit_cents = models.BigIntegerField(default=0)
    particulars = models.TextField(max_length=4_000, blank=True)
    ends_on = models.DateField(null=True)
    notice_given_on = models.DateField(null=True)
    notice_by_party = models.BooleanField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)
    alerted_for = models.DateField(null=True)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_PARTY, name="a_contract_has_one_party"),
            models.CheckConstraint(condition=ONE_PAYER, name="a_contract_has_one_payer"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="a_contract_lasts_a_day",
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__gt=0, months__lte=MOST_MONTHS),
                name="a_term_lasts_a_month",
            ),
            models.CheckConstraint(
                condition=Q(renewal_months__lte=MOST_MONTHS, notice_months__lte=MOST_MONTHS),
                name="renewals_and_notices_are_bounded",
            ),
            models.CheckConstraint(
                condition=Q(
                    price_cents__gte=0,
                    worth_cents__gte=0,
                    deposit_cents__gte=0,
                    vat_rate_bp__lte=WHOLE_BP,
                ),
                name="a_contract_has_a_price",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None)
                | Q(state="withdrawn")
                | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="only_a_draft_was_never_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("signed", "running", "notice", "ended"))
                | Q(signed_at__isnull=False),
                name="what_runs_was_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("notice", "ended")) | Q(ends_on__isnull=False),
                name="what_ends_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=("operator", "state"), name="contracts_by_operator"),
            models.Index(fields=("signatory_email",), name="contracts_by_signatory"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def scope(self) -> tuple[str, str]:
        """Where it belongs, for rights and statements."""
        return ("site", str(self.site_id)) if self.site_id else self.operator.scopes[0]

    @property
    def terms(self) -> Terms:
        """How long it lasts and how it ends."""
        return Terms(
            self.starts_on,
            self.months,
            self.renewal_months,
            self.notice_months,
            ends_anytime=self.ends_anytime,
        )

    @property
    def natural_end(self) -> date | None:
        """First day without when nobody says anything; None when it goes on."""
        return contract_terms.natural_end(self.terms)

    @property
    def party_name(self) -> str:
        """Who agrees with the operator; the row of it must be loaded."""
        party = self.party_organisation or self.party_person
        return party.name if party else ""

    def is_over(self, on: date) -> bool:
        """Whether its last day is past."""
        return self.ends_on is not None and self.ends_on <= on

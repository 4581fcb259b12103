"""The programme of a study: phases, deliverables, commissions, private calendar addresses.

Every day is included on both ends, as people write them: a phase « from 4 to 31 January » is under
way on the 4th and on the 31st.
"""

from django.db import models
from django.db.models import F, Q

from maillage.apps.people.models import Organisation, Person
from maillage.apps.studies.models import Study
from maillage.core import money
from maillage.core import programme as core
from maillage.core.programme import Span

WHOLE_BP = 10_000


class Programme(models.Model):
    """How a study goes on: one calendar, from a process.

    process    key of processes.py
    starts_on  the first day, from which the dates were proposed
    version    of its phases and dates: a later one means that somebody else wrote meanwhile
    """

    study = models.OneToOneField(Study, models.CASCADE, related_name="programme")
    process = models.CharField(max_length=20)
    starts_on = models.DateField()
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.study.scopes


class Phase(models.Model):
    """A part of a programme.

    rank                  its place, from 1
    starts_on, ends_on    as planned, both days included
    began_on, finished_on  as it went, both days included
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="phases")
    rank = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    began_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("programme", "rank"), name="phases_have_one_place"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_phase_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(finished_on=None)
                | Q(began_on__isnull=False, finished_on__gte=F("began_on")),
                name="a_phase_is_finished_after_it_began",
            ),
        ]

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.programme.scopes

    @property
    def dates(self) -> core.Phase:
        """As the calculations read it."""
        return core.Phase(Span(self.starts_on, self.ends_on), self.began_on, self.finished_on)


class Deliverable(models.Model):
    """What a phase hands over.

    delivered_on  the day it was handed over
    accepted_on   the day the service was found done (service fait), never before
    removed_at    taken off the list; it can be put back
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="deliverables")
    title = models.CharField(max_length=160)
    due_on = models.DateField()
    delivered_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_on=None)
                | Q(delivered_on__isnull=False, accepted_on__gte=F("delivered_on")),
                name="what_is_accepted_was_delivered_before",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on=None, accepted_by=None) | Q(accepted_on__isnull=False),
                name="who_accepts_says_when",
            ),
        ]

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.phase.scopes


class Commission(models.Model):
    """What a contractor was asked, for how much.

    contractor    of the register of organisations
    agreed_on     the day it was notified
    amount_cents  before tax
    vat_bp        hundredths of a percent: 2000 for 20 %, 550 for 5.5 %
    ended_on      given up before or after its work, with why in `end_note`
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="commissions")
    contractor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    scope_text = models.TextField(max_length=4_000)
    agreed_on = models.DateField()
    amount_cents = models.BigIntegerField()
    vat_bp = models.PositiveSmallIntegerField()
    phases = models.ManyToManyField(Phase, related_name="commissions")
    ended_on = models.DateField(null=True)
    end_note = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gte=0), name="no_negative_amount"),
            models.CheckConstraint(condition=Q(vat_bp__lte=WHOLE_BP), name="tax_is_a_share"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("agreed_on")),
                name="a_commission_ends_after_it_is_agreed",
            ),
        ]

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.programme.scopes

    @property
    def with_tax_cents(self) -> int:
        """The amount, tax included."""
        return money.with_tax(self.amount_cents, self.vat_bp)


class Subscription(models.Model):
    """A private address of the calendar, for one person; revoked, its row is gone.

    secret_hash  digest of the secret that the address holds
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="subscriptions")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "person"), name="one_address_per_person_and_calendar"
            ),
        ]

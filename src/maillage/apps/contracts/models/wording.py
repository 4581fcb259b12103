"""The articles that an operator adapted, its house rules: each version stays as it was."""

from django.db import models
from django.db.models import Q

from maillage.apps.people.models import Organisation


class Wording(models.Model):
    """The articles of a kind of contracts as an operator writes them, from a version on.

    articles  [{"title", "text"}]: `{{ field }}` of the closed list is filled in, nothing else
    """

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="contract_wordings")
    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    articles = models.JSONField()
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("operator", "kind", "version"), name="one_wording_a_version"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="wordings_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class HouseRules(models.Model):
    """The règlement intérieur of an operator, from a version on."""

    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="house_rules")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=20_000)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("operator", "version"), name="one_text_of_house_rules_a_version"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="house_rules_say_something"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} {self.version}"


class Approval(models.Model):
    """The prefect's agrément of an operator that domiciles firms (C. com., L.123-11-3).

    ends_on  last day it is good for: it is given for six years
    """

    operator = models.OneToOneField(
        Organisation, models.PROTECT, related_name="domiciliation_approval"
    )
    number = models.CharField(max_length=60)
    prefecture = models.CharField(max_length=80)
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(number=""), name="an_approval_has_a_number")
        ]

    def __str__(self) -> str:
        return self.number

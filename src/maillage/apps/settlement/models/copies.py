"""The copier of a site: prices of a page, whose code is whose, the counters that were read."""

from django.db import models
from django.db.models import F, Q

from maillage.apps.ledger.models import ONE_PAYER
from maillage.apps.people.models import Organisation, Person
from maillage.apps.sites.models import Site


class CopyPrice(models.Model):
    """What a page costs from a day on, tax included."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="copy_prices")
    starts_on = models.DateField()
    mono_cents = models.PositiveIntegerField()
    colour_cents = models.PositiveIntegerField()
    vat_rate_bp = models.PositiveIntegerField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("site", "starts_on"), name="one_copy_price_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_on}"


class CopyCode(models.Model):
    """Who pays the pages counted under a code of the copier; `user` when it is somebody's."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="copy_codes")
    code = models.CharField(max_length=40)
    user = models.ForeignKey(Person, models.PROTECT, null=True, related_name="copy_codes")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    payer_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("site", "code"), name="a_code_is_of_one_payer"),
            models.CheckConstraint(condition=ONE_PAYER, name="a_code_has_one_payer"),
        ]

    def __str__(self) -> str:
        return self.code


class ImportState(models.TextChoices):
    WAITING = "waiting", "À confirmer"
    DONE = "done", "Importé"
    UNDONE = "undone", "Annulé"


class CopyImport(models.Model):
    """A file of counters: previewed, imported, undone; the same file once.

    text  as sent, until it is imported
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="copy_imports")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("site", "sha256"),
                condition=Q(state="done"),
                name="a_file_of_counters_is_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CopyLine(models.Model):
    """Pages of a code over a time; charged to its payer once he is known.

    charged_at  when its charges were written, origin ("copies", its number)
    """

    of = models.ForeignKey(CopyImport, models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    first_on = models.DateField()
    last_on = models.DateField()
    mono_pages = models.PositiveIntegerField()
    colour_pages = models.PositiveIntegerField()
    charged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("of", "line"), name="a_line_of_counters_once"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="counters_end_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.first_on}"

"""What happens at a site on a day: who came, what broke, which codes were given."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from maillage.apps.bookings.models import Block, Booking
from maillage.apps.people.models import Person
from maillage.apps.sites.models import Audience, Seat, Site, SiteService, Space

SHOWN_BEFORE_MIN = 30
# a connection log is kept a year at most
LOG_DAYS = 365


class How(models.TextChoices):
    TAP = "tap", "Noté par le lieu"
    HOST = "host", "Noté par le commerce"
    QR = "qr", "Code de l’entrée"
    KIOSK = "kiosk", "Borne"


class Arrival(models.Model):
    """Somebody, or a party, came on a day: for a booking, a day of a block, or without either.

    on          the local day
    people      how many came
    is_visitor  nobody was expected; `first_name` is all that is asked, and is soon forgotten
    audience    under which the place counts them
    by          who noted it; None: the kiosk
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="arrivals")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="arrivals")
    block = models.ForeignKey(Block, models.PROTECT, null=True, related_name="arrivals")
    is_visitor = models.BooleanField(default=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="arrivals")
    first_name = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=20, choices=Audience)
    people = models.PositiveIntegerField(default=1)
    on = models.DateField()
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, choices=How)
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=False, block=None, is_visitor=False)
                | Q(booking=None, block__isnull=False, is_visitor=False)
                | Q(booking=None, block=None, person=None, is_visitor=True),
                name="an_arrival_has_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("at")),
                name="one_leaves_after_arriving",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="somebody_arrives"),
            models.UniqueConstraint(fields=("booking", "on"), name="one_arrives_once_a_day"),
            models.UniqueConstraint(fields=("block", "on"), name="a_resident_arrives_once_a_day"),
        ]
        indexes = [
            models.Index(fields=("site", "on"), name="arrivals_by_day"),
            models.Index(fields=("person", "on"), name="arrivals_of_one"),
        ]

    def __str__(self) -> str:
        return f"arrivée {self.pk}"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.site.scopes


class NoShow(models.Model):
    """Somebody expected on a day did not come."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="no_shows")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("booking", "on"), name="absent_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"


class VisitCount(models.Model):
    """How many people a hosted service received on a day; they are no coworkers."""

    service = models.ForeignKey(SiteService, models.PROTECT, related_name="visits")
    on = models.DateField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("service", "on"), name="visits_are_counted_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.on}"


class Severity(models.TextChoices):
    NUISANCE = "nuisance", "Gêne"
    BROKEN = "broken", "Ne marche plus"
    DANGER = "danger", "Danger"


class Incident(models.Model):
    """Something that does not work, from when it is told until it is mended.

    took_seat  whether it put its seat out of order: mended, the seat is given back
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="incidents")
    space = models.ForeignKey(Space, models.PROTECT, null=True, related_name="incidents")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="incidents")
    what = models.CharField(max_length=300)
    severity = models.CharField(max_length=10, choices=Severity)
    took_seat = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="an_incident_says_what"),
            models.CheckConstraint(
                condition=Q(took_seat=False) | Q(seat__isnull=False),
                name="only_a_seat_is_taken",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="an_incident_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=("site",), condition=Q(closed_at=None), name="incidents_open"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.site.scopes


class CodeSource(models.TextChoices):
    NONE = "none", "Aucun code : le réseau a un mot de passe affiché"
    IMPORTED = "imported", "Une liste donnée par le routeur"
    GENERATED = "generated", "Des codes tirés ici, à donner au routeur"


class Access(models.Model):
    """How a site lets people on its Wi-Fi.

    shown_before_min  a code is shown this long before the booking begins
    keeps_log         whether connections are written down: no, unless the site decides
    log_days          how long, then
    """

    site = models.OneToOneField(Site, models.CASCADE, related_name="access")
    network = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=10, choices=CodeSource, default=CodeSource.NONE)
    shown_before_min = models.PositiveSmallIntegerField(default=SHOWN_BEFORE_MIN)
    keeps_log = models.BooleanField(default=False)
    log_days = models.PositiveSmallIntegerField(default=LOG_DAYS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(log_days__range=(1, LOG_DAYS)),
                name="a_log_is_kept_a_year_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"accès {self.site_id}"


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def left(self) -> Self:
        """Those that nobody was given."""
        return self.filter(booking=None, withdrawn_at=None)


class AccessCode(models.Model):
    """A Wi-Fi code of a site; given to one booking, it is never given again.

    valid_from, valid_until  when the router accepts it, None: always
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="codes")
    code = models.CharField(max_length=60)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    booking = models.OneToOneField(Booking, models.PROTECT, null=True, related_name="code")
    is_generated = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("site", "code"), name="a_code_is_known_once"),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=F("valid_from")),
                name="a_code_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(booking=None, drawn_at=None)
                | Q(booking__isnull=False, drawn_at__isnull=False),
                name="a_code_is_drawn_for_a_booking",
            ),
        ]

    def __str__(self) -> str:
        return f"code {self.pk}"


class ConnectionLog(models.Model):
    """Who was on the Wi-Fi from when to when; written only where the site decided it."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="connections")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="connections")
    code = models.ForeignKey(AccessCode, models.PROTECT, related_name="connections")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="a_connection_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=("started_at",), name="connections_by_time")]

    def __str__(self) -> str:
        return f"connexion {self.pk}"


class Kiosk(models.Model):
    """A tablet at the entrance: it notes arrivals at one site, and opens nothing else.

    pairing_*    hash of the code that is typed once on the tablet, and until when it serves
    secret_hash  of what the tablet keeps, None before it is paired
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="kiosks")
    label = models.CharField(max_length=60)
    pairing_hash = models.BinaryField(max_length=32, null=True, unique=True)
    pairing_until = models.DateTimeField(null=True)
    secret_hash = models.BinaryField(max_length=32, null=True, unique=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    paired_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paired_at=None, secret_hash=None)
                | Q(paired_at__isnull=False, secret_hash__isnull=False, pairing_hash=None),
                name="a_paired_kiosk_has_its_secret",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Where rights over it are held."""
        return self.site.scopes


class SheetSent(models.Model):
    """The sheet of a day was sent to those who open the site."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="sheets_sent")
    on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("site", "on"), name="one_sheet_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.on}"

"""What a sheet lists: labels, measures of the connection, hosted services; any of them removed."""

from dataclasses import asdict, dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.apps.sites import hours
from maillage.apps.sites.models import (
    ConnectionMeasure,
    FloorPlan,
    Label,
    Photo,
    Site,
    SiteService,
)
from maillage.apps.sites.versions import Author, held, note
from maillage.kit.refusal import Refusal

Part = Label | Photo | FloorPlan | ConnectionMeasure | SiteService
NAMES: dict[type[Part], str] = {
    Label: "label",
    Photo: "photo",
    FloorPlan: "plan",
    ConnectionMeasure: "measure",
    SiteService: "service",
}


class EndsBeforeItBegins(Refusal):
    """Two dates the wrong way round."""

    sentence = "La fin précède le début. Corrigez l'une des deux dates."
    status = 422


class NotYet(Refusal):
    """Nobody measures tomorrow."""

    sentence = "Cette date est à venir. Indiquez le jour de la mesure."
    status = 422


class ServiceThere(Refusal):
    """One line per service."""

    sentence = "« {name} » figure déjà dans ce lieu. Retirez l'ancien, ou changez de nom."


class AlreadyRemoved(Refusal):
    """Somebody was faster."""

    sentence = "C'est déjà retiré. Actualisez la page."


class NotRemoved(Refusal):
    """It is there."""

    sentence = "Ce n'est pas retiré. Actualisez la page."


@dataclass(frozen=True)
class LabelSaid:
    """A label; None: not known."""

    name: str
    reference: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class MeasureSaid:
    """Megabits per second on a day."""

    on: date
    down_mbps: float
    up_mbps: float
    origin: str
    note: str = ""


@dataclass(frozen=True)
class ServiceSaid:
    """A public service hosted, with its own hours; "" unknown."""

    name: str
    holder: str = ""
    opening_hours: str = ""
    note: str = ""


def add_label(site: Site, said: LabelSaid, author: Author) -> Label:
    """A label that the site received."""
    if said.valid_from and said.valid_until and said.valid_until < said.valid_from:
        raise EndsBeforeItBegins
    with transaction.atomic():
        row = held(site)
        made = Label.objects.create(site=row, **asdict(said))
        note("sites.add_label", row, author, label=made.pk)
    return made


def add_measure(site: Site, said: MeasureSaid, author: Author) -> ConnectionMeasure:
    """One line of the connection's log."""
    if said.on > author.at.date():
        raise NotYet
    with transaction.atomic():
        row = held(site)
        made = ConnectionMeasure.objects.create(site=row, **asdict(said))
        note("sites.add_measure", row, author, measure=made.pk)
    return made


def add_service(site: Site, said: ServiceSaid, author: Author) -> SiteService:
    """A public service that the site hosts. Raises ServiceThere, hours.Unreadable."""
    columns = asdict(said)
    if said.opening_hours:
        columns["opening_hours"] = hours.checked(
            said.opening_hours, ZoneInfo(site.zone), site.holiday_area
        )
    with transaction.atomic():
        row = held(site)
        if row.hosted.filter(removed_at=None, name__iexact=said.name).exists():
            raise ServiceThere(name=said.name)
        made = SiteService.objects.create(site=row, **columns)
        note("sites.add_service", row, author, service=made.pk)
    return made


def remove(part: Part, author: Author) -> Part:
    """Off the sheet: kept, ready to be taken back."""
    with transaction.atomic():
        site = held(part.site)
        row = type(part).objects.select_for_update().get(pk=part.pk)
        if row.removed_at:
            raise AlreadyRemoved
        row.removed_at = author.at
        row.save(update_fields=["removed_at"])
        name = NAMES[type(part)]
        note(f"sites.remove_{name}", site, author, **{name: row.pk})
    return row


def take_back(part: Part, author: Author) -> Part:
    """On the sheet again."""
    with transaction.atomic():
        site = held(part.site)
        row = type(part).objects.select_for_update().get(pk=part.pk)
        if row.removed_at is None:
            raise NotRemoved
        if isinstance(row, SiteService):
            others = site.hosted.filter(removed_at=None, name__iexact=row.name)
            if others.exists():
                raise ServiceThere(name=row.name)
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        name = NAMES[type(part)]
        note(f"sites.take_back_{name}", site, author, **{name: row.pk})
    return row

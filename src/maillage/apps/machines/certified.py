"""Whether somebody may use a machine: read by whoever books it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from maillage.apps.machines.models import Certification
from maillage.apps.sites.models import Site


def is_certified(person_id: int | None, space_id: int, on: date) -> bool:
    """Whether a certification opens this machine to this person that day."""
    if person_id is None:
        return False
    return Certification.objects.valid(on).filter(person_id=person_id, space_id=space_id).exists()


def local_day(site: Site, at: datetime) -> date:
    """The day it is at a site."""
    return at.astimezone(ZoneInfo(site.zone)).date()

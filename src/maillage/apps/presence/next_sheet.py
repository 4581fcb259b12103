"""The sheet of a day: first names alone, printed or sent the evening before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.apps.people.models import Person, Role, RoleKind
from maillage.apps.presence.models import SheetSent
from maillage.apps.presence.today import Today, read
from maillage.apps.sites.models import Site, SiteStage, Stage, stage_on
from maillage.kit import mail
from maillage.report import moments

# at the clock of the site: everybody has it by 20 h
SENT_FROM_HOUR = 19
KEEPERS = (RoleKind.SITE_MANAGER, RoleKind.HOST)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """Somebody expected; `note` what is not sure yet."""

    hours: str
    first_name: str
    where: str
    people: int
    note: str


def lines(today: Today) -> list[Line]:
    """Who is expected, first names alone."""
    notes = {"requested": "à approuver", "held": "place retenue, pas confirmée"}
    return [
        Line(
            moments.span(one.begins, one.ends),
            one.first_name,
            one.where,
            one.people,
            notes.get(one.state, ""),
        )
        for one in today.expected
    ]


def send_due(*, at: datetime) -> int:
    """Send tomorrow's sheet of each open site whose evening has come, once; how many sites."""
    sent = 0
    stages: dict[int, list[SiteStage]] = {}
    for stage in SiteStage.objects.order_by("pk"):
        stages.setdefault(stage.site_id, []).append(stage)
    for site in Site.objects.filter(removed_at=None).order_by("pk"):
        here = at.astimezone(ZoneInfo(site.zone))
        on = here.date() + A_DAY
        state = stage_on(stages.get(site.pk, []), on)
        if here.hour < SENT_FROM_HOUR or state is None or state.stage != Stage.OPEN:
            continue
        sent += _send(site, on, at)
    return sent


def _send(site: Site, on: date, at: datetime) -> bool:
    keepers = _keepers(site, on)
    if not keepers:
        return False
    with transaction.atomic():
        _row, is_new = SheetSent.objects.get_or_create(site=site, on=on, defaults={"sent_at": at})
        if not is_new:
            return False
        today = read(site, on, at=at)
        words = {
            "site": site.name,
            "day": moments.day(on),
            "opening": _opening(today),
            "lines": lines(today),
        }
        for person in keepers:
            mail.send("presence/emails/sheet.txt", person.email, {**words, "name": person.name})
    return True


def _keepers(site: Site, on: date) -> Sequence[Person]:
    roles = Role.objects.current(on).filter(
        position__kind__in=KEEPERS,
        position__scope_kind="site",
        position__scope_key=str(site.pk),
        person__is_active=True,
    )
    found = {role.person_id: role.person for role in roles.select_related("person")}
    return [found[pk] for pk in sorted(found)]


def _opening(today: Today) -> str:
    if not today.open_periods:
        return "fermé" if today.open_periods is not None else "horaires non renseignés"
    return ", ".join(moments.span(*p.local(today.zone)) for p in today.open_periods)

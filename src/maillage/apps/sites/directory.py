"""The public directory: the listed sites, what is open now, what answers a search."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Prefetch, QuerySet

from maillage.apps.sites import completeness, hours
from maillage.apps.sites.models import Closure, Site, SiteStage, Space, Stage, stage_on
from maillage.apps.territories.names import search_key
from maillage.core.opening_hours import OpeningHours
from maillage.core.periods import Period, day
from maillage.report import french

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Listed:
    """A site of the directory at an instant.

    stage       code of the day, "" unknown
    opening     its hours without its closures, None unknown or not open yet
    now         the open period that holds the instant
    today       what is left and what was, of the local day
    kinds       of its spaces that may be booked
    """

    site: Site
    stage: str
    stages: Sequence[SiteStage]
    opening: OpeningHours | None
    now: Period | None
    today: tuple[Period, ...]
    seats: int
    kinds: frozenset[str] = field(default=frozenset())

    @property
    def zone(self) -> ZoneInfo:
        """Of its clocks."""
        return ZoneInfo(self.site.zone)

    @property
    def is_open(self) -> bool:
        """Whether one may come now."""
        return self.now is not None


@dataclass(frozen=True)
class Found:
    """The sites that surely answer, and how many might if more were known."""

    sites: list[Listed]
    unsure: int = 0


def rows(territory_id: str = "") -> QuerySet[Site]:
    """The listed sites, of one territory or of all."""
    stages = Prefetch("stages", SiteStage.objects.order_by("starts_on"))
    found = Site.objects.listed().select_related("territory", "operator").prefetch_related(stages)
    return found.filter(territory_id=territory_id) if territory_id else found


def edits(sirens: Collection[str]) -> dict[str, datetime]:
    """When the listed sites of each territory last changed; absent where none is listed."""
    found = Site.objects.listed().filter(territory_id__in=sirens)
    latest = found.values_list("territory_id").annotate(at=Max("changed_at"))
    return dict(latest.order_by("territory_id"))


def read(sites: Iterable[Site], at: datetime) -> list[Listed]:
    """Those sites at an instant, in the order of the list. Four queries."""
    every = list(sites)
    counts = completeness.counts(every)
    closures: dict[int, list[Closure]] = {site.pk: [] for site in every}
    to_come = Closure.objects.filter(
        site__in=closures, space=None, withdrawn_at=None, period__endswith__gt=at - A_DAY
    )
    for closure in to_come:
        closures[closure.site_id].append(closure)
    kinds: dict[int, set[str]] = {site.pk: set() for site in every}
    bookable = Space.objects.bookable().filter(site__in=kinds).order_by()
    for key, kind in bookable.values_list("site", "kind").distinct():
        kinds[key].add(kind)
    found = [
        _listed(site, at, closures[site.pk], counts[site.pk].seats, frozenset(kinds[site.pk]))
        for site in every
    ]
    return sorted(found, key=_order)


def _listed(
    site: Site, at: datetime, closures: Sequence[Closure], seats: int, kinds: frozenset[str]
) -> Listed:
    stages = list(site.stages.all())
    local = at.astimezone(ZoneInfo(site.zone)).date()
    stage = stage_code(stages, local)
    # before it opens, hours are those it will have
    opening = hours.of_site(site, closures) if stage in ("", Stage.OPEN) else None
    today = day(local, ZoneInfo(site.zone))
    spans = opening.open_periods(today.begins, today.ends) if opening else ()
    now = next((span for span in spans if span.contains(at)), None)
    return Listed(site, stage, stages, opening, now, spans, seats, kinds)


def stage_code(stages: Sequence[SiteStage], on: date) -> str:
    """The stage of a day; what is dated to come is planned; "" when nobody said."""
    found = stage_on(list(stages), on)
    if found is not None:
        return str(found.stage)
    return str(Stage.PLANNED) if stages else ""


def _order(one: Listed) -> tuple[int, str, str]:
    """Open now, open today, closed today, not open yet; then by commune."""
    is_known = one.opening is not None
    rank = 0 if one.is_open else 1 if one.today else 2 if is_known else 3
    site = one.site
    return rank, french.sort_key(site.commune_name), french.sort_key(site.name)


def search(listed: Iterable[Listed], asked: Mapping[str, Any]) -> Found:
    """Those that surely answer; with `incertains`, those that might too."""
    sure: list[Listed] = []
    unsure: list[Listed] = []
    for one in listed:
        answers = list(_answers(one, asked))
        if False in answers:
            continue
        (unsure if None in answers else sure).append(one)
    shown = sure + (unsure if asked.get("incertains") else [])
    return Found(sorted(shown, key=_order), len(unsure))


def _answers(one: Listed, asked: Mapping[str, Any]) -> Iterable[bool | None]:
    """For each thing asked: yes, no, or nobody knows."""
    site = one.site
    if words := search_key(asked.get("q") or ""):
        known = f" {search_key(site.name, site.commune_name, site.address)}"
        yield all(f" {word}" in known for word in words.split())
    if tier := asked.get("niveau"):
        yield site.tier == tier if site.tier else None
    if kind := asked.get("espace"):
        yield kind in one.kinds
    if item := asked.get("equipement"):
        yield item in site.equipment if site.equipment else None
    if asked.get("ouvert"):
        yield None if one.opening is None and one.stage in ("", Stage.OPEN) else one.is_open
    if asked.get("acces"):
        yield site.is_step_free

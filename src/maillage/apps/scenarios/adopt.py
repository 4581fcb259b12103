"""Adopt a retained scenario: its sites enter the network with what the plan promises of them."""

from datetime import date
from typing import Any

from django.db import transaction

from maillage.apps.journal.models import Entry
from maillage.apps.journal.record import record
from maillage.apps.people.models import Position, ScopeKind
from maillage.apps.scenarios.adoption_plan import Planned, addresses, columns, preview
from maillage.apps.scenarios.models import Scenario, ScenarioState, Version
from maillage.apps.scenarios.versions import Author, latest, locked
from maillage.apps.sites import keep
from maillage.apps.sites.models import Adoption, Site, SiteStage, SiteTarget, Stage
from maillage.apps.sites.versions import Author as SiteAuthor
from maillage.apps.territories.models import Territory
from maillage.kit.refusal import Refusal


class NotRetained(Refusal):
    """Only what the council voted enters the network."""

    sentence = "Ce scénario n'est pas retenu. Notez d'abord le vote du conseil, puis adoptez-le."


class NothingNew(Refusal):
    """It is adopted already."""

    sentence = (
        "Cette version est déjà adoptée : chaque lieu du plan est dans le réseau, avec son prévu."
    )


class NothingToUndo(Refusal):
    """Another adoption followed, or somebody was faster."""

    sentence = "Cette adoption n'est plus la dernière, ou est déjà annulée. Actualisez la page."


class ChangedSince(Refusal):
    """What people wrote is never erased."""

    sentence = (
        "{names} : quelqu'un y a travaillé depuis l'adoption. Elle ne s'annule plus ; retirez un "
        "à un les lieux qui ne conviennent pas."
    )


def adopt(scenario: Scenario, author: Author) -> Adoption:
    """Open the sites that are not there, write the targets of all; nothing else changes.

    Raises NotRetained, NothingNew.
    """
    with transaction.atomic():
        version = _retained(scenario)
        territory = _held(scenario)
        found = preview(version)
        if not found.is_new:
            raise NothingNew
        where = addresses(found.make, territory.pk)
        made = [_open(territory, one, where, version, author) for one in found.make]
        before = [_before(site) for _, site in found.there] + [_before(s) for s in found.gone]
        for planned, site in found.there:
            promise(site, planned, version, author)
        left_out = [site.target.pk for site in found.gone]
        SiteTarget.objects.filter(pk__in=left_out).update(is_in_plan=False)
        adoption = Adoption.objects.create(
            study=scenario.study_id,
            scenario=scenario.pk,
            version=version.number,
            territory=territory,
            made=[{"site": site.pk, "version": site.version} for site in made],
            before=before,
            by=author.by,
            at=author.at,
        )
        _note("sites.adopt", adoption, author, sites=len(made), version=version.number)
    return adoption


def undo(adoption: Adoption, author: Author) -> None:
    """The network as it was: the sites it opened are gone, the targets before are back.

    Raises NothingToUndo, ChangedSince.
    """
    with transaction.atomic():
        Territory.objects.select_for_update(no_key=True).get(pk=adoption.territory_id)
        last = last_adoption(adoption.territory_id)
        if last is None or last.pk != adoption.pk:
            raise NothingToUndo
        made = list(Site.objects.filter(pk__in=[entry["site"] for entry in last.made]))
        touched = _touched(made)
        if touched:
            raise ChangedSince(names=", ".join(site.name for site in touched))
        Site.objects.filter(pk__in=[site.pk for site in made]).delete()
        for entry in last.before:
            SiteTarget.objects.filter(site_id=entry["site"]).delete()
            if entry["target"]:
                target = dict(entry["target"])
                SiteTarget.objects.create(site_id=entry["site"], **target)
        last.undone_at = author.at
        last.save(update_fields=["undone_at"])
        _note("sites.undo_adoption", last, author, sites=len(made), version=last.version)


def last_adoption(territory_id: str) -> Adoption | None:
    """The latest of a territory that nobody undid."""
    kept = Adoption.objects.filter(territory_id=territory_id, undone_at=None)
    return kept.order_by("-at", "-pk").first()


def touched_of(adoption: Adoption) -> list[Site]:
    """The sites it opened on which somebody worked since."""
    return _touched(list(Site.objects.filter(pk__in=[entry["site"] for entry in adoption.made])))


def _retained(scenario: Scenario) -> Version:
    held = locked(scenario)
    if held.state != ScenarioState.RETAINED:
        raise NotRetained
    version = latest(held)
    version.scenario = held
    return version


def _held(scenario: Scenario) -> Territory:
    """Two adoptions wait for each other."""
    rows = Territory.objects.select_for_update(no_key=True)
    return rows.get(pk=scenario.study.territory_id)


def _open(
    territory: Territory, one: Planned, where: dict[int, str], version: Version, author: Author
) -> Site:
    identity = keep.Identity(one.name, one.promise.tier)
    place = keep.Place(
        one.commune_code,
        one.commune_name,
        address=where.get(one.premises or 0, ""),
        lon=one.lon,
        lat=one.lat,
    )
    site = keep.open_site(
        territory,
        identity,
        place,
        SiteAuthor(author.by, author.at),
        adopted_from=f"{version.scenario_id}:{version.number}",
        is_demonstration=version.scenario.study.is_demonstration,
    )
    SiteStage.objects.create(site=site, **_stage(one, author.at.date()))
    promise(site, one, version, author)
    return site


def _stage(one: Planned, on: date) -> dict[str, Any]:
    """A forecast never opens a site by itself: the year stays words until somebody dates it."""
    if one.is_existing:
        return {"stage": Stage.OPEN, "starts_on": on, "note": "Lieu existant dans l’étude"}
    words = f"Ouverture prévue en {one.promise.opening_year}"
    return {"stage": Stage.PLANNED, "starts_on": on, "note": words}


def promise(site: Site, planned: Planned, version: Version, author: Author) -> None:
    """Write what a plan promises of a site; within the transaction of a verb."""
    values = columns(planned.promise, version)
    SiteTarget.objects.update_or_create(site=site, defaults={**values, "adopted_at": author.at})


def _before(site: Site) -> dict[str, Any]:
    """What undoing writes back."""
    target = SiteTarget.objects.filter(site=site).values().first()
    kept: dict[str, Any] = dict(target) if target else {}
    for name in ("id", "site_id"):
        kept.pop(name, None)
    if kept:
        kept["adopted_at"] = kept["adopted_at"].isoformat()
    return {"site": site.pk, "target": kept or None}


def _touched(sites: list[Site]) -> list[Site]:
    keys = [str(site.pk) for site in sites]
    acts = Entry.objects.filter(object_kind="site", object_key__in=keys)
    written = set(acts.exclude(act="sites.open").values_list("object_key", flat=True))
    posts = Position.objects.filter(scope_kind=ScopeKind.SITE, scope_key__in=keys)
    written |= set(posts.values_list("scope_key", flat=True))
    spaces = Site.objects.filter(pk__in=keys, spaces__isnull=False)
    written |= {str(pk) for pk in spaces.values_list("pk", flat=True)}
    return [site for site in sites if str(site.pk) in written]


def _note(act: str, adoption: Adoption, author: Author, **facts: Any) -> None:
    scope = adoption.territory.scopes[0]
    record(act, ("scenario", adoption.scenario), by=author.by, at=author.at, scope=scope, **facts)

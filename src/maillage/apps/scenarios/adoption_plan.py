"""What adopting a retained scenario would do: sites to open, those there, those left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from maillage.apps.premises import for_study
from maillage.apps.premises.models import Premises
from maillage.apps.scenarios.models import Version
from maillage.apps.sites.models import Site, SiteTarget, Tier
from maillage.apps.territories import reading
from maillage.apps.territories.names import search_key

GRANTS, EMPLOYERS = "costs.grant_rate", "costs.corpo_employers_share"


@dataclass(frozen=True)
class Promise:
    """What a computation promises of a site; the columns of `SiteTarget` of the same names."""

    candidate: str
    tier: str
    seats: int
    opening_year: int
    inhabitants: int
    occupied_days_low: float
    occupied_days: float
    occupied_days_high: float
    investment_eur_low: float
    investment_eur: float
    investment_eur_high: float
    operation_eur_low: float
    operation_eur: float
    operation_eur_high: float
    grants_share: float
    employers_share: float


@dataclass(frozen=True)
class Planned:
    """A site of a plan: where it is, under which name, what is promised of it.

    premises     key of the premises it uses, None when it is a place in a commune
    is_existing  a place open today
    """

    name: str
    commune_code: str
    commune_name: str
    lon: float
    lat: float
    is_existing: bool
    premises: int | None
    promise: Promise


@dataclass(frozen=True)
class Preview:
    """What adopting a version would do.

    make   sites to open
    there  those of the network that the plan has too: their target is written, nothing else
    gone   those of an earlier adoption that this version leaves out: kept, and told
    """

    version: Version
    make: tuple[Planned, ...]
    there: tuple[tuple[Planned, Site], ...]
    gone: tuple[Site, ...]

    @property
    def is_new(self) -> bool:
        """Whether adopting it would change anything."""
        left_out = any(site.target.is_in_plan for site in self.gone)
        return (
            bool(self.make)
            or left_out
            or any(not is_promised(site, planned, self.version) for planned, site in self.there)
        )


def preview(version: Version) -> Preview:
    """A version of a scenario against the sites of its territory, in a fixed number of queries."""
    study = version.scenario.study
    sites = list(
        Site.objects.filter(territory_id=study.territory_id).select_related("target").order_by("pk")
    )
    planned = sites_of(version)
    there, left = [], list(sites)
    make = []
    for one in planned:
        found = _match(one, left, study.pk)
        if found is None:
            make.append(one)
        else:
            left.remove(found)
            there.append((one, found))
    gone = [site for site in left if _target(site) and site.target.study == study.pk]
    return Preview(version, tuple(make), tuple(there), tuple(gone))


def sites_of(version: Version) -> tuple[Planned, ...]:
    """The sites of a version, as its computation wrote them."""
    plan = reading.document(version.run.folder, "plan.json")
    costs = {cost["id"]: cost for cost in plan["money"]["by_site"]}
    shares = {key: float(plan["assumptions"][key]["value"]) for key in (GRANTS, EMPLOYERS)}
    names = _names(plan["sites"])
    return tuple(
        _planned(site, names[site["id"]], costs[site["id"]], shares) for site in plan["sites"]
    )


def addresses(planned: Sequence[Planned], territory_id: str) -> dict[int, str]:
    """The addresses of the premises that a plan uses, by key."""
    keys = [one.premises for one in planned if one.premises]
    rows = Premises.objects.filter(pk__in=keys, territory_id=territory_id)
    return dict(rows.values_list("pk", "address"))


def columns(promise: Promise, version: Version) -> dict[str, Any]:
    """The target of a site, but for its date."""
    scenario = version.scenario
    return {
        **asdict(promise),
        "is_in_plan": True,
        "study": scenario.study_id,
        "study_title": scenario.study.title,
        "scenario_number": scenario.number,
        "scenario_letter": scenario.letter,
        "version": version.number,
        "source_run": version.run_id,
    }


def _planned(
    site: dict[str, Any], name: str, cost: dict[str, Any], shares: dict[str, float]
) -> Planned:
    days, investment, operation = (
        site["occupied_days"],
        cost["investment"],
        cost["operation_per_year"],
    )
    promise = Promise(
        candidate=site["id"],
        tier=site["tier"],
        seats=site["seats"],
        opening_year=site["opening_year"],
        inhabitants=site["inhabitants"],
        occupied_days_low=days["low"],
        occupied_days=days["central"],
        occupied_days_high=days["high"],
        investment_eur_low=investment["low"],
        investment_eur=investment["central"],
        investment_eur_high=investment["high"],
        operation_eur_low=operation["low"],
        operation_eur=operation["central"],
        operation_eur_high=operation["high"],
        grants_share=shares[GRANTS],
        employers_share=shares[EMPLOYERS] if site["tier"] == Tier.CORPO else 0.0,
    )
    key = site["id"].removeprefix(for_study.PREFIX)
    is_premises = site["id"].startswith(for_study.PREFIX) and key.isdigit()
    return Planned(
        name=name,
        commune_code=site["commune_code"],
        commune_name=site["commune_name"],
        lon=site["lon"],
        lat=site["lat"],
        is_existing=site["is_existing"],
        premises=int(key) if is_premises else None,
        promise=promise,
    )


def _names(sites: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The building's name; else the tier and the commune, numbered where there are several."""
    wanted = {
        site["id"]: site["name"]
        if site["name"] != site["commune_name"]
        else f"{Tier(site['tier']).label}, {site['commune_name']}"
        for site in sites
    }
    counted, found = Counter(wanted.values()), {}
    rank: Counter[str] = Counter()
    for key, name in wanted.items():
        rank[name] += 1
        found[key] = f"{name} {rank[name]}" if counted[name] > 1 else name
    return found


def _match(planned: Planned, sites: Sequence[Site], study: int) -> Site | None:
    """The same place of the same study; else the same name in the same commune."""
    for site in sites:
        target = _target(site)
        if target and target.study == study and target.candidate == planned.promise.candidate:
            return site
    name = search_key(planned.name)
    same = (
        site
        for site in sites
        if site.removed_at is None
        and site.commune_code == planned.commune_code
        and search_key(site.name) == name
    )
    return next(same, None)


def _target(site: Site) -> SiteTarget | None:
    return getattr(site, "target", None)


def is_promised(site: Site, planned: Planned, version: Version) -> bool:
    """Whether the target of a site says already what this version promises."""
    target = _target(site)
    if target is None:
        return False
    return all(
        getattr(target, name) == value for name, value in columns(planned.promise, version).items()
    )

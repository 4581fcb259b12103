"""What is known of a commune under a plan, before any word."""

from collections.abc import Mapping
from dataclasses import dataclass

from maillage.core.finance import SiteCost
from maillage.core.money import Range
from maillage.core.scenario import Outcome, Site
from maillage.core.scenario.by_commune import Access, access, town_minutes
from maillage.report import french, layers


@dataclass(frozen=True)
class Known:
    """What the words of one commune are made of.

    site     the site nearest to its town, with the minutes that part them; None: no town known
    sharers  names of the other communes nearest to this site, the most populous first
    """

    outcome: Outcome
    code: str
    name: str
    inhabitants: int | None
    access: Access | None
    hosted: tuple[Site, ...]
    costs: Mapping[str, SiteCost]
    site: Site | None
    to_site: Range | None
    sharers: tuple[str, ...]

    @property
    def is_without_road(self) -> bool:
        """Whether streets are known, and none joins its town to a site."""
        return self.site is None and self.outcome.territory.roads is not None

    @property
    def rule(self) -> str:
        """The minutes within which one is covered, in words."""
        return f"{self.outcome.coverage.within_min:.0f}{french.NBSP}minutes"

    @property
    def invested(self) -> Range:
        """What its own sites cost, before tax and grants."""
        total = Range(0.0, 0.0, 0.0)
        for site in self.hosted:
            total += self.costs[site.candidate.id].investment
        return total

    @property
    def grant_rate(self) -> float:
        """The share of its investment that grants are counted on to pay."""
        return self.outcome.assumptions.value("costs.grant_rate")

    @property
    def own(self) -> Range:
        """What is left to the commune of its investment, the grants counted on deducted."""
        return self.invested.scaled(1.0 - self.grant_rate)


def known_communes(outcome: Outcome) -> list[Known]:
    territory = outcome.territory
    sites = {site.candidate.id: site for site in outcome.sites}
    links = {link[0]: link for link in layers.links(outcome)}
    times = town_minutes(
        [start for _, start, _, _ in links.values()],
        [end for _, _, _, end in links.values()],
        outcome.territory.travel(outcome.assumptions),
    )
    to_site = dict(zip(links, times, strict=True))
    costs = {cost.id: cost for cost in outcome.money.sites}
    reached = access(territory, outcome.coverage)
    rows = territory.communes.select("commune_code", "name", "population").rows()
    names = {code: name for code, name, _ in rows}
    by_size = [code for code, *_ in sorted(rows, key=lambda row: -(row[2] or 0))]
    return [
        Known(
            outcome=outcome,
            code=code,
            name=name,
            inhabitants=people,
            access=reached.get(code),
            hosted=tuple(s for s in outcome.sites if s.candidate.commune_code == code),
            costs=costs,
            site=sites[links[code][2]] if code in links else None,
            to_site=to_site.get(code),
            sharers=tuple(
                names[other]
                for other in by_size
                if other != code and code in links and _link(links, other) == links[code][2]
            ),
        )
        for code, name, people in rows
    ]


def _link(links: Mapping[str, layers.Link], code: str) -> str:
    return links[code][2] if code in links else ""

"""What each commune gets and pays, in words."""

from dataclasses import dataclass

from maillage.core.money import Range
from maillage.core.scenario import Outcome, Site
from maillage.report import french, layers
from maillage.report.shown import NO_FIGURE


@dataclass(frozen=True)
class CommunePage:
    """One commune under the plan; `site_id` is the site nearest to its town."""

    code: str
    name: str
    inhabitants: int | None
    site_id: str
    site_name: str
    gets: tuple[str, ...]
    pays: tuple[str, ...]


def of_outcome(outcome: Outcome) -> tuple[CommunePage, ...]:
    """The communes by name."""
    nearest = {code: site for code, _, site, _ in layers.links(outcome.territory, outcome.sites)}
    names = {site.candidate.id: site.candidate.name for site in outcome.sites}
    rows = sorted(
        layers.communes_table(outcome).iter_rows(named=True),
        key=lambda row: french.sort_key(row["name"]),
    )
    return tuple(
        CommunePage(
            code=row["commune_code"],
            name=row["name"],
            inhabitants=row["population"],
            site_id=nearest.get(row["commune_code"], ""),
            site_name=names.get(nearest.get(row["commune_code"], ""), ""),
            gets=_gets(outcome, row),
            pays=_pays(outcome, row["commune_code"]),
        )
        for row in rows
    )


def _gets(outcome: Outcome, row: dict[str, object]) -> tuple[str, ...]:
    within = f"{outcome.coverage.within_min:.0f} minutes"
    before, after = (_share(row[f"share_covered_{when}"]) for when in ("before", "after"))
    far, near = (_minutes(row[f"mean_minutes_{when}"]) for when in ("before", "after"))
    hosted = [
        f"{french.TIERS[site.tier].capitalize()}, {french.count(site.seats, 'place')}, "
        + ("déjà ouvert." if site.candidate.is_existing else f"ouverture en {site.opening_year}.")
        for site in _hosted(outcome, str(row["commune_code"]))
    ]
    return (
        f"Habitants à {within} d'un lieu : {after} avec le plan, {before} aujourd'hui "
        "(cas central).",
        f"Trajet moyen : {near} avec le plan, {far} aujourd'hui (cas central).",
        *hosted,
    )


def _pays(outcome: Outcome, code: str) -> tuple[str, ...]:
    """A commune invests in the sites it hosts."""
    costs = {cost.id: cost for cost in outcome.money.sites}
    lines = tuple(
        f"Investissement, {french.TIERS[site.tier]} : "
        f"{_investment(costs[site.candidate.id].investment)}"
        for site in _hosted(outcome, code)
    )
    return lines or ("Rien à investir : la commune n'accueille pas de lieu.",)


def _investment(amount: Range) -> str:
    if not amount.high:
        return "déjà payé."
    return (
        f"{french.planned_euros(amount.central)} hors taxes et avant subventions "
        f"({french.euros_between(amount)}), une fois."
    )


def _hosted(outcome: Outcome, code: str) -> list[Site]:
    return [site for site in outcome.sites if site.candidate.commune_code == code]


def _share(value: object) -> str:
    return french.share(value) if isinstance(value, float) else NO_FIGURE


def _minutes(value: object) -> str:
    return f"{french.number(value)} minutes" if isinstance(value, float) else NO_FIGURE

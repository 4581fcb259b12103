"""The plan in words a mayor understands: the terminal today, the first page tomorrow."""

from maillage.core.scenario import Outcome, Site
from maillage.core.siting import Stage
from maillage.report import french, on_the_way, travel_words


def headline(outcome: Outcome) -> str:
    """The finding in one sentence."""
    after = outcome.coverage.after
    return (
        f"{french.count(len(outcome.sites), 'lieu', 'lieux')} mettent "
        f"{french.share(after.central)} des habitants à {outcome.coverage.within_min:.0f} minutes "
        f"({french.share_between(after.low, after.high)} selon la vitesse retenue), "
        f"contre {french.share(outcome.coverage.before.central)} aujourd'hui."
    )


def proof(outcome: Outcome) -> str:
    """What is proved, or how far from it."""
    if outcome.siting.status == "proved":
        price = french.number(outcome.problem.rules.min_gain_per_mini)
        return (
            "Optimum prouvé : sous ces règles, aucun autre choix ne fait mieux, chaque "
            f"mini-cowork devant rapprocher au moins {price} habitants."
        )
    if outcome.siting.status == "drawn":
        (stage,) = outcome.siting.stages
        within = f"{outcome.coverage.within_min:.0f} minutes"
        return f"Réseau choisi à la main : {_against(stage, within)}"
    widest = max(stage.gap for stage in outcome.siting.stages)
    return f"Optimum non prouvé dans le temps donné : écart possible de {french.share(widest, 1)}."


def _against(stage: Stage, within: str) -> str:
    people = french.count(abs(stage.objective - stage.bound), "habitant")
    if stage.objective == stage.bound:
        return (
            "c'est prouvé, aucun réseau d'autant de mini-coworks ne met plus d'habitants "
            f"à {within}."
        )
    if stage.objective > stage.bound:
        return (
            f"{people} de plus à {within} que le meilleur réseau d'autant de mini-coworks qui "
            "suive toutes les règles : il s'en écarte."
        )
    return f"{people} de moins à {within} que le meilleur réseau prouvé d'autant de mini-coworks."


def site_line(outcome: Outcome, site: Site) -> tuple[str, str, str, str, str]:
    """Place, seats, opening year, inhabitants lost without it, best replacement and its loss."""
    lost, instead = "", ""
    if site.why is not None:
        lost = french.number(-site.why.lost_if_removed)
        if site.why.alternatives:
            best = site.why.alternatives[0]
            name = outcome.candidates.every[best.candidate].commune_name
            instead = f"{name} ({french.number(-best.loss)})"
    opening = "ouvert" if site.candidate.is_existing else str(site.opening_year)
    return site.candidate.name, french.number(site.seats), opening, lost, instead


def reason(outcome: Outcome, site: Site) -> str:
    """Why this place, in one sentence."""
    if site.why is None:
        basis = outcome.candidates.corpo_basis
        return {
            "business_park": "zone d'activité décrite par l'intercommunalité",
            "most_jobs": "commune qui compte le plus d'emplois, faute de zone d'activité décrite",
        }[basis]
    lost = site.why.lost_if_removed
    decided = on_the_way.decided(site)
    tail = f". {decided.removesuffix('.')}" if decided else ""
    within = f"{outcome.coverage.within_min:.0f} min"
    words = f"{french.number(lost)} habitants passeraient au-delà de {within} sans lui"
    if not site.why.alternatives:
        return f"{words}{tail}"
    best = site.why.alternatives[0]
    name = outcome.candidates.every[best.candidate].commune_name
    return f"{words} ; à sa place, {name} en perdrait {french.number(best.loss)}{tail}"


def money_lines(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Payer, investment over the plan, yearly operation once everything is open."""
    years = outcome.money.years
    last = years[-1]
    invested = {
        payer: sum(y.investment_cents[payer] for y in years) for payer in ("communes", "grants")
    }
    lines = [
        ("Communes", french.planned_cents(invested["communes"]), "0\u00a0€"),
        (
            "Intercommunalité",
            "0\u00a0€",
            french.planned_cents(last.operation_cents["epci"] - last.income_cents),
        ),
        ("Employeurs", "0\u00a0€", french.planned_cents(last.operation_cents["employers"])),
        ("Usagers", "0\u00a0€", french.planned_cents(last.income_cents)),
    ]
    if invested["grants"]:
        lines.append(("Subventions", french.planned_cents(invested["grants"]), "0\u00a0€"))
    return lines


def investment_line(outcome: Outcome) -> str:
    """The investment with its range and the grants counted on."""
    invested = outcome.money.investment
    rate = outcome.assumptions.value("costs.grant_rate")
    grants = f"{french.share(rate)} de subventions" if rate else "aucune subvention comptée"
    return (
        f"Investissement : {french.planned_euros(invested.central)} hors taxes "
        f"({french.euros_between(invested)}), {grants}."
    )


def operation_line(outcome: Outcome) -> str:
    """The yearly cost with its range, and what is left to pay under each demand."""
    money = outcome.money
    return (
        f"Fonctionnement : {french.planned_euros(money.operation.central)} par an "
        f"({french.euros_between(money.operation)}) ; reste à payer par l'intercommunalité selon "
        f"la fréquentation : {french.euros_between(money.mature_year)} (négatif : excédent) ; "
        f"au pire, coûts hauts et fréquentation basse : {french.planned_euros(money.stress)}."
    )


def demand_line(outcome: Outcome) -> str:
    """Expected use, never a single figure, against the seats that are open to all."""
    seats = outcome.demand.seats_per_day
    corpo = sum(s.seats for s in outcome.sites if s.tier == "corpo")
    apart = f", plus {corpo} pour les employeurs" if corpo else ""
    return (
        f"{french.between(seats.p10, seats.p90).capitalize()} places occupées un jour ordinaire "
        f"(médiane {french.number(seats.p50)}), {french.number(open_seats(outcome))} places "
        f"proposées{apart}."
    )


def open_seats(outcome: Outcome) -> int:
    """Seats of the structuring sites and mini-coworks."""
    return sum(s.seats for s in outcome.sites if s.tier != "corpo")


def impact_line(outcome: Outcome) -> str:
    """From which share of visits the plan saves CO2, if any."""
    threshold = outcome.impact.threshold
    if threshold.central >= 1:
        return "Le plan n'évite pas de CO2, quelle que soit la part des visites au lieu du bureau."
    low, high = min(threshold.low, 1), min(threshold.high, 1)
    return (
        "Le plan évite du CO2 si plus de "
        f"{french.share(threshold.central)} des visites remplacent un jour de bureau "
        f"({french.share_between(low, high)})."
    )


def _vintage(outcome: Outcome, dataset: str) -> str:
    """The vintage of a table that was read, "" when it was not."""
    used = [s.vintage for s in outcome.territory.tables.sources if s.dataset.id == dataset]
    return french.vintage(used[0]) if used else ""


def _places_list(outcome: Outcome) -> str:
    vintage = _vintage(outcome, "third_places")
    if not vintage:
        return "ceux que vous avez donnés"
    return f"liste {'de' if vintage.isdecimal() else 'du'} {vintage} ou la vôtre"


def origin_lines(outcome: Outcome) -> list[str]:
    """What is observed and what is modelled."""
    flows = "observés" if outcome.commuting.origin == "observed" else "modélisés"
    year = outcome.territory.tables.census_year
    times = travel_words.of_territory(outcome.territory)
    lines = [
        f"Observé : habitants (2023 ; carreaux 2021), emplois et actifs ({year}), "
        f"équipements ({_vintage(outcome, 'equipment').removeprefix('BPE ')}), lieux existants "
        f"({_places_list(outcome)}).",
        f"Modélisé : {times.origin}, fréquentation, coûts, CO2 ; trajets domicile-travail {flows}.",
    ]
    return [*lines, f"Routes : {times.streets}."] if times.is_by_road else lines

"""What a commune invests, and what the whole network leaves to the intercommunality, in words."""

from maillage.core.scenario import Site
from maillage.report import french
from maillage.report.shown import Figure
from maillage.report.study_page.commune_facts import Known

MODEL = "Calcul de Maillage, hypothèses de l'étude"
NO_INVESTMENT = "rien à investir"


def investment_figure(known: Known) -> Figure:
    amount = known.invested
    is_free = not amount.high
    return Figure(
        label="Investissement de la commune, une fois",
        value=french.planned_euros(amount.central),
        origin="modelled",
        source=MODEL,
        vintage="",
        interval=NO_INVESTMENT if is_free else french.euros_between(amount),
        detail="" if is_free else f"hors taxes ; {_after_grants(known)}",
    )


def _after_grants(known: Known) -> str:
    rate = known.grant_rate
    if not rate:
        return "aucune aide comptée"
    return f"après {french.share(rate)} d'aides : {french.planned_euros(known.own.central)}"


def network_figure(known: Known) -> Figure:
    net = known.outcome.money.mature_year
    return Figure(
        label="Le réseau pour l'intercommunalité, par an",
        value=french.planned_euros(net.central),
        origin="modelled",
        source=MODEL,
        vintage="",
        interval=french.euros_between(net),
        detail="selon la fréquentation",
    )


def pays(known: Known) -> tuple[str, ...]:
    """A commune invests in the sites it hosts; their operation is paid by others."""
    if not known.hosted:
        return ("Rien à investir : la commune n'accueille pas de lieu.",)
    lines = tuple(_investment(known, site) for site in known.hosted)
    if not known.invested.high:
        return lines
    return (*lines, _grants(known), _weight(known), _operation(known))


def _investment(known: Known, site: Site) -> str:
    amount = known.costs[site.candidate.id].investment
    kind = french.TIERS[site.tier].capitalize()
    if not amount.high:
        return f"{kind} : déjà payé."
    return (
        f"{kind} : {french.planned_euros(amount.central)} hors taxes et avant aides "
        f"({french.euros_between(amount)}), une fois."
    )


def _grants(known: Known) -> str:
    rate = known.grant_rate
    if not rate:
        return "Aucune aide n'est comptée : rien n'est acquis, la commune paie tout."
    own = known.own
    return (
        f"Avec {french.share(rate)} d'aides, comptées mais non acquises, il lui reste "
        f"{french.planned_euros(own.central)} ({french.euros_between(own)})."
    )


def _weight(known: Known) -> str:
    """Its part of the whole investment, and per inhabitant, grants deducted."""
    total = known.outcome.money.investment.central
    share = french.share(known.invested.central / total)
    said = f"Sa part de l'investissement de tout le réseau : {share} (cas central)"
    if not known.inhabitants:
        return f"{said}."
    head = known.own.scaled(1 / known.inhabitants)
    between = f"de {french.number(head.low)} à {french.euros(head.high, 0)}"
    return f"{said}. Par habitant : {french.euros(head.central, 0)}, une fois ({between})."


def _operation(known: Known) -> str:
    if any(site.tier == "corpo" for site in known.hosted):
        return (
            "Fonctionnement : rien pour la commune. L'intercommunalité paie, et les employeurs "
            "une part du corpoworking."
        )
    return "Fonctionnement : rien pour la commune, l'intercommunalité le paie."


def network(known: Known) -> tuple[str, ...]:
    """What the whole network leaves to the intercommunality each year."""
    budget = known.outcome.money
    net, head = budget.mature_year, budget.per_inhabitant
    low, high = sorted((head.low, head.high))
    lines = (
        f"Tout le réseau laisse à l'intercommunalité {french.planned_euros(net.central)} par an "
        f"({french.euros_between(net)} selon la fréquentation).",
        f"Par habitant de l'intercommunalité et par an : {french.euros(head.central)} "
        f"(de {french.number(low, 2)} à {french.euros(high)}).",
    )
    if min(net.low, net.high) < 0:
        return (*lines, "Un montant négatif est un excédent.")
    return lines

"""What the country's pages say: the finding, the figures, what each column is."""

from dataclasses import dataclass

from maillage.core.money import Range
from maillage.core.national import Country, Neighboured
from maillage.report import french

KINDS = {"observed": "Observé", "modelled": "Modélisé", "proved": "Prouvé"}
TRAVEL = {True: "route", False: "distance"}


@dataclass(frozen=True)
class Figure:
    """A number of the top of the page, what it is, how sure it is."""

    value: str
    label: str
    detail: str
    kind: str


@dataclass(frozen=True)
class Meaning:
    """What a column is, and where it comes from."""

    name: str
    words: str
    kind: str


def finding(country: Country, within_min: float) -> str:
    """The title: what the plans change, in a sentence."""
    before = french.share(_share(country, "before"))
    after = french.share(_with_neighbours(country))
    return (
        f"{before} des habitants ont aujourd'hui un lieu à moins de {within_min:.0f} minutes ; "
        f"avec les plans, {after}"
    )


def scope(country: Country, places: int, failed: int) -> str:
    """What the pages are about, below the title."""
    done = french.count(
        len(country.places), "intercommunalité calculée", "intercommunalités calculées"
    )
    people = french.number(sum(n.plan.population for n in country.places))
    left = places - len(country.places) - failed
    rest = [f"{french.count(failed, 'sans plan', 'sans plan')}"] if failed else []
    rest += [f"{french.count(left, 'pas encore calculée', 'pas encore calculées')}"] if left else []
    more = f" ({french.listed(rest)})" if rest else ""
    return (
        f"{done} sur {french.number(places)}{more}, {people} habitants. Chacune a son plan, "
        "fait pour elle seule ; les lieux que prévoient ses voisines sont comptés ensuite."
    )


def figures(country: Country) -> tuple[Figure, ...]:
    """The figures of the top of the page."""
    plans = [n.plan for n in country.places]
    tiers = [site.tier for plan in plans for site in plan.sites]
    proved = sum(plan.status == "proved" for plan in plans)
    after, before = total_share(country, "after"), total_share(country, "before")
    invested = total(country, "investment_eur")
    net = total(country, "yearly_net_eur")
    return (
        Figure(
            french.share(_with_neighbours(country)),
            "des habitants à portée d'un lieu, voisines comprises",
            f"{french.share(after.central)} sans elles, {_cases(after)} ; aujourd'hui "
            f"{french.share(before.central)}",
            "modelled",
        ),
        Figure(
            french.number(len(tiers)),
            "lieux prévus",
            f"{french.count(tiers.count('hub'), 'site structurant', 'sites structurants')}, "
            f"{french.count(tiers.count('mini'), 'mini-cowork')}, "
            f"{french.count(tiers.count('corpo'), 'corpoworking')}",
            "modelled",
        ),
        Figure(
            millions(invested.central),
            "d'investissement, avant subventions",
            f"{millions_between(invested)} ; reste par an {millions(net.central)} "
            f"({millions_between(net)})",
            "modelled",
        ),
        Figure(
            french.share(proved / max(1, len(plans))),
            "des plans prouvés les meilleurs",
            f"{french.number(proved)} sur {french.number(len(plans))} ; pour les autres, l'écart "
            "est dit à chaque ligne",
            "proved",
        ),
    )


def border_line(country: Country) -> str:
    """How far the plans made apart may be from plans made together."""
    gap = french.share(country.gap, 1)
    return (
        "Faits chacun de leur côté, ces plans valent "
        f"{french.number(country.value)} habitants rapprochés, une fois retiré le prix des "
        "mini-coworks. Des plans faits ensemble ne dépasseraient pas "
        f"{french.number(country.bound)} (écart d'au plus {gap}) : borne prouvée, qui suppose un "
        "lieu gratuit dans chaque bourg voisin. Elle est donc large."
    )


MEANINGS = (
    Meaning(
        "Aujourd'hui",
        "Part des habitants qui ont un lieu ouvert à portée, dans l'intercommunalité ou autour.",
        "modelled",
    ),
    Meaning(
        "Son plan seul",
        "La même part une fois ouverts les lieux de son propre plan.",
        "modelled",
    ),
    Meaning(
        "Avec ses voisines",
        "La même part en comptant aussi les lieux que prévoient les plans des intercommunalités "
        "voisines, au bourg de leur commune.",
        "modelled",
    ),
    Meaning(
        "Commune la moins couverte",
        "Part des habitants à portée dans la commune la plus mal servie, son plan seul.",
        "modelled",
    ),
    Meaning(
        "Lieux",
        "Sites structurants, mini-coworks, corpoworking que prévoit le plan.",
        "modelled",
    ),
    Meaning(
        "Investissement, reste par an",
        "Ce que coûtent les ouvertures avant subventions ; ce qui reste à payer une année pleine, "
        "recettes déduites (négatif : excédent). Cas central ; les cas bas et haut sont dans "
        "national.parquet.",
        "modelled",
    ),
    Meaning(
        "Preuve",
        "« prouvé » : aucun réseau ne fait mieux sous les mêmes règles. Sinon, l'écart relatif "
        "entre le plan et sa borne, à l'étape qui en est le plus loin.",
        "proved",
    ),
    Meaning(
        "Habitants",
        "Population de référence ; les parts sont celles des habitants des carreaux d'un "
        "kilomètre.",
        "observed",
    ),
)


def proof(found: Neighboured) -> str:
    """What is proved of a plan."""
    if found.plan.status == "proved":
        return "prouvé"
    # a gap too small to be written must not read as none
    return f"écart {french.share(max(found.plan.gap, 1e-4), 2)}"


def total(country: Country, name: str) -> Range:
    """The sum of an amount, each case on its own: not an interval of the sum."""
    amounts = [getattr(n.plan, name) for n in country.places]
    return sum(amounts, Range(0.0, 0.0, 0.0))


def total_share(country: Country, name: str) -> Range:
    """The share of all the inhabitants, each case on its own."""
    people = max(1, sum(n.plan.inhabitants for n in country.places))
    found = [getattr(n.plan, name).scaled(n.plan.inhabitants / people) for n in country.places]
    return sum(found, Range(0.0, 0.0, 0.0))


def millions(euros: float) -> str:
    """12,3 M€."""
    return f"{french.number(euros / 1e6, 1 if abs(euros) < 1e8 else 0)}{french.NBSP}M€"


def millions_between(amount: Range) -> str:
    """de 10,1 à 14,2 M€."""
    low, high = sorted((amount.low, amount.high))
    return f"de {millions(low).removesuffix(french.NBSP + 'M€')} à {millions(high)}"


def _cases(amount: Range) -> str:
    return french.share_between(*sorted((amount.low, amount.high)))


def _share(country: Country, name: str) -> float:
    return total_share(country, name).central


def _with_neighbours(country: Country) -> float:
    people = max(1, sum(n.plan.inhabitants for n in country.places))
    return sum(n.covered_with_neighbours for n in country.places) / people

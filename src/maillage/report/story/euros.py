"""What each euro a year buys: the finding, what a point means, and its rows."""

from itertools import pairwise
from typing import Any

from maillage.core.scenario import Outcome
from maillage.core.siting import ParetoPoint
from maillage.report import french

Story = dict[str, Any]

TEXT = (
    "Chaque point est prouvé : à ce coût, aucun réseau ne couvre plus d’habitants. Cas central, "
    "amortissement compris, part des employeurs déduite, recettes non déduites, chaque lieu avec "
    "le moins de places que son niveau permet. Point jaune : les lieux du plan, comptés de même."
)

# from so many euros, the cents say nothing
TO_THE_EURO = 10


def of_outcome(outcome: Outcome) -> Story:
    """The curve in words, empty when time left no point proved."""
    if not outcome.front:
        return {}
    return {
        "title": title(outcome),
        "text": TEXT,
        "meaning": _meaning(outcome),
        "rows": [_row(outcome, point) for point in outcome.front],
    }


def title(outcome: Outcome) -> str:
    """What the dearest of the efficient networks buys against the cheapest."""
    everyone = _everyone(outcome)
    least, most = outcome.front[0], outcome.front[-1]
    share = french.share(most.inhabitants / everyone)
    if least == most:
        return f"{_yearly(least)} suffisent pour couvrir {share} des habitants"
    return (
        f"De {_yearly(least)} à {_yearly(most)}, la part des habitants à portée passe de "
        f"{french.share(least.inhabitants / everyone)} à {share}"
    )


def _meaning(outcome: Outcome) -> str:
    """The first step bought and the last one, by the inhabitant: money buys less and less."""
    steps = list(pairwise(outcome.front))
    if not steps:
        return "Aucun budget plus élevé ne rapprocherait davantage d’habitants."
    words = [_per_inhabitant(*steps[0]), _per_inhabitant(*steps[-1])]
    if len(steps) == 1:
        return f"Aller au-delà du réseau le moins cher coûte {words[0]} rapproché et par an."
    return (
        f"Le premier pas au-delà du réseau le moins cher coûte {words[0]} rapproché et par an ; "
        f"le dernier, {words[1]}. Sous le premier montant, les règles ne permettent aucun réseau."
    )


def _per_inhabitant(before: ParetoPoint, point: ParetoPoint) -> str:
    each = (point.euros - before.euros) / (point.inhabitants - before.inhabitants)
    return f"{french.euros(each, 0 if each >= TO_THE_EURO else 2)} par habitant"


def _row(outcome: Outcome, point: ParetoPoint) -> list[str]:
    return [
        french.planned_euros(point.euros),
        french.number(point.inhabitants),
        french.share(point.inhabitants / _everyone(outcome)),
        french.number(len(point.minis)),
        named(outcome, point.enter),
        named(outcome, point.leave),
    ]


def named(outcome: Outcome, sites: tuple[int, ...]) -> str:
    """The places of some sites; « — » where the first network has nothing before it."""
    return french.listed([outcome.candidates.every[j].name for j in sites]) or "—"


def _everyone(outcome: Outcome) -> int:
    return int(outcome.problem.weight.sum())


def _yearly(point: ParetoPoint) -> str:
    return f"{french.planned_euros(point.euros)} par an"

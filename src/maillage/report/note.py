"""The two-page note that compares scenarios, for the evening of the vote."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import metadata

from maillage.report import charts, comparison, french, typeset
from maillage.report.comparison import Compared, Measure
from maillage.report.layers import MINUTES

TEMPLATE = "note.typ"
NUMBERS = {2: "Deux", 3: "Trois", 4: "Quatre"}
FIRST_PAGE = ("covered", "minutes", "investment", "epci")


def of(
    territory: str,
    study: str,
    compared: Sequence[Compared],
    pictures: Mapping[str, str],
    *,
    at: datetime,
) -> bytes:
    """The note as PDF bytes.

    pictures  the map of each scenario: map-A.svg, map-B.svg…
    """
    words = words_of(territory, study, compared, at)
    drawn = dict(pictures) | {
        "curve.svg": charts.draw(charts.lettered_curve(comparison.curve(compared)))
    }
    return typeset.compile_template(TEMPLATE, words, drawn, at)


def words_of(
    territory: str, study: str, compared: Sequence[Compared], at: datetime
) -> dict[str, object]:
    """Everything that the note writes."""
    measures = comparison.measures(compared)
    plan = compared[0].plan
    return {
        "territory": territory,
        "title": f"{NUMBERS[len(compared)]} scénarios pour le vote",
        "study": study,
        "headline": comparison.headline(compared),
        "printed": f"{french.day(at.date())} · version {metadata.version('maillage')}",
        "scenarios": [
            {
                "letter": c.letter,
                "title": c.title,
                "map": f"map-{c.letter}.svg",
                "alternative": f"Carte du scénario {c.letter} : "
                f"{french.share(c.plan['coverage']['population_share_after'])} des habitants à "
                "portée d'un lieu.",
                "sites": _sites(c),
            }
            for c in compared
        ],
        "legend": [{"colour": c.colour, "label": c.label} for c in MINUTES],
        "first": [_row(m) for m in measures if m.key in FIRST_PAGE],
        "rest": [_row(m) for m in measures if m.key not in FIRST_PAGE],
        "curve": "Part des habitants à portée selon le nombre de mini-coworks ; au-dessus de la "
        "courbe, rien n'est possible : c'est prouvé.",
        "assumed": [
            *comparison.times(compared),
            "Fréquentation et coûts : fourchettes basse, centrale et haute ; euros hors taxes.",
            "Les communes investissent, l'intercommunalité fait fonctionner, les employeurs "
            "paient leur part du corpoworking.",
        ],
        "sources": list(
            dict.fromkeys(
                f"{s['publisher']}, {french.vintage(s['vintage'])}" for s in plan["sources"]
            )
        ),
    }


def _row(measure: Measure) -> dict[str, object]:
    return {
        "label": measure.label,
        "origin": french.ORIGINS[measure.origin],
        "values": [{"text": v.text, "interval": v.interval} for v in measure.values],
    }


def _sites(compared: Compared) -> str:
    """The sites by tier, each with its seats."""
    lines = []
    for tier, words in french.TIERS_PLURAL.items():
        named = [f"{s['name']} ({s['seats']})" for s in compared.plan["sites"] if s["tier"] == tier]
        if named:
            kind = words if len(named) > 1 else french.TIERS[tier]
            lines.append(f"{kind[:1].upper()}{kind[1:]} : {french.listed(named)}.")
    return " ".join(lines)

"""Where the times of a plan come from, in words: the streets that were read, whom they miss."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillage.core.money import Range
from maillage.core.scenario import Outcome
from maillage.report import french, travel_words
from maillage.report.shown import Cell, Column, Grid, number

if TYPE_CHECKING:
    # the extra `roads`: a study by distance does without
    from maillage.core.travel.roads.quality import OffRoad, Quality

TITLE = "D'où viennent ces temps"
MOST_NAMES = 8

Row = tuple[str, str]


@dataclass(frozen=True)
class TravelPage:
    """What a page says of the times.

    how      in a few words, for a legend
    credit   the mention of the streets' licence, "" without streets
    facts    what is known of the streets; None without streets
    zones    what is within reach of each site; None without streets
    """

    title: str
    text: str
    how: str
    credit: str
    without_car: str
    facts: Grid | None
    zones: Grid | None


def of_outcome(outcome: Outcome) -> TravelPage:
    """Everything that a page says of the times of a plan."""
    times = travel_words.of_territory(outcome.territory)
    found = rows(outcome)
    columns = (Column("fact", "Ce qui a été lu"), Column("value", "Valeur"))
    return TravelPage(
        title=TITLE,
        text=times.limits,
        how=times.short,
        credit=times.credit,
        without_car=without_car(outcome),
        facts=Grid(TITLE, columns, tuple((Cell(*2 * (a,)), Cell(*2 * (b,))) for a, b in found))
        if found
        else None,
        zones=zones(outcome),
    )


def rows(outcome: Outcome) -> list[Row]:
    """What is known of the streets; nothing by distance."""
    quality = outcome.road_quality
    if quality is None:
        return []
    every = outcome.candidates.every
    cells = _cell_communes(outcome)
    off_places = quality.places
    return [
        ("Extrait d'OpenStreetMap", travel_words.of_territory(outcome.territory).files),
        ("Rues et routes suivies en voiture", f"{french.number(quality.streets_km)} km"),
        ("Morceaux laissés de côté, que rien ne relie au reste", _left_out(quality)),
        (
            "Des habitants à la rue de leur carreau",
            _off(quality.cells, cells[quality.cells.worst]),
        ),
        *(
            [
                (
                    "Des lieux possibles à leur rue",
                    _off(off_places, every[off_places.worst].name),
                )
            ]
            if off_places
            else []
        ),
        ("Lieux possibles sans route", _without_road(outcome, quality)),
        (
            "Habitants qu'aucune route ne relie à un lieu possible",
            french.number(quality.unreached) if quality.unreached else "aucun",
        ),
    ]


def without_car(outcome: Outcome) -> str:
    """Who is within reach by bike and on foot; "" where no street is known."""
    found = outcome.without_car
    if found is None:
        return ""
    within = f"{outcome.coverage.within_min:.0f} minutes"
    said = french.listed(
        [
            f"{french.share(found[mode].central)} des habitants {words} ({_paces(found[mode])})"
            for mode, words in (("bike", "à vélo"), ("walk", "à pied"))
        ]
    )
    return f"Sans voiture, avec le plan, à {within} d'un lieu : {said}."


def _paces(share: Range) -> str:
    said = french.share_between(share.low, share.high)
    is_same = french.share(share.low) == french.share(share.high)
    return "quelle que soit l'allure" if is_same else said


def zones(outcome: Outcome) -> Grid | None:
    """Who lives within reach of each site by car: the list that says what the map draws."""
    found = outcome.zones
    if found is None:
        return None
    names = {site.candidate.id: site.candidate.name for site in outcome.sites}
    within = f"{found.within_min:.0f} minutes"
    columns = (
        Column("name", "Lieu"),
        Column("slow", "Habitants, cas lent", is_numeric=True),
        Column("central", "Habitants, cas central", is_numeric=True),
        Column("fast", "Habitants, cas rapide", is_numeric=True),
        Column("km2", "Étendue, cas central (km²)", is_numeric=True),
    )
    lines = tuple(
        (
            Cell(names[site.id], names[site.id]),
            *(number(people) for people in (site.people.low, site.people.central)),
            number(site.people.high),
            number(site.km2["central"]),
        )
        for site in found.sites
    )
    return Grid(f"À {within} en voiture de chaque lieu", columns, lines)


def distance(metres: float) -> str:
    """85 m, 3,2 km."""
    if metres < 1000:
        return f"{french.number(metres)}{french.NBSP}m"
    return f"{french.number(metres / 1000, 1)}{french.NBSP}km"


def _off(off: "OffRoad", worst: str) -> str:
    return f"médiane {distance(off.median_m)}, au plus {distance(off.worst_m)} ({worst})"


def _left_out(quality: "Quality") -> str:
    if not quality.left_out:
        return "aucun"
    total = french.number(sum(quality.left_out), 1)
    return f"{french.number(len(quality.left_out))}, soit {total} km"


def _without_road(outcome: Outcome, quality: "Quality") -> str:
    every = outcome.candidates.every
    names = [f"{every[j].name}, à {distance(m)} de toute route" for j, m in quality.without_road]
    if not names:
        return "aucun"
    left = len(names) - MOST_NAMES
    return " ; ".join(names[:MOST_NAMES]) + (f" ; et {left} autres" if left > 0 else "")


def _cell_communes(outcome: Outcome) -> list[str]:
    names = dict(outcome.territory.communes.select("commune_code", "name").iter_rows())
    return [names[code] for code in outcome.territory.cells["commune_code"]]

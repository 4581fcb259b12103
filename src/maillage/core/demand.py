"""How many seats would be used, by public and commune: Monte-Carlo over sourced ranges.

method  docs/method/demand.md
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from maillage.core.assumptions import Assumptions
from maillage.core.territory import Territory

EMPLOYEES = ("executives", "intermediate", "employees", "workers")
SELF_EMPLOYED = "self_employed"
ESTIMATED = (*EMPLOYEES, SELF_EMPLOYED)

# Publics that no official table lets us estimate: counted where a count exists, never guessed
NOT_ESTIMATED = ("associations", "creators", "young_people", "newcomers")

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
POTENTIAL_QUANTILES = {"p10": 0.1, "p30": 0.3, "p50": 0.5}

Draws = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """A modelled quantity: quantiles and mean of its draws; means add up, quantiles do not."""

    p10: float
    p50: float
    p90: float
    mean: float


@dataclass(frozen=True)
class Influence:
    """How far the result moves when one parameter goes from its low to its high value."""

    key: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Demand:
    """Expected use of a network, mature, on an ordinary working day.

    seats_per_day       occupied seats, whole territory
    seats_at_peak       the same on a peak day
    users               different persons who come
    by_public           seats per day by public (ESTIMATED)
    by_commune          seats per day by commune code of residence
    observed_counts     persons counted in official tables, for publics that are not estimated
    """

    seats_per_day: Spread
    seats_at_peak: Spread
    users: Spread
    by_public: dict[str, Spread]
    by_commune: dict[str, Spread]
    observed_counts: dict[str, float]
    influence: tuple[Influence, ...]
    draws: int
    seed: int


@dataclass(frozen=True)
class Potential:
    """Seats wanted at peak if every candidate opened, by cell [i] and quantile.

    per_cell  quantile -> seats [i]
    """

    per_cell: dict[str, NDArray[np.float64]]


def triangular(low: float, mode: float, high: float, uniform: Draws) -> Draws:
    """Triangular draws for uniform draws in [0, 1); a constant where low equals high."""
    if low == high:
        return np.full_like(uniform, mode)
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < split, rising, falling)


def decay(minutes: NDArray[np.float64], half: Draws, cut: float) -> NDArray[np.float64]:
    """Share who still come at some minutes: halves every `half` minutes, 0 beyond `cut` halves."""
    return np.where(minutes <= cut * half, 0.5 ** (minutes / half), 0.0)


def expected(
    territory: Territory, minutes_to_site: NDArray[np.float32], assumptions: Assumptions, seed: int
) -> Demand:
    """Use of a network whose nearest site is at given minutes of each cell [i]."""
    drawn = _draw(assumptions, seed)
    people = _people(territory)
    reach = _reach_by_commune(territory, people, minutes_to_site, drawn)
    rates = _seat_rates(drawn)
    seats = {
        public: people[_base(public)].to_numpy()[:, None] * rates[public][None, :] * reach
        for public in ESTIMATED
    }
    per_commune = np.sum(list(seats.values()), axis=0)
    total = per_commune.sum(axis=0)
    codes = people["commune_code"].to_list()
    return Demand(
        seats_per_day=_spread(total),
        seats_at_peak=_spread(total * drawn["peak_factor"]),
        users=_spread(_users(people, drawn, reach)),
        by_public={public: _spread(s.sum(axis=0)) for public, s in seats.items()},
        by_commune={code: _spread(row) for code, row in zip(codes, per_commune, strict=True)},
        observed_counts={"job_seekers": float(territory.communes["unemployed"].sum())},
        influence=_influence(territory, people, minutes_to_site, assumptions),
        draws=int(assumptions.value("demand.draws")),
        seed=seed,
    )


def potential(
    territory: Territory, minutes_at_best: NDArray[np.float32], assumptions: Assumptions, seed: int
) -> Potential:
    """Seats wanted at peak, for the siting of seats.

    minutes_at_best  [i] to the nearest candidate: nobody can be closer than that
    """
    drawn = _draw(assumptions, seed)
    people = _people(territory)
    rates = _seat_rates(drawn)
    peak = (
        sum(
            people[_base(public)].to_numpy()[:, None] * rates[public][None, :]
            for public in ESTIMATED
        )
        * drawn["peak_factor"]
    )
    central = _fixed(assumptions)
    near = decay(
        minutes_at_best.astype(np.float64), central["half_distance"], central["cut_distance"][0]
    )
    weights = _cell_weights(territory, people) * near[:, None]
    return Potential(
        {name: weights @ np.quantile(peak, q, axis=1) for name, q in POTENTIAL_QUANTILES.items()}
    )


def _people(territory: Territory) -> pl.DataFrame:
    """Employed residents and self-employed by commune that has figures."""
    return (
        territory.communes.drop_nulls(["employed", "jobs"])
        .select(
            "commune_code",
            "employed",
            # proxy: jobs that are not salaried, counted at the workplace
            self_employed=pl.col("jobs") - pl.col("salaried_jobs"),
        )
        .sort("commune_code")
    )


def _base(public: str) -> str:
    return SELF_EMPLOYED if public == SELF_EMPLOYED else "employed"


def _draw(assumptions: Assumptions, seed: int) -> dict[str, Draws]:
    """One column of draws a parameter, each from its own stream: order does not matter."""
    count = int(assumptions.value("demand.draws"))
    drawn = {}
    for name, a in sorted(assumptions.section("demand").items()):
        stream = np.random.default_rng([seed, *name.encode()])
        drawn[name] = triangular(a.low, a.value, a.high, stream.random(count))
    return drawn


def _fixed(assumptions: Assumptions) -> dict[str, Draws]:
    return {name: np.array([a.value]) for name, a in assumptions.section("demand").items()}


def _seat_rates(drawn: dict[str, Draws]) -> dict[str, Draws]:
    """Seats per working day for one employed resident (or self-employed), by public."""
    teleworker_days = (
        drawn["rural_factor"]
        * drawn["third_place_share"]
        * drawn["third_place_days_share"]
        * drawn["telework_days"]
        / drawn["work_days_per_week"]
    )
    rates = {p: drawn[f"{p}_share"] * drawn[f"telework_{p}"] * teleworker_days for p in EMPLOYEES}
    rates[SELF_EMPLOYED] = (
        drawn["desk_trades_share"]
        * drawn["self_employed_adoption"]
        * drawn["self_employed_days"]
        / drawn["work_days_per_week"]
    )
    return rates


def _users(people: pl.DataFrame, drawn: dict[str, Draws], reach: Draws) -> Draws:
    telework = sum(drawn[f"{p}_share"] * drawn[f"telework_{p}"] for p in EMPLOYEES)
    employee = telework * drawn["rural_factor"] * drawn["third_place_share"]
    alone = drawn["desk_trades_share"] * drawn["self_employed_adoption"]
    by_commune = (
        people["employed"].to_numpy()[:, None] * employee
        + people[SELF_EMPLOYED].to_numpy()[:, None] * alone
    )
    return np.asarray((by_commune * reach).sum(axis=0))


def _cell_weights(territory: Territory, people: pl.DataFrame) -> NDArray[np.float64]:
    """Share of each commune's working-age inhabitants that each cell holds: [i, commune]."""
    codes = people["commune_code"].to_list()
    column = {code: n for n, code in enumerate(codes)}
    aged = territory.cells["aged_15_64"].to_numpy().astype(np.float64)
    weights = np.zeros((len(aged), len(codes)))
    for i, code in enumerate(territory.cells["commune_code"]):
        if code in column:
            weights[i, column[code]] = aged[i]
    return weights / np.maximum(weights.sum(axis=0), 1.0)


def _reach_by_commune(
    territory: Territory,
    people: pl.DataFrame,
    minutes_to_site: NDArray[np.float32],
    drawn: dict[str, Draws],
) -> Draws:
    """Mean decay over each commune's cells, by commune and draw."""
    weights = _cell_weights(territory, people)
    minutes = minutes_to_site.astype(np.float64)[:, None]
    near = decay(minutes, drawn["half_distance"][None, :], float(drawn["cut_distance"][0]))
    return np.asarray(weights.T @ near)


def _spread(draws: Draws) -> Spread:
    p10, p50, p90 = np.quantile(draws, list(QUANTILES.values()))
    return Spread(float(p10), float(p50), float(p90), float(draws.mean()))


def _influence(
    territory: Territory,
    people: pl.DataFrame,
    minutes_to_site: NDArray[np.float32],
    assumptions: Assumptions,
) -> tuple[Influence, ...]:
    """Every uncertain parameter alone at its low and high value, the widest swing first."""
    central = _fixed(assumptions)

    def seats(values: dict[str, Draws]) -> float:
        reach = _reach_by_commune(territory, people, minutes_to_site, values)
        rates = _seat_rates(values)
        total = sum(people[_base(p)].to_numpy()[:, None] * rates[p] * reach for p in ESTIMATED)
        return float(np.sum(total))

    found = [
        Influence(
            f"demand.{name}",
            seats(central | {name: np.array([a.low])}),
            seats(central | {name: np.array([a.high])}),
        )
        for name, a in sorted(assumptions.section("demand").items())
        if a.is_range
    ]
    return tuple(sorted(found, key=lambda f: abs(f.at_low - f.at_high), reverse=True))

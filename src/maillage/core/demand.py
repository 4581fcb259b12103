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
    return np.where(minutes <= cut * half, np.exp2(-minutes / half), 0.0)


class DemandModel:
    """What does not change from one network to another: who lives where, and the draws.

    A network is then judged in milliseconds, which a person who moves a site waits for.
    """

    def __init__(self, territory: Territory, assumptions: Assumptions, seed: int) -> None:
        self.seed = seed
        self.assumptions = assumptions
        self.observed_counts = {"job_seekers": float(territory.communes["unemployed"].sum())}
        people = _people(territory)
        self.codes: list[str] = people["commune_code"].to_list()
        self.base = {p: people[_base(p)].to_numpy().astype(np.float64) for p in ESTIMATED}
        self.cells = _cells_of(territory, self.codes)
        self.drawn = _draw(assumptions, seed)

    def expected(self, minutes_to_site: NDArray[np.float32]) -> Demand:
        """Use of a network whose nearest site is at given minutes of each cell [i]."""
        drawn = self.drawn
        reach = self._reach(minutes_to_site, drawn)
        rates = _seat_rates(drawn)
        by_public = {p: (self.base[p] @ reach) * rates[p] for p in ESTIMATED}
        total = np.sum(list(by_public.values()), axis=0)
        per_commune = self._wanted(rates) * reach
        return Demand(
            seats_per_day=_spread(total),
            seats_at_peak=_spread(total * drawn["peak_factor"]),
            users=_spread(_users(self.base, drawn, reach)),
            by_public={public: _spread(seats) for public, seats in by_public.items()},
            by_commune=dict(zip(self.codes, _spreads(per_commune), strict=True)),
            observed_counts=self.observed_counts,
            influence=self._influence(minutes_to_site),
            draws=int(self.assumptions.value("demand.draws")),
            seed=self.seed,
        )

    def teleworkers(self) -> Spread:
        """Share of the employed residents who telework at least a day a week."""
        return _spread(_telework_share(self.drawn))

    def potential(self, minutes_at_best: NDArray[np.float32]) -> Potential:
        """Seats wanted at peak, for the siting of seats.

        minutes_at_best  [i] to the nearest candidate: nobody can be closer than that
        """
        peak = self._wanted(_seat_rates(self.drawn)) * self.drawn["peak_factor"]
        central = _fixed(self.assumptions)
        near = decay(
            minutes_at_best.astype(np.float64), central["half_distance"], central["cut_distance"][0]
        )
        quantiles = {name: np.quantile(peak, q, axis=1) for name, q in POTENTIAL_QUANTILES.items()}
        per_cell = {name: np.zeros(len(minutes_at_best)) for name in quantiles}
        for n, (cells, weights) in enumerate(self.cells):
            for name, seats in quantiles.items():
                per_cell[name][cells] = weights * near[cells] * seats[n]
        return Potential(per_cell)

    def _wanted(self, rates: dict[str, Draws]) -> Draws:
        """Seats per day by commune and draw, if a site stood at every door."""
        employees = np.sum([rates[public] for public in EMPLOYEES], axis=0)
        alone = self.base[SELF_EMPLOYED][:, None] * rates[SELF_EMPLOYED]
        return np.asarray(self.base[EMPLOYEES[0]][:, None] * employees + alone)

    def _reach(self, minutes_to_site: NDArray[np.float32], drawn: dict[str, Draws]) -> Draws:
        """Mean decay over each commune's cells, by commune and draw."""
        half, cut = drawn["half_distance"], float(drawn["cut_distance"][0])
        minutes = minutes_to_site.astype(np.float64)
        farthest = cut * half.max()
        reach = np.zeros((len(self.cells), len(half)))
        for n, (cells, weights) in enumerate(self.cells):
            is_within = minutes[cells] <= farthest
            if is_within.any():
                near = decay(minutes[cells[is_within], None], half[None, :], cut)
                reach[n] = weights[is_within] @ near
        return reach

    def _influence(self, minutes_to_site: NDArray[np.float32]) -> tuple[Influence, ...]:
        """Every uncertain parameter alone at its low and high value, the widest swing first."""
        central = _fixed(self.assumptions)
        reaches: dict[tuple[float, float], Draws] = {}

        def seats(values: dict[str, Draws]) -> float:
            key = float(values["half_distance"][0]), float(values["cut_distance"][0])
            if key not in reaches:
                reaches[key] = self._reach(minutes_to_site, values)
            return float((self._wanted(_seat_rates(values)) * reaches[key]).sum())

        found = [
            Influence(
                f"demand.{name}",
                seats(central | {name: np.array([a.low])}),
                seats(central | {name: np.array([a.high])}),
            )
            for name, a in sorted(self.assumptions.section("demand").items())
            if a.is_range
        ]
        return tuple(sorted(found, key=lambda f: abs(f.at_low - f.at_high), reverse=True))


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


def _telework_share(drawn: dict[str, Draws]) -> Draws:
    telework = np.sum([drawn[f"{p}_share"] * drawn[f"telework_{p}"] for p in EMPLOYEES], axis=0)
    return np.asarray(telework * drawn["rural_factor"])


def _users(base: dict[str, NDArray[np.float64]], drawn: dict[str, Draws], reach: Draws) -> Draws:
    employee = _telework_share(drawn) * drawn["third_place_share"]
    alone = drawn["desk_trades_share"] * drawn["self_employed_adoption"]
    by_employees = (base[EMPLOYEES[0]] @ reach) * employee
    return np.asarray(by_employees + (base[SELF_EMPLOYED] @ reach) * alone)


def _cells_of(
    territory: Territory, codes: list[str]
) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The cells i of each commune and the share of its working-age inhabitants they hold."""
    aged = territory.cells["aged_15_64"].to_numpy().astype(np.float64)
    commune = territory.cells["commune_code"].to_numpy()
    found = []
    for code in codes:
        cells = np.flatnonzero(commune == code)
        found.append((cells, aged[cells] / max(aged[cells].sum(), 1.0)))
    return found


def _spread(draws: Draws) -> Spread:
    return _spreads(draws[None, :])[0]


def _spreads(draws: Draws) -> list[Spread]:
    """One spread a row."""
    quantiles = np.quantile(draws, list(QUANTILES.values()), axis=1)
    return [
        Spread(float(p10), float(p50), float(p90), float(mean))
        for p10, p50, p90, mean in zip(*quantiles, draws.mean(axis=1), strict=True)
    ]

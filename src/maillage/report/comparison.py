"""Two to four scenarios side by side, from their plan.json alone: what differs, in what order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maillage.core.money import Range
from maillage.report import french, travel_words
from maillage.report.what_if import minutes, minutes_between

Plan = Mapping[str, Any]
FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Compared:
    """One scenario of a comparison: its letter, its title, its plan."""

    letter: str
    title: str
    plan: Plan


@dataclass(frozen=True)
class Value:
    """What one scenario gives on one measure.

    low, central, high  on the measure's own axis, 0-100, to draw a range; None: nothing to draw
    """

    text: str
    interval: str = ""
    low: float | None = None
    central: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Measure:
    """One row: what it is, where it comes from, a value a scenario."""

    key: str
    label: str
    origin: str
    values: tuple[Value, ...]
    is_main: bool = False


def measures(compared: Sequence[Compared]) -> tuple[Measure, ...]:
    """The rows in their order: coverage, money, then the proof."""
    within = f"{compared[0].plan['coverage']['minutes']:.0f} minutes"

    def row(
        key: str,
        label: str,
        of: Callable[[Plan], Value],
        *,
        origin: str = "modelled",
        main: bool = False,
    ) -> Measure:
        return Measure(key, label, origin, tuple(of(c.plan) for c in compared), main)

    return (
        row("covered", f"Habitants à {within}", _covered, main=True),
        row("beyond", "Habitants au-delà", _beyond),
        row("minutes", "Trajet moyen", _minutes),
        row("sites", "Lieux et places", _sites, origin="declared"),
        row("investment", "Investissement, une fois", _amount("investment"), main=True),
        row(
            "epci",
            "Reste à l'intercommunalité, par an",
            _amount("net_operation_per_year"),
            main=True,
        ),
        row("communes", "Reste aux communes, en tout", _communes),
        row("employers", "Part des employeurs, par an", _employers),
        row("inhabitant", "Par habitant et par an", _inhabitant),
        row("carbon", "CO2 évité, si la moitié des visites remplacent le bureau", _carbon),
        row("proof", "Preuve", _proof, origin="modelled"),
    )


def headline(compared: Sequence[Compared]) -> str:
    """The difference that matters, in one sentence."""
    ordered = sorted(compared, key=lambda c: _after(c.plan)["central"])
    least, most = ordered[0], ordered[-1]
    within = f"{least.plan['coverage']['minutes']:.0f} minutes"
    low, high = (french.share(_after(c.plan)["central"]) for c in (least, most))
    euros = _net(most.plan) - _net(least.plan)
    spent = french.planned_euros(abs(euros))
    more = "de plus" if euros > 0 else "de moins"
    if low == high:
        return (
            f"Tous mettent {high} des habitants à {within} : ils diffèrent par le coût et les "
            "communes desservies."
        )
    minis = _minis(most.plan) - _minis(least.plan)
    how = f"{french.count(minis, 'mini-cowork')} de plus" if minis > 0 else f"« {most.title} »"
    return (
        f"De {least.letter} à {most.letter}, {how} : de {low} à {high} des habitants à {within}, "
        f"pour {spent} par an {more} à l'intercommunalité."
    )


def times(compared: Sequence[Compared]) -> list[str]:
    """Which kind of travel times each one was computed with; one sentence where all agree."""
    letters: dict[str, list[str]] = {}
    for c in compared:
        letters.setdefault(_times(c.plan), []).append(c.letter)
    if len(letters) == 1:
        return list(letters)
    return [
        "Les temps de trajet ne sont pas tous mesurés de la même façon : comparez avec prudence.",
        *(f"{french.listed(of)} : {said}" for said, of in letters.items()),
    ]


def _times(plan: Plan) -> str:
    found = travel_words.of_plan(plan)
    if found.is_by_road:
        return found.sentence
    error = plan["travel"]["error"]
    return (
        f"{found.sentence.removesuffix('.')} : détour de "
        f"{french.number(error['detour']['central'], 2)}, "
        f"{french.number(error['local_speed_kmh']['central'])} km/h sur route locale."
    )


def curve(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """The proved curve V(k), and where each scenario stands under it: minis, share, letter."""
    longest = max((c.plan for c in compared), key=lambda p: len(p["curve"]))
    everyone = longest["territory"]["population_in_cells"]
    points = [
        {"minis": p["minis"], "share": p["inhabitants"] / everyone, "letter": ""}
        for p in longest["curve"]
    ]
    return points + _lettered(compared)


def _lettered(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """One point a place on the chart: scenarios that fall on the same one share it."""
    at: dict[tuple[int, float], list[str]] = {}
    for c in compared:
        at.setdefault((_minis(c.plan), round(_after(c.plan)["central"], 2)), []).append(c.letter)
    return [
        {"minis": minis, "share": share, "letter": " ".join(letters)}
        for (minis, share), letters in at.items()
    ]


def _after(plan: Plan) -> Mapping[str, float]:
    found: Mapping[str, float] = plan["coverage"]["range"]["after"]
    return found


def _minis(plan: Plan) -> int:
    return sum(site["tier"] == "mini" for site in plan["sites"])


def _net(plan: Plan) -> float:
    return float(plan["money"]["net_operation_per_year"]["central"])


def _covered(plan: Plan) -> Value:
    after = _after(plan)
    return Value(
        french.share(after["central"]),
        french.share_between(after["low"], after["high"]),
        *(100 * after[case] for case in ("low", "central", "high")),
    )


def _beyond(plan: Plan) -> Value:
    everyone = plan["territory"]["population_in_cells"]
    left = everyone - plan["coverage"]["inhabitants"]
    low, high = (everyone * (1 - _after(plan)[case]) for case in ("high", "low"))
    return Value(french.number(left), french.between(low, high))


def _minutes(plan: Plan) -> Value:
    mean = plan["coverage"]["mean_minutes"]["after"]
    found = Range(
        *(float("inf") if mean[c] is None else mean[c] for c in ("low", "central", "high"))
    )
    return Value(minutes(found.central), minutes_between(found))


def _sites(plan: Plan) -> Value:
    sites = plan["sites"]
    seats = french.count(sum(site["seats"] for site in sites), "place")
    return Value(f"{french.count(len(sites), 'lieu', 'lieux')}, {seats}")


def _amount(name: str) -> Callable[[Plan], Value]:
    def of(plan: Plan) -> Value:
        amount = plan["money"][name]
        found = Range(amount["low"], amount["central"], amount["high"])
        return Value(french.planned_euros(found.central), french.euros_between(found))

    return of


def _communes(plan: Plan) -> Value:
    cents = sum(year["investment_cents"]["communes"] for year in plan["money"]["by_payer"])
    grants = sum(year["investment_cents"]["grants"] for year in plan["money"]["by_payer"])
    aided = f"{french.planned_cents(grants)} de subventions déduites" if grants else ""
    return Value(french.planned_cents(cents), aided or "sans subvention, cas central")


def _employers(plan: Plan) -> Value:
    last = plan["money"]["by_payer"][-1]
    return Value(french.planned_cents(last["operation_cents"]["employers"]), "cas central")


def _inhabitant(plan: Plan) -> Value:
    amount = plan["money"]["net_cost_per_inhabitant"]
    low, high = sorted((amount["low"], amount["high"]))
    return Value(
        french.euros(amount["central"]),
        f"de {french.number(low, 2)} à {french.euros(high)}",
    )


def _carbon(plan: Plan) -> Value:
    half = min(plan["impact"]["curve"], key=lambda p: abs(p["office_share"] - 0.5))
    tonnes = half["avoided_tco2e"]
    return Value(
        f"{french.number(tonnes['central'], 1)}{french.NBSP}t par an",
        f"de {french.number(tonnes['low'], 1)} à {french.number(tonnes['high'], 1)}{french.NBSP}t",
    )


def _proof(plan: Plan) -> Value:
    certificate = plan["certificate"]
    if certificate["status"] == "proved":
        return Value("Optimum prouvé", "aucun autre choix ne fait mieux sous ces règles")
    stage = certificate["stages"][0]
    if certificate["status"] == "drawn":
        lost = stage["bound"] - stage["objective"]
        people = french.count(abs(lost), "habitant")
        if not lost:
            return Value("Choisi à la main", "aucune perte contre l'optimum prouvé")
        more = "de moins que" if lost > 0 else "de plus, hors des règles, que"
        return Value("Choisi à la main", f"{people} {more} l'optimum prouvé")
    widest = max(stage["gap"] for stage in certificate["stages"])
    return Value("Non prouvé", f"écart possible {french.share(widest, 1)}")

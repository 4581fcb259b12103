"""The tables of `./run bench siting`, in French, between the marks of docs/benchmarks.md."""

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from siting_problems import FAILED, GAP, PROVED, Case
from siting_race import Outcome

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
NAMES = {
    "maillage": "**Maillage**",
    "pbp": "pbp-pmedian",
    "highs": "HiGHS, modèle compact",
    "spopt": "spopt",
    "fasterpam": "FasterPAM, 10 départs",
}
TITLES = {
    "pmed": "p-médiane, OR-Library",
    "tsplib": "p-médiane, TSPLIB",
    "clustered": "p-médiane, 3 000 points groupés",
    "center": "p-centre, OR-Library",
    "cover": "Couverture maximale",
    "set_cover": "Couverture complète",
    "benefit": "Kilomètres évités, flux de l'Orne",
}
SAME = 1e-9


@dataclass(frozen=True)
class Row:
    """What every solver made of one case, ours first."""

    case: Case
    outcomes: dict[str, Outcome]

    @property
    def ours(self) -> Outcome:
        """Our own."""
        return self.outcomes["maillage"]

    @property
    def best_known(self) -> float | None:
        """The published value, or the one that somebody proved in this run."""
        proved = [o.value for o in self.outcomes.values() if o.status == PROVED]
        return next((v for v in (self.ours.known, *proved) if v is not None), None)

    def ratio(self, solver: str) -> float:
        """How many times as long as ours; at least so many where it was stopped."""
        return self.outcomes[solver].cpu_s / self.ours.cpu_s


def table(rows: list[Row], solvers: list[str]) -> str:
    """One line for each case, then the sums, the median ratio and the memory."""
    is_published = any(row.case.published_s for row in rows)
    heads = ["", "valeur", *(NAMES[name] for name in solvers)]
    lines = [_line([*heads, *(["CPLEX, publié"] if is_published else [])])]
    lines.append("|---|" + "---:|" * (len(heads) - 1 + is_published))
    for row in rows:
        cells = [row.case.name, _number(row.best_known)]
        cells += [_cell(row, name) for name in solvers]
        if is_published:
            published = row.case.published_s
            cells.append(f"{_seconds(published)} s" if published and published > 0 else "–")
        lines.append(_line(cells))
    blank = [""] * is_published
    lines.append(_line(["prouvés", "", *(_proved(rows, s) for s in solvers), *blank]))
    lines.append(_line(["durée totale", "", *(_total(rows, s) for s in solvers), *blank]))
    lines.append(_line(["rapport médian", "", *(_median(rows, s) for s in solvers), *blank]))
    lines.append(_line(["mémoire, pointe", "", *(_memory(rows, s) for s in solvers), *blank]))
    return "\n".join(lines) + "\n"


def write(part: str, text: str) -> None:
    """Replace what lies between the marks of a part."""
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- siting {part} -->\n", f"<!-- /siting {part} -->"
    before, _, rest = page.partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise SystemExit(f"{PAGE.name} has no marks for « {part} »")
    text = f"### {TITLES[part]}\n\n{text}"
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def _cell(row: Row, solver: str) -> str:
    found = row.outcomes.get(solver)
    if found is None:
        return "–"
    words = f"{_seconds(found.cpu_s)} s"
    if solver != "maillage":
        is_done = found.status != FAILED and found.status != GAP
        words += f" ({'' if is_done else '> '}× {_times(row.ratio(solver))})"
    said = _outcome(found, row)
    return f"{words}, {said}" if said else words


def _outcome(found: Outcome, row: Row) -> str:
    """What must be said beside the seconds: nothing of a value that is proved and right."""
    if found.status == FAILED or found.value is None:
        return "rien"
    best = row.best_known
    off = 0.0 if best is None else abs(found.value - best) / max(1.0, abs(best))
    if found.status == PROVED:
        return "" if off <= SAME else f"**faux** : {_number(found.value)}"
    missed = "" if off <= SAME else f"à {_percent(off)} du mieux, "
    return missed + ("sans borne" if found.gap is None else f"écart {_percent(found.gap)}")


def _proved(rows: list[Row], solver: str) -> str:
    found = [row.outcomes[solver] for row in rows if solver in row.outcomes]
    return f"{sum(o.status == PROVED for o in found)} sur {len(found)}" if found else "–"


def _total(rows: list[Row], solver: str) -> str:
    found = [row.outcomes[solver].cpu_s for row in rows if solver in row.outcomes]
    return f"{_seconds(sum(found))} s" if found else "–"


def _median(rows: list[Row], solver: str) -> str:
    found = [row.ratio(solver) for row in rows if solver in row.outcomes]
    return f"× {_times(median(found))}" if found and solver != "maillage" else ""


def _memory(rows: list[Row], solver: str) -> str:
    found = [row.outcomes[solver].memory_mb for row in rows if solver in row.outcomes]
    return f"{_number(round(max(found)))} Mo" if found else "–"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: float | None) -> str:
    """Thousands apart by a narrow space that does not break."""
    return "–" if value is None else f"{value:,.0f}".replace(",", "\u202f")


def _seconds(value: float) -> str:
    """Two figures that count."""
    if value >= 10:
        return _number(value)
    digits = max(0, 1 - math.floor(math.log10(max(value, 1e-4))))
    return f"{value:.{digits}f}".replace(".", ",")


def _times(value: float) -> str:
    return _seconds(value)


def _percent(share: float) -> str:
    digits = 1 if share >= 0.001 else 3
    return f"{share * 100:.{digits}f}".replace(".", ",") + "\u202f%"

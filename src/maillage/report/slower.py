"""The network that holds when trips are slower, in words for those who vote."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from maillage.core.scenario import Outcome, Robust
from maillage.report import french
from maillage.report.shown import Cell, Column, Grid

NONE = "Aucun réseau ne respecte ces règles si tous les trajets sont plus lents."


@dataclass(frozen=True)
class Slower:
    """What prudence costs; without `table` where no network holds.

    network  its sites, to be tried on the scenario
    """

    title: str
    lines: tuple[str, ...]
    table: Grid | None
    network: tuple[dict[str, Any], ...]


def of_outcome(outcome: Outcome) -> Slower | None:
    """None unless the study asked for it."""
    if not outcome.request.slower_trips:
        return None
    found = outcome.robust
    if found is None:
        return Slower(NONE, (), None, ())
    lines = (_changes(outcome, found), _cost(found), _proof(found))
    network = tuple(asdict(site) for site in found.network)
    return Slower(_title(found), lines, _table(found), network)


def _title(found: Robust) -> str:
    kept = found.when_slow[0] - found.when_slow[1]
    if kept <= 0:
        return "Si les trajets étaient plus lents, le réseau du scénario tiendrait aussi bien"
    people = french.count(kept, "habitant")
    return f"Un réseau plus prudent garderait {people} de plus à portée si les trajets ralentissent"


def _changes(outcome: Outcome, found: Robust) -> str:
    was, now = ({s.candidate_id for s in n} for n in (outcome.network, found.network))
    if was == now:
        return "Les lieux sont les mêmes."
    names = {c.id: c.name for c in outcome.candidates.anywhere}
    return f"Entrent : {_named(names, now - was)}. Sortent : {_named(names, was - now)}."


def _named(names: dict[str, str], places: Iterable[str]) -> str:
    return french.listed(sorted((names[p] for p in places), key=french.sort_key)) or "aucun lieu"


def _cost(found: Robust) -> str:
    people, euros = (pair[0] - pair[1] for pair in (found.centrally, found.euros))
    if people == 0 and euros == 0:
        return "Cette prudence ne coûte rien quand les trajets ne ralentissent pas."
    words = [
        f"{french.count(abs(people), 'habitant')} de {'plus' if people > 0 else 'moins'} à portée"
        if people
        else "autant d'habitants à portée",
        f"{french.planned_euros(abs(euros))} de {'plus' if euros > 0 else 'moins'} par an"
        if euros
        else "le même coût",
    ]
    return f"Quand les trajets ne ralentissent pas, ce réseau donne {french.listed(words)}."


def _proof(found: Robust) -> str:
    if found.siting.status == "proved":
        return "Prouvé : avec des trajets lents, aucun réseau des mêmes règles ne fait mieux."
    return "Meilleur réseau trouvé pour des trajets lents, sans preuve."


def _table(found: Robust) -> Grid:
    """The two networks under each of the two cases."""
    columns = (
        Column("measure", "Mesure"),
        Column("plan", "Réseau du scénario", is_numeric=True),
        Column("slower", "Réseau pour des trajets lents", is_numeric=True),
    )
    rows = tuple(
        (Cell(words, words), Cell(shown(pair[1]), pair[1]), Cell(shown(pair[0]), pair[0]))
        for words, pair, shown in (
            ("Habitants à portée, trajets du cas central", found.centrally, french.number),
            ("Habitants à portée, trajets plus lents", found.when_slow, french.number),
            ("Coût annuel le plus bas", found.euros, french.planned_euros),
        )
    )
    return Grid("Les deux réseaux, selon que les trajets ralentissent ou non", columns, rows)

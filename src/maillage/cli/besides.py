"""What a study may be asked besides its plan: what each euro buys, slower trips, a village."""

from itertools import pairwise

import click

from maillage.core import scenario
from maillage.core.bad_input import BadInput
from maillage.core.scenario import Outcome
from maillage.core.siting import ParetoPoint, pareto, price_of
from maillage.report import french


def what_each_euro_buys(outcome: Outcome) -> None:
    """One line for each efficient network, as it is found, dearest first; Ctrl-C stops there."""
    everyone = int(outcome.problem.weight.sum())
    click.echo("\nCe qu'achète chaque euro (coût annuel le plus bas, habitants à portée)")

    def tell(point: ParetoPoint) -> None:
        share = french.share(point.inhabitants / everyone)
        people = french.number(point.inhabitants)
        minis = french.count(len(point.minis), "mini-cowork")
        proof = "prouvé" if point.is_proved else "non prouvé, laissé de côté"
        euros = french.planned_euros(point.euros)
        click.echo(f"  {euros} par an : {people} habitants ({share}), {minis} — {proof}")

    front = pareto(outcome.problem, time_limit_s=outcome.request.time_limit_s, on_point=tell)
    for before, point in pairwise(front):
        euros = french.planned_euros(point.euros - before.euros)
        gained = french.number(point.inhabitants - before.inhabitants)
        enter, leave = _named(outcome, point.enter), _named(outcome, point.leave)
        click.echo(f"  + {euros} : + {gained} habitants ; entrent : {enter} ; sortent : {leave}")


def if_trips_are_slower(outcome: Outcome) -> None:
    """The network that holds when trips are slower, and what it costs when they are not."""
    ground = scenario.lay(outcome.territory, outcome.request, outcome.assumptions)
    found = scenario.robust(ground, outcome.siting)
    click.echo("\nSi tous les trajets sont plus lents (cas bas)")
    if found is None:
        click.echo("  Aucun réseau ne respecte les règles avec des trajets lents.")
        return
    new = found.siting.covering & ~outcome.siting.covering
    gone = outcome.siting.covering & ~found.siting.covering
    proof = "prouvé" if found.siting.status == "proved" else "non prouvé"
    slow, central = (
        " au lieu de ".join(french.number(people) for people in pair)
        for pair in (found.when_slow, found.centrally)
    )
    click.echo(f"  Réseau prévu pour des trajets lents ({proof}) : {slow} habitants à portée.")
    click.echo(f"  Avec les trajets du cas central, il couvre {central} habitants.")
    enter = _named(outcome, tuple(new.nonzero()[0].tolist()))
    leave = _named(outcome, tuple(gone.nonzero()[0].tolist()))
    click.echo(f"  Entrent : {enter} ; sortent : {leave}.")


def price_of_a_village(outcome: Outcome, commune_code: str) -> None:
    """The smallest yearly budget at which a commune gets a hub or a mini-cowork.

    Raises BadInput when the commune is not of the territory.
    """
    if commune_code not in outcome.territory.communes["commune_code"]:
        raise BadInput("unknown_commune", code=commune_code, name=outcome.territory.name)
    places = [
        j
        for j, candidate in enumerate(outcome.candidates.every)
        if candidate.commune_code == commune_code and candidate.tiers & {"hub", "mini"}
    ]
    limit = outcome.request.time_limit_s
    prices = [price_of(outcome.problem, site=j, time_limit_s=limit) for j in places]
    possible = [p for p in prices if p.euros is not None]
    click.echo(f"\nCommune {commune_code}")
    if not possible:
        click.echo("  Aucun réseau permis n'y ouvre de lieu.")
        return
    if not all(p.is_proved for p in possible):
        click.echo("  Le calcul n'a pas abouti dans le temps donné : allongez --time-limit.")
        return
    euros = french.planned_euros(min(p.euros for p in possible if p.euros is not None))
    click.echo(f"  Le plus petit budget annuel où elle reçoit un lieu : {euros} par an (prouvé).")
    if prices[0].cheapest is not None:
        least = french.planned_euros(prices[0].cheapest)
        click.echo(f"  Le réseau le moins cher sans cette condition coûte {least} par an.")


def _named(outcome: Outcome, sites: tuple[int, ...]) -> str:
    names = [outcome.candidates.every[j].name for j in sites]
    return french.listed(names) if names else "aucun"

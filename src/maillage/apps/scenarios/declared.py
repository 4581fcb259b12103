"""What other rooms are told of scenarios: the names of acts, the decisions that wait."""

from datetime import date

from maillage.apps.people import acts, handover
from maillage.apps.people.handover import Line
from maillage.apps.people.rights import Scope
from maillage.apps.scenarios.models import Scenario, ScenarioState

ACTS = {
    "scenarios.open": "Scénario ouvert",
    "scenarios.save": "Version de scénario enregistrée",
    "scenarios.rename": "Titre de scénario changé",
    "scenarios.propose": "Scénario proposé aux élus",
    "scenarios.take_back": "Scénario repris en brouillon",
    "scenarios.retain": "Scénario retenu",
    "scenarios.release": "Décision sur un scénario reprise",
    "scenarios.remove": "Scénario retiré",
    "scenarios.bring_back": "Scénario repris",
    "scenarios.ask_village": "Prix d’un lieu dans une commune demandé",
    "scenarios.stop_village": "Calcul du prix d’un lieu arrêté",
    "scenarios.share": "Scénario partagé par lien",
    "scenarios.unshare": "Lien de scénario fermé",
}
WORDS = {
    "scenario": "scénario",
    "village": "prix d’un lieu",
    "share": "lien",
    "days": "jours",
}


def declare() -> None:
    """Called once the models are ready."""
    acts.also(ACTS, WORDS)
    handover.section("decisions", "Les décisions en attente", waiting)


def waiting(scope: Scope, _on: date) -> tuple[Line, ...]:
    """The scenarios that the elected have before them."""
    kind, key = scope
    if kind != "territory":
        return ()
    proposed = Scenario.objects.filter(
        study__territory_id=key, state=ScenarioState.PROPOSED
    ).select_related("study")
    return tuple(
        Line(
            f"{scenario.letter}. {scenario.title}",
            f"{scenario.study.title} : proposé aux élus, pas encore retenu",
            scenario.get_absolute_url(),
        )
        for scenario in proposed.order_by("decided_at")
    )

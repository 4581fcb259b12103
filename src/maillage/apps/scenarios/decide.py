"""Decide on a scenario: propose it to the elected, retain it, go back on either."""

from django.db import IntegrityError, transaction

from maillage.apps.scenarios.models import Scenario, ScenarioState
from maillage.apps.scenarios.versions import Author, Removed, latest, locked, note
from maillage.kit.refusal import Refusal


class NotComputed(Refusal):
    """Nobody votes on figures that are not there."""

    sentence = "Le calcul de ce scénario n'est pas terminé. Attendez-le, puis proposez-le."


class NotThere(Refusal):
    """The scenario is not in the state that the act needs."""

    sentence = "Ce scénario est déjà « {state} ». Actualisez la page."


class AnotherIsRetained(Refusal):
    """One scenario a study is retained."""

    sentence = "Le scénario {letter} est déjà retenu. Revenez d'abord sur cette décision."


def propose(scenario: Scenario, author: Author) -> None:
    """The elected read it, compare it, and every later change is an amendment."""
    _pass(scenario, ScenarioState.DRAFT, ScenarioState.PROPOSED, "scenarios.propose", author)


def take_back(scenario: Scenario, author: Author) -> None:
    """It is a draft again."""
    _pass(scenario, ScenarioState.PROPOSED, ScenarioState.DRAFT, "scenarios.take_back", author)


def retain(scenario: Scenario, author: Author) -> None:
    """The council voted for it: it does not change any more."""
    try:
        _pass(scenario, ScenarioState.PROPOSED, ScenarioState.RETAINED, "scenarios.retain", author)
    except IntegrityError as error:
        other = scenario.study.scenarios.filter(state=ScenarioState.RETAINED).first()
        raise AnotherIsRetained(letter=other.letter if other else "") from error


def release(scenario: Scenario, author: Author) -> None:
    """The decision is gone back on: it is proposed again."""
    _pass(scenario, ScenarioState.RETAINED, ScenarioState.PROPOSED, "scenarios.release", author)


def _pass(
    scenario: Scenario, before: ScenarioState, after: ScenarioState, act: str, author: Author
) -> None:
    with transaction.atomic():
        held = locked(scenario)
        if held.removed_at:
            raise Removed
        if held.state != before:
            raise NotThere(state=ScenarioState(held.state).label.lower())
        if after != ScenarioState.DRAFT and not latest(held).is_computed:
            raise NotComputed
        held.state = after
        held.decided_at = None if after == ScenarioState.DRAFT else author.at
        held.save(update_fields=["state", "decided_at"])
        note(act, held, author, version=held.version)

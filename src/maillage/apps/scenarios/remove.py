"""Remove a scenario that nobody proposes any more, and take it back."""

from django.db import transaction

from maillage.apps.scenarios.models import Scenario, ScenarioState
from maillage.apps.scenarios.versions import Author, locked, note
from maillage.kit.refusal import Refusal


class StillProposed(Refusal):
    """The elected read it."""

    sentence = "Ce scénario est proposé ou retenu. Reprenez-le d'abord en brouillon."


class AlreadyRemoved(Refusal):
    """Somebody did it."""

    sentence = "Ce scénario est déjà retiré."


class NotRemoved(Refusal):
    """There is nothing to take back."""

    sentence = "Ce scénario n'est pas retiré."


def remove(scenario: Scenario, author: Author) -> None:
    """It leaves the list; its versions stay."""
    with transaction.atomic():
        held = locked(scenario)
        if held.state != ScenarioState.DRAFT:
            raise StillProposed
        if held.removed_at:
            raise AlreadyRemoved
        held.removed_at = author.at
        held.save(update_fields=["removed_at"])
        note("scenarios.remove", held, author)


def bring_back(scenario: Scenario, author: Author) -> None:
    """It is in the list again, as it was."""
    with transaction.atomic():
        held = locked(scenario)
        if not held.removed_at:
            raise NotRemoved
        held.removed_at = None
        held.save(update_fields=["removed_at"])
        note("scenarios.bring_back", held, author)

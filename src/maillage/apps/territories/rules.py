"""Who may do what to a territory."""

from typing import Any

from maillage.apps.people import rights
from maillage.apps.territories.models import Territory
from maillage.kit.clock import now


def may_load(person: Any, territory: Territory) -> bool:
    """Those in charge of this territory, and the platform's administrators."""
    return rights.holds(person, "territories.load", territory.scopes, on=now().date())


def may_start_study(person: Any, territory: Territory) -> bool:
    """Those who compute studies here: the portrait offers them the next step."""
    return rights.holds(person, "studies.compute", territory.scopes, on=now().date())

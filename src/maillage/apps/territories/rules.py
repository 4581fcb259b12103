"""Who may do what to a territory."""

from typing import Any

from maillage.apps.people import rights
from maillage.apps.territories.models import Initiative, Territory
from maillage.kit.clock import now


def may_load(person: Any, territory: Territory) -> bool:
    """Those in charge of this territory, and the platform's administrators."""
    return rights.holds(person, "territories.load", territory.scopes, on=now().date())


def may_start_study(person: Any, territory: Territory) -> bool:
    """Those who compute studies here: the portrait offers them the next step."""
    return rights.holds(person, "studies.compute", territory.scopes, on=now().date())


def may_read_initiatives(person: Any, territory: Territory) -> bool:
    """Those who read, besides the public ones, what communes have not made public."""
    return rights.holds(person, "premises.read", territory.scopes, on=now().date())


def may_keep_initiatives(person: Any, placed: Territory | Initiative) -> bool:
    """Those who describe what the communes of this territory prepare."""
    return rights.holds(person, "premises.keep", placed.scopes, on=now().date())


def may_read_premises(person: Any, territory: Territory) -> bool:
    """Those in charge here: the portrait leads them to the premises."""
    return rights.holds(person, "premises.read", territory.scopes, on=now().date())

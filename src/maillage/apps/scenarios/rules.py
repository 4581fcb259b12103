"""Who may do what to a scenario: rights are those over its study."""

from typing import Any

from django.shortcuts import get_object_or_404

from maillage.apps.people import rights
from maillage.apps.scenarios.models import Scenario
from maillage.apps.studies.models import Study
from maillage.apps.studies.rules import study_of
from maillage.kit.clock import now


def scenario_of(person: Any, pk: int, slug: str, number: int) -> Scenario:
    """A scenario of one of the studies she may read; 404 for the others."""
    study = study_of(person, pk, slug)
    scenario = get_object_or_404(study.scenarios, number=number)
    scenario.study = study
    return scenario


def may_read(person: Any, placed: Scenario | Study) -> bool:
    """Those in charge of the territory."""
    return _holds(person, "studies.read", placed)


def may_draw(person: Any, placed: Scenario | Study) -> bool:
    """Those who make the study try and save networks."""
    return _holds(person, "studies.compute", placed)


def may_propose(person: Any, placed: Scenario | Study) -> bool:
    """Those who put it before the elected, and share it."""
    return _holds(person, "scenarios.propose", placed)


def may_retain(person: Any, placed: Scenario | Study) -> bool:
    """Those who write down what the council voted."""
    return _holds(person, "scenarios.retain", placed)


def may_adopt(person: Any, placed: Scenario | Study) -> bool:
    """Those who keep the sites of the territory take what was voted into operation."""
    return _holds(person, "sites.keep", placed)


def may_decide(person: Any, _target: object) -> bool:
    """Those who read unpublished studies somewhere: the elected, and those who prepare for them."""
    return bool(rights.scopes_where(person, "studies.read", on=now().date()))


def _holds(person: Any, act: str, placed: Scenario | Study) -> bool:
    return rights.holds(person, act, placed.scopes, on=now().date())

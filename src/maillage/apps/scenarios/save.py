"""Save a new version of a scenario: the network tried on it, other rules, or a past version."""

from collections.abc import Mapping

from django.db import transaction

from maillage.apps.scenarios.ask import ask
from maillage.apps.scenarios.models import Scenario, Version, VersionKind
from maillage.apps.scenarios.open_scenario import NoSiteLeft, drawn
from maillage.apps.scenarios.versions import (
    Author,
    Fixed,
    add,
    fixed_by,
    latest,
    locked,
    refuse_change,
)
from maillage.core.scenario import Network, Request
from maillage.kit.refusal import Refusal


class NothingChanged(Refusal):
    """There is nothing to save."""

    sentence = "Rien n'a changé. Déplacez, ajoutez ou retirez un lieu, puis enregistrez."
    status = 422


class AlreadyThisVersion(Refusal):
    """It is the one in force."""

    sentence = "Cette version est déjà celle du scénario."


def save(
    scenario: Scenario,
    base: int,
    network: Network,
    moves: list[str],
    data_folder: str,
    author: Author,
) -> Version:
    """The network tried by hand becomes the scenario's.

    base  the version it was tried on: a later one means that somebody saved meanwhile
    """
    if not moves:
        raise NothingChanged
    if not network:
        raise NoSiteLeft
    with transaction.atomic():
        held = locked(scenario)
        refuse_change(held, base, author)
        before = latest(held)
        run = drawn(before, network, data_folder, author)
        return add(held, run, VersionKind.DRAWN, author, moves=moves, fixed=fixed_by(before))


def search_again(
    scenario: Scenario,
    base: int,
    request: Request,
    fixed: Mapping[str, Fixed],
    data_folder: str,
    author: Author,
) -> Version:
    """Other rules or assumptions: the search finds another network."""
    values = {key: entry.value for key, entry in fixed.items()}
    with transaction.atomic():
        held = locked(scenario)
        refuse_change(held, base, author)
        run = ask(held.study, request, values, data_folder, author)
        return add(held, run, VersionKind.SEARCHED, author, fixed=fixed)


def restore(scenario: Scenario, number: int, base: int, author: Author) -> Version:
    """A past version is the scenario's again, its figures already there."""
    with transaction.atomic():
        held = locked(scenario)
        refuse_change(held, base, author)
        if number == held.version:
            raise AlreadyThisVersion
        past = held.versions.select_related("run").get(number=number)
        return add(held, past.run, VersionKind.RESTORED, author, fixed=fixed_by(past))

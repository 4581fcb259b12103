"""Open a scenario: asked of the search, or copied from one with the changes tried on it."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from maillage.apps.scenarios.ask import ask
from maillage.apps.scenarios.models import Scenario, Version, VersionKind
from maillage.apps.scenarios.versions import Author, Fixed, add, fixed_by, next_number, note
from maillage.apps.studies import asked
from maillage.apps.studies.models import Run, RunState, Study
from maillage.core.scenario import Network, Request
from maillage.kit.refusal import Refusal
from maillage.report.bundle import INPUTS


class NoTitle(Refusal):
    """A scenario is spoken of by its title."""

    sentence = "Donnez un titre au scénario, par exemple « Trois bourgs et sept relais »."
    status = 422


class NoSiteLeft(Refusal):
    """There is nothing to compute."""

    sentence = "Gardez au moins un lieu : un réseau sans lieu ne se calcule pas."
    status = 422


class WithoutTables(Refusal):
    """A result of an earlier version of the product: it cannot be tried again."""

    sentence = "Ce calcul n'a pas gardé ses tables. Calculez de nouveau, puis prenez ce résultat."


def open_scenario(
    study: Study,
    title: str,
    request: Request,
    fixed: Mapping[str, Fixed],
    data_folder: str,
    author: Author,
) -> Scenario:
    """A scenario whose network the search will find; its computation is queued at once."""
    values = {key: entry.value for key, entry in fixed.items()}
    with transaction.atomic():
        scenario = _created(study, title, author)
        run = ask(scenario.study, request, values, data_folder, author)
        add(scenario, run, VersionKind.SEARCHED, author, fixed=fixed)
    return scenario


def copy(
    version: Version,
    title: str,
    network: Network,
    moves: list[str],
    data_folder: str,
    author: Author,
) -> Scenario:
    """Another scenario with the network tried on a version, under the same rules."""
    if not network:
        raise NoSiteLeft
    fixed = fixed_by(version)
    with transaction.atomic():
        scenario = _created(version.scenario.study, title, author)
        run = drawn(version, network, data_folder, author) if moves else version.run
        add(scenario, run, VersionKind.DRAWN, author, moves=moves, fixed=fixed)
    return scenario


def with_village(
    version: Version, commune_code: str, title: str, data_folder: str, author: Author
) -> Scenario:
    """Another scenario, searched under the same rules and with a place in a commune."""
    before = asked.from_json(version.run.request)
    required = dict.fromkeys((*before.choices.required_communes, commune_code))
    choices = replace(before.choices, required_communes=tuple(required))
    request = replace(before, network=None, choices=choices)
    study = version.scenario.study
    return open_scenario(study, title, request, fixed_by(version), data_folder, author)


def of_run(run: Run, title: str, author: Author) -> Scenario:
    """A scenario of a computation that exists already, with the tables it was computed from."""
    if run.state == RunState.DONE and INPUTS not in {entry["name"] for entry in run.files}:
        raise WithoutTables
    with transaction.atomic():
        scenario = _created(run.study, title, author)
        add(scenario, run, VersionKind.SEARCHED, author)
    return scenario


def drawn(version: Version, network: Network, data_folder: str, author: Author) -> Run:
    """The computation of a network drawn by hand, under the rules of a version; queued."""
    request = asked.with_network(version.run.request, network)
    values = asked.values_of(version.run.request)
    return ask(version.run.study, request, values, data_folder, author)


def _created(study: Study, title: str, author: Author) -> Scenario:
    if not title.strip():
        raise NoTitle
    held = Study.objects.select_for_update().get(pk=study.pk)
    scenario = Scenario.objects.create(
        study=held,
        number=next_number(held),
        title=title.strip(),
        created_by=author.by,
        created_at=author.at,
    )
    note("scenarios.open", scenario, author)
    return scenario

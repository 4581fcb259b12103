"""The scenarios of a study as a list: where each stands, what each gives."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.people.models import Person
from maillage.apps.scenarios import moves, tried
from maillage.apps.scenarios.models import Scenario, ScenarioState, Version, VersionKind
from maillage.apps.scenarios.trial import move_words
from maillage.apps.studies.listing import share
from maillage.apps.studies.models import Run, RunState, Study
from maillage.core import assumptions
from maillage.kit.components import Empty, Link
from maillage.kit.filters import moment
from maillage.kit.tables import Cell, Column, Mark, Number, Row, Table
from maillage.report import french

STATES = {
    ScenarioState.DRAFT: "draft",
    ScenarioState.PROPOSED: "proposed",
    ScenarioState.RETAINED: "retained",
}


def in_order(study: Study) -> list[Scenario]:
    """The scenarios that nobody removed, by letter."""
    return list(study.scenarios.kept().order_by("number"))


def latest_of(scenarios: Sequence[Scenario]) -> dict[int, Version]:
    """The latest version of each scenario, by key, with its run, in one query."""
    wanted = {scenario.pk: scenario.version for scenario in scenarios}
    found = Version.objects.filter(scenario_id__in=wanted).select_related("run")
    return {v.scenario_id: v for v in found if v.number == wanted[v.scenario_id]}


def table(scenarios: Sequence[Scenario]) -> Table:
    """Each scenario with what it gives."""
    columns = (
        Column("letter", _("Scénario")),
        Column("state", _("État")),
        Column("share", _("Habitants à portée"), is_numeric=True, origin="modelled"),
        Column("sites", _("Lieux"), is_numeric=True),
        Column("seats", _("Places"), is_numeric=True),
        Column("proof", _("Réseau")),
        Column("saved", _("Enregistré le")),
    )
    versions = latest_of(scenarios)
    rows = [_row(scenario, versions[scenario.pk]) for scenario in scenarios]
    return Table("scenarios", _("Les scénarios de l’étude"), columns, rows)


def _row(scenario: Scenario, version: Version) -> Row:
    run = version.run
    summary = run.summary if run.state == RunState.DONE else {}
    return Row(
        {
            "letter": Link(f"{scenario.letter}. {scenario.title}", scenario.get_absolute_url()),
            "state": Mark("state", STATES[ScenarioState(scenario.state)]),
            "share": share(summary),
            "sites": summary.get("sites"),
            "seats": summary.get("seats"),
            "proof": proof(run),
            "saved": Number(version.at.timestamp(), moment(version.at)),
        },
        key=str(scenario.number),
    )


def proof(run: Run) -> Cell:
    """Found by the search, or drawn by hand; or why there is nothing yet."""
    if run.state != RunState.DONE:
        return RunState(run.state).label
    if run.summary.get("is_drawn"):
        return _("Choisi à la main")
    return _("Optimum prouvé") if run.summary["is_proved"] else _("Écart possible")


def nothing(study: Study, *, may_draw: bool) -> Empty:
    """An empty list, and how it fills."""
    new = reverse("scenario_new", args=(study.pk, study.slug))
    return Empty(
        _("Aucun scénario."),
        _("Un scénario donne le meilleur réseau sous des règles que vous choisissez."),
        Link(_("Créer le premier"), new) if may_draw else None,
    )


def nothing_to_decide() -> Empty:
    """No study of hers has a result."""
    return Empty(
        _("Aucune étude de votre territoire n’a de résultat."),
        _("Quand il y en aura un, cette page dira quoi décider et ce que paie chaque commune."),
    )


def history(of: Scenario) -> list[dict[str, Any]]:
    """Every version, the latest first: who, when, why, and what changed."""
    versions = list(
        of.versions.select_related("run").prefetch_related("changed").order_by("-number")
    )
    names = dict(
        Person.objects.filter(pk__in={v.by for v in versions if v.by}).values_list("pk", "name")
    )
    places = _places(versions)
    return [
        {
            "number": v.number,
            "kind": VersionKind(v.kind).label,
            "who": names.get(v.by or 0, _("Une personne")),
            "at": v.at,
            "reason": v.reason,
            "is_amendment": v.is_amendment,
            "is_latest": v.number == of.version,
            "is_computed": v.is_computed,
            "state": RunState(v.run.state).label,
            "moves": [move_words(moves.read(text), places) for text in v.moves],
            "changed": changed_words(v.changed.all()),
            "share": share(v.run.summary) if v.is_computed else None,
        }
        for v in versions
    ]


def _places(versions: Iterable[Version]) -> dict[str, str]:
    """The names of the places that moves speak of, as the latest computation knows them."""
    done = next((v for v in versions if v.is_computed), None)
    if done is None or not any(v.moves for v in versions):
        return {}
    return {c.id: c.name for c in tried.ground_of(done.run).options.anywhere}


def changed_words(changed: Iterable[Any]) -> list[str]:
    """The assumptions that a version fixes: what they are, their value, why."""
    known = assumptions.load()
    return [
        _("{what} : {value} {unit}. {why}").format(
            what=french.PARAMETERS.get(c.key, known[c.key].why.rstrip(".")),
            value=french.quantity(c.value, known[c.key].unit),
            unit=french.UNITS[known[c.key].unit],
            why=c.why,
        )
        for c in changed
    ]

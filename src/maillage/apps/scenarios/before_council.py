"""What the elected have before them: the scenario retained or proposed, else the latest result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, When
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from maillage.apps.scenarios.models import Scenario, ScenarioState, Version
from maillage.apps.studies.models import Run, RunState, Study
from maillage.apps.studies.rules import readable
from maillage.apps.studies.shown import Shown
from maillage.report import french


@dataclass(frozen=True)
class Put:
    """A scenario put before the elected.

    version  the latest that has figures: an amendment may still be computing
    """

    scenario: Scenario
    version: Version

    @property
    def is_latest(self) -> bool:
        """Whether nothing newer waits for its figures."""
        return self.version.number == self.scenario.version

    @property
    def is_retained(self) -> bool:
        """Whether the council voted for it."""
        return self.scenario.state == ScenarioState.RETAINED

    @property
    def decided(self) -> str:
        """Since when it is what it is."""
        day = localtime(self.scenario.decided_at).date()
        said = _("retenu le {day}") if self.is_retained else _("proposé le {day}")
        return said.format(day=french.day(day))

    @property
    def named(self) -> str:
        """Which one it is, since when, and when it was amended last."""
        words = _("Scénario {letter}, « {title} », {decided}")
        if self.version.is_amendment:
            words = _("Scénario {letter}, « {title} », {decided}, amendé le {day}")
        return words.format(
            letter=self.scenario.letter,
            title=self.scenario.title,
            decided=self.decided,
            day=french.day(localtime(self.version.at).date()),
        )


@dataclass(frozen=True)
class Before:
    """What the elected read.

    of     the result
    put    the scenario whose result it is; None: nobody proposed one yet
    every  all those of the same study, by letter
    """

    of: Shown
    put: Put | None = None
    every: tuple[Put, ...] = ()

    @property
    def which(self) -> str:
        """Which result it is."""
        if self.put is None:
            run = self.of.run
            day = localtime(run.finished_at or run.asked_at).date()
            return _("Calcul {n} du {day}, pas encore proposé au conseil").format(
                n=run.number, day=french.day(day)
            )
        return self.put.named


def read(person: Any, number: int | None = None) -> Before | None:
    """What a person reads before a vote; None when nothing has a result, or not this one.

    number  of another scenario put before the elected, in the same study
    """
    first = _first(person)
    if first is None:
        return None if number is not None else _latest_result(person)
    every = _every(first.study)
    wanted = first.number if number is None else number
    put = next((p for p in every if p.scenario.number == wanted), None)
    if put is None:
        return None
    return Before(_shown(put.version.run, first.study), put, tuple(every))


def _first(person: Any) -> Scenario | None:
    """The scenario retained last in the studies that the person reads, else proposed last."""
    computed = Version.objects.filter(scenario=OuterRef("pk"), run__state=RunState.DONE)
    retained_first = Case(When(state=ScenarioState.RETAINED, then=0), default=1)
    return (
        Scenario.objects.kept()
        .filter(Exists(computed), study__in=readable(person))
        .exclude(state=ScenarioState.DRAFT)
        .select_related("study__territory")
        .order_by(retained_first, "-decided_at", "-pk")
        .first()
    )


def _every(study: Study) -> Sequence[Put]:
    decided = study.scenarios.kept().exclude(state=ScenarioState.DRAFT).order_by("number")
    scenarios = {scenario.pk: scenario for scenario in decided}
    versions = (
        Version.objects.filter(scenario__in=scenarios, run__state=RunState.DONE)
        .select_related("run")
        .order_by("scenario_id", "-number")
        .distinct("scenario_id")
    )
    latest = {version.scenario_id: version for version in versions}
    return [Put(scenario, latest[pk]) for pk, scenario in scenarios.items() if pk in latest]


def _latest_result(person: Any) -> Before | None:
    """The latest result of the search among the studies that the person reads."""
    run = (
        Run.objects.found()
        .filter(study__in=readable(person))
        .select_related("study__territory")
        .order_by("-finished_at", "-pk")
        .first()
    )
    return None if run is None else Before(_shown(run, run.study))


def _shown(run: Run, study: Study) -> Shown:
    return Shown(study, run, reverse("run", args=(study.pk, study.slug, run.number)))

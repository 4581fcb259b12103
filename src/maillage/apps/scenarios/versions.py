"""The versions of a scenario: what all the verbs that make one hold to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from maillage.apps.journal.record import record
from maillage.apps.people.models import Person
from maillage.apps.scenarios.models import (
    ChangedAssumption,
    Scenario,
    ScenarioState,
    Version,
    VersionKind,
)
from maillage.apps.studies.models import Run, Study
from maillage.kit.filters import moment
from maillage.kit.refusal import Refusal


@dataclass(frozen=True)
class Author:
    """Who makes a version, when and why."""

    by: int | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Fixed:
    """An assumption that somebody fixes, and why."""

    value: float
    why: str


class SomebodyElseSaved(Refusal):
    """The page was read before another person's version."""

    sentence = (
        "{who} a enregistré la version {number} de ce scénario {when}. Relisez ses changements ; "
        "les vôtres sont encore là, vous pouvez les enregistrer comme copie."
    )


class RetainedIsClosed(Refusal):
    """What was voted does not change."""

    sentence = (
        "Ce scénario est retenu : il ne change plus. Enregistrez une copie, ou revenez d'abord "
        "sur la décision."
    )


class AmendmentWithoutReason(Refusal):
    """Those who vote read why a proposed scenario changes."""

    sentence = "Ce scénario est proposé aux élus : dites pourquoi vous l'amendez."
    status = 422


class Removed(Refusal):
    """It must be taken back first."""

    sentence = "Ce scénario a été retiré. Reprenez-le d'abord depuis la liste."


def locked(scenario: Scenario) -> Scenario:
    """The row, held until the transaction ends."""
    return Scenario.objects.select_for_update().select_related("study").get(pk=scenario.pk)


def latest(scenario: Scenario) -> Version:
    """The version that its page shows."""
    return scenario.versions.select_related("run").get(number=scenario.version)


def refuse_change(held: Scenario, base: int, author: Author) -> None:
    """Whatever forbids a new version.

    base  the version that the person read
    """
    if held.removed_at:
        raise Removed
    if held.state == ScenarioState.RETAINED:
        raise RetainedIsClosed
    if held.version != base:
        raise _told(held)
    if held.state == ScenarioState.PROPOSED and not author.reason:
        raise AmendmentWithoutReason


def _told(held: Scenario) -> SomebodyElseSaved:
    last = latest(held)
    return SomebodyElseSaved(who=name_of(last.by), number=last.number, when=f"le {moment(last.at)}")


def name_of(person_id: int | None) -> str:
    """Who it was, as far as it is still known."""
    found = Person.objects.filter(pk=person_id or 0).values_list("name", flat=True).first()
    return found or "Une personne"


def next_number(study: Study) -> int:
    """The number of a new scenario; call it under a lock on the study."""
    return int(study.scenarios.aggregate(last=Max("number"))["last"] or 0) + 1


def add(
    held: Scenario,
    run: Run,
    kind: VersionKind,
    author: Author,
    *,
    moves: list[str] | None = None,
    fixed: Mapping[str, Fixed] | None = None,
) -> Version:
    """A new latest version, written in the journal."""
    made = Version.objects.create(
        scenario=held,
        number=held.version + 1,
        run=run,
        kind=kind,
        moves=moves or [],
        reason=author.reason,
        is_amendment=held.state == ScenarioState.PROPOSED,
        by=author.by,
        at=author.at,
    )
    ChangedAssumption.objects.bulk_create(
        ChangedAssumption(version=made, key=key, value=entry.value, why=entry.why)
        for key, entry in (fixed or {}).items()
    )
    held.version = made.number
    held.save(update_fields=["version"])
    note("scenarios.save", held, author, version=made.number, kind=str(kind))
    return made


def fixed_by(version: Version) -> dict[str, Fixed]:
    """The assumptions of a version, with their reasons."""
    return {c.key: Fixed(c.value, c.why) for c in version.changed.order_by("key")}


def note(act: str, scenario: Scenario, author: Author, **facts: Any) -> None:
    """One line of the journal."""
    record(
        act,
        ("scenario", scenario.pk),
        by=author.by,
        at=author.at,
        scope=scenario.scopes[0],
        **facts,
    )

"""The next thing to do in a programme, in one sentence, with the act that does it."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.programme import words
from maillage.apps.programme.models import Deliverable, Phase, Programme
from maillage.core import programme as core
from maillage.kit.components import Link
from maillage.report import french


@dataclass(frozen=True)
class Next:
    """A sentence, the act and its address, and how late it is (0 when it is not)."""

    sentence: str
    act: Link
    late_days: int = 0


def next_thing(programme: Programme, today: date) -> Next | None:
    """The first deliverable awaited in what has begun, else the phase to finish or to begin.

    None once every phase is finished and everything is accepted.
    """
    phases = list(programme.phases.all())
    awaited = [
        one
        for phase in phases
        if phase.began_on is not None
        for one in phase.deliverables.all()
        if one.removed_at is None and one.accepted_on is None
    ]
    if awaited:
        return _of_deliverable(min(awaited, key=lambda one: (one.due_on, one.pk)), today)
    place = core.next_phase([phase.dates for phase in phases])
    return None if place is None else _of_phase(phases[place], today)


def _of_deliverable(one: Deliverable, today: date) -> Next:
    late = words.late_days(one, today)
    if one.delivered_on is not None:
        sentence = _("Accepter « {title} », remis le {day}.").format(
            title=one.title, day=french.day(one.delivered_on)
        )
        act = Link(_("Accepter ce livrable"), address(one, "deliverable_accept"))
        return Next(sentence, act, late)
    said = (
        _("Obtenir « {title} », attendu le {day}.")
        if late
        else _("Obtenir « {title} » avant le {day}.")
    )
    return Next(
        said.format(title=one.title, day=french.day(one.due_on)),
        Link(_("Noter sa remise"), address(one, "deliverable_deliver")),
        late,
    )


def _of_phase(phase: Phase, today: date) -> Next:
    late = core.slippage_days(phase.dates, today)
    if phase.began_on is not None:
        sentence = _("Terminer « {title} », prévu le {day}.")
        act, name, day = _("Terminer « {title} »"), "phase_finish", phase.ends_on
    else:
        sentence = _("Commencer « {title} », prévu le {day}.")
        act, name, day = _("Commencer « {title} »"), "phase_begin", phase.starts_on
    return Next(
        sentence.format(title=phase.title, day=french.day(day)),
        Link(act.format(title=phase.title), address(phase, name)),
        late,
    )


def address(of: Phase | Deliverable, name: str) -> str:
    """The page of a phase or of a deliverable."""
    phase = of if isinstance(of, Phase) else of.phase
    study = phase.programme.study
    part = of.rank if isinstance(of, Phase) else of.pk
    return reverse(name, args=(study.pk, study.slug, part))

"""What the home page of a study shows of its programme: rows, bars, and the same in a table."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.apps.programme import gantt, words
from maillage.apps.programme.models import Commission, Deliverable, Phase, Programme
from maillage.apps.programme.next_thing import address, next_thing
from maillage.core import programme as core
from maillage.kit.components import Link, Part, Step
from maillage.kit.tables import Column, Number, Row, Table
from maillage.report import french


def context(programme: Programme, today: date) -> dict[str, Any]:
    """The programme's part of the page."""
    phases = list(programme.phases.all())
    scale = gantt.scale_of(phases, today)
    return {
        "programme": programme,
        "next": next_thing(programme, today),
        "finding": finding(programme, phases),
        "ending": ending(phases, today),
        "axis": gantt.axis(scale, today),
        "steps": [step(phase, scale, today) for phase in phases],
        "calendar": twin(programme, phases, today),
        "may_give_up": not any(
            phase.began_on or any(one.delivered_on for one in phase.deliverables.all())
            for phase in phases
        )
        and not programme.commissions.all(),
        "commissions": [line_of(signed) for signed in programme.commissions.all()],
    }


def finding(programme: Programme, phases: Sequence[Phase]) -> str:
    """5 étapes terminées sur 7."""
    done, total = core.progress([phase.dates for phase in phases])
    word = words.unit(programme)
    plural = "canaux" if word == "canal" else f"{word}s"
    is_feminine = word != "canal"
    if done < 2:
        finished = _("terminée") if is_feminine else _("terminé")
        return f"{done} {word} {finished} sur {total}"
    finished = _("terminées") if is_feminine else _("terminés")
    return f"{done} {plural} {finished} sur {total}"


def ending(phases: Sequence[Phase], today: date) -> str:
    """When it should end, and against which plan."""
    dates = [phase.dates for phase in phases]
    expected = core.expected_end(dates, today)
    planned = max((phase.ends_on for phase in phases), default=None)
    if expected is None or planned is None:
        return ""
    if core.next_phase(dates) is None:
        return _("Terminé le {day}, {gap}.").format(
            day=french.day(expected), gap=words.gap((expected - planned).days)
        )
    if expected <= planned:
        return _("Fin prévue le {day}.").format(day=french.day(planned))
    return _("Fin prévue le {planned} ; le {expected} si la suite garde sa durée.").format(
        planned=french.day(planned), expected=french.day(expected)
    )


def step(phase: Phase, scale: gantt.Scale, today: date) -> Step:
    """A row: its name, dates and gap, its bar, what it hands over."""
    days = core.slippage_days(phase.dates, today)
    real = words.real(phase)
    return Step(
        when=words.planned(phase).capitalize(),
        title=words.name(phase),
        state=phase.dates.state,
        text=_("Réel : {days}.").format(days=_with_gap(real, days)) if real else "",
        href=address(phase, "phase"),
        late=words.gap(days) if days > 0 else "",
        bar=gantt.bar(phase, scale, today),
        parts=[part(one, today) for one in phase.deliverables.all() if one.removed_at is None],
    )


def _with_gap(real: str, days: int) -> str:
    return f"{real}, {words.gap(days)}" if days < 0 else real


def part(one: Deliverable, today: date) -> Part:
    """A deliverable under its phase."""
    late = words.late_days(one, today)
    return Part(
        Link(one.title, address(one, "deliverable")),
        words.state(one),
        words.gap(late) if late and one.accepted_on is None else "",
        is_done=one.accepted_on is not None,
    )


def twin(programme: Programme, phases: Sequence[Phase], today: date) -> Table:
    """The same in a table: phase, planned, actual, gap."""
    columns = (
        Column("phase", words.unit(programme).capitalize()),
        Column("planned", _("Prévu")),
        Column("real", _("Réel")),
        Column("gap", _("Écart")),
        Column("accepted", _("Livrables acceptés"), is_numeric=True),
    )
    rows = [_row(phase, today) for phase in phases]
    return Table("calendrier", _("Le calendrier : prévu, réel, écart"), columns, rows)


def _row(phase: Phase, today: date) -> Row:
    listed = [one for one in phase.deliverables.all() if one.removed_at is None]
    accepted = sum(one.accepted_on is not None for one in listed)
    return Row(
        {
            "phase": Link(words.name(phase), address(phase, "phase")),
            "planned": words.planned(phase),
            "real": words.real(phase) or _("à venir"),
            "gap": words.phase_gap(phase, today) or _("à venir"),
            "accepted": Number(accepted, _("{n} sur {all}").format(n=accepted, all=len(listed))),
        },
        key=str(phase.rank),
    )


def line_of(signed: Commission) -> dict[str, str]:
    """A commission in a list."""
    study = signed.programme.study
    ended = (
        _("terminée le {day}").format(day=french.day(signed.ended_on)) if signed.ended_on else ""
    )
    return {
        "name": signed.contractor.name,
        "href": reverse("commission", args=(study.pk, study.slug, signed.pk)),
        "text": words.commission_line(signed),
        "ended": ended,
    }

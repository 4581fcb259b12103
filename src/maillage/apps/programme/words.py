"""How a programme is worded: its gaps in days, its spans, the state of what it hands over."""

from datetime import date

from django.utils.translation import gettext as _

from maillage.apps.programme.models import Commission, Deliverable, Phase, Programme
from maillage.apps.programme.processes import processes
from maillage.core import programme as core
from maillage.report import french


def gap(days: int) -> str:
    """12 jours de retard, 3 jours d’avance, dans les temps."""
    if days > 0:
        return _("{days} de retard").format(days=french.count(days, "jour"))
    if days < 0:
        return _("{days} d’avance").format(days=french.count(-days, "jour"))
    return _("dans les temps")


def span(starts_on: date, ends_on: date) -> str:
    """Du 4 au 31 janvier 2027: what both days share is said once."""
    if starts_on == ends_on:
        return _("le {day}").format(day=french.day(starts_on))
    first, last = french.day(starts_on), french.day(ends_on)
    if starts_on.year == ends_on.year:
        first = first.removesuffix(f" {starts_on.year}")
        if starts_on.month == ends_on.month:
            first = first.partition(" ")[0]
    return _("du {first} au {last}").format(first=first, last=last)


def unit(programme: Programme) -> str:
    """What its parts are called: phase, étape, canal."""
    known = processes().get(programme.process)
    return known.unit if known else "phase"


def name(phase: Phase) -> str:
    """Phase 1 : Pré-cadrage."""
    return f"{unit(phase.programme).capitalize()} {phase.rank}{french.NBSP}: {phase.title}"


def planned(phase: Phase) -> str:
    """Its planned days."""
    return span(phase.starts_on, phase.ends_on)


def real(phase: Phase) -> str:
    """Its days as they went, empty before it begins."""
    if phase.began_on is None:
        return ""
    if phase.finished_on is None:
        return _("depuis le {day}").format(day=french.day(phase.began_on))
    return span(phase.began_on, phase.finished_on)


def phase_gap(phase: Phase, today: date) -> str:
    """Its gap; nothing to say of what is to come and not late."""
    days = core.slippage_days(phase.dates, today)
    return gap(days) if days or phase.began_on else ""


def state(deliverable: Deliverable) -> str:
    """Where a deliverable stands, in words."""
    if deliverable.removed_at is not None:
        return _("retiré de la liste")
    if deliverable.accepted_on is not None:
        return _("accepté le {day}").format(day=french.day(deliverable.accepted_on))
    if deliverable.delivered_on is not None:
        return _("remis le {day}, à accepter").format(day=french.day(deliverable.delivered_on))
    return _("attendu le {day}").format(day=french.day(deliverable.due_on))


def late_days(deliverable: Deliverable, today: date) -> int:
    """Days behind its due day: until it is delivered, then for good."""
    return core.late_days(deliverable.due_on, deliverable.delivered_on or today)


def rate(vat_bp: int) -> str:
    """20 %, 5,5 %."""
    text = f"{vat_bp / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{text}{french.NBSP}%"


def listed(phases: list[Phase]) -> str:
    """Phases 1, 2 et 4."""
    if not phases:
        return ""
    word = unit(phases[0].programme)
    plural = "canaux" if word == "canal" else f"{word}s"
    ranks = french.listed([str(phase.rank) for phase in phases])
    return f"{plural if len(phases) > 1 else word} {ranks}"


def commission_line(commission: Commission) -> str:
    """What it covers and costs, in one line."""
    return _("{phases}, {amount} TTC").format(
        phases=listed(list(commission.phases.all())), amount=french.cents(commission.with_tax_cents)
    )

"""What the report says, in words and ready-made numbers: the template only lays it out."""

from typing import Any

from maillage.core.scenario import Outcome
from maillage.report import notes, summary, travel_facts, travel_words
from maillage.report.money_table import money_table
from maillage.report.story import annex, chapters, elected, euros

Story = dict[str, Any]


def of_outcome(outcome: Outcome, date: str, version: str) -> Story:
    """Every text and number of the report."""
    place = outcome.territory
    return {
        "title": elected.cover_title(outcome),
        "territory": place.name,
        "date": date,
        "version": version,
        "headline": summary.headline(outcome),
        "proof": summary.proof(outcome),
        "proposal": elected.proposal(outcome),
        "figures": elected.key_figures(outcome),
        "why": elected.why_rows(outcome),
        "money": money_table(outcome),
        "payers": elected.payers(outcome),
        "contributions": elected.contributions(outcome),
        "decisions": elected.decisions(outcome),
        "portrait": chapters.portrait(outcome),
        "offer": chapters.offer(outcome),
        "demand": chapters.demand(outcome),
        "capacities": chapters.capacities(outcome),
        "plan": chapters.plan(outcome),
        "euros": euros.of_outcome(outcome),
        "costs": chapters.costs(outcome),
        "impact": chapters.impact(outcome),
        "sources": annex.sources(outcome),
        "assumptions": annex.assumptions(outcome),
        "notes": [notes.sentence(note) for note in outcome.notes],
        "travel": _travel(outcome),
        "origins": summary.origin_lines(outcome),
    }


def _travel(outcome: Outcome) -> Story:
    """Where the times come from; the facts of the streets are empty by distance."""
    times = travel_words.of_territory(outcome.territory)
    return {
        "title": travel_facts.TITLE,
        "limits": times.limits,
        "credit": times.credit,
        "facts": travel_facts.rows(outcome),
        "without_car": travel_facts.without_car(outcome),
    }

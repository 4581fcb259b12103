"""What the report says, in words and ready-made numbers: the template only lays it out."""

from typing import Any

from maillage.core.scenario import Outcome
from maillage.report import notes, summary
from maillage.report.money_table import money_table
from maillage.report.story import annex, chapters, elected

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
        "costs": chapters.costs(outcome),
        "impact": chapters.impact(outcome),
        "sources": annex.sources(outcome),
        "assumptions": annex.assumptions(outcome),
        "notes": [notes.sentence(note) for note in outcome.notes],
        "origins": summary.origin_lines(outcome),
    }

"""Who pays what, year by year: a table whose totals add up as printed."""

from maillage.core.scenario import Outcome
from maillage.report import french

ROUNDED_TO_CENTS = 10_000

LINES = (
    ("Investissement, communes", "communes"),
    ("Investissement, subventions", "grants"),
    ("Fonctionnement, intercommunalité", "epci"),
    ("Fonctionnement, employeurs", "employers"),
    ("Fonctionnement, usagers", "users"),
)


def money_table(outcome: Outcome) -> dict[str, list[str] | list[list[str]]]:
    """Header, lines and total; every figure to the hundred euros, totals of what is printed."""
    years = outcome.money.years
    paid = [
        {
            "communes": y.investment_cents["communes"],
            "grants": y.investment_cents["grants"],
            "epci": y.operation_cents["epci"] - y.income_cents,
            "employers": y.operation_cents["employers"],
            "users": y.income_cents,
        }
        for y in years
    ]
    rounded = {
        payer: [round(year[payer] / ROUNDED_TO_CENTS) for year in paid] for _, payer in LINES
    }
    kept = [(words, payer) for words, payer in LINES if any(rounded[payer])]
    totals = [sum(rounded[payer][n] for _, payer in kept) for n in range(len(years))]
    return {
        "header": ["", *(str(y.year) for y in years), "En tout"],
        "rows": [[words, *_shown(rounded[payer])] for words, payer in kept],
        "total": ["Total", *_shown(totals)],
    }


def _shown(hundreds: list[int]) -> list[str]:
    return [french.number(n * ROUNDED_TO_CENTS // 100) for n in (*hundreds, sum(hundreds))]

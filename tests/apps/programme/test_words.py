"""The words of a programme: gaps, spans, rates."""

from datetime import date

import pytest

from maillage.apps.programme import words

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "1 jour de retard"),
        (12, "12 jours de retard"),
        (1600, f"1{NARROW}600 jours de retard"),
        (-3, "3 jours d’avance"),
        (0, "dans les temps"),
    ],
)
def test_a_gap_is_said_in_days(days, said):
    assert words.gap(days) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2027, 1, 4), date(2027, 1, 31), "du 4 au 31 janvier 2027"),
        (date(2027, 1, 4), date(2027, 2, 3), "du 4 janvier au 3 février 2027"),
        (date(2026, 12, 4), date(2027, 1, 3), "du 4 décembre 2026 au 3 janvier 2027"),
        (date(2027, 1, 1), date(2027, 1, 31), "du 1er au 31 janvier 2027"),
        (date(2027, 1, 4), date(2027, 1, 4), "le 4 janvier 2027"),
    ],
)
def test_what_two_days_share_is_said_once(first, last, said):
    assert words.span(first, last) == said


@pytest.mark.parametrize(
    ("vat_bp", "said"), [(2000, "20"), (550, "5,5"), (210, "2,1"), (0, "0"), (10_000, "100")]
)
def test_a_rate_is_said_in_percent(vat_bp, said):
    assert words.rate(vat_bp) == f"{said}{NBSP}%"

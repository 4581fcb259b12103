"""French numbers as they are printed."""

from datetime import date

import pytest

from maillage.core.money import Range
from maillage.report import french


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.949, "95 %"),
        (0.997, "99,7 %"),
        (0.9997, "99,97 %"),
        (0.0026, "0,3 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.012, "1 %"),
    ],
)
def test_nearly_all_is_not_all_and_nearly_none_is_not_none(value, words):
    assert french.share(value) == words.replace(" ", "\u00a0")


def test_numbers_have_narrow_spaces_a_comma_and_a_true_minus():
    assert french.number(46214) == "46\u202f214"
    assert french.number(-1234.5, 1) == "\u22121\u202f234,5"
    assert french.number(-0.2) == "0"


def test_planned_money_is_rounded_to_what_is_known():
    assert french.planned_euros(559_100) == "559\u202f000\u00a0€"
    assert french.planned_euros(7_182) == "7\u202f200\u00a0€"
    assert french.euros_between(Range(9_000, 5_000, -300)) == "de \u2212300 à 9\u202f000\u00a0€"


def test_money_kept_in_cents_is_said_in_euros_and_written_bare_in_files():
    assert french.cents(128512) == "1\u202f285,12\u00a0€"
    assert french.cents(-5) == "\u22120,05\u00a0€"
    assert french.bare_cents(128512) == "1285,12"
    assert french.bare_cents(-5) == "-0,05"


def test_a_name_after_de_is_elided_before_a_vowel():
    assert french.of("Épicerie Le Tilleul") == "d’Épicerie Le Tilleul"
    assert french.of("Corpoworking") == "de Corpoworking"
    assert french.of("Yanis") == "de Yanis"


def test_lists_end_with_et_and_count_what_they_leave_out():
    assert french.listed(["Beaujeu"]) == "Beaujeu"
    assert french.listed(["Beaujeu", "Fleurie", "Odenas"]) == "Beaujeu, Fleurie et Odenas"
    assert french.listed(["a", "b", "c", "d"], 2) == "a, b et 2 autres"


def test_the_first_of_a_month_is_1er():
    assert french.day(date(2027, 4, 1)) == "1er avril 2027"
    assert french.day(date(2027, 3, 17)) == "17 mars 2027"


def test_shares_and_large_numbers_of_assumptions_are_written_as_on_paper():
    assert french.quantity(0.085, "share of employed") == "8,5\u00a0%"
    assert french.quantity(42_000, "EUR per FTE and year") == "42\u202f000"
    assert french.quantity(0.2176, "kgCO2e per vehicle km") == "0,2176"


def test_a_month_is_short_on_an_axis():
    assert [french.short_month(date(2027, month, 1)) for month in (1, 3, 9)] == [
        "janv.",
        "mars",
        "sept.",
    ]

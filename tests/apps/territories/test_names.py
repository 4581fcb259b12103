"""Names as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.apps.territories.names import search_key, search_lines, short_name


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("CC Saône-Beaujolais", "saone beaujolais"),
        ("communauté de communes du Val de l’Eyre", "val eyre"),
        ("VAL DE L'EYRE", "val eyre"),
        ("L’Haÿ-les-Roses", "hay roses"),
        ("la", ""),
    ],
)
def test_a_name_is_searched_without_accents_capitals_or_small_words(written, key):
    assert search_key(written) == key


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text):
    assert search_key(search_key(text)) == search_key(text)


def test_each_name_stands_between_two_line_ends_once():
    assert search_lines(["CC Les Prés", "Prés", "Le Val"]) == "\npres\nval\n"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("CC Saône-Beaujolais", "Saône-Beaujolais"),
        ("CC du Val de l'Eyre", "Val de l'Eyre"),
        ("Métropole de Lyon", "Lyon"),
    ],
)
def test_the_header_leaves_the_kind_out(name, short):
    assert short_name(name) == short

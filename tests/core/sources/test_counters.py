"""The counters of a copier: what a line says, and each of its faults with its place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.bad_input import BadInput
from maillage.core.sources import counters
from maillage.core.sources.counters import Counted

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def read(*rows, header="Code;Mois;Noir et blanc;Couleur"):
    return counters.read("copies.csv", "\n".join([header, *rows]))


def fault(*rows, **more):
    (found,) = read(*rows, **more).faults
    return found.code, found.facts["line"], found.facts["column"]


def test_each_line_is_the_pages_of_a_code_over_a_month():
    found = read("0123;10/2026;1 204;30", "Atelier bois;2026-10;12;")

    assert found.faults == ()
    assert found.items == (
        Counted(2, "0123", *OCTOBER, 1204, 30),
        Counted(3, "Atelier bois", *OCTOBER, 12, 0),
    )


def test_a_period_may_be_two_days_and_titles_those_of_a_copier():
    found = read("A1,05/10/2026,11/10/2026,7", header="User,From,To,B/W")

    assert found.items == (Counted(2, "A1", date(2026, 10, 5), date(2026, 10, 11), 7, 0),)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";10/2026;1;1", ("line_empty_value", 3, "Code")),
        ("B;13/2026;1;1", ("line_bad_month", 3, "Mois")),
        ("B;octobre;1;1", ("line_bad_month", 3, "Mois")),
        ("B;;1;1", ("line_empty_value", 3, "Mois")),
        ("B;10/2026;-1;1", ("line_bad_count", 3, "Noir et blanc")),
        ("B;10/2026;1;1,5", ("line_bad_count", 3, "Couleur")),
        ("B;10/2026;1;9999999", ("line_bad_count", 3, "Couleur")),
        ("B;10/2026;1;=1+1", ("line_bad_count", 3, "Couleur")),
        (f"{'B' * 41};10/2026;1;1", ("line_too_long", 3, "Code")),
        ("B\x07;10/2026;1;1", ("line_control_character", 3, "Code")),
        ("A;10/2026;5;5", ("line_said_twice", 3, "Code")),
    ],
)
def test_a_fault_is_told_with_its_line_and_column_and_the_others_are_read(row, expected):
    found = read("A;10/2026;1;1", row, "C;10/2026;2;2")

    assert [(f.code, f.facts["line"], f.facts["column"]) for f in found.faults] == [expected]
    assert [item.code for item in found.items] == ["A", "C"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("11/10/2026", "05/10/2026", ("line_bad_period", 2, "Fin")),
        ("01/01/2026", "02/01/2027", ("line_bad_period", 2, "Fin")),
        ("hier", "05/10/2026", ("line_bad_date", 2, "Début")),
        ("", "05/10/2026", ("line_bad_date", 2, "Début")),
    ],
)
def test_a_period_that_is_none_is_told(first, last, expected):
    assert fault(f"A;{first};{last};1", header="Code;Début;Fin;NB") == expected


def test_a_code_counted_twice_over_days_in_common_is_a_fault_and_after_one_another_is_not():
    rows = ("A;01/10/2026;15/10/2026;1", "A;16/10/2026;31/10/2026;1", "A;31/10/2026;31/10/2026;1")

    found = read(*rows, header="Code;Début;Fin;NB")

    assert [item.line for item in found.items] == [2, 3]
    assert [(f.code, f.facts["before"]) for f in found.faults] == [("line_said_twice", 3)]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Mois;Couleur", ["code"]),
        ("Code;Couleur", ["mois"]),
        ("Code;Début;Couleur", ["mois"]),
        ("Code;Mois", ["noir et blanc", "couleur"]),
    ],
)
def test_a_table_without_its_columns_is_refused_and_told_which(header, columns):
    with pytest.raises(BadInput) as caught:
        read("a;b;c", header=header)

    assert (caught.value.code, caught.value.facts["columns"]) == ("table_missing_column", columns)


def test_a_file_that_is_wrong_everywhere_is_not_read_to_its_end():
    found = read(*("x;;;" for _ in range(counters.MOST_FAULTS + 50)))

    assert len(found.faults) == counters.MOST_FAULTS


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=9))
def test_every_page_written_is_read(pages):
    found = read(*(f"C{n};10/2026;{mono};{colour}" for n, (mono, colour) in enumerate(pages)))

    assert [(item.mono_pages, item.colour_pages) for item in found.items] == pages

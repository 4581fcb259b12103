"""What the components accept and refuse, and the order of a table."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from maillage.kit.components import (
    Document,
    Figure,
    Link,
    MapPanel,
    Message,
    file_size,
    filters_of,
    without,
)
from maillage.kit.tables import Act, Column, Mark, Number, Row, Table, head, sorted_by

COLUMNS = (
    Column("name", "Commune", is_sortable=True),
    Column("people", "Habitants", is_numeric=True, is_sortable=True),
    Column("secret", "Note"),
)


def names(rows: list[Row]) -> list[object]:
    return [row.cells["name"] for row in rows]


def test_a_modelled_figure_without_its_interval_is_refused():
    with pytest.raises(ValueError, match="no interval"):
        Figure("Habitants à 10 minutes", "95 %", "modelled", "Grille Insee")

    assert Figure("Habitants", "46 214", "observed", "Insee").interval == ""


def test_a_figure_without_source_is_refused():
    with pytest.raises(ValueError, match="no source"):
        Figure("Habitants", "46 214", "observed", "")


def test_an_origin_without_badge_is_refused():
    with pytest.raises(ValueError, match="'guessed' is none of"):
        Figure("Habitants", "46 214", "guessed", "Insee")


def test_a_message_of_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'error' is none of"):
        Message("error", "Rien n’a été enregistré.")


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 octet"),
        (999, "999 octets"),
        (1_000, "1\u00a0ko"),
        (212_400, "212\u00a0ko"),
        (999_499, "999\u00a0ko"),
        (999_500, "1,0\u00a0Mo"),
        (1_400_000, "1,4\u00a0Mo"),
    ],
)
def test_a_file_size_is_written_in_the_unit_one_reads(size_bytes, words):
    assert file_size(size_bytes) == words


def test_a_document_announces_type_size_and_date():
    document = Document("Délibération", "/d.pdf", "application/pdf", 212_000, on=date(2026, 6, 1))

    assert document.details == "PDF, 212\u00a0ko, 1er juin 2026"


def test_a_type_that_the_title_says_is_not_repeated():
    assert Document("CSV", "/c", "text/csv", 11_000).details == "11\u00a0ko"
    assert Document("Excel FR", "/c", "text/csv", 14_000).details == "14\u00a0ko"
    assert Document("Tableau", "/c", "text/csv").details == "CSV"


def test_rows_follow_the_query_and_accents_do_not_count():
    rows = [Row({"name": name}) for name in ("Fleurie", "Émeringes", "Chénas")]

    assert names(sorted_by(rows, COLUMNS, QueryDict("tri=name"))) == [
        "Chénas",
        "Émeringes",
        "Fleurie",
    ]
    assert names(sorted_by(rows, COLUMNS, QueryDict("tri=-name")))[0] == "Fleurie"


def test_numbers_are_sorted_by_value_and_not_by_their_wording():
    rows = [
        Row({"name": "a", "people": Number(9_000, "9 000 €")}),
        Row({"name": "b", "people": Number(62_000, "62 000 €")}),
        Row({"name": "c", "people": Mark("minutes", 12)}),
    ]

    assert names(sorted_by(rows, COLUMNS, QueryDict("tri=-people"))) == ["b", "a", "c"]


def test_links_are_sorted_by_their_words():
    rows = [Row({"name": Link("Odenas", "/1")}), Row({"name": Mark("tier", "hub", "Beaujeu")})]

    assert names(sorted_by(rows, COLUMNS, QueryDict("tri=name"))) == list(reversed(names(rows)))


@pytest.mark.parametrize("asked", ["secret", "-secret", "unknown", "", "name;drop"])
def test_an_order_that_is_not_offered_changes_nothing(asked):
    rows = [Row({"name": n, "secret": s}) for n, s in (("b", "1"), ("a", "2"), ("c", "0"))]

    assert sorted_by(rows, COLUMNS, QueryDict(f"tri={asked}")) == rows


@given(st.lists(st.none() | st.integers(-1_000, 1_000)), st.sampled_from(["", "-"]))
def test_sorting_keeps_every_row_and_puts_the_unknown_last(values, sign):
    rows = [Row({"name": str(n), "people": value}) for n, value in enumerate(values)]

    found = [
        row.cells["people"] for row in sorted_by(rows, COLUMNS, QueryDict(f"tri={sign}people"))
    ]

    known = sorted((v for v in values if v is not None), reverse=sign == "-")
    assert found == known + [None] * values.count(None)


def test_a_second_click_turns_the_order_round_and_goes_back_to_the_first_page():
    table = Table("communes", "Communes", COLUMNS, [])

    first = head(COLUMNS[1], table, QueryDict("commune=Fleurie&page=3"))
    second = head(COLUMNS[1], table, QueryDict("tri=people"))
    third = head(COLUMNS[1], table, QueryDict("tri=-people"))

    assert (first.query, first.aria_sort) == ("?commune=Fleurie&tri=people", "none")
    assert (second.query, second.aria_sort) == ("?tri=-people", "ascending")
    assert (third.query, third.aria_sort) == ("?tri=people", "descending")


def test_an_act_in_a_cell_is_a_button_of_a_form_beside_the_table():
    act = Act("En faire un scénario", "depuis", "calcul", "3", "calcul 3 <b>")
    rows = [Row({"name": "Calcul 3", "people": act})]
    shown = Template("{% table t %}").render(Context({"t": Table("t", "T", COLUMNS, rows)}))

    assert '<button class="btn btn-outline btn-small" form="depuis" name="calcul" value="3">' in (
        shown
    )
    assert "En faire un scénario<span" in shown
    assert "(calcul 3 &lt;b&gt;)" in shown


def test_a_column_that_is_not_sortable_has_no_link():
    table = Table("communes", "Communes", COLUMNS, [])

    assert head(COLUMNS[2], table, QueryDict("tri=secret")).query == ""


class Wanted(forms.Form):
    commune = forms.ChoiceField(
        label="Commune", required=False, choices=[("", "Toutes"), ("69090", "Fleurie")]
    )
    name = forms.CharField(label="Nom", required=False)


def test_each_active_filter_is_a_link_that_removes_it_alone():
    query = QueryDict("commune=69090&name=caf%C3%A9&tri=nom&page=2")

    filters = filters_of(Wanted(query), query)

    assert [(str(link.text), link.href) for link in filters.active] == [
        ("Commune : Fleurie", "?name=caf%C3%A9&tri=nom"),
        ("Nom : café", "?commune=69090&tri=nom"),
    ]
    assert filters.clear_href == "?tri=nom"


def test_removing_from_the_query_leaves_the_query_as_it_was():
    query = QueryDict("a=1&b=2")

    assert without(query, "a", "never") == "?b=2"
    assert query.urlencode() == "a=1&b=2"


def test_the_red_tick_closes_the_class_of_the_rule():
    def panel(minutes: float | None) -> MapPanel:
        return MapPanel("carte", "<svg/>", "Une phrase.", "lieux", rule_min=minutes)

    assert panel(10).rule_x == 2 * 88
    assert panel(None).rule_x is None
    # a rule that is no limit of a class has no place on the ramp
    assert panel(12).rule_x is None

"""The components as HTML, the icons they draw, the pages of errors."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import RequestFactory

from maillage.kit import components as c
from maillage.kit import tables as t

SOURCES = Path(__file__).resolve().parents[2] / "src" / "maillage"
ICONS = (SOURCES / "web" / "icons.txt").read_text(encoding="utf-8").split()
ERRORS = ["400", "403_csrf", "413", "429", "500", "503"]


def drawn(text: str, address: str = "/", **context: object) -> str:
    """A piece of template, blanks between the tags left out."""
    request = RequestFactory().get(address)
    html = Template(text).render(Context({"request": request, **context}))
    return re.sub(r">\s+<", "><", html).strip()


def test_every_icon_that_pages_name_is_brought_at_set_up():
    named = set()
    for path in [*SOURCES.rglob("*.html"), *SOURCES.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([^"]+)"', text))
        named |= set(re.findall(r'\bicon(?:_name)?="([a-z0-9-]+)"', text))
    named |= {icon for _, icon in (*c.ORIGINS.values(), *c.STATES.values())}
    named |= set(c.MESSAGES.values())

    assert named - set(ICONS) == set()
    assert sorted(set(ICONS)) == ICONS


def test_an_icon_is_silent_unless_it_stands_alone():
    silent = drawn('{% icon "calendar" %}')
    alone = drawn('{% icon "calendar" label=words %}', words="L’agenda <b>")

    assert 'aria-hidden="true"' in silent
    assert "aria-label" not in silent
    assert 'role="img" aria-label="L’agenda &lt;b&gt;"' in alone


def test_an_icon_that_nobody_brought_is_a_mistake_that_says_what_to_do():
    with pytest.raises(TemplateSyntaxError, match=r"icons\.txt"):
        drawn('{% icon "unicorn" %}')


def test_a_figure_shows_value_interval_badge_and_source():
    figure = c.Figure(
        "Habitants à 10 minutes",
        "95 %",
        "modelled",
        "Grille Insee",
        interval="de 88 à 98 %",
        vintage="2021",
        before="0 %",
    )

    html = drawn("{% figures figures %}", figures=[figure])

    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()
    assert words == (
        "Habitants à 10 minutes Modélisé de 0 % à 95 % de 88 à 98 % Grille Insee, 2021"
    )


def test_what_people_wrote_is_never_markup():
    hostile = "<script>alert(1)</script>"
    table = t.Table(
        "x",
        hostile,
        (t.Column("name", hostile), t.Column("link", "b"), t.Column("mark", "c")),
        [
            t.Row(
                {
                    "name": hostile,
                    "link": c.Link(hostile, '"><b>'),
                    "mark": t.Mark("tier", "hub", hostile, '"><b>'),
                },
                key='"><b>',
            )
        ],
    )

    html = drawn(
        "{% table table %}{% empty nothing %}{% message said %}{% document file %}",
        table=table,
        nothing=c.Empty(hostile, hostile, c.Link(hostile, '"><b>')),
        said=c.Message("info", hostile),
        file=c.Document(hostile, '"><b>', hostile),
    )

    assert "<script" not in html
    assert "<b>" not in html


def test_a_table_names_its_lines_and_says_its_order():
    columns = (
        t.Column("name", "Commune", is_sortable=True),
        t.Column("people", "Habitants", is_numeric=True, is_sortable=True),
    )
    rows = [t.Row({"name": "Jullié", "people": 1492}), t.Row({"name": "Fleurie", "people": None})]
    table = t.Table(
        "c", "Population", columns, rows, total=t.Row({"name": "Total", "people": None})
    )

    html = drawn("{% table table %}", address="/?tri=-people", table=table)

    assert '<caption class="visually-hidden">Population</caption>' in html
    assert re.findall(r'aria-sort="(\w+)"', html) == ["none", "descending"]
    assert '<th scope="row">Jullié</th><td class="num">1\u202f492</td>' in html
    assert '<td class="num"><span class="unknown">Non renseigné</span></td>' in html
    # what a total does not add up is left empty, not unknown
    assert '<th scope="row">Total</th><td class="num"></td>' in html


def test_an_empty_table_says_so():
    table = t.Table("c", "Rien", (t.Column("name", "Commune"),), [], empty="Aucun lieu ici.")

    assert '<td colspan="1">Aucun lieu ici.</td>' in drawn("{% table table %}", table=table)


def test_a_mark_of_no_family_is_a_bug():
    table = t.Table("c", "Rien", (t.Column("a", "A"),), [t.Row({"a": t.Mark("mood", "good")})])

    with pytest.raises(ValueError, match="family mood"):
        drawn("{% table table %}", table=table)


class Asked(forms.Form):
    name = forms.CharField(
        label="Nom",
        help_text="Comme sur la devanture.",
        widget=forms.TextInput(attrs={"autocomplete": "organization", "class": "wide"}),
    )
    who = forms.ChoiceField(label="Qui ?", choices=[("a", "A")], widget=forms.RadioSelect)
    note = forms.CharField(label="Remarque", required=False)
    agreed = forms.BooleanField(label="D’accord", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Ce lieu existe déjà.")


def test_a_field_ties_its_label_its_hint_and_its_error():
    html = drawn("{% form_fields form %}", form=Asked({}))

    assert '<label class="form-label" for="id_name">Nom</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    field = re.search(r'<input[^>]*name="name"[^>]*>', html)
    assert field
    assert 'class="form-control wide is-invalid"' in field.group()
    assert 'autocomplete="organization"' in field.group()
    assert 'aria-invalid="true"' in field.group()
    assert set(re.search(r'aria-describedby="([^"]*)"', field.group())[1].split()) == {
        "id_name_helptext",
        "id_name_error",
    }


def test_a_field_that_may_stay_empty_says_so_but_a_box_does_not():
    html = drawn("{% form_fields form %}", form=Asked())

    assert re.findall(r"([\w’]+) <span class=\"optional\">", html) == ["Remarque"]
    assert '<label for="id_agreed">D’accord</label>' in html


def test_a_group_of_choices_is_a_fieldset_with_its_question():
    html = drawn("{% field form.who %}", form=Asked())

    assert '<legend class="form-label">Qui ?</legend>' in html
    assert '<label for="id_who_0">A</label>' in html
    assert 'class="form-check-input"' in html


def test_a_hidden_field_has_no_label():
    assert drawn("{% field form.token %}", form=Asked()) == (
        '<input type="hidden" name="token" id="id_token">'
    )


def test_the_summary_links_each_error_to_its_control():
    html = drawn("{% error_summary form %}", form=Asked({}))

    assert "2 champs à corriger" in html
    assert re.findall(r'<a href="(#[\w]+)">([^<:]+) :', html) == [
        ("#id_name", "Nom"),
        ("#id_who_0", "Qui ?"),
    ]
    assert "Ce lieu existe déjà." in html
    assert 'tabindex="-1" autofocus' in html


def test_a_form_without_error_has_no_summary():
    assert drawn("{% error_summary form %}", form=forms.Form()) == ""


def test_pages_of_a_list_keep_its_filters():
    page = Paginator(range(50), 20).get_page(2)

    html = drawn("{% pagination page %}", address="/?tri=nom&page=2", page=page)

    assert re.findall(r'href="([^"]+)"', html) == ["?tri=nom&amp;page=1", "?tri=nom&amp;page=3"]
    assert "Page 2 sur 3" in html


def test_a_list_of_one_page_has_no_pages():
    assert drawn("{% pagination page %}", page=Paginator(range(5), 20).get_page(1)) == ""


def test_on_a_phone_the_breadcrumb_is_the_parent_alone():
    crumbs = [c.Crumb("Étude", "/etudes/1/"), c.Crumb("Scénarios", "/s/"), c.Crumb("A")]

    html = drawn("{% breadcrumb crumbs %}", crumbs=crumbs)

    assert re.search(r'class="crumbs-parent" href="([^"]+)"', html)[1] == "/s/"
    assert '<span aria-current="page">A</span>' in html


def test_work_under_way_asks_for_news_with_and_without_javascript():
    under_way = c.Progress("Calcul en cours", "/n/", 12, 20, stop_href="/stop/")
    over = c.Progress("Calcul terminé", "/n/", 20, 20, stop_href="/stop/", is_over=True)

    html = drawn("{% progress p %}", p=under_way)

    assert 'hx-get="/n/" hx-trigger="every 2s"' in html
    assert "Calcul en cours : 12 sur 20." in html
    assert 'action="/stop/"' in html
    assert "http-equiv" in drawn("{% progress_refresh p %}", p=under_way)
    assert "hx-get" not in drawn("{% progress p %}", p=over)
    assert "/stop/" not in drawn("{% progress p %}", p=over)
    assert drawn("{% progress_refresh p %}", p=over) == ""


def test_the_parts_of_a_bar_fill_it_and_the_table_says_them():
    shares = [c.Share("epci", "EPCI", 30, "30 €"), c.Share("users", "Usagers", 10, "10 €")]

    html = drawn('{% shares shares caption="Qui paie ?" %}', shares=shares)

    bars = re.findall(r'<rect[^>]* x="([\d.]+)" y="0" width="([\d.]+)"', html)
    assert bars == [("0.000", "75.000"), ("75.000", "25.000")]
    assert re.findall(r"<td>(\d+\xa0%)</td>", html) == ["75\u00a0%", "25\u00a0%"]


def test_a_bar_of_nothing_is_drawn_without_a_division():
    html = drawn('{% shares shares caption="Qui ?" %}', shares=[c.Share("epci", "EPCI", 0, "0 €")])

    assert 'width="0.000"' in html


def test_a_map_without_layers_is_the_drawing_alone():
    panel = c.MapPanel("carte", "<svg></svg>", "Une phrase.", "lieux")
    live = c.MapPanel(
        "carte", "<svg></svg>", "Une phrase.", "lieux", layers={"cells": "/c</script>"}
    )

    alone = drawn("{% map_panel map %}", map=panel)

    assert "<maillage-map" not in alone
    assert "<svg></svg>" in alone
    assert 'href="#lieux"' in alone
    assert "/c</script>" not in drawn("{% map_panel map %}", map=live)


def test_hours_are_those_of_the_place():
    at = datetime(2027, 3, 17, 7, 5, tzinfo=UTC)

    assert drawn("{{ at|moment }}", at=at) == "17 mars 2027 à 8\u00a0h\u00a005"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_asks_nothing_of_the_database_and_gives_its_reference(name):
    # no database mark: a query would fail here
    html = get_template(f"{name}.html").render({"reference": "7F3A91BC"})

    assert "Référence : 7F3A91BC" in re.sub(r"\s+", " ", html)
    assert html.count("<h1>") == 1


def test_a_timeline_along_an_axis_of_months_draws_plan_done_and_late():
    bar = c.Bar(c.Stretch("0", "25"), c.Stretch("2", "38"), c.Stretch("25", "15"))
    part = c.Part(c.Link("Note", "/note/"), "attendue", "12 jours de retard")
    step = c.Step(
        "Janvier", "Phase 1", href="/1/", late="16 jours de retard", bar=bar, parts=[part]
    )
    axis = c.Axis([c.Tick("0", "janvier 2027")], "95")

    html = drawn("{% timeline steps axis %}", steps=[step], axis=axis)

    assert '<text x="0%" dx="4" y="36">janvier 2027</text>' in html
    assert 'x="95%" y="13" text-anchor="end">aujourd’hui' in html
    assert 'class="gantt-planned" x="0%" width="25%"' in html
    assert 'class="gantt-slipped" x="25%" width="15%"' in html
    assert '<h3><a href="/1/">Phase 1</a></h3>' in html
    assert html.count("late-tag") == 2
    assert 'aria-hidden="true"' in html


def test_a_timeline_without_axis_draws_no_bar():
    html = drawn("{% timeline steps %}", steps=[c.Step("Mars", "Étude remise")])

    assert "gantt" not in html
    assert html.startswith('<ol class="timeline">')

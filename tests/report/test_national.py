"""The pages and tables of the country: what they say, in which order, of whom nothing is known."""

import csv
import io
import re
from datetime import UTC, datetime

import polars as pl
import pytest

from factories.national import plan, record, site, square
from maillage.core.national import HaloPattern, Place, Read
from maillage.report import national
from maillage.report.national import Facts, Failed

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEAR = plan("A", [site("A1", "hub"), site("A2", "mini")], halo=(HaloPattern(("B1",), 40),))
PROVED = plan("B", [site("B1", "hub")], covered_after=900)
OPEN = plan(
    "C",
    [site("C1", "hub")],
    name="Zone <des Prés> & d'Ailleurs (fictive)",
    status="gap",
    gap=0.00001,
    covered_after=700,
    investment_eur=PROVED.investment_eur.scaled(3),
    yearly_net_eur=PROVED.yearly_net_eur.scaled(3),
)
LOST = Failed(Place("D", "CC D (fictive)", "01", 3, 1.0), "Aucun carreau habité.", "trace")
OUTLINES = Read("outlines_national", "contours_communes_france_2024_simplifies.parquet", "2024")


def files(failed=(LOST,), shapes=None, **changed) -> dict[str, bytes]:
    facts = Facts(
        records=[record(p) for p in (NEAR, PROVED, OPEN)],
        failed=failed,
        places=5,
        within_min=10.0,
        shapes={s: square(20_000.0 * n) for n, s in enumerate("ABCDE")}
        if shapes is None
        else shapes,
        outlines=OUTLINES,
    )
    return national.produced(facts, at=AT)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return files()


def rows(page: bytes) -> list[str]:
    return re.findall(r'<tr id="s(\w+)"', page.decode())


def text(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("index.html", ["A", "C", "B"]),
        ("par-cout.html", ["C", "A", "B"]),
        ("par-ecart.html", ["C", "A", "B"]),
        ("par-nom.html", ["A", "B", "C"]),
    ],
)
def test_each_page_is_one_order_of_the_same_lines(made, name, order):
    assert rows(made[name]) == order


def test_both_coverages_are_told_apart(made):
    line = re.search(r'<tr id="sA">.*?</tr>', made["index.html"].decode(), re.DOTALL)[0]

    assert re.findall(r"(\d+)\xa0%", line) == ["10", "50", "54", "0"]
    table = pl.read_parquet(io.BytesIO(made["national.parquet"])).filter(siren="A")
    assert table["coverage_alone_central"].item() == 0.5
    assert table["coverage_with_neighbours"].item() == 0.54


def test_the_tables_hold_every_plan_and_every_site(made):
    table = pl.read_parquet(io.BytesIO(made["national.parquet"]))
    sites = pl.read_parquet(io.BytesIO(made["sites.parquet"]))

    assert table.select("siren", "hubs", "minis", "corpos", "seats", "status").rows() == [
        ("A", 1, 1, 0, 12, "proved"),
        ("B", 1, 0, 0, 6, "proved"),
        ("C", 1, 0, 0, 6, "gap"),
    ]
    assert sites.select("siren", "id").rows() == [
        ("A", "A1"),
        ("A", "A2"),
        ("B", "B1"),
        ("C", "C1"),
    ]


def test_a_gap_however_small_is_never_called_none(made):
    assert "écart 0,01" in text(made["index.html"])
    assert text(made["index.html"]).count("prouvé ") >= 2


def test_a_place_without_plan_is_named_with_its_reason(made):
    assert "CC D (fictive) 01 · D Aucun carreau habité." in text(made["index.html"])
    [line] = csv.DictReader(io.StringIO(made["echecs.csv"].decode()))
    assert (line["siren"], line["reason"], line["trace"]) == ("D", "Aucun carreau habité.", "trace")


def test_what_is_left_to_compute_is_said(made):
    assert "3 intercommunalités calculées sur 5 (1 sans plan et 1 pas encore calculée)" in text(
        made["index.html"]
    )


def test_the_bound_of_the_country_is_the_sum_of_those_of_its_places(made):
    said = re.sub(r"\s", " ", text(made["index.html"]))

    # 3 x 450 and the 40 of a border, against 3 x 600
    assert "ces plans valent 1 390 habitants" in said
    assert "ne dépasseraient pas 1 800 (écart d'au plus 29,5 %)" in said.replace("&#x27;", "'")


def test_a_name_is_never_markup(made):
    page = made["index.html"].decode()

    assert "<des Prés>" not in page
    assert page.count("Zone &lt;des Prés&gt; &amp; d&#x27;Ailleurs") == 2


def test_the_pages_load_nothing_and_run_nothing(made):
    for name in ("index.html", "par-cout.html", "par-ecart.html", "par-nom.html"):
        page = made[name].decode()
        assert "<script" not in page
        assert set(re.findall(r'(?:href|src)="([^"#]*)', page)) <= {*made, ""}
        assert "url(" not in page


def test_every_file_read_has_its_publisher_its_licence_and_how_many_plans_read_it(made):
    said = text(made["index.html"])

    assert "grille_1km_recensement2021_france.parquet Eurostat" in said
    assert re.search(r"2021 Eurostat, .*?3 ", said)
    assert "projet CARTElette carte" in said


def test_without_outlines_the_page_says_why_it_has_no_map():
    page = files(shapes={})["index.html"]

    assert b'<div class="map">' not in page
    assert "Pas de carte" in text(page)


def test_the_map_has_a_mark_for_each_plan_and_the_words_of_the_legend(made):
    drawn = re.search(
        r'<div class="map"><svg xmlns.*?</svg>', made["index.html"].decode(), re.DOTALL
    )[0]

    assert drawn.count("<title>") == 3
    assert "95 % et plus : 0" not in drawn
    assert "50 à 70 % : 1 ; " in drawn.replace("\xa0", " ") or "50 à 70 % : 1." in drawn


def test_the_pages_bear_the_product_s_own_logo():
    from importlib import resources

    def logo(package: str, *parts: str) -> str:
        return resources.files(package).joinpath(*parts).read_text(encoding="utf-8")

    assert logo("maillage.report.national", "logo.svg") == logo(
        "maillage.web", "static", "logo.svg"
    )
